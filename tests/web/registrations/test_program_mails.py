"""What the people of an event with several sessions, or lives, read and keep."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import Kind, OfferDraft, SessionDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    again,
    make_conference,
    make_draft,
    make_event,
    make_registration,
    writing,
)
from tests.letters import deliver, entry_of, links_in, side

pytestmark = pytest.mark.usefixtures("now")

ZONE = "America/New_York"
SetClock = Callable[[datetime], None]


def sittings(*days: int, hour: int = 8) -> list[SessionDraft]:
    walls = [datetime(2030, 5, day, hour) for day in days]  # noqa: DTZ001
    return [SessionDraft(wall_start=wall, zone=ZONE) for wall in walls]


def save(session: Session, event: Event, sessions: list[SessionDraft]) -> None:
    with writing(session):
        found = events.get(session, event.id)
        draft = make_draft(
            kind=Kind.TRAINING,
            sessions=again(found, sessions),
            offers=[OfferDraft(id=offer.id) for offer in found.offers],
        )
        service.save_event(session, event.id, draft, version=found.version, now=NOON)


def entries(mail: EmailMessage) -> dict[str, tuple[str, str, Any]]:
    """Return method, status and start of each calendar file by its UID."""
    found = {}
    for part in mail.walk():
        if part.get_filename():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            document = icalendar.Calendar.from_ical(content)
            (entry,) = document.walk("VEVENT")
            method, status = str(document["method"]), str(entry["status"])
            found[str(entry["uid"])] = method, status, entry["sequence"]
    return found


def test_the_confirmation_says_what_a_program_asks_and_what_completes_it(
    app: Flask, session: Session
) -> None:
    first = make_event(session, slug="first", title="First talk")
    program = make_event(
        session,
        kind=Kind.TRAINING,
        sessions=sittings(11, 18, 25),
        prerequisites=[first.id],
        prerequisite_note="Bring a service.",
        completes_after=2,
        completion_note="Hand in a draft.",
    )
    make_registration(session, program)
    (mail,) = deliver(app)
    for kind in ("text/plain", "text/html"):
        said = " ".join(re.sub("<[^>]+>", " ", side(mail, kind)).split())
        asked = [
            "First talk",
            "Bring a service.",
            "Attend at least 2 of the 3 sessions. Hand in a draft.",
        ]
        assert (kind, [each for each in asked if each not in said]) == (kind, [])
        assert "http://csd.test/events/first" in side(mail, kind)


def test_the_confirmation_lists_each_session_with_its_title_and_its_own_place(
    app: Flask, session: Session
) -> None:
    first, second = sittings(11, 18)
    program = make_event(
        session,
        kind=Kind.TRAINING,
        place="City Hall",
        sessions=[
            replace(first, title="To begin", place="City Hall"),
            replace(second, title="To go on", place="Library"),
        ],
    )
    make_registration(session, program)
    (mail,) = deliver(app)
    for kind, place in (("text/plain", ", Library"), ("text/html", " (Library)")):
        said = " ".join(re.sub("<[^>]+>", " ", side(mail, kind)).split())
        listed = said.partition("Sessions ")[2]
        days = re.findall(r"(Sat, May \d+, 8:00 am ET: To (?:begin|go on)\S*)", listed)
        assert (kind, len(days)) == (kind, 2)
        assert f"To go on{place}" in listed
        assert f"To begin{place}" not in listed
        assert "City Hall" not in listed.partition("To go on")[0]


def test_the_mails_of_a_forum_in_a_room_name_the_room_and_no_way_to_join(
    app: Flask, session: Session, at: SetClock
) -> None:
    """Its conference's place is its own, unless staff say another."""
    conference_id = make_conference(session)
    event = make_event(
        session,
        slug="forum",
        kind=Kind.FORUM,
        platform_url=None,
        place="",
        conference_id=conference_id,
    )
    made = make_registration(session, event)
    mails = deliver(app)
    hour_before = NOON + 10 * DAY - HOUR
    at(hour_before)
    with writing(session):
        service.queue_reminders(session, now=hour_before)
    mails += deliver(app)
    assert [mail["Subject"].partition(":")[0] for mail in mails] == [
        "You are registered",
        "Today, 8",
    ]
    for mail in mails:
        for kind in ("text/plain", "text/html"):
            assert "Sampleton Convention Center" in side(mail, kind)
        assert not [link for link in links_in(mail) if "/join/" in link]
    assert entry_of(mails[0])["location"] == "Sampleton Convention Center"
    with app.app_context():
        own = links().token(Purpose.REGISTRATION, made.id, 1)
    page = app.test_client().get(f"/registrations/{own}").text
    assert "/join/" not in page


