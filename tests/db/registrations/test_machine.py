"""Everything that can happen to places, in any order, after which all must agree."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Row, select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.errors import RefusedError
from csd_events.events import queries as events
from csd_events.events.rules import OfferDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import ANSWER_KEPT, Hold, State
from csd_events.registrations.service import check_counters
from tests.billing import are_without_gap, open_of
from tests.factories import NOON, make_draft, make_event, make_wish, writing
from tests.letters import mails_among_others

PEOPLE = 7
whoever = st.integers(0, PEOPLE - 1)
capacities = st.none() | st.integers(0, 4)


def places_machine(  # noqa: C901 - it holds a class of short methods
    session: Session,
) -> type[RuleBasedStateMachine]:
    """Make a machine that works in a session."""

    class Places(RuleBasedStateMachine):
        """People come and go, places come and go; a list of our own says what is so."""

        @initialize(
            capacity=capacities,
            limit=st.none() | st.integers(0, 3),
            price_cents=st.sampled_from([0, 4900]),
            approves=st.booleans(),
        )
        def publish(
            self,
            capacity: int | None,
            limit: int | None,
            price_cents: int,
            *,
            approves: bool,
        ) -> None:
            self.offer = OfferDraft(price_cents=price_cents)
            self.approves = approves
            self.event = make_event(
                session,
                capacity=capacity,
                waiting_limit=limit,
                offers=[self.offer],
                needs_approval=approves,
            )
            self.limit, self.capacity = limit, capacity
            self.confirmed: set[int] = set()
            self.held: dict[int, Hold] = {}
            self.queue: list[int] = []
            self.cancelled = False

        @property
        def _taken(self) -> int:
            return len(self.confirmed) + len(self.held)

        def _fill(self) -> None:
            while self.queue and (self.capacity is None or self._taken < self.capacity):
                self._seat(self.queue.pop(0), asks=self.offer.price_cents > 0)

        def _seat(self, who: int, *, asks: bool) -> None:
            """Give somebody a place that is free, as far as nobody has to be asked."""
            if asks:
                self.held[who] = Hold.ANSWER
            elif self.approves:
                self.held[who] = Hold.APPROVAL
            else:
                self.confirmed.add(who)

        @rule(who=whoever)
        def register(self, who: int) -> None:
            wish = make_wish(self.event, email=f"p{who}-{self.event.id}@example.org")
            try:
                with writing(session):
                    service.register(session, wish, now=NOON)
            except RefusedError:
                assert self.cancelled or self._is_full()
                return
            assert not self.cancelled
            if who in self.confirmed or who in self.held or who in self.queue:
                return
            if self.capacity is None or self._taken + len(self.queue) < self.capacity:
                self._seat(who, asks=False)
            else:
                self.queue.append(who)

        def _is_full(self) -> bool:
            if self.capacity is None or self.limit is None:
                return False
            everybody = self._taken + len(self.queue)
            return everybody >= self.capacity and len(self.queue) >= self.limit

        @rule(who=whoever)
        def cancel(self, who: int) -> None:
            row = self._rows().get(who)
            if row is None or self.cancelled:
                return
            with writing(session):
                service.cancel(session, row[0], now=NOON)
            if who in self.queue:
                self.queue.remove(who)
            else:
                self._leave(who)

        def _leave(self, who: int) -> None:
            self.confirmed.discard(who)
            self.held.pop(who, None)
            self._fill()

        @rule(who=whoever, yes=st.booleans())
        def decide(self, who: int, *, yes: bool) -> None:
            """Staff answer a request, whether there is one or not."""
            row = self._rows().get(who)
            if row is None:
                return
            asked = self.held.get(who) is Hold.APPROVAL and not self.cancelled
            try:
                with writing(session):
                    given: dict[str, Any] = {"now": NOON, "actor_id": None}
                    if yes:
                        service.approve(session, row[0], **given)
                    else:
                        service.decline(session, row[0], note="", **given)
            except RefusedError:
                assert not asked
                return
            assert asked
            if yes:
                del self.held[who]
                self.confirmed.add(who)
            else:
                self._leave(who)

        @rule(who=whoever)
        def take(self, who: int) -> None:
            """Somebody takes what is held for them, whether anything is or not."""
            row = self._rows().get(who)
            if row is None:
                return
            asked = self.held.get(who) is Hold.ANSWER and not self.cancelled
            try:
                with writing(session):
                    service.take(session, row[0], link_version=None, now=NOON)
            except RefusedError:
                assert not asked
                return
            if asked:
                del self.held[who]
                self._seat(who, asks=False)

        @precondition(lambda self: not self.cancelled)
        @rule()
        def let_lapse(self) -> None:
            """Nobody answers for two days; whose turn it is then has as long again."""
            gone = [who for who, hold in self.held.items() if hold is Hold.ANSWER]
            with writing(session):
                service.let_lapse(session, now=NOON + ANSWER_KEPT)
            for who in gone:
                del self.held[who]
            self._fill()
            with writing(session):
                session.execute(
                    update(Registration)
                    .where(Registration.held_until.is_not(None))
                    .values(held_until=NOON + ANSWER_KEPT)
                )

        @precondition(lambda self: not self.cancelled)
        @rule(capacity=capacities)
        def change_capacity(self, capacity: int | None) -> None:
            with writing(session):
                found = events.get(session, self.event.id)
                draft = make_draft(
                    capacity=capacity,
                    waiting_limit=self.limit,
                    offers=[replace(self.offer, id=found.offers[0].id)],
                    needs_approval=self.approves,
                )
                service.save_event(
                    session, found.id, draft, version=found.version, now=NOON
                )
            self.capacity = capacity
            self._fill()

        @rule(yes=st.integers(0, 9))
        def cancel_the_event(self, yes: int) -> None:
            if yes == 0:
                with writing(session):
                    service.cancel_event(session, self.event.id, note="", now=NOON)
                self.cancelled = True

        def _rows(self) -> dict[int, Row[*tuple[Any, ...]]]:
            """Read everybody at the event: by number, where they stand."""
            rows = session.execute(
                select(
                    Registration.id,
                    Registration.state,
                    Registration.hold,
                    Registration.position,
                    Person.email,
                )
                .join(Registration.person)
                .where(Registration.event_id == self.event.id)
            )
            return {
                int(row.email.partition("-")[0].removeprefix("p")): row for row in rows
            }

        @invariant()
        def everything_agrees(self) -> None:
            rows = self._rows()
            waiting = sorted(
                (row.position, who)
                for who, row in rows.items()
                if row.position is not None
            )
            confirmed = {w for w, r in rows.items() if r.state is State.CONFIRMED}
            held = {w: r.hold for w, r in rows.items() if r.state is State.HELD}
            assert check_counters(session) == []
            assert (confirmed, held) == (self.confirmed, self.held)
            assert [who for _position, who in waiting] == self.queue
            assert len({position for position, _who in waiting}) == len(waiting)
            assert mails_among_others(session) == []
            assert _untold(session, self.event.id) == []
            ids = {rows[who].id for who in self.confirmed}
            charged = ids if self.offer.price_cents and not self.cancelled else set()
            assert open_of(session, self.event.id) == charged
            assert are_without_gap(session)

    return Places


#: By where somebody stands, what they were mailed of it in this life: one of these.
TOLD = {
    State.CONFIRMED: {"confirmed", "promoted", "approved"},
    State.HELD: {"requested", "offered"},
    State.WAITING: {"waiting"},
    State.CANCELLED: {"cancelled", "declined", "lapsed"},
}


def _untold(session: Session, event_id: int) -> list[int]:
    """List who was not mailed exactly once how they stand now."""
    rows = session.execute(
        select(Registration.id, Registration.state, Registration.life).where(
            Registration.event_id == event_id
        )
    )
    keys = list(session.scalars(select(OutboxMessage.key)))
    return [
        row.id
        for row in rows
        if sum(
            keys.count(f"registration.{kind}:{row.id}:{row.life}")
            for kind in TOLD[row.state]
        )
        != 1
    ]


@pytest.mark.usefixtures("now")
def test_whatever_happens_counters_agree_and_nobody_overtakes(
    session: Session,
) -> None:
    run_state_machine_as_test(
        places_machine(session),
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
