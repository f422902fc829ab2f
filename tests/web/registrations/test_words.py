"""What mails say, as staff change it; and that what they see is what goes."""

import html
import re
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit.models import AuditEntry
from csd_events.core.access import Role
from csd_events.core.tokens import DEAD
from csd_events.events.models import Event
from csd_events.events.rules import Kind
from csd_events.outbox.models import MailWords, OutboxMessage
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import service
from tests.desk import blamed, fields_of, said, send
from tests.factories import (
    DAY,
    NOON,
    make_account,
    make_conference,
    make_event,
    make_person,
    make_registration,
    writing,
)
from tests.letters import by_address, deliver, side
from tests.statements import counted
from tests.visitors import words as words_of

pytestmark = pytest.mark.usefixtures("now")

SetClock = Callable[[datetime], None]
SITE = "/staff/words/registration.confirmed"
TOKEN = r"(?<=/)[\w-]{32}(?=[\s/\"<,.]|$)"
OWN_WORDS = """\
# Welcome, {name}

We look forward to *{event}*. [Come in here]({join_link}), or
[see your registration]({registration_link}).

{details}

{way_back}"""


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, slug="talk", capacity=1)


@pytest.fixture
def administrator(app: Flask, session: Session) -> FlaskClient:
    return app.test_client(user=make_account(session, role=Role.ADMINISTRATOR))


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    """The browser of someone who schedules."""
    account = make_account(session, role=Role.SCHEDULER, email="dana@example.org")
    return app.test_client(user=account)


def path_of(event: Event, kind: str = "registration.confirmed") -> str:
    return f"/staff/events/{event.id}/words/{kind}"


def shown(answer: TestResponse) -> dict[str, str]:
    """Read the mail that a page shows: its subject and both sides."""
    frame = re.search(r'srcdoc="([^"]*)"', answer.text)
    text = re.search(r'aria-labelledby="text">(.*?)</div>', answer.text, re.DOTALL)
    subject = re.search(r"</h2>\s*<p>\s*<strong>(.*?)</strong>", answer.text)
    assert frame
    assert text
    assert subject
    return {
        "subject": html.unescape(subject[1]),
        "html": html.unescape(frame[1]),
        "text": html.unescape(text[1]).removesuffix("\n"),
    }


def dead(mail: EmailMessage) -> dict[str, str]:
    """Read a mail that went, as it would be if its links were dead."""
    both = {
        name: re.sub(TOKEN, DEAD, side(mail, kind)).removesuffix("\n")
        for name, kind in [("html", "text/html"), ("text", "text/plain")]
    }
    return both | {"subject": str(mail["Subject"])}


def saved(session: Session) -> list[tuple[str, int | None, str]]:
    session.rollback()
    rows = select(MailWords.kind, MailWords.event_id, MailWords.subject)
    return [tuple(row) for row in session.execute(rows.order_by(MailWords.id))]  # type: ignore[misc]


def test_preview_equals_what_is_really_sent_all_placeholders_filled(
    app: Flask, session: Session, event: Event, browser: FlaskClient
) -> None:
    """And so does the test that staff send themselves, but for its mark."""
    made = make_registration(session, event, full_name="Ada Sample")
    typed = {"subject": "See you at {event}, {name}", "body": OWN_WORDS}
    as_ada = typed | {"reader": str(made.id)}

    preview = send(browser, path_of(event), as_ada, action="preview")
    send(browser, path_of(event), as_ada, action="try")
    send(browser, path_of(event), as_ada)
    mails = by_address(deliver(app))

    sent, tried = dead(mails[made.person.email]), dead(mails["dana@example.org"])
    assert shown(preview) == sent
    assert tried == sent | {"subject": f"Test: {sent['subject']}"}
    assert sent["subject"] == "See you at Sharing dispatch, Ada Sample"
    assert "Welcome, Ada Sample" in sent["text"]
    assert "{" not in sent["text"]
    assert f"Come in here: http://csd.test/join/{DEAD}, or" in sent["text"]


