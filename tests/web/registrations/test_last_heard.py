"""Whatever becomes of an event: what each person last heard of it is true, once."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.core.errors import DomainError
from csd_events.events import queries as events
from csd_events.events.models import Event, Presenter
from csd_events.events.rules import Contributor, Kind, Role, State
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import queries, service
from csd_events.registrations.rules import State as Place
from csd_events.registrations.service.handing import pass_on
from tests.factories import (
    DAY,
    NOON,
    again,
    make_draft,
    make_event,
    make_person,
    make_registration,
    writing,
)
from tests.letters import deliver_now, entry_in, side

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
MINUTE = timedelta(minutes=1)
#: The days of May on which it may be, each at eight in the morning; the first to begin.
DAYS = (11, 12, 13)
PLACES = ("", "Room 1", "Room 2")
NOTICES = {
    "registration.moved", "registration.redated", "registration.postponed",
    "registration.event_cancelled", "events.presenter_moved",
    "events.presenter_redated", "events.presenter_postponed",
    "events.presenter_cancelled",
}  # fmt: skip
FIRST = {"registration.confirmed", "registration.waiting"}
OFF = {
    "registration.postponed": "postponed",
    "events.presenter_postponed": "postponed",
    "registration.event_cancelled": "cancelled",
    "events.presenter_cancelled": "cancelled",
}
_serial = count(1)

Step = tuple[str, Any]
steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([1, 2, 6])),
    st.tuples(st.just("sleep"), st.sampled_from([2, 6])),
    st.tuples(st.just("move"), st.sampled_from(DAYS)),
    st.tuples(st.just("place"), st.sampled_from(PLACES)),
    st.tuples(st.just("postpone"), st.none()),
    st.tuples(st.just("redate"), st.sampled_from(DAYS)),
    st.tuples(st.just("call_off"), st.none()),
    st.tuples(st.just("undo"), st.none()),
    st.tuples(st.just("register"), st.none()),
    st.tuples(st.just("leave"), st.integers(0, 3)),
)


@dataclass
class Reader:
    """Somebody with a mailbox and a calendar, who believes what the last mail said."""

    believes: str
    subjects: list[str] = field(default_factory=list)
    #: What the last notice said, or the first mail, of who came when it held.
    noticed: str = ""
    #: By UID: the number of the last that was taken, and the entry; None where gone.
    calendar: dict[str, tuple[int, str | None]] = field(default_factory=dict)

    def read(self, kind: str, mail: EmailMessage, *, is_new: bool) -> None:
        """Read a mail.

        Args:
            is_new: Whether it was queued after all that became of the event.
        """
        self.subjects.append(f"{kind}: {mail['Subject']}")
        said = OFF.get(kind) or said_in(mail)
        if kind in NOTICES:
            assert said != self.noticed, ("told twice", self)
            self.noticed = said
        elif kind in FIRST and is_new:
            self.noticed = said
        if kind == "registration.cancelled":
            said = "no place"
        self.believes = said
        for part in mail.walk():
            if part.get_content_type() == "text/calendar":
                self._take(str(part.get_param("method")), part.get_payload(decode=True))

    def _take(self, method: str, content: Any) -> None:
        entry = entry_in(content)
        uid, number = str(entry["UID"]), int(entry["SEQUENCE"])
        said = None
        if method == "REQUEST":
            said = facts_of(entry["DTSTART"].dt, str(entry["LOCATION"]))
        had = self.calendar.get(uid)
        if had is not None:
            newer = number > had[0] or (number == had[0] and said == had[1])
            assert newer, ("a calendar takes the older one for newer", self, entry)
        self.calendar[uid] = number, said

    @property
    def entries(self) -> list[str]:
        return [said for _number, said in self.calendar.values() if said]


def facts_of(start: datetime, place: str) -> str:
    return f"May {start.day}, {place or 'Online'}"


def said_in(mail: EmailMessage) -> str:
    """Read day and place off a mail, where it does not say what was before."""
    lines = side(mail, "text/plain").splitlines()
    text = " ".join(line for line in lines if not line.strip().startswith("Before"))
    if "Postponed" in text:
        return "postponed"
    days = re.findall(r"May (\d+)", text)
    (place,) = set(re.findall(r"Room \d", text)) or {"Online"}
    assert len(set(days)) == 1, (days, text)
    return f"May {days[0]}, {place}"


class Stage:
    """One event, its people and all that they hear."""

    def __init__(self, app: Flask, session: Session, at: SetClock) -> None:
        self.app, self.session, self.set_clock = app, session, at
        self.now = self.changed_at = NOON
        at(NOON)
        number = next(_serial)
        who = Contributor(role=Role.PRESENTER, name=f"Ada {number}", title="")
        self.event_id = make_event(
            session, slug=f"talk-{number}", capacity=2, contributors=[who]
        ).id
        self.ada = f"ada{number}@example.org"
        with writing(session):
            named = update(Presenter).where(Presenter.full_name == f"Ada {number}")
            session.execute(named.values(email=self.ada))
        self.readers: dict[str, Reader] = {
            self.ada: Reader("May 11, Online", noticed="May 11, Online")
        }
        self.ids: list[int] = []
        for _ in range(3):
            self.register()
        self.wait(1)

    @property
    def event(self) -> Event:
        self.session.rollback()
        self.session.expire_all()
        return events.get(self.session, self.event_id)

    def do(self, step: Step) -> None:
        name, given_value = step
        act = getattr(self, name)
        try:
            act() if given_value is None else act(given_value)
        except DomainError:
            self.session.rollback()
        else:
            if name not in {"wait", "sleep", "register", "leave"}:
                self.changed_at = self.now
        self.now += timedelta(seconds=20)
        self.set_clock(self.now)

    def sleep(self, minutes: int) -> None:
        """Time goes by while no mail leaves."""
        self.now += minutes * MINUTE
        self.set_clock(self.now)

    def wait(self, minutes: int) -> None:
        for _ in range(minutes):
            self.sleep(1)
            self.hear()

    def hear(self) -> None:
        mails = deliver_now(self.app)
        self.session.rollback()
        for mail in mails:
            local = mail["Message-ID"].strip("<>").partition("@")[0]
            row = self.session.scalars(
                select(OutboxMessage).where(OutboxMessage.message_id == local)
            ).one()
            self.session.rollback()
            is_new = row.queued_at > self.changed_at
            reader = self.readers.setdefault(row.to_address, Reader("nothing"))
            reader.read(row.kind, mail, is_new=is_new)

    def register(self) -> None:
        made = make_registration(self.session, self.event, at=self.now)
        self.ids.append(made.id)

    def leave(self, which: int) -> None:
        if which < len(self.ids):
            with writing(self.session):
                service.cancel(self.session, self.ids[which], now=self.now)

    def move(self, day: int) -> None:
        self._save(day=day)

    def place(self, place: str) -> None:
        self._save(place=place)

    def _save(self, *, day: int | None = None, place: str | None = None) -> None:
        with writing(self.session):
            found = events.get(self.session, self.event_id)
            draft = self._draft(found, day, place)
            service.save_event(
                self.session, found.id, draft, version=found.version, now=self.now
            )

    @staticmethod
    def _draft(found: Event, day: int | None, place: str | None = None) -> Any:
        draft = events.as_saved(found)
        if day is not None:
            start = NOON + (day - 1) * DAY
            drafts = make_draft(starts_at=start).sessions
            kept = [replace(each, place=draft.sessions[0].place) for each in drafts]
            draft = replace(draft, sessions=again(found, kept))
        return draft if place is None else replace(draft, place=place)

    def postpone(self) -> None:
        with writing(self.session):
            service.postpone_event(self.session, self.event_id, note="", now=self.now)

    def redate(self, day: int) -> None:
        with writing(self.session):
            found = events.get(self.session, self.event_id)
            service.redate_event(
                self.session,
                found.id,
                self._draft(found, day),
                version=found.version,
                now=self.now,
            )

    def call_off(self) -> None:
        with writing(self.session):
            service.cancel_event(self.session, self.event_id, note="", now=self.now)

    def undo(self) -> None:
        found = queries.find_undoable(self.session, self.event_id, now=self.now)
        if found is not None:
            with writing(self.session):
                service.undo(
                    self.session,
                    self.event_id,
                    found.last.id,
                    now=self.now,
                    actor_id=None,
                )

    def truth(self) -> str:
        event = self.event
        if event.state is not State.PUBLISHED:
            return event.state.value
        (one,) = event.sessions
        return facts_of(one.starts_at, one.place or event.place)

    def check(self) -> None:
        for _ in range(7):
            self.sleep(2)
            self.hear()
        truth = self.truth()
        at_a_time = [truth] if truth.startswith("May") else []
        ada = self.readers[self.ada]
        assert ada.believes == truth, ada
        assert ada.entries in (at_a_time, []), ada
        for number in self.ids:
            self.session.rollback()
            found = queries.get(self.session, number)
            reader = self.readers[found.person.email]
            gone = found.state is Place.CANCELLED
            assert reader.believes == ("no place" if gone else truth), reader
            has = found.state is Place.CONFIRMED
            assert reader.entries == (at_a_time if has else []), reader


def play(app: Flask, session: Session, at: SetClock, story: list[Step]) -> Stage:
    """Do one thing after the other, let all mail leave, and see what is believed."""
    stage = Stage(app, session, at)
    for step in story:
        stage.do(step)
    stage.check()
    return stage


def test_what_each_person_last_heard_is_true_and_nobody_heard_it_twice(
    app: Flask, session: Session, at: SetClock
) -> None:
    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        # Told again and again to find a shorter one, a story that fails takes minutes.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(steps, min_size=3, max_size=9))
    def run(story: list[Step]) -> None:
        play(app, session, at, story)

    run()


POSTPONE: Step = ("postpone", None)
UNDO: Step = ("undo", None)
REGISTER: Step = ("register", None)
PUT_OFF: list[Step] = [POSTPONE, ("wait", 6)]
STORIES: list[list[Step]] = [
    [POSTPONE, ("redate", 11)],
    [POSTPONE, ("redate", 12)],
    [("move", 12), POSTPONE, ("redate", 11)],
    [("move", 12), *PUT_OFF, ("redate", 12)],
    [*PUT_OFF, ("redate", 12), REGISTER],
    [*PUT_OFF, ("redate", 12), REGISTER, ("move", 13)],
    [*PUT_OFF, ("redate", 12), ("sleep", 6), POSTPONE],
    [POSTPONE, ("redate", 12), ("wait", 4), UNDO],
    [("move", 12), REGISTER, ("wait", 1), ("leave", 3), UNDO],
    [("move", 12), ("leave", 0), ("wait", 1), ("leave", 2), UNDO],
    [("move", 12), ("wait", 6), ("call_off", None), UNDO, ("move", 11)],
    [("move", 12), ("leave", 0), ("wait", 1), ("move", 11)],
    [("move", 12), ("leave", 0), ("wait", 1), ("move", 13)],
    [("place", "Room 1"), ("leave", 0), ("wait", 1), ("place", "")],
]


@pytest.mark.parametrize("story", STORIES)
def test_it_is_true_and_said_once_in_stories_that_once_went_wrong_or_nearly(
    app: Flask, session: Session, at: SetClock, story: list[Step]
) -> None:
    play(app, session, at, story)


def test_postponed_and_given_its_date_back_before_anybody_heard_nobody_is_mailed(
    app: Flask, session: Session, at: SetClock
) -> None:
    stage = play(app, session, at, [POSTPONE, ("wait", 2), ("redate", 11)])
    heard = [line for each in stage.readers.values() for line in each.subjects]
    assert [line for line in heard if line.partition(":")[0] in NOTICES] == []


def test_who_heard_that_there_is_no_date_hears_that_it_takes_place_after_all(
    app: Flask, session: Session, at: SetClock
) -> None:
    stage = play(app, session, at, [*PUT_OFF, ("redate", 11)])
    for each in stage.readers.values():
        assert "It takes place after all, Sat, May 11" in each.subjects[-1]


def test_staff_read_that_nobody_is_told_where_the_date_is_the_one_people_know(
    app: Flask, session: Session, at: SetClock
) -> None:
    stage = Stage(app, session, at)
    stage.postpone()
    stage.redate(11)
    event = stage.event
    found = queries.find_undoable(session, event.id, now=stage.now)
    assert found is not None
    assert queries.count_untold(session, event, found) == 0


def failed(stage: Stage, change: int) -> None:
    """Let no server have taken the notices of a change."""
    with writing(stage.session):
        mails = OutboxMessage.key.endswith(f":{change}", autoescape=True)
        stage.session.execute(
            update(OutboxMessage)
            .where(mails, OutboxMessage.event_id == stage.event_id)
            .values(state=MailState.FAILED)
        )


def last_change(stage: Stage) -> int:
    stage.session.rollback()
    found = events.find_last_change(stage.session, stage.event_id)
    assert found is not None
    return found.id


def test_a_notice_that_failed_is_not_told_again_after_another_has_told_it(
    app: Flask, session: Session, at: SetClock
) -> None:
    """A move fails, it is postponed and has a date, which arrives; then it moves."""
    stage = Stage(app, session, at)
    stage.do(("move", 13))
    failed(stage, last_change(stage))
    for step in (*PUT_OFF, ("redate", 12), ("wait", 6), ("move", 11)):
        stage.do(step)
    stage.sleep(6)
    mails = deliver_now(app)
    assert len(mails) == 4
    for mail in mails:
        text = side(mail, "text/plain")
        assert "May 12" in text  # what they heard
        assert "May 13" not in text


def test_a_notice_that_a_server_put_off_does_not_come_after_a_later_one(
    app: Flask, session: Session, at: SetClock
) -> None:
    stage = Stage(app, session, at)
    stage.do(("move", 13))
    first = last_change(stage)
    with writing(session):
        waits = OutboxMessage.key.endswith(f":{first}", autoescape=True)
        late = update(OutboxMessage).where(
            waits, OutboxMessage.event_id == stage.event_id
        )
        session.execute(late.values(due_at=NOON + 20 * MINUTE))
    stage.sleep(6)
    stage.do(("move", 12))
    stage.sleep(6)
    for mail in deliver_now(app):
        text = side(mail, "text/plain")
        assert "May 11" in text  # what they knew
        assert "May 13" not in text
    stage.sleep(20)
    assert deliver_now(app) == []


def test_who_hears_that_it_is_off_reads_the_date_that_they_knew(
    app: Flask, session: Session, at: SetClock
) -> None:
    stage = Stage(app, session, at)
    for step in (("move", 12), ("wait", 2), ("call_off", None)):
        stage.do(step)
    stage.sleep(6)
    mails = deliver_now(app)
    assert len(mails) == 4
    for mail in mails:
        assert "Was to be: Saturday, May 11" in side(mail, "text/plain")
        assert "May 12" not in side(mail, "text/plain")


def test_whoever_read_another_date_meanwhile_reads_that_one_when_it_is_off(
    app: Flask, session: Session, at: SetClock
) -> None:
    stage = Stage(app, session, at)
    story = (("move", 12), ("leave", 0), ("wait", 1), ("move", 13), ("call_off", None))
    for step in story:
        stage.do(step)
    stage.sleep(6)
    session.rollback()
    promoted = queries.get(session, stage.ids[2]).person.email
    read = {
        mail["To"].rpartition("<")[2].rstrip(">"): side(mail, "text/plain")
        for mail in deliver_now(app)
    }
    assert "Was to be: Sunday, May 12" in read.pop(promoted)
    assert len(read) == 2
    for text in read.values():
        assert "Was to be: Saturday, May 11" in text


def test_what_failed_to_reach_who_had_a_place_does_not_count_for_who_has_it_now(
    app: Flask, session: Session, at: SetClock
) -> None:
    """The mail that gave it to them said the date it had by then."""
    stage = Stage(app, session, at)
    stage.do(("move", 12))
    stage.sleep(6)
    failed(stage, last_change(stage))
    session.rollback()
    with writing(session):
        event = events.lock(session, stage.event_id)
        given = queries.get(session, stage.ids[0])
        newcomer = make_person(session, email="newcomer@example.org")
        pass_on(session, event, given, newcomer.id, now=stage.now)
    stage.do(("move", 11))
    stage.sleep(6)
    (mail,) = [each for each in deliver_now(app) if "newcomer" in each["To"]]
    text = side(mail, "text/plain")
    assert "May 12" in text
    assert "May 11" in text


def test_who_registers_before_a_move_that_is_told_at_once_is_told_of_it(
    app: Flask, session: Session, at: SetClock
) -> None:
    """A date is given, and before anybody was told it moves within the hour."""
    stage = Stage(app, session, at)
    stage.do(POSTPONE)
    stage.wait(6)
    with writing(session):
        found = events.get(session, stage.event_id)
        draft = events.as_saved(found)
        start = stage.now + 64 * MINUTE
        draft = replace(
            draft, sessions=again(found, make_draft(starts_at=start).sessions)
        )
        service.redate_event(
            session, found.id, draft, version=found.version, now=stage.now
        )
    stage.sleep(4)
    stage.register()
    deliver_now(app)
    stage.sleep(1)
    stage.do(("place", "Room 1"))
    assert len(deliver_now(app)) == 5


class Program:
    """A program of two sessions; Ada presents it, and Bob the second one alone."""

    def __init__(self, app: Flask, session: Session, at: SetClock) -> None:
        self.stage = Stage(app, session, at)
        deliver_now(app)
        ada = Contributor(role=Role.PRESENTER, name="Ada Program", title="")
        bob = Contributor(role=Role.PRESENTER, name="Bob Program", title="")
        first, second = (
            make_draft(starts_at=NOON + days * DAY).sessions[0] for days in (10, 12)
        )
        made_id = make_event(
            session,
            slug="program",
            kind=Kind.TRAINING,
            contributors=[ada],
            sessions=[first, replace(second, contributors=[bob])],
        ).id
        with writing(session):
            for name in ("Ada", "Bob"):
                named = update(Presenter).where(
                    Presenter.full_name == f"{name} Program"
                )
                session.execute(named.values(email=f"{name.lower()}@example.org"))
        stage = self.stage
        stage.event_id = made_id
        self.second = stage.event.sessions[1].id
        stage.ids.clear()
        stage.register()
        self.mails = deliver_now(app)

    def drop(self) -> None:
        """Take the second session out, which others hear of in five minutes."""
        stage = self.stage
        with writing(stage.session):
            found = events.get(stage.session, stage.event_id)
            draft = events.as_saved(found)
            draft = replace(draft, sessions=draft.sessions[:1])
            service.save_event(
                stage.session, found.id, draft, version=found.version, now=stage.now
            )

    def hear(self, app: Flask) -> None:
        self.stage.sleep(6)
        self.mails += deliver_now(app)

    def methods(self) -> dict[str, list[str]]:
        """List by the end of the UID what the entries of the second session said."""
        found: dict[str, list[str]] = {}
        for mail in self.mails:
            for part in mail.walk():
                if part.get_content_type() == "text/calendar":
                    content: Any = part.get_payload(decode=True)
                    uid = str(entry_in(content)["UID"])
                    of = "presenter" if uid.startswith("presenter") else "registrant"
                    if f"-{self.second}" in uid:
                        found.setdefault(of, []).append(str(part.get_param("method")))
        return found


THEN: list[list[Step]] = [
    [("call_off", None)], [POSTPONE], [POSTPONE, ("redate", 12)],
]  # fmt: skip


@pytest.mark.parametrize("then", THEN)
def test_a_session_taken_out_leaves_calendars_by_whatever_mail_comes_first(
    app: Flask, session: Session, at: SetClock, then: list[Step]
) -> None:
    program = Program(app, session, at)
    program.drop()
    for step in then:
        program.stage.do(step)
    program.hear(app)
    program.hear(app)
    said = program.methods()
    assert said["registrant"][-1] == "CANCEL"
    to_bob = [mail for mail in program.mails if "bob@example.org" in mail["To"]]
    assert ["Session taken out" in mail["Subject"] for mail in to_bob] == [True]
    assert said["presenter"][-1] == "CANCEL"


def test_who_hears_that_a_program_is_off_reads_of_the_sessions_they_knew(
    app: Flask, session: Session, at: SetClock
) -> None:
    program = Program(app, session, at)
    program.drop()
    program.stage.do(("call_off", None))
    before = len(program.mails)
    program.hear(app)
    texts = [
        side(mail, "text/plain")
        for mail in program.mails[before:]
        if "You get this mail because" in side(mail, "text/plain")
    ]
    (text,) = [each for each in texts if "was registered" in each]
    assert "May 11" in text
    assert "May 13" in text
