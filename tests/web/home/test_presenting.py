"""The page of somebody on stage, its calendar, and what they correct there."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.attendance.models import Visit
from csd_events.audit.models import AuditEntry
from csd_events.core.time import to_wall
from csd_events.core.tokens import Purpose
from csd_events.events import queries as events
from csd_events.events.models import Event, Presenter
from csd_events.events.rules import Kind, QuestionDraft, QuestionKind, SessionDraft
from csd_events.registrations import service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import Said
from tests.desk import errors_in, fields_of, said
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    call_off,
    make_event,
    make_registration,
    writing,
)
from tests.staging import ADA, BEN, feed_of, make_stage_event, page_of, presenter_named
from tests.statements import counted
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")
ROOM = "https://rooms.example.org/secret-room"


def ask(label: str, kind: QuestionKind, **given: Any) -> QuestionDraft:
    return QuestionDraft(kind=kind, label=label, **given)


def sitting(day: int, title: str, *people: Any, zone: str = "America/New_York") -> Any:
    start = to_wall(NOON + day * DAY, zone)
    return SessionDraft(
        title=title,
        wall_start=start,
        wall_end=start + HOUR,
        zone=zone,
        contributors=people,
    )


def entries(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    found = Calendar.from_ical(answer.data).walk("VEVENT")
    return {str(each["uid"]): each for each in found}


def come(session: Session, event: Event, number: int, **given: Any) -> None:
    for _ in range(number):
        make_registration(session, event, **given)


def test_the_page_says_what_when_the_way_in_who_comes_and_with_whom(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_stage_event(
        session, contributors=[ADA, BEN], description="1. Welcome\n2. Questions"
    )
    come(session, event, 2)
    page = client.get(page_of(app, presenter_named(session)))
    shown = words(page)
    assert "Sharing dispatch" in shown
    assert "8:00" in shown
    assert f"Way in for presenters: {ROOM}" in shown
    assert "With you: Ben Sample (moderator)" in shown
    assert "Registered 2" in shown
    assert "Waiting" not in shown
    assert "Welcome" in shown
    assert 'data-zone="America/New_York"' in page.text
    assert "ben@example.org" not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_who_presents_one_session_gets_the_way_into_that_one_alone(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_stage_event(
        session,
        kind=Kind.TRAINING,
        contributors=[],
        sessions=[sitting(10, "First", ADA), sitting(11, "Second", BEN)],
    )
    page = words(client.get(page_of(app, presenter_named(session))))
    assert page.count("Way in for presenters:") == 1
    assert "First · yours" in page
    assert "Second · yours" not in page
    assert "With Ben Sample" in page


def test_a_state_is_named_where_five_or_more_come_from_it(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    come(session, event, 5, us_state="OH")
    come(session, event, 4, us_state="VT")
    page = words(client.get(page_of(app, presenter_named(session))))
    assert "From Ohio: 5 " in page
    assert "Vermont" not in page


def test_who_joined_is_counted_once(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    made = make_registration(session, event)
    visits = [
        Visit(
            registration_id=made.id,
            session_id=event.sessions[0].id,
            joined_at=NOON + minutes * HOUR,
        )
        for minutes in (1, 2)
    ]
    with writing(session):
        session.add_all(visits)
    assert "Joined 1" in words(client.get(page_of(app, presenter_named(session))))


def answer(session: Session, event: Event, *given: str, **more: Any) -> None:
    questions = [each.id for each in events.get(session, event.id).questions]
    answers = dict(zip(questions, given, strict=False))
    make_registration(session, event, said=Said(answers), **more)


def test_answers_are_read_only_where_the_box_is_ticked_and_without_names(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_stage_event(
        session,
        questions=[
            ask("What would you ask?", QuestionKind.LONG, for_presenters=True),
            ask("A secret of staff?", QuestionKind.LONG),
            ask("Your name badge?", QuestionKind.SHORT, for_presenters=True),
        ],
    )
    answer(session, event, "Why share?", "a secret", full_name="Zoe Sample")
    answer(session, event, "And <b>when</b>?")
    page = client.get(page_of(app, presenter_named(session)))
    shown = words(page)
    assert "What would you ask? (2)" in shown
    assert "And &lt;b&gt;when&lt;/b&gt;?" in page.text
    assert shown.index("And <b>when") < shown.index("Why share?")
    for hidden in ("a secret", "A secret of staff?", "Zoe", "badge"):
        assert hidden not in page.text
    form = words(client.get(f"/events/{event.slug}/register"))
    assert form.count("Who presents reads the answers, without names.") == 2


def test_answers_of_who_does_not_come_any_more_are_not_read(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    question = ask("What would you ask?", QuestionKind.LONG, for_presenters=True)
    event = make_stage_event(session, questions=[question])
    answer(session, event, "Why share?", email="gone@example.org")
    path = page_of(app, presenter_named(session))
    assert "Why share?" in words(client.get(path))
    with writing(session):
        gone = session.scalars(select(Registration.id)).one()
        service.cancel(session, gone, now=NOON)
    assert "Why share?" not in words(client.get(path))


def test_another_presenters_events_and_drafts_are_not_there(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_stage_event(session, title="Of Ada")
    make_stage_event(session, title="Of Ben", contributors=[BEN])
    make_event(session, title="A draft", contributors=[ADA], draft=True)
    make_stage_event(session, title="Long over", starts_at=NOON - 10 * DAY)
    page = words(client.get(page_of(app, presenter_named(session))))
    assert "Of Ada" in page
    assert [t for t in ("Of Ben", "A draft", "Long over") if t in page] == []


def test_a_strangers_link_opens_nothing_and_one_kind_opens_no_other(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_stage_event(session, contributors=[ADA, BEN])
    ada = presenter_named(session)
    own, ben = page_of(app, ada), page_of(app, presenter_named(session, "Ben Sample"))
    # The id of one with the signature of another.
    mixed = f"{own[:23]}{ben[23:]}"
    wrong = [
        mixed,
        f"/presenting/{'A' * 32}",
        page_of(app, ada, Purpose.PRESENTER_FEED),
        page_of(app, ada, Purpose.REGISTRATION),
        feed_of(app, ada).replace("/feeds", ""),
        f"/presenting/feeds/{own.rpartition('/')[2]}.ics",
    ]
    assert {path: client.get(path).status_code for path in wrong} == dict.fromkeys(
        wrong, 404
    )
    assert client.get(own).status_code == 200


def test_a_link_that_ended_opens_none_of_its_pages(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_stage_event(session)
    ada = presenter_named(session)
    own, feed = page_of(app, ada), feed_of(app, ada)
    paths = [own, f"{own}/about", f"{own}/sessions.ics", feed]
    assert [client.get(path).status_code for path in paths] == [200] * 4
    with writing(session):
        session.get_one(Presenter, ada.id).link_version += 1
    assert [client.get(path).status_code for path in paths] == [410] * 4
    assert client.post(f"{own}/about", data={"about": "x"}).status_code == 410
    assert presenter_named(session).about == ""


def test_the_page_asks_the_database_as_often_for_one_event_as_for_ten(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_stage_event(session)
    path = page_of(app, presenter_named(session))
    client.get(path)
    with counted(app) as few:
        client.get(path)
    for number in range(9):
        come(session, make_stage_event(session, slug=f"talk-{number}"), 2)
    with counted(app) as many:
        client.get(path)
    assert len(few) == len(many)
    assert len(few) <= 7


def test_the_file_and_the_calendar_hold_their_sessions_under_uids_of_their_own(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_stage_event(
        session,
        kind=Kind.TRAINING,
        contributors=[],
        sessions=[sitting(10, "First", ADA, BEN), sitting(11, "Second", BEN)],
    )
    first, second = (each.id for each in event.sessions)
    ada, ben = presenter_named(session), presenter_named(session, "Ben Sample")
    uids = {
        who.id: [f"presenter-{who.id}-{n}@csd.test" for n in sessions]
        for who, sessions in [(ada, [first]), (ben, [first, second])]
    }
    for who in (ada, ben):
        kept = entries(client, f"{page_of(app, who)}/sessions.ics")
        followed = entries(client, feed_of(app, who))
        assert sorted(kept) == sorted(followed) == sorted(uids[who.id])
        assert {"attendee" in each for each in followed.values()} == {False}
    (entry,) = entries(client, feed_of(app, ada)).values()
    assert entry["summary"] == "You present: Sharing dispatch: First"
    assert entry["sequence"] == 0
    assert ROOM not in client.get(feed_of(app, ada)).text
    assert page_of(app, ada) in str(entry["description"])


def test_what_is_called_off_is_said_on_the_page_and_leaves_the_calendar(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    ada = presenter_named(session)
    call_off(session, event.id, note="The hall burned.")
    page = words(client.get(page_of(app, ada)))
    assert "This event is cancelled The hall burned." in page
    assert ROOM not in page
    assert entries(client, feed_of(app, ada)) == {}


def test_a_correction_shows_at_once_and_is_theirs_in_the_trail(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    ada = presenter_named(session)
    path = f"{page_of(app, ada)}/about"
    typed = fields_of(client.get(path).text) | {
        "title": "Fire chief",
        "about": "Leads *many*. <script>alert(1)</script>",
    }
    answer = client.post(path, data=typed)
    assert answer.location == page_of(app, ada)
    assert said(client, answer) == [
        "Saved. Everybody sees it now, and our staff are told."
    ]
    stranger = app.test_client()
    page = stranger.get(f"/presenters/{ada.slug}")
    assert "<em>many</em>" in page.text
    assert "<script>alert" not in page.text
    assert "Fire chief, Town of Ash" in words(stranger.get(f"/events/{event.slug}"))
    session.rollback()
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "presenter.corrected")
    ).one()
    assert (entry.actor_id, entry.subject_id) == (None, ada.id)
    assert entry.changes["title"] == ["Chief", "Fire chief"]


def test_a_correction_changes_neither_name_nor_address_nor_telephone(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_stage_event(session)
    ada = presenter_named(session)
    path = f"{page_of(app, ada)}/about"
    typed = fields_of(client.get(path).text) | {
        "full_name": "Mallory",
        "email": "mallory@example.org",
        "telephone": "1",
        "title": "Fire chief",
    }
    assert client.post(path, data=typed).status_code == 303
    ada = presenter_named(session)
    assert (ada.email, ada.telephone, ada.title) == (
        "ada@example.org",
        "",
        "Fire chief",
    )


def test_who_saves_over_what_staff_saved_meanwhile_sees_both_texts(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    make_stage_event(session)
    ada = presenter_named(session)
    path = f"{page_of(app, ada)}/about"
    open_form = fields_of(client.get(path).text)
    with writing(session):
        row = session.get_one(Presenter, ada.id)
        row.about, row.version = "By staff.", row.version + 1
    answer = client.post(path, data=open_form | {"about": "By Ada."})
    assert answer.status_code == 409
    assert "By staff." in words(answer)
    again = fields_of(answer.text)
    assert again["about"] == "By Ada."
    assert presenter_named(session).about == "By staff."
    assert client.post(path, data=again).status_code == 303
    assert presenter_named(session).about == "By Ada."


def test_a_correction_that_makes_two_of_one_name_is_refused_in_words(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    other = replace(ADA, organization="City of Elm")
    make_stage_event(session, contributors=[ADA, other])
    session.rollback()
    ada = session.scalars(
        select(Presenter).where(Presenter.organization == "Town of Ash")
    ).one()
    path = f"{page_of(app, ada)}/about"
    typed = fields_of(client.get(path).text) | {"organization": "City of Elm"}
    answer = client.post(path, data=typed)
    assert answer.status_code == 422
    assert errors_in(answer)[0].startswith("Another presenter has your name")