def test_a_webinar_at_a_conference_is_still_online(
    app: Flask, session: Session
) -> None:
    conference_id = make_conference(session)
    event = make_event(session, slug="talk", place="", conference_id=conference_id)
    make_registration(session, event)
    (mail,) = deliver(app)
    assert entry_of(mail)["location"] == "Online"


def test_a_session_taken_out_leaves_calendars_and_its_uid_never_comes_back(
    app: Flask, session: Session
) -> None:
    event = make_event(session, kind=Kind.TRAINING, sessions=sittings(11, 18, 25))
    make_registration(session, event)
    first, second, third = entries(deliver(app)[0])

    save(session, event, sittings(11, 18))
    (shorter,) = deliver(app)
    assert entries(shorter) == {
        third: ("CANCEL", "CANCELLED", 1),
    }

    save(session, event, sittings(11, 18, 25))
    (longer,) = deliver(app)
    (added,) = entries(longer)
    assert added not in {first, second, third}
    assert entries(longer)[added] == ("REQUEST", "CONFIRMED", 0)


def test_a_mail_about_a_change_names_the_session_that_moved(
    app: Flask, session: Session
) -> None:
    event = make_event(session, kind=Kind.TRAINING, sessions=sittings(11, 18, 25))
    make_registration(session, event)
    deliver(app)
    save(session, event, [*sittings(11), *sittings(18, hour=9), *sittings(25)])
    (mail,) = deliver(app)
    words = side(mail, "text/plain")
    assert mail["Subject"] == "Changed, now Sat, May 18, 9:00 am ET: Sharing dispatch"
    assert "Before: Saturday, May 18, 2030, 8:00 am Eastern" in words
    assert "Now: Saturday, May 18, 2030, 9:00 am Eastern" in words


def both_sides(mail: EmailMessage) -> list[str]:
    """Return the words of the text side and of the other, without their tags."""
    html = re.sub(
        r"<style.*?</style>|<[^>]+>", " ", side(mail, "text/html"), flags=re.DOTALL
    )
    return [" ".join(each.split()) for each in (side(mail, "text/plain"), html)]


def on_both(mail: EmailMessage, *phrases: str) -> dict[str, list[bool]]:
    """Tell of some phrases on which sides of a mail they stand."""
    sides = both_sides(mail)
    return {phrase: [phrase in each for each in sides] for phrase in phrases}


BOTH, NEITHER = [True, True], [False, False]
LIST = "These sessions do not take place"


@pytest.mark.parametrize(
    ("days", "named", "unnamed"),
    [
        (0, ["May 11", LIST, "May 18, 8:00 am ET", "May 25, 8:00 am ET"], ["of 3"]),
        (11, ["May 18", LIST, "May 25, 8:00 am ET"], ["May 11", "of 3"]),
        (18, ["May 25", "Session 3 of 3"], ["May 11", "May 18", LIST]),
    ],
)
def test_the_mail_about_a_cancelled_program_names_every_session_that_falls_out(
    app: Flask,
    session: Session,
    at: SetClock,
    days: int,
    named: list[str],
    unnamed: list[str],
) -> None:
    """What has taken place stays as it was."""
    event = make_event(session, kind=Kind.TRAINING, sessions=sittings(11, 18, 25))
    make_registration(session, event)
    deliver(app)
    at(NOON + days * DAY)
    with writing(session):
        service.cancel_event(session, event.id, note="", now=NOON + days * DAY)
    (mail,) = deliver(app)
    first = f"Was to be: Saturday, {named[0]}, 2030, 8:00 am Eastern"
    expected = [first, *named[1:]]
    assert on_both(mail, *expected) == dict.fromkeys(expected, BOTH)
    assert on_both(mail, *unnamed) == dict.fromkeys(unnamed, NEITHER)


def test_a_program_is_joined_session_by_session_and_one_missed_is_no_reason_to_cancel(
    app: Flask, session: Session, at: SetClock
) -> None:
    event = make_event(session, kind=Kind.TRAINING, sessions=sittings(11, 18))
    make_registration(session, event)
    (confirmation,) = deliver(app)
    assert on_both(confirmation, "For each session,", "On the day,") == {
        "For each session,": BOTH,
        "On the day,": NEITHER,
    }
    day_before = event.sessions[0].starts_at - DAY
    at(day_before)
    with writing(session):
        service.queue_reminders(session, now=day_before)
    (reminder,) = deliver(app)
    whole = "Cannot come any more? Cancel your registration for all sessions"
    single = "Cannot come? Cancel"
    assert on_both(reminder, whole, single) == {whole: BOTH, single: NEITHER}