def test_every_kind_is_shown_as_it_goes_by_its_original_words(
    app: Flask, session: Session, event: Event, browser: FlaskClient
) -> None:
    first, second = (make_registration(session, event) for _ in range(2))
    waiting = dead(deliver(app)[1])
    with writing(session):
        service.cancel(session, first.id, now=NOON)
    cancelled, promoted = map(dead, deliver(app))
    with writing(session):
        service.cancel_event(session, event.id, note="A storm.", now=NOON)
    off = dead(deliver(app)[0])

    pages = {
        kind: shown(
            send(
                browser,
                path_of(event, kind),
                {"reader": str(reader.id)},
                action="preview",
            )
        )
        for kind, reader in [
            ("registration.cancelled", first),
            ("registration.promoted", second),
            ("registration.event_cancelled", second),
        ]
    }

    assert "number 1" in waiting["text"]
    assert pages["registration.cancelled"] == cancelled
    assert pages["registration.promoted"]["html"] == promoted["html"]
    assert pages["registration.event_cancelled"] == off


def test_an_events_own_words_win_over_the_sites_and_the_sites_over_ours(
    app: Flask, session: Session, event: Event, administrator: FlaskClient
) -> None:
    other = make_event(session, slug="other")
    plain = make_event(session, slug="plain")
    make_registration(session, plain, email="ours@example.org")
    before = deliver(app)
    send(administrator, SITE, {"subject": "Site: {event}"})
    send(administrator, path_of(event), {"subject": "Own: {event}"})

    make_registration(session, other, email="site@example.org")
    make_registration(session, event, email="own@example.org")
    subjects = [str(mail["Subject"]) for mail in [*before, *deliver(app)]]

    assert subjects == [
        "You are registered: Sharing dispatch",
        "Site: Sharing dispatch",
        "Own: Sharing dispatch",
    ]


def test_words_of_a_kind_serve_details_sent_again(
    app: Flask, session: Session, event: Event, browser: FlaskClient
) -> None:
    made = make_registration(session, event)
    deliver(app)
    send(browser, path_of(event), {"subject": "Own: {event}"})
    page = browser.get(f"/staff/people/{made.person_id}")
    token = fields_of(page.text)["csrf_token"]
    browser.post(f"/staff/registrations/{made.id}/resend", data={"csrf_token": token})

    assert [str(mail["Subject"]) for mail in deliver(app)] == ["Own: Sharing dispatch"]


@pytest.mark.parametrize(
    ("typed", "field", "said_there"),
    [
        ({"subject": "{evnet}"}, "subject", "Did you mean {event}?"),
        ({"subject": "{details}"}, "subject", "There is no {details} in this mail."),
        (
            {"subject": "{evnet} {details}"},
            "subject",
            "Did you mean {event}? There is no {details}",
        ),
        ({"subject": ""}, "subject", "Enter a subject"),
        ({"subject": "x" * 201}, "subject", "200"),
        ({"subject": "a\x07b"}, "subject", ""),
        ({"body": OWN_WORDS + "{"}, "body", "A brace stands alone at “{”."),
        ({"body": OWN_WORDS + " {sessions}"}, "body", "{sessions} is a block"),
        ({"body": OWN_WORDS + "\n[x](http://e.org)"}, "body", "“http://e.org”"),
        ({"body": OWN_WORDS + "\n[x]({name})"}, "body", "“{name}” leads nowhere"),
        (
            {"body": OWN_WORDS.replace("{join_link}", "https://e.org")},
            "body",
            "Put {join} or {join_link} in",
        ),
        (
            {"body": OWN_WORDS.replace("{registration_link}", "https://e.org")},
            "body",
            "Put {button} or {registration_link} in",
        ),
        (
            {"body": OWN_WORDS.replace("{way_back}", "")},
            "body",
            "Put {way_back} or {cancel_link} in",
        ),
    ],
)
def test_what_cannot_be_sent_is_not_saved_and_what_was_typed_is_kept(
    session: Session,
    event: Event,
    browser: FlaskClient,
    typed: dict[str, str],
    field: str,
    said_there: str,
) -> None:
    given = {"subject": "Mine", "body": OWN_WORDS} | typed
    for action in ("save", "preview", "try"):
        answer = send(browser, path_of(event), given, action=action)
        kept = fields_of(answer.text)
        assert answer.status_code == 422
        assert list(blamed(answer)) == [field]
        assert said_there in blamed(answer)[field]
        assert kept["body"] == given["body"].strip()
        assert kept["subject"] == given["subject"].replace("\x07", "")
    assert saved(session) == []
    session.rollback()
    kinds = select(OutboxMessage.kind)
    assert session.scalars(kinds).all() == []


def test_the_change_itself_must_stand_in_the_mail_that_tells_of_it(
    event: Event, browser: FlaskClient
) -> None:
    body = "{button}\n\n{way_back}"
    answer = send(browser, path_of(event, "registration.moved"), {"body": body})
    assert blamed(answer)["body"].startswith("Put {changes} in")


