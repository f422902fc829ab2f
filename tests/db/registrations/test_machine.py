"""Everything that can happen to places, in any order, after which all must agree."""

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
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.errors import RefusedError
from csd_events.events import queries as events
from csd_events.events.rules import OfferDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import check_counters
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

        @initialize(capacity=capacities, limit=st.none() | st.integers(0, 3))
        def publish(self, capacity: int | None, limit: int | None) -> None:
            self.event = make_event(session, capacity=capacity, waiting_limit=limit)
            self.limit, self.capacity = limit, capacity
            self.confirmed: set[int] = set()
            self.queue: list[int] = []
            self.cancelled = False

        def _fill(self) -> None:
            while self.queue and (
                self.capacity is None or len(self.confirmed) < self.capacity
            ):
                self.confirmed.add(self.queue.pop(0))

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
            if who in self.confirmed or who in self.queue:
                return
            taken = len(self.confirmed) + len(self.queue)
            if self.capacity is None or taken < self.capacity:
                self.confirmed.add(who)
            else:
                self.queue.append(who)

        def _is_full(self) -> bool:
            if self.capacity is None or self.limit is None:
                return False
            taken = len(self.confirmed) + len(self.queue)
            return taken >= self.capacity and len(self.queue) >= self.limit

        @rule(who=whoever)
        def cancel(self, who: int) -> None:
            held = self._rows().get(who)
            if held is None or self.cancelled:
                return
            with writing(session):
                service.cancel(session, held[0], now=NOON)
            if who in self.queue:
                self.queue.remove(who)
            elif who in self.confirmed:
                self.confirmed.remove(who)
                self._fill()

        @precondition(lambda self: not self.cancelled)
        @rule(capacity=capacities)
        def change_capacity(self, capacity: int | None) -> None:
            with writing(session):
                found = events.get(session, self.event.id)
                draft = make_draft(
                    capacity=capacity,
                    waiting_limit=self.limit,
                    offers=[OfferDraft(id=found.offers[0].id)],
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

        def _rows(self) -> dict[int, tuple[int, State, int | None]]:
            """Read everybody at the event: by number, where they stand."""
            stand = (Registration.id, Registration.state, Registration.position)
            rows = session.execute(
                select(Person.email, *stand)
                .join(Registration.person)
                .where(Registration.event_id == self.event.id)
            )
            return {
                int(email.partition("-")[0].removeprefix("p")): (
                    number,
                    state,
                    position,
                )
                for email, number, state, position in rows
            }

        @invariant()
        def everything_agrees(self) -> None:
            rows = self._rows()
            waiting = sorted(
                (position, who)
                for who, (_id, _state, position) in rows.items()
                if position is not None
            )
            confirmed = {w for w, row in rows.items() if row[1] is State.CONFIRMED}
            assert check_counters(session) == []
            assert confirmed == self.confirmed
            assert [who for _position, who in waiting] == self.queue
            assert len({position for position, _who in waiting}) == len(waiting)
            assert mails_among_others(session) == []

    return Places


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
