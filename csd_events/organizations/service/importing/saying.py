"""What one line says, gathered until the whole line is known to make sense."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from csd_events.imports.rules import Outcome
from csd_events.organizations.rules import Column, LineError, Problem, Step
from csd_events.organizations.service.importing.things import Thing

#: Which column of a file a field comes from, for saying what is wrong.
COLUMNS = {
    "external_id": Column.NUMBER,
    "kind": Column.KIND,
    "state": Column.STATE,
    "population_class": Column.POPULATION,
    "parent": Column.PARENT,
    "position": Column.POSITION,
    "from_on": Column.FROM,
    "until_on": Column.UNTIL,
    "is_contact": Column.CONTACT,
    "type_id": Column.MEMBERSHIP_TYPE,
    "member_until": Column.MEMBER_UNTIL,
}


@dataclass(slots=True)
class Saying:
    """Compares a line with what is there and with what earlier lines have said.

    Attributes:
        things: What earlier lines have said, by key.
        number: Of the line.
        drafts: What this one says, kept once all of it makes sense.
        changes: What it would change: the thing, the field, before and after.
    """

    things: Mapping[str, Thing]
    number: int
    drafts: dict[str, Thing] = field(default_factory=dict)
    changes: list[list[Any]] = field(default_factory=list)
    brings_new: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.brings_new:
            return Outcome.NEW
        return Outcome.CHANGED if self.changes else Outcome.UNCHANGED

    def say(
        self,
        key: str,
        step: Step,
        values: Mapping[str, Any],
        *,
        before: Mapping[str, Any] | None,
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        """Say something of a thing. What is None is not said.

        Args:
            key: Of the thing.
            step: In which it is written.
            values: By field.
            before: What is on record; None where the thing is new.
            shown: Values in words, where people cannot read those that are kept.

        Raises:
            LineError: An earlier line says otherwise.
        """
        known = self.drafts.get(key) or self.things.get(key)
        said = dict(known.said) if known else {}
        fresh = {n: v for n, v in values.items() if v is not None and n not in said}
        if known:
            self._refuse_otherwise(known, values)
        differing = {
            name: value
            for name, value in fresh.items()
            if before is None or before.get(name) != value
        }
        is_new = before is None and known is None
        news = bool(differing) or is_new or bool(known and known.is_news)
        first = known.line if known else self.number
        self.drafts[key] = Thing(key, step, first, said | fresh, news)
        self.brings_new = self.brings_new or is_new
        for name, value in differing.items():
            was = None if before is None else before.get(name)
            after = (shown or {}).get(name, value)
            self.changes.append([step.name.lower(), name, was, after])

    def alias(self, number: str, ident: str) -> None:
        """Note which organization a number stands for from now on."""
        key = f"n:{number}"
        said = {"of": ident}
        self.drafts[key] = Thing(key, Step.ORGANIZATION, self.number, said, False)  # noqa: FBT003 - is_news

    def _refuse_otherwise(self, known: Thing, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            earlier = known.said.get(name)
            if value is not None and name in known.said and earlier != value:
                column = COLUMNS.get(name)
                raise LineError(
                    Problem.SAYS_OTHERWISE, column, str(value), line=known.line
                )