def test_a_forum_in_a_room_needs_no_link_to_join(
    session: Session, browser: FlaskClient
) -> None:
    forum = make_event(
        session,
        kind=Kind.FORUM,
        conference_id=make_conference(session),
        place="Room 6",
        platform_url=None,
    )
    body = "{place}\n\n{button}\n\n{way_back}"
    answer = send(browser, path_of(forum), {"body": body})
    assert said(browser, answer) == ["Saved. Mails say it from now on."]


def test_words_that_miss_the_link_since_the_event_went_online_are_named_in_the_list(
    session: Session, browser: FlaskClient
) -> None:
    forum = make_event(
        session,
        kind=Kind.FORUM,
        conference_id=make_conference(session),
        place="Room 6",
        platform_url=None,
    )
    body = "{place}\n\n{button}\n\n{way_back}"
    send(browser, path_of(forum), {"body": body})
    pages = f"/staff/events/{forum.id}/words"
    before = browser.get(pages).text
    with writing(session):
        session.get_one(Event, forum.id).platform_url = "https://meet.example.org/x"

    assert "Something is missing in them" not in before
    assert "Something is missing in them" in browser.get(pages).text
    assert "Put {join} or {join_link} in" in browser.get(path_of(forum)).text


def test_of_two_who_save_the_second_sees_both_texts_and_loses_neither(
    session: Session, event: Event, browser: FlaskClient, administrator: FlaskClient
) -> None:
    path = path_of(event)
    opened = fields_of(browser.get(path).text)
    send(administrator, path, {"subject": "Theirs: {event}"})
    mine = opened | {"subject": "Mine: {event}", "action": "save"}

    answer = browser.post(path, data=mine)
    kept = fields_of(answer.text)
    again = browser.post(path, data=kept | {"action": "save"})

    assert answer.status_code == 409
    assert "Theirs: {event}" in words_of(answer)
    assert kept["subject"] == "Mine: {event}"
    assert again.status_code == 303
    assert saved(session) == [("registration.confirmed", event.id, "Mine: {event}")]


def test_saving_over_words_that_somebody_gave_up_meanwhile_is_asked_first(
    session: Session, event: Event, browser: FlaskClient
) -> None:
    path = path_of(event)
    send(browser, path, {"subject": "One: {event}"})
    opened = fields_of(browser.get(path).text)
    send(browser, f"{path}/reset")

    mine = opened | {"subject": "Two: {event}", "action": "save"}
    answer = browser.post(path, data=mine)
    after = saved(session)
    again = browser.post(path, data=fields_of(answer.text) | {"action": "save"})

    assert (answer.status_code, after, again.status_code) == (409, [], 303)
    assert saved(session) == [("registration.confirmed", event.id, "Two: {event}")]


def test_going_back_is_asked_and_brings_the_words_of_before(
    app: Flask, session: Session, event: Event, administrator: FlaskClient
) -> None:
    send(administrator, SITE, {"subject": "Site: {event}"})
    send(administrator, path_of(event), {"subject": "Own: {event}"})

    asked = administrator.get(f"{path_of(event)}/reset")
    after_asking = saved(session)
    send(administrator, f"{path_of(event)}/reset")
    make_registration(session, event)
    mails = deliver(app)
    send(administrator, f"{SITE}/reset")

    assert "Site: {event}" in words_of(asked)
    assert [row[1] for row in after_asking] == [None, event.id]
    assert [str(mail["Subject"]) for mail in mails] == ["Site: Sharing dispatch"]
    assert saved(session) == []
    assert administrator.get(f"{SITE}/reset").status_code == 303


def test_going_back_over_what_somebody_saved_meanwhile_keeps_theirs(
    session: Session, event: Event, browser: FlaskClient
) -> None:
    send(browser, path_of(event), {"subject": "One: {event}"})
    opened = fields_of(browser.get(f"{path_of(event)}/reset").text)
    send(browser, path_of(event), {"subject": "Two: {event}"})

    answer = browser.post(f"{path_of(event)}/reset", data=opened)

    assert said(browser, answer)[-1] == (
        "Somebody saved these words meanwhile. See how they stand."
    )
    assert saved(session) == [("registration.confirmed", event.id, "Two: {event}")]


