"""What people are mailed about their registration, read as a mail program does."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import MailedLink
from csd_events.accounts.service import Asking
from csd_events.announcements.service import send_test
from csd_events.association import queries as association
from csd_events.association import service as association_service
from csd_events.core.db import Base
from csd_events.core.tokens import DEAD
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import Event
from csd_events.events.rules import Kind, OfferDraft, SessionDraft
from csd_events.library.service import built_in_document, import_cases
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import service
from csd_events.registrations.models import (
    Handover,
    OpeningWish,
    Registration,
    RegistrationGroup,
)
from csd_events.registrations.rules import NOTICE_WAITS, Hold, Newcomer
from csd_events.registrations.service import By
from csd_events.worksheets import service as worksheets
from tests import announcing
from tests.announcing import acting, settle_in
from tests.factories import (
    DAY,
    HOUR,
    LONG_AGO,
    NOON,
    again,
    make_account,
    make_conference,
    make_draft,
    make_event,
    make_member,
    make_party,
    make_person,
    make_registration,
    writing,
)
from tests.letters import calendars_in, deliver, entry_in, entry_of, links_in, side
from tests.staging import ADA, make_stage_event

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
MINUTE = timedelta(minutes=1)
START = NOON + 10 * DAY


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", capacity=1)


def save(session: Session, event: Event, *, now: datetime = NOON, **given: Any) -> int:
    with writing(session):
        found = events.get(session, event.id)
        offers = [OfferDraft(id=offer.id) for offer in found.offers]
        draft = make_draft(**{"capacity": 1, "offers": offers} | given)
        draft = replace(draft, sessions=again(found, draft.sessions))
        effect = service.save_event(
            session, event.id, draft, version=found.version, now=now
        )
    return effect.told


def cancel(session: Session, registration: Registration, *, now: datetime) -> None:
    with writing(session):
        service.cancel(session, registration.id, now=now)


def remind(session: Session, now: datetime) -> int:
    with writing(session):
        return service.queue_reminders(session, now=now)


def sides(mail: EmailMessage) -> dict[str, str]:
    html = re.sub(
        r"<style.*?</style>|<[^>]+>", " ", side(mail, "text/html"), flags=re.DOTALL
    )
    return {
        "text": " ".join(side(mail, "text/plain").split()),
        "html": " ".join(html.split()),
    }


def skipped(session: Session) -> list[tuple[str, str | None]]:
    session.rollback()
    rows = select(OutboxMessage.kind, OutboxMessage.note).where(
        OutboxMessage.state == MailState.SKIPPED
    )
    found = session.execute(rows.order_by(OutboxMessage.id))
    return [(kind, note) for kind, note in found]


def test_the_confirmation_has_both_sides_the_links_and_the_reference(
    app: Flask, session: Session, event: Event
) -> None:
    made = make_registration(
        session, event, full_name="Ada Sample", service_area="fire_ems"
    )
    (mail,) = deliver(app)
    for words in sides(mail).values():
        assert "Sharing dispatch" in words
        assert "Saturday, May 11, 2030, 8:00 am Eastern (UTC\N{MINUS SIGN}4)" in words
        assert "Hello Ada Sample," in words
        assert made.reference in words
    for kind in ("text/plain", "text/html"):
        content = side(mail, kind)
        assert len(set(re.findall(r"http://csd\.test/join/[\w-]{32}", content))) == 1
        assert len(set(re.findall(r"/registrations/[\w-]{32}", content))) == 1
        assert "/worksheets?area=fire_ems" in content
    assert mail["Subject"] == "You are registered: Sharing dispatch"
    assert mail["To"] == f"Ada Sample <{made.person.email}>"


def test_register_30_minutes_before_confirmation_with_join_link_no_tomorrow_mail(
    app: Flask, session: Session, event: Event, at: SetClock
) -> None:
    at(START - 30 * MINUTE)
    make_registration(session, event, at=START - 30 * MINUTE)
    mails = deliver(app)
    for minutes in (29, 15, 1, 0):
        at(START - minutes * MINUTE)
        assert remind(session, START - minutes * MINUTE) == 0
        mails += deliver(app)
    (mail,) = mails
    assert mail["Subject"] == "You are registered: Sharing dispatch"
    assert "http://csd.test/join/" in side(mail, "text/plain")
    assert "omorrow" not in side(mail, "text/plain")
    assert skipped(session) == []


def test_the_confirmation_names_the_best_case_with_its_reason(
    app: Flask, session: Session, event: Event
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    make_registration(session, event, service_area="fire_ems")
    (mail,) = deliver(app)
    for words in sides(mail).values():
        assert re.search(r"Why this one: .*Fire and emergency medical", words)
    case = [link for link in links_in(mail) if "/library/case-studies/" in link]
    assert len(case) == 1


def test_method_in_mime_header_equals_method_in_body(
    app: Flask, session: Session, event: Event
) -> None:
    made = make_registration(session, event)
    confirmed = deliver(app)[0]
    cancel(session, made, now=NOON)
    cancelled = deliver(app)[0]
    methods = []
    for mail in (confirmed, cancelled):
        (part,) = (p for p in mail.walk() if p.get_content_type() == "text/calendar")
        body = side(mail, "text/calendar")
        written = re.findall(r"^METHOD:(\w+)\r$", body, re.MULTILINE)
        methods.append([part.get_param("method"), *written])
    assert methods == [["REQUEST", "REQUEST"], ["CANCEL", "CANCEL"]]


def test_event_moved_by_an_hour_keeps_its_uid_and_raises_its_sequence(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    before = entry_of(deliver(app)[0])
    assert save(session, event, starts_at=START + HOUR) == 1
    (mail,) = deliver(app)
    after = entry_of(mail)
    assert after["uid"] == before["uid"]
    assert after["sequence"] == before["sequence"] + 1
    assert after.decoded("dtstart") == START + HOUR
    for words in sides(mail).values():
        assert "Before: Saturday, May 11, 2030, 8:00 am Eastern" in words
        assert "Now: Saturday, May 11, 2030, 9:00 am Eastern" in words
    assert mail["Subject"] == ("Changed, now Sat, May 11, 9:00 am ET: Sharing dispatch")


def test_another_place_alone_is_told_too(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    before = entry_of(deliver(app)[0])
    assert save(session, event, place="Room 6") == 1
    (mail,) = deliver(app)
    after = entry_of(mail)
    assert (str(after["location"]), after["uid"]) == ("Room 6", before["uid"])
    assert after["sequence"] == before["sequence"] + 1
    assert ["Room 6" in words for words in sides(mail).values()] == [True] * 2


def test_an_event_moved_twice_before_the_mail_goes_is_told_once_with_the_last_truth(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    before = entry_of(deliver(app)[0])
    assert save(session, event, starts_at=START + HOUR) == 1
    assert save(session, event, starts_at=START + 2 * HOUR) == 1
    (mail,) = deliver(app)
    for words in sides(mail).values():
        assert "Before: Saturday, May 11, 2030, 8:00 am Eastern" in words
        assert "Now: Saturday, May 11, 2030, 10:00 am Eastern" in words
    after = entry_of(mail)
    assert (after["uid"], after["sequence"]) == (before["uid"], before["sequence"] + 2)


def test_a_third_change_tells_what_it_was_when_the_mail_about_the_first_two_had_gone(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    for hours in (1, 2):
        save(session, event, starts_at=START + hours * HOUR)
    deliver(app)
    save(session, event, starts_at=START + 3 * HOUR)
    (mail,) = deliver(app)
    for words in sides(mail).values():
        assert "Before: Saturday, May 11, 2030, 10:00 am Eastern" in words
        assert "Now: Saturday, May 11, 2030, 11:00 am Eastern" in words


def test_an_event_moved_there_and_back_before_the_mail_goes_tells_nobody(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    deliver(app)
    save(session, event, starts_at=START + HOUR)
    save(session, event, starts_at=START)
    assert deliver(app) == []


def test_who_registered_between_two_changes_hears_of_the_second_alone(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    save(session, event, starts_at=START + HOUR)
    make_registration(session, event, email="bea@example.org")
    save(session, event, starts_at=START + 2 * HOUR)
    found = {mail["To"]: sides(mail) for mail in deliver(app) if "Before" in str(mail)}
    told = {
        to: "Before: Saturday, May 11, 2030, 9:00 am Eastern" in both["text"]
        for to, both in found.items()
    }
    assert {("bea@" in to): second for to, second in told.items()} == {
        False: False,
        True: True,
    }


def test_a_notice_that_failed_told_nothing_and_the_next_one_tells_it_too(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    deliver(app)
    save(session, event, starts_at=START + HOUR)
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == MailState.QUEUED)
        .values(state=MailState.FAILED)
    )
    session.commit()
    save(session, event, starts_at=START + 2 * HOUR)
    (mail,) = deliver(app)
    for words in sides(mail).values():
        assert "Before: Saturday, May 11, 2030, 8:00 am Eastern" in words


def test_only_the_description_changed_tells_nobody_and_keeps_the_sequence(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event, email="ada@example.org")
    before = entry_of(deliver(app)[0])
    assert save(session, event, description="New words", summary="Other words") == 0
    assert deliver(app) == []
    make_registration(session, event, email="ada@example.org", at=NOON + HOUR)
    assert entry_of(deliver_at(app, NOON + HOUR)[0])["sequence"] == before["sequence"]


def deliver_at(app: Flask, moment: datetime) -> list[EmailMessage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.config, "CLOCK", lambda: moment)
        return deliver(app)


def test_cancelling_takes_the_entry_out_of_the_calendar(
    app: Flask, session: Session, event: Event
) -> None:
    """No alarm comes later: there is none in the file, and no reminder goes."""
    made = make_registration(session, event)
    before = entry_of(deliver(app)[0])
    cancel(session, made, now=NOON + HOUR)
    after = entry_of(deliver_at(app, NOON + HOUR)[0])
    assert after["uid"] == before["uid"]
    assert after["status"] == "CANCELLED"
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstamp") == NOON + HOUR
    assert [*before.walk("VALARM"), *after.walk("VALARM")] == []
    assert remind(session, START - HOUR) == 0


def test_uid_is_not_reused_when_a_person_cancels_and_registers_again(
    app: Flask, session: Session, event: Event
) -> None:
    make_person(session, email="ada@example.org")
    entries = []
    for _ in range(2):
        made = make_registration(session, event, email="ada@example.org")
        entries.append(entry_of(deliver(app)[0]))
        cancel(session, made, now=NOON)
        entries.append(entry_of(deliver(app)[0]))
    uids = [str(entry["uid"]) for entry in entries]
    assert uids[0] == uids[1] != uids[2] == uids[3]
    assert [str(e["status"]) for e in entries] == ["CONFIRMED", "CANCELLED"] * 2
    sequences = [int(entry["sequence"]) for entry in entries]
    assert sequences == sorted(sequences)


def test_registering_again_at_once_still_removes_the_cancelled_entry(
    app: Flask, session: Session, event: Event
) -> None:
    """Before the mail about cancelling has gone."""
    made = make_registration(session, event, email="ada@example.org")
    first = entry_of(deliver(app)[0])
    cancel(session, made, now=NOON)
    make_registration(session, event, email="ada@example.org")
    entries = [entry_of(mail) for mail in deliver(app)]
    assert [str(entry["status"]) for entry in entries] == ["CANCELLED", "CONFIRMED"]
    assert entries[0]["uid"] == first["uid"] != entries[1]["uid"]


def test_local_wall_time_is_never_written_with_a_z_suffix(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    body = side(deliver(app)[0], "text/calendar")
    assert "DTSTART;TZID=America/New_York:20300511T080000\r\n" in body
    assert "DTEND;TZID=America/New_York:20300511T090000\r\n" in body


def test_join_passcode_is_absent_from_the_file_only_the_personal_join_url_is_there(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    entry = entry_of(deliver(app)[0])
    assert re.findall(r"https?://[^/\s]+/\w+/", str(entry["description"])) == [
        "http://csd.test/join/",
        "http://csd.test/registrations/",
    ]
    assert "secret-room" not in entry.to_ical().decode()


def test_nobodys_answer_fills_the_mailbox_of_the_association(
    app: Flask, session: Session, event: Event
) -> None:
    """Reply to the organizer's address does not bounce, and no answer is asked for."""
    make_registration(session, event)
    (mail,) = deliver(app)
    entry = entry_of(mail)
    assert str(entry["organizer"]) == f"mailto:{mail['Reply-To']}"
    assert entry["attendee"].params["RSVP"] == "FALSE"
    assert entry["attendee"].params["PARTSTAT"] == "ACCEPTED"


