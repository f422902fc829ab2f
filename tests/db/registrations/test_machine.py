"""Everything that can happen to places, in any order, after which all must agree."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

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
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.core.errors import RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Audience, OfferDraft
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import ANSWER_KEPT, Hold, State
from csd_events.registrations.service import ByHand, check_counters
from tests.billing import are_without_gap, open_of
from tests.factories import (
    NOON,
    again,
    call_off,
    make_draft,
    make_event,
    make_wish,
    writing,
)
from tests.letters import mails_among_others
from tests.places import EVERYONE, INVITED, Places

PEOPLE = 7
CODE = "SPRING"
YESTERDAY = date(2030, 4, 30)
GIVEN: dict[str, Any] = {"now": NOON, "actor_id": None}
whoever = st.integers(0, PEOPLE - 1)
offers = st.sampled_from([EVERYONE, EVERYONE, INVITED])
#: Few enough that people wait, and for their offer while the event has places.
capacities = st.sampled_from([None, 0, 1, 1, 2, 2, 3, 3, 4])
limits = st.sampled_from([None, None, None, 0, 1, 2])
quotas_of_both = st.tuples(*[st.sampled_from([None, None, 0, 1, 2])] * 2)
yes_or_no = st.booleans()


class Seat(NamedTuple):
    """Where somebody stands at the event."""

    id: int
    who: int
    state: State
    hold: Hold | None
    position: int | None
    offer_id: int


def places_machine(session: Session) -> type[RuleBasedStateMachine]:  # noqa: C901 - it holds a class of short methods
    """Make a machine that works in a session."""

    class Machine(RuleBasedStateMachine):
        """People come and go, places come and go; lists of our own say what is so."""

        @initialize(
            capacity=capacities,
            limit=limits,
            quotas=quotas_of_both,
            price_cents=st.sampled_from([0, 4900]),
            approves=yes_or_no,
            first=st.lists(st.tuples(whoever, offers), min_size=4, max_size=PEOPLE),
        )
        def publish(
            self,
            capacity: int | None,
            limit: int | None,
            quotas: tuple[int | None, int | None],
            price_cents: int,
            first: list[tuple[int, str]],
            *,
            approves: bool,
        ) -> None:
            self.so = Places(
                capacity=capacity,
                waiting_limit=limit,
                approves=approves,
                prices={EVERYONE: price_cents, INVITED: 0},
                quotas=dict(zip((EVERYONE, INVITED), quotas, strict=True)),
            )
            self.event = make_event(session, **self._written())
            self.offer_ids = dict(
                zip((EVERYONE, INVITED), (o.id for o in self.event.offers), strict=True)
            )
            self.before: list[Seat] = []
            self.by_staff: set[int] = set()
            for who, offer in first:
                self.register(who, offer)

        def _written(self) -> dict[str, Any]:
            """Return the event as staff write it."""
            closes_on = None if self.so.is_open else YESTERDAY
            price, quotas = self.so.prices[EVERYONE], self.so.quotas
            return {
                "capacity": self.so.capacity,
                "waiting_limit": self.so.waiting_limit,
                "needs_approval": self.so.approves,
                "offers": [
                    OfferDraft(
                        price_cents=price, quota=quotas[EVERYONE], closes_on=closes_on
                    ),
                    OfferDraft(
                        audience=Audience.INVITED,
                        code=CODE,
                        quota=quotas[INVITED],
                        closes_on=closes_on,
                    ),
                ],
            }

        def _save(self) -> None:
            written = self._written()
            written["offers"] = [
                replace(draft, id=offer_id)
                for draft, offer_id in zip(
                    written["offers"], self.offer_ids.values(), strict=True
                )
            ]
            with writing(session):
                found = events.get(session, self.event.id)
                sessions = again(found, make_draft().sessions)
                draft = make_draft(**written, sessions=sessions)
                service.save_event(
                    session, found.id, draft, version=found.version, now=NOON
                )

        def _id_of(self, who: int) -> int | None:
            return next((seat.id for seat in self._seats() if seat.who == who), None)

        def _wish(self, who: int, **given: Any) -> Any:
            email = f"p{who}-{self.event.id}@example.org"
            return make_wish(self.event, email=email, **given)

        @rule(who=whoever, offer=offers)
        def ask(self, who: int, offer: str) -> None:
            self.register(who, offer)

        def register(self, who: int, offer: str) -> None:
            wish = self._wish(who, code=CODE if offer == INVITED else "")
            done = _is_done(session, lambda: service.register(session, wish, now=NOON))
            assert done is self.so.register(who, offer)

        @rule(who=whoever, offer=offers, beyond=yes_or_no, tell=yes_or_no)
        def by_hand(self, who: int, offer: str, *, beyond: bool, tell: bool) -> None:
            wish = self._wish(who, offer_id=self.offer_ids[offer], nonce=None)
            given = ByHand(wish=wish, beyond=beyond, tell=tell)
            done = _is_done(
                session, lambda: service.register_by_hand(session, given, **GIVEN)
            )
            assert done is self.so.by_hand(who, offer, beyond=beyond, tell=tell)
            self.by_staff |= {who} if beyond else set()

        @rule(who=whoever, beyond=yes_or_no, tell=yes_or_no)
        def give(self, who: int, *, beyond: bool, tell: bool) -> None:
            """Staff give a place before its turn."""
            self._do(
                who,
                lambda its: service.give_place(
                    session, its, beyond=beyond, tell=tell, **GIVEN
                ),
                lambda: self.so.give(who, beyond=beyond, tell=tell),
            )
            self.by_staff.add(who)

        @rule(who=whoever, tell=yes_or_no)
        def cancel(self, who: int, *, tell: bool) -> None:
            if who in self.so.by:  # cancelled twice is heard once, and never refused
                self._do(
                    who,
                    lambda its: service.cancel(session, its, tell=tell, **GIVEN),
                    lambda: self.so.cancel(who, tell=tell),
                )

        @rule(who=whoever, yes=yes_or_no)
        def decide(self, who: int, *, yes: bool) -> None:
            """Staff answer a request, whether there is one or not."""

            def act(its: int) -> None:
                if yes:
                    service.approve(session, its, **GIVEN)
                else:
                    service.decline(session, its, note="", **GIVEN)

            self._do(who, act, lambda: self.so.decide(who, yes=yes))

        @rule(who=whoever)
        def take(self, who: int) -> None:
            """Somebody takes what is held for them, whether anything is or not."""
            self._do(
                who,
                lambda its: service.take(session, its, link_version=None, now=NOON),
                lambda: self.so.take(who),
            )

        def _do(
            self, who: int, act: Callable[[int], object], so: Callable[[], bool]
        ) -> None:
            """Do something to somebody's registration, if they ever had one."""
            its = self._id_of(who)
            if its is not None:
                assert _is_done(session, lambda: act(its)) is so()

        @rule()
        def let_lapse(self) -> None:
            """Nobody answers for two days; whose turn it is then has as long again."""
            gone = [seat.who for seat in self._seats() if seat.hold is Hold.ANSWER]
            later = NOON + ANSWER_KEPT
            with writing(session):
                service.let_lapse(session, now=later)
            self.so.lapse(gone)
            with writing(session):
                held = update(Registration).where(Registration.held_until.is_not(None))
                session.execute(held.values(held_until=later))

        @rule(capacity=capacities, quotas=quotas_of_both)
        def resize(
            self, capacity: int | None, quotas: tuple[int | None, int | None]
        ) -> None:
            if not self.so.called_off:
                both = dict(zip((EVERYONE, INVITED), quotas, strict=True))
                self.so.resize(capacity, both)
                self._save()

        @rule(opened=yes_or_no)
        def close_or_open(self, *, opened: bool) -> None:
            if not self.so.called_off:
                self.so.is_open = opened
                self._save()
                self.so.fill()  # as any save does

        @rule(dice=st.integers(0, 19))
        def call_off(self, dice: int) -> None:
            if dice == 0:
                call_off(session, self.event.id)
                self.so.call_off()

        def _seats(self) -> list[Seat]:
            """Read everybody who ever registered, in that order."""
            rows: Any = session.execute(
                select(
                    Registration.id,
                    Person.email,
                    Registration.state,
                    Registration.hold,
                    Registration.position,
                    Registration.offer_id,
                )
                .join(Registration.person)
                .where(Registration.event_id == self.event.id)
                .order_by(Registration.id)
            )
            return [
                Seat(number, int(email.partition("-")[0][1:]), *stands)
                for number, email, *stands in rows
            ]

        @invariant()
        def everybody_stands_where_they_should(self) -> None:
            seats = self._seats()
            assert len({seat.who for seat in seats}) == len(seats)
            assert self.so.confirmed == _who(seats, State.CONFIRMED)
            held = {s.who: s.hold for s in seats if s.state is State.HELD}
            assert held == self.so.held
            waiting = sorted((s for s in seats if s.position), key=_turn)
            assert [s.who for s in waiting] == self.so.queue
            assert len({s.position for s in waiting}) == len(waiting)
            names = {number: name for name, number in self.offer_ids.items()}
            kept = [s for s in seats if s.state is not State.CANCELLED]
            assert {s.who: names[s.offer_id] for s in kept} == self.so.by

        @invariant()
        def nothing_is_oversold_but_by_staff(self) -> None:
            limits: list[tuple[int | None, int | None]] = [(self.so.capacity, None)]
            limits += [(q, self.offer_ids[name]) for name, q in self.so.quotas.items()]
            for most, offer_id in limits:
                had = _seated(self.before, offer_id)
                new = _seated(self._seats(), offer_id) - had - self.by_staff
                everybody = len(_seated(self._seats(), offer_id))
                assert most is None or not new or everybody <= max(most, len(had))

        @invariant()
        def nobody_overtakes(self) -> None:
            """Who got a place was ahead of whoever still waits for one like it."""
            seats = self._seats()
            turn = {s.who: s.position for s in self.before if s.position}
            new = _seated(seats) - _seated(self.before) - self.by_staff
            for seat in seats:
                waited = seat.who in turn and seat.position
                if waited and not self._all_taken_of(seat.offer_id, seats):
                    assert all(who in turn and turn[who] < waited for who in new)

        def _all_taken_of(self, offer_id: int, seats: list[Seat]) -> bool:
            names = {number: name for name, number in self.offer_ids.items()}
            quota = self.so.quotas[names[offer_id]]
            return quota is not None and len(_seated(seats, offer_id)) >= quota

        @invariant()
        def everybody_was_told_once(self) -> None:
            ids = {seat.id: seat.who for seat in self._seats()}
            mails = session.execute(
                select(OutboxMessage.subject_id, OutboxMessage.kind).where(
                    OutboxMessage.event_id == self.event.id
                )
            )
            told = Counter(
                (ids[number], kind.partition(".")[2]) for number, kind in mails
            )
            assert told == +self.so.told
            assert mails_among_others(session) == []

        @invariant()
        def who_has_a_place_at_a_price_is_charged_once(self) -> None:
            called_off = session.scalar(
                select(Event.cancelled_at).where(Event.id == self.event.id)
            )
            priced = set(
                session.scalars(
                    select(Registration.id).where(
                        Registration.event_id == self.event.id,
                        Registration.state == State.CONFIRMED,
                        Registration.price_cents > 0,
                    )
                )
            )
            assert open_of(session, self.event.id) == (set() if called_off else priced)
            assert are_without_gap(session)

        @invariant()
        def counters_equal_rows(self) -> None:
            assert check_counters(session) == []
            self.before, self.by_staff = self._seats(), set()

    return Machine


def _is_done(session: Session, act: Callable[[], object]) -> bool:
    """Do something, and tell whether it was not refused."""
    try:
        with writing(session):
            act()
    except RefusedError:
        return False
    return True


def _has_place(seat: Seat) -> bool:
    return seat.state in {State.CONFIRMED, State.HELD}


def _seated(seats: list[Seat], offer_id: int | None = None) -> set[int]:
    return {
        seat.who
        for seat in seats
        if _has_place(seat) and offer_id in {None, seat.offer_id}
    }


def _who(seats: list[Seat], state: State) -> set[int]:
    return {seat.who for seat in seats if seat.state is state}


def _turn(seat: Seat) -> int:
    return seat.position or 0


@pytest.mark.usefixtures("now")
def test_whatever_happens_all_agree_and_nobody_overtakes(session: Session) -> None:
    run_state_machine_as_test(
        places_machine(session),
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
