"""A clash that staff know of is left as it is, until either of the two moves."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from csd_events.audit.models import AuditEntry
from csd_events.core.access import Role as Duty
from csd_events.core.db import transaction
from csd_events.events import service as events
from csd_events.events.models import Program, SeenClash
from csd_events.events.rules import Contributor, OfferDraft, Role
from csd_events.registrations import service as registrations
from csd_events.registrations.queries import find_undoable
from tests.desk import (
    ask,
    fields_of,
    make_event,
    said,
    send,
    staff_browser,
    wall,
)
from tests.factories import NOON, make_account, writing
from tests.statements import counted
from tests.visitors import words
from tests.web.events.test_program_roles import let, make_program

ADA = Contributor(role=Role.PRESENTER, name="Ada Byron")
BEN = Contributor(role=Role.PRESENTER, name="Ben Sample")
READY: dict[str, Any] = {
    "wall_start": wall(2030, 5, 20, 14),
    "areas": ["fire_ems"],
    "offers": [OfferDraft()],
    "contributors": [ADA],
}
ONE = "1 session of another event clashes with it."
KNOWN = "Nothing clashes with it but what is known."
LATER = {"sessions-0-starts_on-day": "21"}
BACK = {"sessions-0-starts_on-day": "20"}


@pytest.fixture
def browser(app: Flask, session: Session, now: datetime) -> FlaskClient:
    person = make_account(session, role=Duty.SCHEDULER, full_name="Stacy Sample")
    return app.test_client(user=person)


@pytest.fixture
def here(app: Flask, now: datetime) -> int:
    return make_event(app, title="Fire school", **READY)


@pytest.fixture
def there(app: Flask, here: int) -> int:
    """It clashes with the other by who is on stage, and by whom both are for."""
    return make_event(app, title="Fire forum", **READY)


def keys_on(page: TestResponse) -> list[str]:
    return re.findall(r'name="clash"\s+value="(\w+)"', page.text)


def press(browser: FlaskClient, event_id: int, name: str, key: str) -> list[str]:
    """Press the button of one clash; return what is said then."""
    token = fields_of(browser.get("/me/preferences").text)["csrf_token"]
    typed = {"csrf_token": token, "clash": key}
    answer = browser.post(f"/staff/events/{event_id}/clashes/{name}", data=typed)
    assert answer.status_code == 303
    return said(browser, answer)


def leave_all(browser: FlaskClient, event_id: int) -> list[str]:
    keys = keys_on(browser.get(f"/staff/events/{event_id}"))
    for key in keys:
        press(browser, event_id, "known", key)
    return keys


def page_of(browser: FlaskClient, event_id: int) -> str:
    return words(browser.get(f"/staff/events/{event_id}"))


def desk(browser: FlaskClient) -> str:
    return words(browser.get("/staff")).partition("Ready? The next 30 days")[2]


def looked_for(browser: FlaskClient, event_id: int, **typed: str) -> str:
    """Press *Look for clashes* on the form of an event."""
    path = f"/staff/events/{event_id}/edit"
    return words(ask(browser, path, typed, action="clashes"))


def test_a_clash_that_is_known_is_muted_with_who_said_so_and_counts_no_more(
    browser: FlaskClient, here: int, there: int
) -> None:
    assert ONE in page_of(browser, here)
    assert "Fire school" in desk(browser)
    presenter, audience = keys_on(browser.get(f"/staff/events/{here}"))
    assert press(browser, here, "known", presenter) == [
        "Left as it is. It shows again by itself if either of them moves."
    ]
    assert ONE in page_of(browser, here)  # both are for the same people, too
    press(browser, here, "known", audience)
    for event_id in (here, there):  # it is one clash, whichever one looks at
        page = page_of(browser, event_id)
        assert ONE not in page
        assert page.count("Known, and left: Stacy Sample, Wed, May 1, 8:00 am ET.") == 2
        assert KNOWN in looked_for(browser, event_id)
    assert "All 2 events are in order." in desk(browser)


@pytest.mark.parametrize("moved", ["here", "there"])
def test_it_shows_again_by_itself_when_either_moves_and_not_where_it_moves_back(
    browser: FlaskClient, here: int, there: int, moved: str
) -> None:
    leave_all(browser, here)
    path = f"/staff/events/{here if moved == 'here' else there}/move"
    send(browser, path, LATER)
    assert "clashes with it" not in page_of(browser, here)
    send(browser, f"/staff/events/{there if moved == 'here' else here}/move", LATER)
    assert ONE in page_of(browser, here)
    assert ONE in page_of(browser, there)
    for event_id in (here, there):
        send(browser, f"/staff/events/{event_id}/move", BACK)
    assert ONE not in page_of(browser, here)


def test_times_that_are_only_typed_show_it_as_a_clash(
    browser: FlaskClient, here: int, there: int
) -> None:
    leave_all(browser, here)
    assert KNOWN in looked_for(browser, here)
    assert ONE in looked_for(browser, here, start_time="2:30 pm")


def test_somebody_else_on_stage_in_both_is_a_clash_of_its_own(
    app: Flask, browser: FlaskClient
) -> None:
    both = READY | {"contributors": [ADA, BEN], "areas": []}
    here = make_event(app, title="Fire school", **READY | {"areas": []})
    there = make_event(app, title="Fire forum", **both)
    leave_all(browser, here)
    assert ONE not in page_of(browser, there)
    path = f"/staff/events/{here}/edit"
    added = {"presenters-1-name": "Ben Sample"}
    assert send(browser, path, added).status_code == 303
    assert ONE in page_of(browser, there)


def test_it_can_be_shown_again(browser: FlaskClient, here: int, there: int) -> None:
    keys = leave_all(browser, here)
    assert press(browser, there, "shown", keys[0]) == ["It counts as a clash again."]
    assert ONE in page_of(browser, here)
    assert "Fire school" in desk(browser)
    press(browser, there, "shown", keys[0])  # twice changes nothing


@pytest.mark.parametrize("name", ["known", "shown"])
def test_who_presses_comes_back_to_the_list_that_takes_the_focus(
    browser: FlaskClient, here: int, there: int, name: str
) -> None:
    page = browser.get(f"/staff/events/{here}")
    assert re.search(r'<ul class="clash-list" id="clash-list" tabindex="-1"', page.text)
    token = fields_of(browser.get("/me/preferences").text)["csrf_token"]
    typed = {"csrf_token": token, "clash": keys_on(page)[0]}
    answer = browser.post(f"/staff/events/{here}/clashes/{name}", data=typed)
    assert answer.location == f"/staff/events/{here}#clash-list"


def test_the_trail_says_who_left_what_and_who_counted_it_again(
    browser: FlaskClient, session: Session, here: int, there: int
) -> None:
    keys = leave_all(browser, here)
    press(browser, here, "known", keys[0])  # twice is written down once
    press(browser, here, "shown", keys[0])
    press(browser, here, "shown", keys[0])
    session.rollback()
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.action.startswith("event.clash"))
        .order_by(AuditEntry.id)
    ).all()
    assert [(each.action, each.subject_id) for each in entries] == [
        ("event.clash_left", here),
        ("event.clash_left", there),
        ("event.clash_left", here),
        ("event.clash_left", there),
        ("event.clash_shown", here),
        ("event.clash_shown", there),
    ]
    assert all(each.actor_id for each in entries)
    assert entries[0].changes == {
        "clashes_with": [None, "Fire forum: Ada Byron is on stage in both."]
    }
    history = words(browser.get(f"/staff/events/{there}/settings"))
    assert "Clash known, and left as it is" in history


def test_what_clashes_no_more_cannot_be_left(
    browser: FlaskClient, session: Session, here: int, there: int
) -> None:
    key = keys_on(browser.get(f"/staff/events/{here}"))[0]
    send(browser, f"/staff/events/{there}/move", LATER)
    changed = ["One of the two has changed meanwhile. See how they stand."]
    assert press(browser, here, "known", key) == changed
    assert press(browser, here, "known", "f" * 64) == changed
    session.rollback()
    assert session.scalars(select(SeenClash)).all() == []


def test_one_clash_is_known_once_however_often_and_from_wherever_it_is_pressed(
    browser: FlaskClient, session: Session, here: int, there: int
) -> None:
    leave_all(browser, here)
    for event_id in (here, there):
        for key in keys_on(browser.get(f"/staff/events/{event_id}")):
            press(browser, event_id, "known", key)
    session.rollback()
    rows = session.scalars(select(SeenClash)).all()
    assert [(each.first_id, each.second_id) for each in rows] == [(here, there)] * 2


def test_who_may_not_change_the_event_leaves_nothing(
    app: Flask, session: Session, browser: FlaskClient, here: int, there: int
) -> None:
    key = keys_on(browser.get(f"/staff/events/{here}"))[0]
    reader = staff_browser(app, session, role=Duty.REPORTS)
    token = fields_of(reader.get("/me/preferences").text)["csrf_token"]
    for name in ("known", "shown"):
        path = f"/staff/events/{here}/clashes/{name}"
        typed = {"csrf_token": token, "clash": key}
        assert reader.post(path, data=typed).status_code == 403
    session.rollback()
    assert session.scalars(select(SeenClash)).all() == []


def test_pages_ask_once_what_is_known_however_much_clashes(
    app: Flask, browser: FlaskClient, here: int, there: int
) -> None:
    def statements() -> list[int]:
        found = []
        for path in (f"/staff/events/{here}", "/staff"):
            browser.get(path)
            with counted(app) as asked:
                assert browser.get(path).status_code == 200
            found.append(len(asked))
        return found

    before = statements()
    for _each in range(3):
        leave_all(browser, make_event(app, **READY))
    assert statements() == before


def test_the_same_hour_named_in_another_zone_is_no_other_time(
    browser: FlaskClient, here: int, there: int
) -> None:
    leave_all(browser, here)
    typed = {"zone": "America/Chicago", "start_time": "1:00 pm", "end_time": "2:00 pm"}
    assert KNOWN in looked_for(browser, here, **typed)


def hold(app: Flask, act: Callable[[Session], object]) -> None:
    with app.app_context(), transaction() as session:
        act(session)


def call_off(session: Session, event_id: int) -> None:
    registrations.cancel_event(session, event_id, note="", now=NOON)


def postpone(session: Session, event_id: int) -> None:
    registrations.postpone_event(session, event_id, note="", now=NOON)


def undo(session: Session, event_id: int) -> None:
    change = find_undoable(session, event_id, now=NOON)
    assert change is not None
    registrations.undo(session, event_id, change.last.id, now=NOON, actor_id=None)


def put_away(session: Session, event_id: int) -> None:
    events.archive(session, event_id, now=NOON, actor_id=None)


@pytest.mark.parametrize("become", [call_off, postpone, put_away])
@pytest.mark.parametrize("which", ["here", "there"])
def test_what_is_at_no_time_any_more_clashes_with_nothing_and_cannot_be_left(
    app: Flask,
    browser: FlaskClient,
    session: Session,
    become: Callable[[Session, int], None],
    which: str,
) -> None:
    """On either page, on the desk and beside a time that is chosen."""
    drafts = become is put_away  # of what is to come, drafts alone can be put away
    here, there = (
        make_event(app, title=title, published=not drafts, **READY)
        for title in ("Fire school", "Fire forum")
    )
    gone, stays = (here, there) if which == "here" else (there, here)
    keys = keys_on(browser.get(f"/staff/events/{here}"))
    assert len(keys) == 2
    hold(app, lambda own: become(own, gone))
    for event_id in (gone, stays):
        assert "clashes with it" not in page_of(browser, event_id)
    for event_id in (here, there):
        assert press(browser, event_id, "known", keys[0]) == [
            "One of the two has changed meanwhile. See how they stand."
        ]
    assert "clashes with it" not in desk(browser)
    assert "Nothing clashes with it." in looked_for(browser, stays)
    session.rollback()
    assert session.scalars(select(SeenClash)).all() == []


def test_what_is_put_away_is_not_looked_over_on_the_desk(
    app: Flask, browser: FlaskClient
) -> None:
    event_id = make_event(
        app, title="Fire school", published=False, **READY | {"summary": ""}
    )
    assert "Fire school" in desk(browser)
    hold(app, lambda own: put_away(own, event_id))
    assert "Fire school" not in desk(browser)


def test_a_clash_that_was_known_is_so_when_the_calling_off_is_undone(
    app: Flask, browser: FlaskClient, here: int, there: int
) -> None:
    leave_all(browser, here)
    hold(app, lambda own: call_off(own, there))
    assert "Known, and left" not in page_of(browser, here)
    hold(app, lambda own: undo(own, there))
    assert ONE not in page_of(browser, here)
    assert "Known, and left" in page_of(browser, here)


def test_a_program_with_another_name_is_the_same_program(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    program = make_program(session)
    given = READY | {"areas": [], "contributors": [], "program_id": program}
    here = make_event(app, **given)
    make_event(app, **given)
    leave_all(browser, here)
    assert KNOWN in looked_for(browser, here)
    with writing(session):
        session.get_one(Program, program).name = "Sharing more"
    assert ONE not in page_of(browser, here)
    assert KNOWN in looked_for(browser, here)


def test_who_schedules_in_one_program_leaves_what_clashes_with_its_events_alone(
    app: Flask, browser: FlaskClient, session: Session
) -> None:
    programs = [make_program(session, name) for name in ("Ours", "Theirs", "Third")]
    ours, theirs, third = (
        make_event(app, title=f"Event {each}", **READY | {"program_id": each})
        for each in programs
    )
    account = make_account(session)
    let(session, account, programs[0], Duty.SCHEDULER)
    mine = app.test_client(user=account)
    others = [
        key
        for key in keys_on(browser.get(f"/staff/events/{theirs}"))
        if key not in keys_on(browser.get(f"/staff/events/{ours}"))
    ]
    press(browser, theirs, "known", others[0])
    for name, key in (("known", others[1]), ("shown", others[0])):
        typed = fields_of(mine.get("/me/preferences").text) | {"clash": key}
        for event_id in (theirs, third):
            path = f"/staff/events/{event_id}/clashes/{name}"
            assert mine.post(path, data=typed).status_code == 403
    # Of two other events, named at their own: there is no such clash.
    assert press(mine, ours, "known", others[1]) == [
        "One of the two has changed meanwhile. See how they stand."
    ]
    press(mine, ours, "shown", others[0])
    session.rollback()
    assert session.scalars(select(SeenClash.key)).all() == others[:1]
    # Theirs it is to say that they know of one with an event of another program.
    key = keys_on(mine.get(f"/staff/events/{ours}"))[0]
    press(mine, ours, "known", key)
    session.rollback()
    assert len(session.scalars(select(SeenClash.key)).all()) == 2


def test_a_button_without_its_token_changes_nothing(
    browser: FlaskClient, session: Session, here: int, there: int
) -> None:
    key = keys_on(browser.get(f"/staff/events/{here}"))[0]
    path = f"/staff/events/{here}/clashes/known"
    assert browser.post(path, data={"clash": key}).status_code == 400
    session.rollback()
    assert session.scalars(select(SeenClash)).all() == []
