"""What is to be read with an event: chosen by staff, shown to everybody."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.tokens import Purpose
from csd_events.events import queries as events
from csd_events.library import service
from csd_events.library.service import Desk
from tests.desk import errors_in, fields_of, make_event, said, send, staff_browser
from tests.factories import make_registration, writing
from tests.library import look_again, make_citation, make_desk, make_publication

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def desk(app: Flask) -> Desk:
    return make_desk(Path(app.config["FILES_FOLDER"]))


def read_with(html: str) -> list[str]:
    part = html.partition("From the library")[2].partition("</ul>")[0]
    return re.findall(r'<a href="/library/[\w/-]+">(.*?)</a>', part)


def test_staff_name_what_to_read_and_people_see_it_everywhere(
    app: Flask, client: FlaskClient, session: Session, desk: Desk
) -> None:
    book, work = make_publication(session, desk), make_citation(session)
    event_id = make_event(app)
    browser, path = staff_browser(app, session), f"/staff/events/{event_id}/edit"
    more = send(browser, path, {"more": "resources"})
    typed = fields_of(more.text) | {
        "resources-0": f"citation-{work.id}",
        "resources-1": f"publication-{book.id}",
        "action": "save",
    }
    assert said(browser, browser.post(path, data=typed)) == ["Saved."]
    event = events.get(session, event_id)
    titles = ["Cooperation and costs", "Sharing a mower"]
    assert read_with(client.get(f"/events/{event.slug}").text) == titles
    place = make_registration(session, event)
    token = app.extensions["csd_links"].token(
        Purpose.REGISTRATION, place.id, place.link_version
    )
    assert read_with(client.get(f"/registrations/{token}/next").text) == titles
    saved = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "event.saved")
    ).one()
    assert saved.changes == {
        "resources": [[], [f"citation-{work.id}", f"publication-{book.id}"]]
    }


def test_saving_again_keeps_them_and_taking_one_away_keeps_the_rest(
    app: Flask, session: Session, desk: Desk
) -> None:
    book, work = make_publication(session, desk), make_citation(session)
    names = [f"publication-{book.id}", f"citation-{work.id}"]
    event_id = make_event(app, resources=names)
    browser, path = staff_browser(app, session), f"/staff/events/{event_id}/edit"

    def kept() -> list[str]:
        look_again(session)
        return [each.name for each in events.get(session, event_id).resources]

    send(browser, path)
    assert kept() == names
    send(browser, path, {"resources-0": ""})
    assert kept() == names[1:]


def test_a_draft_or_a_retired_work_is_named_by_staff_and_shown_to_nobody(
    app: Flask, client: FlaskClient, session: Session, desk: Desk
) -> None:
    draft = make_publication(session, desk, title="Not ready", file=None)
    gone, work = make_publication(session, desk, title="Gone"), make_citation(session)
    names = [f"publication-{draft.id}", f"publication-{gone.id}", f"citation-{work.id}"]
    event_id = make_event(app, resources=names)
    with writing(session):
        service.retire(session, gone.id, desk, successor_id=None)
        service.retire_citation(session, work.id, now=desk.now, actor_id=None)
    page = client.get(f"/events/{events.get(session, event_id).slug}").text
    assert "From the library" not in page
    form = staff_browser(app, session).get(f"/staff/events/{event_id}/edit").text
    chosen = re.findall(r'<option value="(?:publ|cit)[\w-]+" selected>(.*?)<', form)
    assert chosen == [
        "Not ready (draft)",
        "Gone (retired)",
        "Bel, G., and Warner, M. E.: Cooperation and costs (retired)",
    ]


@pytest.mark.parametrize("name", ["publication-99", "citation-x", "moon-1", "1"])
def test_what_is_not_in_the_list_cannot_be_named(
    app: Flask, session: Session, name: str
) -> None:
    event_id = make_event(app)
    browser, path = staff_browser(app, session), f"/staff/events/{event_id}/edit"
    answer = send(browser, path, {"resources-0": name})
    assert (answer.status_code, errors_in(answer)) == (
        422,
        ["Choose one from the list"],
    )
