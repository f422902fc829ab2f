"""What staff do for those on stage: picture, address, link, and what they changed."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit.models import AuditEntry
from csd_events.core.db import transaction
from csd_events.core.files import FileStore
from csd_events.core.pictures import SIDE
from csd_events.events import queries
from csd_events.events import service as event_service
from csd_events.events.models import Presenter
from csd_events.events.rules import Correction
from csd_events.library.service import sweep_files
from csd_events.outbox.models import OutboxMessage
from tests.desk import blamed, errors_in, fields_of, said, send, staff_browser
from tests.factories import NOON, make_account, writing
from tests.letters import deliver, links_in, side
from tests.staging import ADA, BEN, drawn, make_stage_event, page_of, presenter_named
from tests.visitors import words

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def browser(app: Flask, session: Session, now: object) -> FlaskClient:
    return staff_browser(app, session)


@pytest.fixture
def store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileStore:
    monkeypatch.setitem(app.config, "FILES_FOLDER", tmp_path / "files")
    return FileStore(tmp_path / "files")


def desk_of(presenter: Presenter, page: str = "edit") -> str:
    return f"/staff/presenters/{presenter.id}/{page}"


def send_picture(
    browser: FlaskClient, presenter: Presenter, content: bytes | None, **typed: str
) -> TestResponse:
    path = desk_of(presenter, "picture")
    data: dict[str, object] = fields_of(browser.get(path).text) | typed
    if content is not None:
        data["file"] = (io.BytesIO(content), "me.png")
    return browser.post(path, data=data, content_type="multipart/form-data")


def status(client: FlaskClient, picture: str | None) -> int:
    with client.get(f"/pictures/{picture}.webp") as answer:
        return answer.status_code


def press(browser: FlaskClient, presenter: Presenter, do: str) -> list[str]:
    """Press a button on the page on which staff edit a presenter."""
    page = browser.get(desk_of(presenter)).text
    token = fields_of(page)["csrf_token"]
    data = {"csrf_token": token, "version": str(presenter.version)}
    if do == "put_back":
        do, data["put_back"] = "corrections", "1"
    return said(browser, browser.post(desk_of(presenter, do), data=data))


def actions(session: Session) -> list[tuple[str, int | None]]:
    session.rollback()
    done = select(AuditEntry.action, AuditEntry.actor_id).where(
        AuditEntry.subject_kind == "presenter"
    )
    return [(a, who) for a, who in session.execute(done.order_by(AuditEntry.id))]


def test_a_picture_is_shown_on_both_pages_with_its_size_and_its_words(
    browser: FlaskClient, client: FlaskClient, session: Session, store: FileStore
) -> None:
    event = make_stage_event(session)
    ada = presenter_named(session)
    sent = send_picture(browser, ada, drawn(), alt="Ada speaks at a desk")
    assert sent.location == desk_of(ada)
    ada = presenter_named(session)
    shown = f"/pictures/{ada.picture}.webp"
    for page in (f"/events/{event.slug}", f"/presenters/{ada.slug}"):
        (mark,) = re.findall(r'<img class="portrait"[^>]*>', client.get(page).text)
        assert f'src="{shown}"' in mark
        assert 'alt="Ada speaks at a desk"' in mark
        assert 'loading="lazy"' in mark
        assert re.search(r'width="(\d+)"\s+height="\1"', mark)
    with client.get(shown) as answer:
        head, body = answer.headers, answer.data
    assert head["Content-Type"] == "image/webp"
    assert head["X-Content-Type-Options"] == "nosniff"
    assert head["Content-Security-Policy"] == "sandbox; default-src 'none'"
    with Image.open(io.BytesIO(body)) as found:
        assert found.size == (SIDE, SIDE)


def test_a_picture_needs_words_unless_it_only_decorates(
    browser: FlaskClient, client: FlaskClient, session: Session, store: FileStore
) -> None:
    make_stage_event(session)
    ada = presenter_named(session)
    refused = send_picture(browser, ada, drawn())
    assert refused.status_code == 422
    assert set(blamed(refused)) == {"alt"}
    assert "Choose the file again" in refused.text
    assert send_picture(browser, ada, drawn(), decorative="y").status_code == 303
    assert 'alt=""' in client.get(f"/presenters/{ada.slug}").text
    # Other words for the picture there is need no other file.
    assert fields_of(browser.get(desk_of(ada, "picture")).text)["decorative"] == "y"
    typed = {"decorative": "", "alt": "Ada laughs"}
    assert send_picture(browser, ada, None, **typed).status_code == 303
    assert 'alt="Ada laughs"' in client.get(f"/presenters/{ada.slug}").text


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "Choose a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "We cannot read this"),
        (drawn(size=(100, 100)), "too small"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(
    browser: FlaskClient,
    session: Session,
    store: FileStore,
    content: bytes | None,
    why: str,
) -> None:
    make_stage_event(session)
    ada = presenter_named(session)
    refused = send_picture(browser, ada, content, alt="Ada")
    assert refused.status_code == 422
    assert why in errors_in(refused)[0]
    assert presenter_named(session).picture is None


def test_a_picture_that_is_removed_is_gone_for_everybody_and_swept(
    browser: FlaskClient, client: FlaskClient, session: Session, store: FileStore
) -> None:
    make_stage_event(session)
    ada = presenter_named(session)
    send_picture(browser, ada, drawn(), alt="Ada")
    first = presenter_named(session).picture
    send_picture(browser, ada, drawn("JPEG"), alt="Ada")
    second = presenter_named(session).picture
    assert first
    assert second
    assert status(client, first) == 404
    assert status(client, second) == 200
    known = queries.list_pictures(session)
    assert known == {second}
    later = NOON.replace(year=2100)
    assert sweep_files(session, store=store, now=later, others=known) == 1
    assert store.path_of(second).is_file()
    press(browser, presenter_named(session), "picture/remove")
    assert status(client, second) == 404
    assert 'class="portrait"' not in client.get(f"/presenters/{ada.slug}").text
    assert [action for action, _who in actions(session)][-1] == (
        "presenter.picture_removed"
    )


def test_the_daily_sweep_leaves_pictures_that_are_shown(
    app: Flask, browser: FlaskClient, session: Session, store: FileStore
) -> None:
    make_stage_event(session)
    ada = presenter_named(session)
    send_picture(browser, ada, drawn(), alt="Ada")
    name = presenter_named(session).picture
    (sweep,) = (
        do for what, _often, do in app.extensions["csd_chores"] if what == "files"
    )
    with app.app_context():
        sweep(NOON.replace(year=2100))
    assert name
    assert store.path_of(name).is_file()


def test_address_and_telephone_are_for_staff_alone(
    browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    ada = presenter_named(session)
    typed = {"email": "ada.private@example.org", "telephone": "+1 555 0100"}
    assert send(browser, desk_of(ada), typed).location == desk_of(ada)
    public = [
        client.get(path).text
        for path in (
            f"/events/{event.slug}",
            f"/presenters/{ada.slug}",
            f"/events/{event.slug}.ics",
            "/events.ics",
            "/events?q=ada.private",
        )
    ]
    assert [page for page in public if "555 0100" in page] == []
    assert [page for page in public[:4] if "ada.private" in page] == []
    sheet = browser.get(f"/staff/events/{event.id}/run-sheet")
    assert "+1 555 0100" in words(sheet)
    refused = send(browser, desk_of(ada), {"email": "nobody"})
    assert "name@example.org" in errors_in(refused)[0]


def test_of_two_made_one_the_one_that_stays_takes_what_it_lacks(
    browser: FlaskClient, client: FlaskClient, session: Session, store: FileStore
) -> None:
    make_stage_event(session, contributors=[ADA, BEN])
    ada, ben = presenter_named(session), presenter_named(session, "Ben Sample")
    with writing(session):
        session.get_one(Presenter, ada.id).telephone = "+1 555 0100"
        session.get_one(Presenter, ben.id).email = ""
    send_picture(browser, ada, drawn(), alt="Ada")
    picture = presenter_named(session).picture
    with writing(session):
        event_service.merge_contributors(
            session, Presenter, ada.id, into_id=ben.id, now=NOON
        )
    kept = presenter_named(session, "Ben Sample")
    assert (kept.email, kept.telephone) == ("ada@example.org", "+1 555 0100")
    assert (kept.picture, kept.picture_alt) == (picture, "Ada")
    assert status(client, picture) == 200


def test_the_link_is_mailed_from_both_pages_and_staff_see_when(
    app: Flask, browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    ada = presenter_named(session)
    assert press(browser, ada, "link") == ["The link is on its way to ada@example.org."]
    assert "On its way to ada@example.org" in words(browser.get(desk_of(ada)))
    (mail,) = deliver(app)
    assert mail["To"] == "Ada Sample <ada@example.org>"
    path = page_of(app, ada)
    assert f"http://csd.test{path}" in links_in(mail)
    assert "Sharing dispatch" in side(mail, "text/plain")
    assert client.get(path).status_code == 200
    assert "Sent Wed, May 1, 8:00 am ET to ada@example.org" in words(
        browser.get(desk_of(ada))
    )
    at_event = f"/staff/events/{event.id}"
    shown = browser.get(at_event)
    assert "Sent Wed, May 1, 8:00 am ET to ada@example.org" in words(shown)
    again = browser.post(
        desk_of(ada, "link"),
        data={"csrf_token": fields_of(shown.text)["csrf_token"], "event": event.id},
    )
    assert again.location == at_event
    assert deliver(app) == []  # pressed twice within a minute, it goes once
    assert [action for action, who in actions(session) if who] == [
        "presenter.link_sent"
    ]


def test_words_of_a_mail_with_such_a_link_are_kept_and_shown_nowhere(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    make_stage_event(session)
    ada = presenter_named(session)
    press(browser, ada, "link")
    deliver(app)
    session.rollback()
    mail_id = session.scalars(select(OutboxMessage.id)).one()
    page = browser.get(f"/staff/mails/{mail_id}")
    assert page.status_code in {200, 404}
    assert page_of(app, ada).rpartition("/")[2] not in page.text


def test_nobody_is_mailed_whose_address_we_do_not_have(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    ada = presenter_named(session)
    with writing(session):
        session.get_one(Presenter, ada.id).email = ""
    assert press(browser, ada, "link") == ["Enter their mail address first."]
    assert deliver(app) == []
    assert "none yet not sent" in words(browser.get(f"/staff/events/{event.id}"))


def test_a_link_that_staff_end_opens_nothing_and_the_next_one_does(
    app: Flask, browser: FlaskClient, client: FlaskClient, session: Session
) -> None:
    make_stage_event(session)
    ada = presenter_named(session)
    before = page_of(app, ada)
    press(browser, ada, "end-link")
    assert client.get(before).status_code == 410
    after = page_of(app, presenter_named(session))
    assert client.get(after).status_code == 200
    press(browser, presenter_named(session), "link")
    (mail,) = deliver(app)
    assert f"http://csd.test{after}" in links_in(mail)


def corrected(session: Session, **given: str) -> None:
    ada = presenter_named(session)
    said_now = {"title": ada.title, "organization": ada.organization, "about": ""}
    with writing(session):
        event_service.correct(
            session,
            ada.id,
            Correction(**said_now | given),
            version=ada.version,
            now=NOON,
        )


def test_staff_find_what_a_presenter_changed_and_put_the_former_back(
    browser: FlaskClient, session: Session
) -> None:
    event = make_stage_event(session)
    corrected(session, title="Fire chief")
    corrected(session, title="Chief of everything", about="I know all.")
    desk = browser.get("/staff")
    assert "Changed by the presenter: look at Ada Sample" in words(desk)
    ada = presenter_named(session)
    page = words(browser.get(desk_of(ada)))
    assert "Job title Chief Chief of everything" in page
    assert "About empty I know all." in page
    assert press(browser, ada, "put_back") == ["Put back."]
    ada = presenter_named(session)
    assert (ada.title, ada.about, ada.former) == ("Chief", "", None)
    assert "Changed by the presenter" not in browser.get("/staff").text
    assert [action for action, _who in actions(session)] == [
        "presenter.corrected",
        "presenter.corrected",
        "presenter.put_back",
    ]
    session.rollback()
    assert "Chief of everything" not in queries.get(session, event.id).search_text


def test_staff_who_find_it_fine_leave_it_and_a_stale_look_settles_nothing(
    browser: FlaskClient, session: Session
) -> None:
    make_stage_event(session)
    corrected(session, title="Fire chief")
    seen = presenter_named(session)
    session.expunge(seen)
    corrected(session, title="Chief of everything")
    assert press(browser, seen, "put_back") == [
        "Somebody changed it meanwhile. Look again."
    ]
    assert presenter_named(session).title == "Chief of everything"
    assert press(browser, presenter_named(session), "corrections") == [
        "Noted that you looked."
    ]
    ada = presenter_named(session)
    assert (ada.title, ada.corrected_at) == ("Chief of everything", None)
    history = browser.get(f"/staff/history/presenter/{ada.id}")
    assert "The presenter" in words(history)


def test_a_member_sends_nobody_a_picture_or_a_link(
    app: Flask, session: Session
) -> None:
    make_stage_event(session)
    ada = presenter_named(session)
    member = app.test_client(user=make_account(session))
    for do in ("picture", "picture/remove", "link", "end-link", "corrections"):
        assert member.post(desk_of(ada, do)).status_code in {400, 403}
    with app.app_context(), transaction() as writer:
        assert queries.list_pictures(writer) == frozenset()
