"""Lines that say who presents: new ones, and what is new of those we know."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.db import Turn, among, take_turns
from csd_events.core.fields import address_objection
from csd_events.events import service as events
from csd_events.events.models import Presenter
from csd_events.events.rules import PresenterDraft
from csd_events.imports.rules import Flaws, Outcome
from csd_events.registrations.models import ListImport
from csd_events.registrations.rules import FileLine, FlawError, LineFlaw
from csd_events.registrations.service.importing.judging import Judged, Maker, Written
from csd_events.registrations.service.importing.people import ACTED, GONE

#: What a line can say of somebody we know; what it leaves empty stays.
SAID = ("title", "about", "email", "telephone")


class Presenters(Maker):
    """Knows somebody again by name and organization together."""

    def __init__(self, session: Session, row: ListImport, now: datetime) -> None:
        super().__init__(session, row, now)
        self._there: dict[str, Presenter] = {}

    def key_of(self, line: FileLine) -> str:
        return f"{line.full_name}|{line.organization}"

    def load(self, lines: Collection[FileLine]) -> None:
        names = {line.full_name for line in lines}
        rows = self.session.scalars(
            select(Presenter).where(among(self.session, Presenter.full_name, names))
        )
        self._there = {f"{each.full_name}|{each.organization}": each for each in rows}

    def judge(self, line: FileLine, flaws: Flaws) -> Judged:
        if line.email and address_objection(line.email) is not None:
            flaws.add(FlawError(LineFlaw.EMAIL, line.email))
        known = self._there.get(self.key_of(line))
        if known is None:
            return Judged(Outcome.NEW)
        news = _news(known, line)
        changes = {name: [getattr(known, name), news[name]] for name in news}
        outcome = Outcome.CHANGED if news else Outcome.UNCHANGED
        return Judged(outcome, {"changes": changes})

    def begin(self) -> None:
        """Let one at a time write names, so that none stands twice."""
        take_turns(self.session, Turn.EVENT_NAMES)

    def undone_first(self) -> ColumnElement[bool]:
        return false()

    def write(self, line: FileLine) -> Written:
        named = {"full_name": line.full_name, "organization": line.organization}
        known = self.session.scalar(select(Presenter).filter_by(**named))
        if known is None:
            said = {name: getattr(line, name) for name in SAID}
            draft = PresenterDraft(**named, **said)
            made = events.add_presenter(self.session, draft)
            changes = {name: [None, value] for name, value in named.items()}
            self._note("presenter.added", made.id, changes)
            return Written(made.id, None, _as_left(made))
        news = _news(known, line)
        before = {name: getattr(known, name) for name in news}
        self._save(known, news)
        return Written(known.id, before, _as_left(known))

    def take_back(
        self,
        row_id: int,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any],
    ) -> str:
        known = self.session.get(Presenter, row_id, with_for_update=True)
        if known is None:
            return GONE
        if _as_left(known) != after:
            return ACTED
        if before is not None:
            self._save(known, before)
            return ""
        named = {"full_name": [known.full_name, None]}
        if not events.remove_presenter(self.session, known):
            return ACTED
        self._note("presenter.removed", row_id, named)
        return ""

    def _save(self, known: Presenter, values: Mapping[str, str]) -> None:
        changes = {name: [getattr(known, name), values[name]] for name in values}
        if not changes:
            return
        for name, value in values.items():
            setattr(known, name, value)
        known.version += 1
        self._note("presenter.saved", known.id, changes)

    def _note(self, action: str, row_id: int, changes: dict[str, Any]) -> None:
        self.session.flush()
        audit.record(
            self.session,
            action,
            subject_id=row_id,
            now=self.now,
            actor_id=self.row.actor_id,
            changes=changes,
        )


def _news(known: Presenter, line: FileLine) -> dict[str, str]:
    said = {name: getattr(line, name) for name in SAID}
    return {n: v for n, v in said.items() if v and v != getattr(known, n)}


def _as_left(presenter: Presenter) -> dict[str, Any]:
    names = ("full_name", "organization", *SAID)
    return {n: getattr(presenter, n) for n in names} | {"version": presenter.version}