def test_a_mail_about_one_session_does_not_say_that_the_whole_event_has_moved(
    app: Flask, session: Session
) -> None:
    event = make_event(session, kind=Kind.TRAINING, sessions=sittings(11, 18, 25))
    make_registration(session, event)
    deliver(app)
    save(session, event, [*sittings(11), *sittings(18, hour=9), *sittings(25)])
    (one,) = deliver(app)
    save(session, event, sittings(11, 18, 25, hour=10))
    (several,) = deliver(app)
    phrases = "A session has moved", "Sessions have moved", "The event has moved"
    assert on_both(one, *phrases) == dict(
        zip(phrases, (BOTH, NEITHER, NEITHER), strict=True)
    )
    assert on_both(several, *phrases) == dict(
        zip(phrases, (NEITHER, BOTH, NEITHER), strict=True)
    )


def test_a_mail_about_another_room_speaks_of_no_new_time(
    app: Flask, session: Session
) -> None:
    event = make_event(session, place="Hall A")
    make_registration(session, event)
    deliver(app)
    with writing(session):
        found = events.get(session, event.id)
        offers = [OfferDraft(id=offer.id) for offer in found.offers]
        draft = make_draft(sessions=again(found, sittings(11)), offers=offers)
        draft = replace(
            draft,
            sessions=[replace(each, wall_end=None) for each in draft.sessions],
            place="Hall Z",
        )
        service.save_event(session, event.id, draft, version=found.version, now=NOON)
    (mail,) = deliver(app)
    assert mail["Subject"] == "New place: Sharing dispatch"
    suits = "It does not suit you any more? Cancel your registration"
    assert on_both(mail, suits, "new time") == {suits: BOTH, "new time": NEITHER}


def test_a_program_that_is_off_takes_all_its_entries_along(
    app: Flask, session: Session
) -> None:
    event = make_event(session, kind=Kind.TRAINING, sessions=sittings(11, 18))
    kept = make_registration(session, event)
    gone = make_registration(session, event, email="gone@example.org")
    deliver(app)
    give_back(session, gone)
    (left,) = deliver(app)
    with writing(session):
        service.cancel_event(session, event.id, note="Snow.", now=NOON)
    (off,) = deliver(app)
    entry = "The entries attached take the event out of your calendar."
    assert (on_both(left, entry), on_both(off, entry)) == ({entry: BOTH}, {entry: BOTH})
    assert (len(entries(left)), len(entries(off))) == (2, 2)
    assert kept.event_id == event.id


def give_back(session: Session, registration: Registration) -> None:
    with writing(session):
        service.cancel(session, registration.id, now=NOON)


def mail_about_leaving(app: Flask) -> EmailMessage:
    """Deliver everything, and return the mail to Ada about what she gave back."""
    (mail,) = (
        mail
        for mail in deliver(app)
        if "ada@" in mail["To"]
        and ("is cancelled" in mail["Subject"] or "no longer" in mail["Subject"])
    )
    return mail


def test_who_waits_after_giving_a_place_back_loses_the_entry_of_that_place(
    app: Flask, session: Session
) -> None:
    event = make_event(session, capacity=1)
    ada = make_registration(session, event, email="ada@example.org")
    make_registration(session, event, email="bob@example.org")
    (entry,) = entries(deliver(app)[0])
    give_back(session, ada)
    make_registration(session, event, email="ada@example.org")
    mail = mail_about_leaving(app)
    assert entries(mail)[entry][:2] == ("CANCEL", "CANCELLED")
    assert "Your place has gone back to the others." in side(mail, "text/plain")


def test_who_has_a_place_after_leaving_the_list_reads_of_the_list(
    app: Flask, session: Session
) -> None:
    event = make_event(session, capacity=1)
    bob = make_registration(session, event, email="bob@example.org")
    ada = make_registration(session, event, email="ada@example.org")
    for each in (ada, bob):
        give_back(session, each)
    make_registration(session, event, email="ada@example.org")
    mail = mail_about_leaving(app)
    assert "You no longer wait for a place" in side(mail, "text/plain")
    assert entries(mail) == {}