@pytest.fixture
def _association(session: Session) -> Iterator[None]:
    """Staff have said who it is, what its mail comes from and where answers go."""
    said = replace(
        association.first(),
        name="Sample Association",
        sender_address="post@csd.test",
        reply_address="desk@example.org",
    )
    with writing(session):
        association_service.save(session, said, now=NOON, actor_id=None)
    association.forget()
    yield
    association.forget()


@pytest.mark.usefixtures("_association")
def test_mail_goes_in_the_name_of_the_association_and_answers_reach_its_desk(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    (mail,) = deliver(app)
    organizer = entry_of(mail)["organizer"]
    assert (mail["From"], mail["Reply-To"], str(organizer), organizer.params["CN"]) == (
        "Sample Association <post@csd.test>",
        "desk@example.org",
        "mailto:desk@example.org",
        "Sample Association",
    )


def test_mail_and_calendar_show_the_zone_of_the_event(
    app: Flask, session: Session
) -> None:
    """An evening west of UTC is not the next day."""
    evening = datetime.fromisoformat("2030-05-11T21:30-10:00")
    make_registration(
        session, make_event(session, starts_at=evening, zone="Pacific/Honolulu")
    )
    (mail,) = deliver(app)
    for words in sides(mail).values():
        assert (
            "Saturday, May 11, 2030, 9:30 pm Hawaii-Aleutian (UTC\N{MINUS SIGN}10)"
            in words
        )
    assert "DTSTART;TZID=Pacific/Honolulu:20300511T213000" in side(
        mail, "text/calendar"
    )


def test_a_training_program_has_one_file_a_session(
    app: Flask, session: Session
) -> None:
    walls = [datetime(2030, 5, day, 8) for day in (11, 18, 25)]  # noqa: DTZ001
    drafts = [
        SessionDraft(title=f"Part {n}", wall_start=wall, zone="America/New_York")
        for n, wall in enumerate(walls, start=1)
    ]
    event = make_event(session, kind=Kind.TRAINING, sessions=drafts)
    make_registration(session, event)
    (mail,) = deliver(app)
    names = [part.get_filename() for part in mail.walk() if part.get_filename()]
    uids = re.findall(
        r"^UID:(.*)\r$",
        "".join(
            bytes(part.get_payload(decode=True)).decode()
            for part in mail.walk()
            if part.get_filename()
        ),
        re.MULTILINE,
    )
    assert names == ["session-1.ics", "session-2.ics", "session-3.ics"]
    assert len(set(uids)) == 3
    assert "- Sat, May 18, 8:00 am ET: Part 2" in side(mail, "text/plain")


def test_who_waits_is_told_the_number_and_gets_no_calendar_entry(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    make_registration(session, event)
    mail = deliver(app)[1]
    assert mail["Subject"] == "Waiting list, number 1: Sharing dispatch"
    assert [part for part in mail.walk() if "calendar" in part.get_content_type()] == []
    assert "/join/" not in side(mail, "text/plain")


def test_who_only_waited_reads_nothing_of_an_entry_they_never_had(
    app: Flask, session: Session, event: Event
) -> None:
    make_registration(session, event)
    leaves = make_registration(session, event)
    make_registration(session, event)
    deliver(app)
    cancel(session, leaves, now=NOON)
    save(session, event, starts_at=START + HOUR)
    moved = deliver(app)
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON)
    off = deliver(app)
    said = [
        "entry attached" in words
        for mail in (moved[0], moved[2], off[1])
        for words in sides(mail).values()
    ]
    assert [len(moved), len(off)] == [3, 2]
    assert said == [False] * 6
    assert "entry attached" in side(moved[1], "text/plain")
    assert "Your place has gone back" not in side(moved[0], "text/plain")


def test_promotion_tells_the_next_with_the_entry_for_the_calendar(
    app: Flask, session: Session, event: Event
) -> None:
    first = make_registration(session, event)
    make_registration(session, event, email="bob@example.org")
    deliver(app)
    cancel(session, first, now=NOON)
    mail = deliver(app)[1]
    assert mail["Subject"] == "You have a place: Sharing dispatch"
    assert entry_of(mail)["status"] == "CONFIRMED"
    assert "/join/" in side(mail, "text/plain")


def test_event_cancelled_stops_planned_mails_and_tells_everyone_once(
    app: Flask, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    make_registration(session, event)
    deliver(app)
    at(START - DAY)
    remind(session, START - DAY)
    with writing(session):
        waits = [
            service.cancel_event(session, event.id, note="A storm.", now=START - DAY)
            for _ in range(2)
        ]
    mails = deliver(app)
    assert waits == [START - DAY + NOTICE_WAITS, None]
    assert [str(mail["Subject"]) for mail in mails] == [
        "Cancelled: Sharing dispatch"
    ] * 2
    assert entry_of(mails[0])["status"] == "CANCELLED"
    assert ["A storm." in words for words in sides(mails[0]).values()] == [True] * 2
    assert ("registration.reminder", "the event is cancelled") in skipped(session)


def test_a_priced_registration_says_what_it_costs(app: Flask, session: Session) -> None:
    event = make_event(session, offers=[OfferDraft(price_cents=4900)])
    make_registration(session, event)
    (mail,) = deliver(app)
    for words in sides(mail).values():
        assert "Price: USD 49.00, due by May 31, 2030." in words


def test_a_priced_registration_from_before_there_were_invoices_says_its_price(
    app: Flask, session: Session, event: Event
) -> None:
    made = make_registration(session, event)
    with writing(session):
        session.get_one(Registration, made.id).price_cents = 4900
    (mail,) = deliver(app)
    for words in sides(mail).values():
        assert "Price: USD 49.00." in words


@pytest.mark.parametrize(
    "title", ["100% shared {title} %(x)s %s {0}", "Dispatch & <b>Fire</b> {{ 7*7 }}"]
)
def test_subjects_keep_percent_signs_and_braces(
    app: Flask, session: Session, at: SetClock, title: str
) -> None:
    event = make_event(session, title=title)
    make_registration(session, event)
    mails = deliver(app)
    at(START - DAY)
    remind(session, START - DAY)
    mails += deliver(app)
    save(session, event, title=title, starts_at=START + HOUR, now=START - DAY)
    mails += deliver(app)
    subjects = [str(mail["Subject"]) for mail in mails]
    assert [s.partition(": ")[2] for s in subjects] == [title] * len(subjects)
    assert len(subjects) == 3
    for mail in mails:
        assert title in side(mail, "text/plain")


def test_a_name_that_may_be_an_advertisement_is_not_in_mail_to_a_stranger(
    app: Flask, session: Session, event: Event
) -> None:
    name = "Win at casino.example/now"
    make_registration(session, event, full_name=name, email="ada@example.org")
    (mail,) = deliver(app)
    whole = "".join(
        str(part.get_payload(decode=True))
        for part in mail.walk()
        if not part.is_multipart()
    )
    assert "casino" not in whole
    assert mail["To"] == "ada@example.org"
    assert "Hello" not in side(mail, "text/plain")
    assert entry_of(mail)["attendee"].params["CN"] == "ada@example.org"


def test_a_name_never_becomes_a_link_or_html(
    app: Flask, session: Session, event: Event
) -> None:
    make_person(session, email="ada@example.org")
    name = "<a href='https://casino.example'>Ada</a>"
    make_registration(session, event, full_name=name, email="ada@example.org")
    (mail,) = deliver(app)
    html = side(mail, "text/html")
    assert "&lt;a href=" in html
    assert [
        link for link in re.findall(r'href="([^"]*)"', html) if "casino" in link
    ] == []


def dump(session: Session) -> dict[str, list[Any]]:
    """Everything there is in the database."""
    session.rollback()
    return {
        table.name: sorted(map(repr, session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
    }


def every_mail(app: Flask, session: Session) -> list[EmailMessage]:
    """One mail of each kind there is, to people whose links still hold."""
    event = make_event(session, slug="small", capacity=2)
    people = [
        make_registration(session, event, email=f"person{n}@example.org")
        for n in range(4)
    ]
    mails = deliver(app)
    cancel(session, people[0], now=NOON)
    make_registration(session, event, email="person1@example.org")
    save(session, event, capacity=2, starts_at=START + HOUR)
    mails += deliver(app)
    soon = make_event(session, slug="soon", starts_at=NOON + HOUR)
    make_registration(session, soon, at=LONG_AGO)
    remind(session, NOON)
    mails += deliver(app)
    over = make_event(session, slug="over", starts_at=NOON - 2 * DAY)
    make_registration(session, over, at=LONG_AGO)
    with writing(session):
        service.queue_follow_ups(session, now=NOON)
    with writing(session):
        service.cancel_event(session, soon.id, note="", now=NOON)
    held = mails_about_held_places(app, session)
    handed = mails_about_places_that_went_on(app, session)
    merged = merged_mail(app, session)
    party = mails_about_colleagues(app, session)
    announced = announcements(app, session)
    more = [*mails_with_worksheets(app, session), *mails_without_a_date(app, session)]
    stage = mails_to_those_on_stage(app, session)
    others = [merged, *held, *handed, *party, *announced, *more, *stage]
    return [*mails, *deliver(app), *others]


def mails_without_a_date(app: Flask, session: Session) -> list[EmailMessage]:
    """What everybody hears of an event that is postponed, and has a date again."""
    event = make_stage_event(session, slug="put-off")
    make_registration(session, event, email="patient@example.org")
    deliver(app)
    with writing(session):
        service.postpone_event(session, event.id, note="The hall is wet.", now=NOON)
    mails = deliver(app)
    session.expire_all()
    found = events.get(session, event.id)
    draft = events.as_saved(found)
    (sitting,) = draft.sessions
    sooner = replace(sitting, wall_start=sitting.wall_start - HOUR)
    draft, version = replace(draft, sessions=[sooner]), found.version
    with writing(session):
        service.redate_event(session, event.id, draft, version=version, now=NOON)
    return [*mails, *deliver(app)]


def mails_to_those_on_stage(app: Flask, session: Session) -> list[EmailMessage]:
    """What goes to who presents: their page, another time, and that it is off."""
    event = make_stage_event(session, slug="staged")
    (presenter,) = events.list_on_stage(session, event.id)
    with writing(session):
        event_service.send_link(session, presenter.id, now=NOON)
    mails = deliver(app)
    save(session, event, starts_at=START + HOUR, contributors=[ADA])
    mails += deliver(app)
    with writing(session):
        service.cancel_event(session, event.id, note="The hall burned.", now=NOON)
    return [*mails, *deliver(app)]


def mails_with_worksheets(app: Flask, session: Session) -> list[EmailMessage]:
    """What goes to who asks for the link of their worksheet, or of their group."""
    with writing(session):
        beginning = worksheets.Beginning(service_area="police")
        begun = worksheets.begin(session, beginning, now=NOON)
        group = worksheets.open_group(
            session, worksheets.Opening(service_area="police"), now=NOON
        )
        asked = worksheets.Sending("answering@example.org", None)
        worksheets.send_link(session, begun.id, asked, now=NOON)
        worksheets.send_group_link(session, group.id, asked, now=NOON)
    return deliver(app)


def announcements(app: Flask, session: Session) -> list[EmailMessage]:
    """What the people of an event and members are told, and a test of it."""
    settle_in(app)
    event = make_event(session, slug="told")
    member = make_member(session)
    make_registration(session, event, person_id=member.person_id, email=member.email)
    mails = deliver(app)
    links = {"event": "registration_link", "members": "events_link"}
    for audience, link in ((event, links["event"]), (None, links["members"])):
        made = announcing.write(app, audience, body=f"{{name}}: {{{link}}}")
        announcing.send(app, made)
        announcing.leave(app)
        with acting(app) as inside:
            send_test(
                inside,
                made,
                person_id=member.person_id,
                to_address=member.email,
                now=NOON,
            )
        mails += deliver(app)
    return mails


def mails_about_places_that_went_on(app: Flask, session: Session) -> list[EmailMessage]:
    """What both get when somebody else comes instead, or an address is corrected."""
    event = make_event(session, slug="going")
    one, other, third = (make_registration(session, event) for _ in range(3))
    deliver(app)
    newcomer = Newcomer(full_name="Bo", email="bo@example.org", organization="Town")
    with writing(session):
        service.replace(session, one.id, newcomer, now=NOON, by=By())
        service.correct_address(session, other.id, "cy@example.org", now=NOON, by=By())
        last = replace(newcomer, email="di@example.org")
        service.replace(session, third.id, last, now=NOON, by=By())
        went = select(func.max(Handover.id))
        service.take_place_back(session, session.scalars(went).one(), now=NOON)
    return [*deliver(app), *mails_about_openings(app, session)]


def mails_about_openings(app: Flask, session: Session) -> list[EmailMessage]:
    """What people get who asked to hear when registration opens."""
    opens = [OfferDraft(opens_on=date(2030, 5, 1))]
    make_event(session, slug="opened", offers=opens)
    later = [OfferDraft(opens_on=date(2030, 5, 5))]
    make_event(session, slug="opens-later", offers=later)
    asked = "wishing@example.org"
    with writing(session):
        service.ask_for_opening(session, "opened", asked, now=NOON - DAY)
        wish = select(OpeningWish.id)
        service.confirm_wish(session, session.scalars(wish).one(), now=NOON - DAY)
        service.tell_of_openings(session, now=NOON)
        service.ask_for_opening(session, "opens-later", asked, now=NOON)
    return deliver(app)


def mails_about_colleagues(app: Flask, session: Session) -> list[EmailMessage]:
    """What somebody gets who registers colleagues, and one of those whom they leave."""
    event = make_event(session, slug="party")
    mails = []
    for nonce in ("pressed", "lapsed"):
        with writing(session):
            group_id = service.register_party(
                session, make_party(event, nonce=nonce), now=NOON
            ).group_id
        mails += deliver(app)
        if nonce == "pressed" and group_id is not None:
            with writing(session):
                service.confirm_group(session, group_id, link_version=1, now=NOON)
            mails += deliver(app)
            with writing(session):
                service.withdraw(session, group_id, 1, link_version=1, now=NOON)
    with writing(session):
        held = update(Registration).where(Registration.hold == Hold.SENDER)
        session.execute(held.values(held_until=NOON))
        session.execute(update(RegistrationGroup).values(held_until=NOON))
        service.let_lapse(session, now=NOON)
    return [*mails, *deliver(app)]


def mails_about_held_places(app: Flask, session: Session) -> list[EmailMessage]:
    """What people get whose requests are decided, or whose turn comes at a price."""
    asked = make_event(session, slug="asked", needs_approval=True)
    yes, no = (make_registration(session, asked) for _ in range(2))
    mails = deliver(app)
    with writing(session):
        service.approve(session, yes.id, now=NOON, actor_id=None)
        service.decline(session, no.id, note="", now=NOON, actor_id=None)
    mails += mails_about_a_conference(app, session)
    full = make_event(session, slug="full", capacity=1)
    _holder, early = (make_registration(session, full) for _ in range(2))
    with writing(session):
        service.give_place(session, early.id, now=NOON, actor_id=None, beyond=True)
    paid = make_event(
        session, slug="paid", capacity=1, offers=[OfferDraft(price_cents=4900)]
    )
    first, *_others = [make_registration(session, paid) for _ in range(2)]
    cancel(session, first, now=NOON)
    mails += deliver(app)
    with writing(session):
        held = update(Registration).where(Registration.hold == Hold.ANSWER)
        session.execute(held.values(held_until=NOON))
        service.let_lapse(session, now=NOON)
    return [*mails, *deliver(app)]


def mails_about_a_conference(app: Flask, session: Session) -> list[EmailMessage]:
    """What people get who are on the list of a conference later than they asked."""
    conference = make_conference(session)
    forum = make_event(
        session, kind=Kind.FORUM, conference_id=conference, requires_conference=True
    )
    make_registration(session, forum, email="late@example.org")
    mails = deliver(app)
    with writing(session):
        event_service.save_addresses(
            session, conference, ("late@example.org",), replace=True, now=NOON
        )
        service.let_in(session, now=NOON)
    return [*mails, *deliver(app)]


def merged_mail(app: Flask, session: Session) -> EmailMessage:
    """What somebody gets who was registered in an account and outside of it."""
    event, me = make_event(session, slug="both"), make_account(session)
    for email in (me.email, "guest@example.org"):
        make_registration(session, event, email=email)
    deliver(app)
    asking = Asking(email="guest@example.org")
    with writing(session):
        accounts.ask_for_address(session, me.person_id, asking, now=NOON)
    link_id = session.scalars(select(MailedLink.id)).one()
    with writing(session):
        service.take_new_address(session, link_id, now=NOON)
    (mail,) = [m for m in deliver(app) if "instead of two" in str(m["Subject"])]
    return mail


def test_scanner_gets_every_link_in_every_mail_and_nothing_changes(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    mails = every_mail(app, session)
    session.rollback()
    gone = set(
        session.scalars(
            select(OutboxMessage.kind).where(
                OutboxMessage.state == MailState.SENT,
                ~OutboxMessage.kind.startswith("accounts."),
            )
        )
    )
    every = {link for mail in mails for link in links_in(mail)}
    dead = {link for link in every if DEAD in link}
    assert {client.get(link).status_code for link in dead} == {404}
    found = every - dead
    before = dump(session)
    answers = {link: client.get(link).status_code for link in found}
    answers |= {f"HEAD {link}": client.head(link).status_code for link in found}
    cancelled = {link for link, status in answers.items() if status == 303}
    kinds = app.extensions["csd_composers"]
    # What staff send themselves to see holds dead links alone: see `test_words`.
    others = ("accounts.", "trials.")
    assert gone == {kind for kind in kinds if not kind.startswith(others)}
    assert {link for link in cancelled if not link.endswith("/cancel")} == set()
    assert {k: v for k, v in answers.items() if v not in {200, 303}} == {}
    assert dump(session) == before


def test_both_sides_of_every_mail_lead_to_the_same_places(
    app: Flask, session: Session
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    found = []
    for mail in every_mail(app, session):
        text, html = (
            set(re.findall(r"http://csd\.test/[^\s\"<]+", unescape(side(mail, kind))))
            for kind in ("text/plain", "text/html")
        )
        assert "http://csd.test/" in str(text)
        found.append((str(mail["Subject"]), text ^ html))
    assert [each for each in found if each[1]] == []


def test_every_kind_of_mail_says_who_made_it_when_and_where_answers_go(
    app: Flask, session: Session
) -> None:
    mails = every_mail(app, session)
    always = {
        "Auto-Submitted": {"auto-generated"},
        "Reply-To": {"events@csd.test"},
        "Date": {  # announcements to many wait five minutes
            "Wed, 01 May 2030 12:00:00 +0000",
            "Wed, 01 May 2030 12:05:00 +0000",
        },
    }
    found = {name: [mail.get_all(name, []) for mail in mails] for name in always}
    for name, values in always.items():
        assert {tuple(map(str, lines)) for lines in found[name]} == {
            (value,) for value in values
        }
    ids = [str(mail["Message-ID"]) for mail in mails]
    assert len(set(ids)) == len(ids)
    assert [each for each in ids if not re.fullmatch(r"<\w+@csd\.test>", each)] == []


def test_every_entry_that_a_mail_takes_out_or_changes_says_first_what_became_of_it(
    app: Flask, session: Session
) -> None:
    said = set()
    for mail in every_mail(app, session):
        for file in calendars_in(mail):
            method = str(Calendar.from_ical(file)["method"])
            first = str(entry_in(file)["description"]).splitlines()[0]
            said.add((method, first.partition(" from ")[0]))
    ways = "Join here: http", "Your page as a presenter: http"
    joins = {each for each in said if each[1].startswith(ways)}
    assert {method for method, _words in joins} == {"REQUEST"}
    assert said - joins == {
        ("REQUEST", "Moved"),
        ("CANCEL", "One registration instead of two."),
        ("CANCEL", "Somebody else comes in your place."),
        ("CANCEL", "The place went back to who had it before."),
        ("CANCEL", "This event is cancelled."),
        ("CANCEL", "This event is postponed. The new date is to come."),
        ("CANCEL", "Your registration goes by another address."),
        ("CANCEL", "Your registration is cancelled."),
    }


def test_a_case_of_the_underwriter_carries_the_mark_in_mails_too(
    app: Flask, session: Session
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    make_registration(session, make_event(session, reading=["sandy-springs"]))
    (mail,) = deliver(app)
    for words in sides(mail).values():
        assert "The vendor also paid for the ICMA program." in words
        assert "How sure we are:" in words


def test_a_mail_whose_words_no_longer_hold_is_skipped_with_a_reason(
    app: Flask, session: Session, event: Event, at: SetClock
) -> None:
    first = make_registration(session, event)
    second = make_registration(session, event)
    cancel(session, second, now=NOON)
    cancel(session, first, now=NOON)
    assert [str(m["Subject"]).partition(":")[0] for m in deliver(app)] == [
        "You no longer wait for a place",
        "Your registration is cancelled",
    ]
    assert skipped(session) == [
        ("registration.confirmed", "the place was given back before this went"),
        ("registration.waiting", "no longer waiting when this went"),
    ]


@pytest.mark.parametrize(
    ("lead", "moment", "why"),
    [
        (DAY, START - HOUR, "a reminder nearer to the start says the same"),
        (HOUR, START, "it had begun before this went"),
    ],
)
def test_a_reminder_that_is_late_says_nothing_stale(
    app: Flask,
    session: Session,
    at: SetClock,
    lead: timedelta,
    moment: datetime,
    why: str,
) -> None:
    """The mail server was away meanwhile."""
    make_registration(session, make_event(session), at=START - lead - MINUTE)
    at(START - lead)
    deliver(app)
    assert remind(session, START - lead) == 1
    at(moment)
    assert deliver(app) == []
    assert skipped(session) == [("registration.reminder", why)]


def test_a_reminder_says_today_or_tomorrow_as_the_zone_of_the_event_does(
    app: Flask, session: Session, at: SetClock
) -> None:
    """An evening in New York begins on the next day of UTC."""
    start = datetime.fromisoformat("2030-05-11T20:00-04:00")
    make_registration(session, make_event(session, starts_at=start), at=NOON)
    deliver(app)
    subjects = []
    for lead in (7 * DAY, DAY, HOUR):
        at(start - lead)
        remind(session, start - lead)
        subjects += [str(mail["Subject"]) for mail in deliver(app)]
    assert subjects == [
        "Sat, May 11, 8:00 pm ET: Sharing dispatch",
        "Tomorrow, 8:00 pm ET: Sharing dispatch",
        "Today, 8:00 pm ET: Sharing dispatch",
    ]


def test_a_reminder_of_a_time_that_was_moved_is_not_sent(
    app: Flask, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event, at=START - DAY - MINUTE)
    at(START - DAY)
    deliver(app)
    assert remind(session, START - DAY) == 1
    save(session, event, starts_at=START + HOUR, now=START - DAY)
    assert [str(mail["Subject"]).partition(",")[0] for mail in deliver(app)] == [
        "Changed"
    ]
    assert skipped(session) == [
        (
            "registration.reminder",
            "the event was moved; another reminder takes its place",
        )
    ]


def test_what_reaches_nobody_in_time_is_dropped_after_the_event(
    app: Flask, session: Session, event: Event, at: SetClock
) -> None:
    make_registration(session, event)
    at(START + 2 * HOUR)
    assert deliver(app) == []
    assert skipped(session) == [
        ("registration.confirmed", "the event was over before this went")
    ]
