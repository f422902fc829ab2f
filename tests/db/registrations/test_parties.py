"""Parties, single people and the clock, in any order: what must hold after each."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.core.errors import DomainError
from csd_events.events import queries as events
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import (
    GroupEntry,
    Registration,
    RegistrationGroup,
)
from csd_events.registrations.rules import SENDER_KEPT, Colleague, State
from csd_events.registrations.service import check_counters
from tests.factories import (
    DAY,
    NOON,
    make_account,
    make_event,
    make_party,
    make_wish,
    writing,
)

PEOPLE = 8
whoever = st.integers(0, PEOPLE - 1)
several = st.lists(whoever, min_size=1, max_size=5, unique=True)
MINUTE = timedelta(minutes=1)


def parties_machine(  # noqa: C901 - it holds a class of short methods
    session: Session,
) -> type[RuleBasedStateMachine]:
    """Make a machine that works in a session."""

    class Parties(RuleBasedStateMachine):
        @initialize(capacity=st.integers(0, 5), approves=st.booleans())
        def publish(self, capacity: int, *, approves: bool) -> None:
            self.event = make_event(
                session,
                capacity=capacity,
                needs_approval=approves,
                starts_at=NOON + 60 * DAY,  # which no story waits for
            )
            self.dana = make_account(session).person_id
            self.now = NOON

        @rule(who=several, signed_in=st.booleans(), minutes=st.integers(0, 600))
        def ask(self, who: list[int], minutes: int, *, signed_in: bool) -> None:
            self.now += minutes * MINUTE
            colleagues = [
                Colleague(full_name=f"P{n}", email=self._address(n), organization="X")
                for n in who
            ]
            party = make_party(
                self.event,
                colleagues=colleagues,
                person_id=self.dana if signed_in else None,
            )
            with writing(session):
                made = service.register_party(session, party, now=self.now)
            assert made.refused == {}
            states = session.scalars(
                select(Registration.state)
                .join(GroupEntry, GroupEntry.registration_id == Registration.id)
                .where(
                    GroupEntry.group_id == made.group_id,
                    Registration.group_id == made.group_id,
                )
                .order_by(GroupEntry.number)
            ).all()
            waits = [state is State.WAITING for state in states]
            assert waits == sorted(waits)

        def _address(self, number: int) -> str:
            return f"p{number}-{self.event.id}@example.org"

        @rule(which=st.integers(0, 9))
        def confirm(self, which: int) -> None:
            group_id = self._group(which)
            if group_id is None:
                return
            try:
                with writing(session):
                    service.confirm_group(
                        session, group_id, link_version=1, now=self.now
                    )
            except DomainError:
                return
            left = select(func.count(Registration.id)).where(
                Registration.group_id == group_id, Registration.is_pending
            )
            assert session.scalar(left) == 0

        @rule(which=st.integers(0, 9), number=st.integers(1, 5))
        def withdraw(self, which: int, number: int) -> None:
            group_id = self._group(which)
            if group_id is None:
                return
            own = set(self._of_their_own())
            try:
                with writing(session):
                    service.withdraw(
                        session, group_id, number, link_version=1, now=self.now
                    )
            except DomainError:
                return
            assert own <= set(self._of_their_own())

        def _of_their_own(self) -> list[int]:
            session.rollback()
            own = select(Registration.id).where(
                Registration.event_id == self.event.id,
                Registration.group_id.is_(None),
                Registration.state != State.CANCELLED,
            )
            return list(session.scalars(own))

        def _group(self, which: int) -> int | None:
            session.rollback()
            here = select(RegistrationGroup.id).where(
                RegistrationGroup.event_id == self.event.id
            )
            ids = session.scalars(here.order_by(RegistrationGroup.id)).all()
            return ids[which % len(ids)] if ids else None

        @rule(who=whoever)
        def register(self, who: int) -> None:
            wish = make_wish(self.event, email=self._address(who))
            with writing(session):
                made = service.register(session, wish, now=self.now)
            mine = session.get_one(Registration, made.registration_id)
            assert mine.state is not State.CANCELLED
            assert not mine.is_pending

        @rule(hours=st.integers(1, 30))
        def wait(self, hours: int) -> None:
            self.now += hours * 60 * MINUTE
            with writing(session):
                service.let_lapse(session, now=self.now)
            late = select(func.count(Registration.id)).where(
                Registration.event_id == self.event.id,
                Registration.is_pending,
                Registration.registered_at <= self.now - 2 * SENDER_KEPT,
            )
            assert session.scalar(late) == 0

        @invariant()
        def the_counters_agree_with_the_rows(self) -> None:
            session.rollback()
            assert check_counters(session) == []

        @invariant()
        def nobody_has_a_place_too_many_and_none_is_left_to_who_waits(self) -> None:
            if not hasattr(self, "event"):
                return
            session.rollback()
            event = events.get(session, self.event.id)
            taken, capacity = event.confirmed + event.held, event.capacity or 0
            assert taken <= capacity
            assert event.waiting == 0 or taken == capacity

        @invariant()
        def who_is_pending_has_heard_nothing(self) -> None:
            session.rollback()
            told = (
                select(func.count(OutboxMessage.id))
                .join(Registration, Registration.id == OutboxMessage.subject_id)
                .where(
                    Registration.is_pending,
                    OutboxMessage.kind == "registration.confirmed",
                    OutboxMessage.queued_at >= Registration.registered_at,
                )
            )
            assert session.scalar(told) == 0

    return Parties


@pytest.mark.usefixtures("now")
def test_whatever_parties_do_nobody_is_oversold_and_nobody_hears_too_early(
    session: Session,
) -> None:
    run_state_machine_as_test(
        parties_machine(session),
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            suppress_health_check=list(HealthCheck),
        ),
    )
