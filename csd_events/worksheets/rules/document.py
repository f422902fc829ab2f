"""Reading an instrument from a file: every mistake found, each said in one line."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Any

from csd_events.core.errors import DomainError
from csd_events.topics.catalogue import FORMS, TOPICS
from csd_events.worksheets.rules.instrument import (
    GRADES,
    Band,
    Effect,
    Factor,
    Form,
    FormRule,
    Gate,
    Instrument,
    ReadinessQuestion,
    Side,
    Source,
)
from csd_events.worksheets.rules.scoring import ITEMS_A_SIDE

LOWEST, HIGHEST = 7, 21
STATUSES = ("verified", "derived")
#: In this order, which worksheets, groups and cited sources rely on.
FACTORS = tuple(f"{side}{n}" for side in "SC" for n in range(1, ITEMS_A_SIDE + 1))
READINESS = tuple(f"R{n}" for n in range(1, 6))
ITEMS = (*READINESS, *FACTORS)
_SIDES = {"S": Side.SERVICE, "C": Side.COMMUNITY}
_VERSION = re.compile(r"\d{4}-\d{1,2}")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


class InvalidInstrumentError(DomainError):
    """A file cannot be an instrument.

    Args:
        problems: One line for each, naming the place.
    """

    def __init__(self, problems: Collection[str]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = tuple(problems)


def read_instrument(value: object) -> Instrument:
    """Read an instrument from what its JSON holds.

    Raises:
        InvalidInstrumentError: With every mistake there is.
    """
    top = _Reader(value, "the file")
    sources = {
        name: Source(each.text("title"), each.text("address", like=_ADDRESS))
        for name, each in top.named("sources")
    }
    dialogue = top.part("dialogue")
    found = Instrument(
        version=top.text("version", like=_VERSION),
        name=top.text("name"),
        what_it_is_for=top.text("what_it_is_for"),
        based_on=top.text("based_on"),
        who=dialogue.text("who"),
        steps=dialogue.texts("steps"),
        readiness=tuple(_readiness(each, sources) for each in top.parts("readiness")),
        factors=tuple(_factor(each, sources) for each in top.parts("factors")),
        minimum_answered=top.number("minimum_answered", 1, ITEMS_A_SIDE),
        bands=tuple(_band(each) for each in top.parts("bands")),
        readings=dict(_reading(each) for each in top.parts("readings")),
        forms=tuple(_form(each, sources) for each in top.parts("forms")),
        topics=_topics(top.part("topics_of_low_answers")),
    )
    top.problems += _mismatches(found)
    if top.problems:
        raise InvalidInstrumentError(dict.fromkeys(top.problems))
    return found


def _factor(given: "_Reader", sources: Mapping[str, Source]) -> Factor:
    answers, factor_id = given.part("answers"), given.one_of("id", FACTORS)
    return Factor(
        id=factor_id,
        dimension=Side(given.one_of("dimension", tuple(Side))),
        name=given.text("name"),
        question=given.text("question"),
        answers={grade: answers.text(str(grade)) for grade in GRADES},
        direction=given.text("direction"),
        direction_status=given.one_of("direction_status", STATUSES),
        why=given.text("why"),
        prompts=given.texts("prompts"),
        bring=given.texts("bring"),
        sources=given.sources(sources),
        caution=given.text_or_none("caution"),
    )


def _readiness(given: "_Reader", sources: Mapping[str, Source]) -> ReadinessQuestion:
    return ReadinessQuestion(
        id=given.one_of("id", READINESS),
        question=given.text("question"),
        status=given.one_of("status", STATUSES),
        sources=given.sources(sources),
    )


def _band(given: "_Reader") -> Band:
    return Band(
        id=given.text("id"),
        from_score=given.number("from", LOWEST, HIGHEST),
        label=given.text("label"),
    )


def _reading(given: "_Reader") -> tuple[tuple[str, str], str]:
    return (given.text("service"), given.text("community")), given.text("say")


def _form(given: "_Reader", sources: Mapping[str, Source]) -> Form:
    return Form(
        id=given.one_of("id", tuple(FORMS)),
        name=given.text("name"),
        plain=given.text("plain"),
        usual_agreements=given.texts("usual_agreements"),
        gates=tuple(
            Gate(
                factor=each.one_of("factor", FACTORS),
                at_least=each.number("at_least", GRADES[0], GRADES[-1]),
                why=each.text("why"),
            )
            for each in given.parts("gate")
        ),
        rules=tuple(
            FormRule(
                factor=each.one_of("factor", FACTORS),
                grade=each.number("is", GRADES[0], GRADES[-1]),
                effect=Effect(each.one_of("effect", tuple(Effect))),
                say=each.text("say"),
                derived=each.flag("derived"),
                sources=each.sources(sources),
            )
            for each in given.parts("rules")
        ),
        note=given.text_or_none("note"),
    )


def _topics(given: "_Reader") -> dict[str, str]:
    return {each: given.one_of(each, tuple(TOPICS)) for each in given.names(FACTORS)}


def _mismatches(found: Instrument) -> list[str]:
    """Compare the parts of an instrument with each other; each is well made."""
    problems = []
    if tuple(each.id for each in found.factors) != FACTORS:
        problems.append(f"factors: must be {', '.join(FACTORS)}, in this order")
    problems += [
        f"factor {each.id}: is about the {_SIDES[each.id[0]]}, by its letter"
        for each in found.factors
        if each.dimension is not _SIDES[each.id[0]]
    ]
    if tuple(each.id for each in found.readiness) != READINESS:
        problems.append(f"readiness: must be {', '.join(READINESS)}, in this order")
    if tuple(each.id for each in found.forms) != tuple(FORMS):
        problems.append(f"forms: must be {', '.join(FORMS)}, in this order")
    starts = [each.from_score for each in found.bands]
    if starts != sorted(set(starts)) or starts[:1] != [LOWEST]:
        problems.append(f"bands: must begin at {LOWEST} and rise")
    bands = [each.id for each in found.bands]
    pairs = set(product(bands, bands))
    if found.readings.keys() != pairs:
        problems.append("readings: must say something for each pair of bands, once")
    return problems


class _Reader:
    """Takes values out of an object of JSON, and notes what is wrong with them.

    Whatever is asked for is returned, well made: what it stands in for is noted, and a
    file with problems is no instrument.
    """

    def __init__(
        self, value: object, where: str, problems: list[str] | None = None
    ) -> None:
        self.problems: list[str] = [] if problems is None else problems
        self._where = where
        self._given: Mapping[str, Any] = {}
        if isinstance(value, Mapping):
            self._given = value
        else:
            self._note("must be an object")

    def text(self, name: str, *, like: re.Pattern[str] | None = None) -> str:
        value = self._given.get(name)
        if not isinstance(value, str) or not value.strip():
            self._note(f"{name} must be text")
        elif like is not None and not like.fullmatch(value):
            self._note(f"{name} has the wrong form")
        return str(value)

    def text_or_none(self, name: str) -> str | None:
        return None if self._given.get(name) is None else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._list(name)
        if not all(isinstance(each, str) and each.strip() for each in values):
            self._note(f"{name} must be a list of texts")
        return tuple(map(str, values))

    def number(self, name: str, least: float, most: float) -> Any:
        value = self._given.get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (is_number and least <= value <= most):  # type: ignore[operator]
            self._note(f"{name} must be a number from {least} to {most}")
            return least
        return value

    def flag(self, name: str) -> bool:
        if not isinstance(self._given.get(name), bool):
            self._note(f"{name} must be true or false")
        return bool(self._given.get(name))

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self._given.get(name)
        if value not in choices:
            self._note(f"{name} must be one of {', '.join(choices)}")
            return choices[0]
        return str(value)

    def sources(self, known: Mapping[str, Source]) -> tuple[Source, ...]:
        names = self.texts("sources")
        for name in names:
            if name not in known:
                self._note(f"source {name} is not among the sources")
        return tuple(known[name] for name in names if name in known)

    def part(self, name: str) -> "_Reader":
        where = f"{self._where}: {name}"
        return _Reader(self._given.get(name), where, self.problems)

    def parts(self, name: str) -> list["_Reader"]:
        return [
            _Reader(each, f"{self._where}: {name} {number}", self.problems)
            for number, each in enumerate(self._list(name), start=1)
        ]

    def named(self, name: str) -> list[tuple[str, "_Reader"]]:
        whole = self.part(name)
        return [(key, whole.part(key)) for key in whole]

    def __iter__(self) -> Iterator[str]:
        return iter(self._given)

    def names(self, known: tuple[str, ...]) -> list[str]:
        for name in self._given.keys() - set(known):
            self._note(f"{name} is not known")
        return [name for name in self._given if name in known]

    def _list(self, name: str) -> list[Any]:
        values = self._given.get(name)
        if not isinstance(values, list):
            self._note(f"{name} must be a list")
            return []
        return values

    def _note(self, words: str) -> None:
        self.problems.append(f"{self._where}: {words}")