def test_each_change_is_in_the_trail_with_the_words_before_and_after(
    session: Session, event: Event, administrator: FlaskClient
) -> None:
    original = "You are registered: {event}"
    for path in (path_of(event), SITE):
        send(administrator, path, {"subject": "Own: {event}"})
        send(administrator, path, {"subject": "Own: {event}"}, action="try")
        send(administrator, f"{path}/reset")
    session.rollback()
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.action.contains("words"))
        .order_by(AuditEntry.id)
    ).all()

    assert [entry.action for entry in entries] == [
        "event.words_saved",
        "event.words_tried",
        "event.words_reset",
        "mail_words.saved",
        "mail_words.tried",
        "mail_words.reset",
    ]
    assert [entry.changes.get("subject") for entry in entries[:3]] == [
        [original, "Own: {event}"],
        None,
        ["Own: {event}", original],
    ]
    assert {entry.changes["mail"][1] for entry in entries} == {"Confirmation"}


def test_a_test_goes_to_who_asks_for_it_and_holds_no_link_that_opens_anything(
    app: Flask, session: Session, browser: FlaskClient, client: FlaskClient
) -> None:
    event = make_event(session)
    made = make_registration(session, event)
    deliver(app)

    send(browser, path_of(event), {"reader": str(made.id)}, action="try")
    (mail,) = deliver(app)

    tokens = set(re.findall(TOKEN, side(mail, "text/html") + side(mail, "text/plain")))
    kinds = {part.get_content_type() for part in mail.walk() if not part.is_multipart()}
    assert mail["To"].endswith("<dana@example.org>")
    assert str(mail["Subject"]).startswith("Test: You are registered")
    assert tokens == {DEAD}
    assert kinds == {"text/plain", "text/html"}
    assert client.get(f"/registrations/{DEAD}").status_code == 404
    assert client.get(f"/join/{DEAD}").status_code == 404


def test_the_page_shows_no_link_of_a_registrant_that_opens_anything(
    session: Session, event: Event, browser: FlaskClient
) -> None:
    make_registration(session, event)
    page = browser.get(path_of(event)).text
    tokens = set(re.findall(r"/(?:registrations|join)/([\w-]{32})", page))
    assert tokens == {DEAD}


def test_the_mail_is_shown_in_a_frame_without_rights(
    session: Session, event: Event, browser: FlaskClient
) -> None:
    """Its styles alone are let in, on this page alone."""
    answer = browser.get(path_of(event))
    elsewhere = browser.get(f"/staff/events/{event.id}/words")
    policies = [
        set(each.headers["Content-Security-Policy"].split("; "))
        for each in (answer, elsewhere)
    ]
    assert policies[0] - policies[1] == {"style-src 'self' 'unsafe-inline'"}
    assert policies[1] <= policies[0]
    frame = re.search(r"<iframe[^>]*>", answer.text)
    assert frame
    assert re.findall(r"sandbox\S*|\bsrc=", frame[0]) == ["sandbox"]


def test_a_name_that_somebody_typed_stays_text_in_words_of_staff(
    app: Flask, session: Session, event: Event, browser: FlaskClient
) -> None:
    send(browser, path_of(event), {"subject": "{name}", "body": OWN_WORDS})
    name = "[Ada](javascript:alert(1)) <b>*{event}*</b>"
    make_person(session, email="ada@example.org")  # confirmed
    make_registration(session, event, full_name=name, email="ada@example.org")
    (mail,) = deliver(app)

    assert f"Welcome, {name}" in side(mail, "text/plain")
    assert f"Welcome, {html.escape(name)}" in side(mail, "text/html")
    assert mail["Subject"] == name


def test_words_that_cannot_be_filled_fail_at_once_and_are_shown(
    app: Flask, session: Session, event: Event, browser: FlaskClient
) -> None:
    """As after an update that knows a name no more."""
    send(browser, path_of(event), {"subject": "Own: {event}"})
    with writing(session):
        row = session.scalars(select(MailWords)).one()
        row.subject = "{nobody}"
    make_registration(session, event)

    assert deliver(app) == []
    session.rollback()
    mail = session.scalars(select(OutboxMessage)).one()
    assert mail.state is MailState.FAILED
    assert mail.attempts == 1
    assert mail.note == "UnfilledError: nothing stands for {nobody}"
    assert "There is no {nobody} in this mail." in browser.get(path_of(event)).text


