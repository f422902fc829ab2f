"""Lines that register people for an event."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, exists, func, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.accounts.rules import email_key
from csd_events.audit import queries as audit
from csd_events.core.db import Base, among
from csd_events.core.errors import NotFoundError, RefusedError
from csd_events.core.fields import address_objection
from csd_events.core.text import fold
from csd_events.events import queries as events
from csd_events.imports.rules import Flaws, Outcome
from csd_events.organizations.rules import read_state
from csd_events.outbox import queries as outbox
from csd_events.outbox.rules import State as MailState
from csd_events.registrations.models import ListImport, ListImportLine, Registration
from csd_events.registrations.rules import (
    FileLine,
    FlawError,
    LineFlaw,
    NotPlaced,
    Said,
    State,
    Wish,
)
from csd_events.registrations.service.by_hand import ByHand, register_by_hand
from csd_events.registrations.service.cancelling import cancel
from csd_events.registrations.service.importing.judging import Judged, Maker, Written

#: What stands beside a registration without anybody having done anything with it.
_ITS_OWN = frozenset(
    {"answers", "accessibility_needs", "invoices", "receipts", "selected_registrations"}
)
#: Mails that have left, or may have.
_LEFT = frozenset({MailState.SENT, MailState.SENDING, MailState.RETURNED})
REGISTRATIONS = cast("Table", Registration.__table__)
ACTED, MAILED, GONE = "acted", "mailed", "gone"


class People(Maker):
    """Registers who is new; whoever is registered already stays as they are."""

    def __init__(self, session: Session, row: ListImport, now: datetime) -> None:
        super().__init__(session, row, now)
        event_id = row.event_id or 0
        self._event = events.get_row(session, event_id)
        self.questions = events.list_all_questions(session, event_id)
        self._there: set[str] = set()
        offers = {each.audience.value: each.id for each in self._event.offers}
        self._offers = {fold(name): offer_id for name, offer_id in offers.items()}
        self._offers |= {str(each.id): each.id for each in self._event.offers}
        for words, offer_id in row.offers.items():
            self._offers[fold(words)] = offer_id

    def key_of(self, line: FileLine) -> str:
        return email_key(line.email)

    def load(self, lines: Collection[FileLine]) -> None:
        keys = {self.key_of(line) for line in lines}
        rows = self.session.scalars(
            select(Person.email_key)
            .join(Registration, Registration.person_id == Person.id)
            .where(
                Registration.event_id == self._event.id,
                Registration.state != State.CANCELLED,
                ~Registration.is_pending,
                among(self.session, Person.email_key, keys),
            )
        )
        self._there = set(rows)

    def judge(self, line: FileLine, flaws: Flaws) -> Judged:
        if not line.email:
            flaws.add(FlawError(LineFlaw.NO_EMAIL))
        elif address_objection(line.email) is not None:
            flaws.add(FlawError(LineFlaw.EMAIL, line.email))
        flaws.read(partial(self._state_of, line), None)
        flaws.read(partial(self._offer_of, line), None)
        if self.key_of(line) in self._there:
            return Judged(Outcome.UNCHANGED, {"there": True})
        return Judged(Outcome.NEW, {"waits": line.waits})

    def begin(self) -> None:
        events.lock_all(self.session, {self._event.id})

    def write(self, line: FileLine) -> Written:
        wish = Wish(
            slug=self._event.slug,
            full_name=line.full_name,
            email=line.email,
            organization=line.organization,
            opened_at=self.now,
            offer_id=self._offer_of(line),
            us_state=self._state_of(line),
            said=Said(line.answers),
            via="import",
        )
        given = ByHand(wish=wish, beyond=False, tell=self.row.tell, waits=line.waits)
        try:
            made = register_by_hand(
                self.session, given, now=self.now, actor_id=self.row.actor_id
            )
        except NotFoundError as error:
            raise FlawError(LineFlaw.OVER) from error
        except RefusedError as error:
            is_there = error.reason == NotPlaced.REGISTERED
            flaw = LineFlaw.TWICE if is_there else LineFlaw.OVER
            raise FlawError(flaw, line.email) from error
        return Written(made, None, {"entries": self._entries(made)})

    def count_waiting(self) -> int:
        mine = ListImportLine.run_id == self.row.id
        waiting = (
            select(func.count())
            .select_from(ListImportLine)
            .join(Registration, Registration.id == ListImportLine.row_id)
            .where(mine, Registration.state == State.WAITING)
        )
        return self.session.scalar(waiting) or 0

    def undone_first(self) -> ColumnElement[bool]:
        """Match who waits: whoever comes before them would be given a place."""
        waits = REGISTRATIONS.c.state == State.WAITING
        mine = REGISTRATIONS.c.id == ListImportLine.row_id
        return exists().where(mine, waits).correlate(ListImportLine)

    def take_back(
        self,
        row_id: int,
        before: Mapping[str, Any] | None,
        after: Mapping[str, Any],
    ) -> str:
        mine = self.session.get(Registration, row_id, populate_existing=True)
        if mine is None or mine.state is State.CANCELLED:
            return GONE
        mails = outbox.list_about(
            self.session, feature="registration", subject_ids=[row_id]
        )
        if any(each.state in _LEFT for each in mails):
            return MAILED
        if self._entries(row_id) != after["entries"] or self._is_used(row_id):
            return ACTED
        try:
            cancel(
                self.session,
                row_id,
                now=self.now,
                actor_id=self.row.actor_id,
                tell=False,
            )
        except RefusedError:
            return GONE
        return ""

    def _entries(self, row_id: int) -> int:
        """Count what the trail tells of a registration: who acts leaves a trace."""
        return len(audit.list_about_all(self.session, {"registration": [row_id]}))

    def _is_used(self, row_id: int) -> bool:
        """Tell whether something was put beside it since, such as a visit."""
        for table in Base.metadata.sorted_tables:
            for key in table.foreign_keys:
                if key.column.table is REGISTRATIONS and table.name not in _ITS_OWN:
                    uses = select(func.count()).where(key.parent == row_id)
                    if self.session.scalar(uses):
                        return True
        return False

    def _state_of(self, line: FileLine) -> str | None:
        if not line.us_state:
            return None
        found = read_state(line.us_state)
        if found is None:
            raise FlawError(LineFlaw.US_STATE, line.us_state)
        return found

    def _offer_of(self, line: FileLine) -> int:
        offer_id = self._offers.get(fold(line.offer)) if line.offer else None
        if line.offer and offer_id is None:
            raise FlawError(LineFlaw.OFFER, line.offer)
        offer_id = offer_id or self.row.offer_id
        if offer_id is None:
            raise FlawError(LineFlaw.OFFER, line.offer)
        return offer_id