def test_who_is_shown_gives_way_to_somebody_newer_and_nothing_is_refused(
    session: Session, browser: FlaskClient
) -> None:
    event = make_event(session, slug="filling")
    first = make_registration(session, event, full_name="Ada Sample")
    opened = fields_of(browser.get(path_of(event)).text)
    later = NOON + DAY / 24
    make_registration(session, event, full_name="Bo Sample", at=later)
    typed = opened | {"subject": "To {name}"}

    newer = browser.post(path_of(event), data=typed | {"action": "preview"})
    sample = typed | {"action": "preview", "reader": ""}
    nobody = browser.post(path_of(event), data=sample)
    answer = browser.post(path_of(event), data=typed | {"action": "save"})

    assert opened["reader"] == str(first.id)
    assert shown(newer)["subject"] == "To Bo Sample"
    assert shown(nobody)["subject"] == "To Sample Person"
    assert answer.status_code == 303


def test_a_batch_reads_the_words_of_a_kind_once(
    app: Flask, session: Session, browser: FlaskClient
) -> None:
    event = make_event(session, slug="crowd")
    send(browser, path_of(event), {"subject": "Own: {event}"})
    for _ in range(5):
        make_registration(session, event)
    with counted(app) as statements:
        mails = deliver(app)

    asked = [each for each in statements if "FROM mail_words" in each]
    assert {str(mail["Subject"]) for mail in mails} == {"Own: Sharing dispatch"}
    assert (len(mails), len(asked)) == (5, 1)


def test_schedulers_change_words_of_events_and_not_of_the_site_or_of_accounts(
    app: Flask, session: Session, event: Event, browser: FlaskClient
) -> None:
    member = app.test_client(user=make_account(session))
    statuses = {
        who: [
            each.get(path).status_code
            for path in ("/staff/words", SITE, f"/staff/events/{event.id}/words")
        ]
        for who, each in [
            ("visitor", app.test_client()),
            ("member", member),
            ("scheduler", browser),
        ]
    }
    assert statuses == {
        "visitor": [401] * 3,
        "member": [403] * 3,
        "scheduler": [403, 403, 200],
    }
    assert browser.get(path_of(event, "accounts.reset")).status_code == 404
    assert browser.get(path_of(event, "registration.details")).status_code == 404


def test_the_words_of_an_account_mail_are_the_sites(
    app: Flask, session: Session, administrator: FlaskClient, client: FlaskClient
) -> None:
    path = "/staff/words/accounts.sign_in"
    assert (
        "Put {button} or {link} in"
        in blamed(send(administrator, path, {"body": "Nothing"}))["body"]
    )
    send(administrator, path, {"subject": "Come in", "body": "[Here]({link})"})
    make_account(session, email="ada@example.org")
    send(client, "/sign-in/link", {"email": "ada@example.org"})

    (mail,) = deliver(app)

    assert mail["Subject"] == "Come in"
    assert re.search(
        r"^Here: http://csd.test/\S+$", side(mail, "text/plain"), re.MULTILINE
    )


def test_a_site_where_nothing_has_happened_yet_shows_the_words_all_the_same(
    administrator: FlaskClient,
) -> None:
    page = words_of(administrator.get(SITE))
    assert "It is shown once there is an event that it could be about." in page


def test_the_reminder_in_own_words_says_when_as_seen_from_its_day(
    app: Flask, session: Session, event: Event, browser: FlaskClient, at: SetClock
) -> None:
    body = "{starts}\n\n[Join]({join_link})\n\n{registration_link}\n\n{way_back}"
    path = path_of(event, "registration.reminder")
    send(browser, path, {"subject": "{starts}!", "body": body})
    make_registration(session, event)
    deliver(app)
    at(NOON + 9 * DAY)
    with writing(session):
        service.queue_reminders(session, now=NOON + 9 * DAY)

    (mail,) = deliver(app)

    assert mail["Subject"] == "Tomorrow, 8:00 am ET!"
    assert side(mail, "text/plain").startswith("Tomorrow, 8:00 am ET\n\nJoin: http")


def test_only_who_comes_in_somebodys_place_can_be_told_whose_it_was(
    session: Session, event: Event, browser: FlaskClient
) -> None:
    """To everybody else the sentence would be untrue."""
    make_registration(session, event)
    typed = {"subject": "Mine", "body": f"{{from_whom}}\n\n{OWN_WORDS}"}
    handed = path_of(event).replace("confirmed", "handed")

    answer = send(browser, path_of(event), typed, action="preview")

    assert "There is no {from_whom} in this mail." in blamed(answer)["body"]
    assert "{from_whom}" not in browser.get(path_of(event)).text
    assert "{from_whom}" in browser.get(handed).text
