"""Joining a group by its code, handing in, and following the talk on a phone."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core import limits
from csd_events.worksheets import service
from csd_events.worksheets.models import Worksheet, WorksheetAnswer, WorksheetGroup
from csd_events.worksheets.rules import KEPT, WRONG_CODES_A_MINUTE
from tests.colleagues import (
    FOUR,
    begin_talk,
    code_on,
    four_hand_in,
    hand_in,
    join,
    open_group,
    screen_of,
)
from tests.factories import NOON, make_account, writing
from tests.statements import counted
from tests.visitors import errors_on, hidden_on, words

pytestmark = pytest.mark.usefixtures("now", "session")
At = Callable[[datetime], None]


@pytest.fixture
def group(client: FlaskClient) -> str:
    return open_group(client)


def count(session: Session) -> int:
    session.rollback()
    return len(session.scalars(select(Worksheet.id)).all())


def wrong(client: FlaskClient, code: str = "ZZZZZZ") -> int:
    return client.post("/worksheets/join", data={"code": code}).status_code


def test_a_code_that_is_typed_leads_to_the_group_in_any_case_and_spacing(
    client: FlaskClient, group: str
) -> None:
    code = code_on(client, group)
    for typed in (code, code.lower(), f" {code[:3]} {code[3:]} "):
        answer = client.post("/worksheets/join", data={"code": typed})
        assert (answer.status_code, answer.location) == (
            303,
            f"/worksheets/join/{code}",
        )
    page = client.get(f"/worksheets/join/{code}")
    assert "911 dispatch, Town of Ashfield" in words(page)
    assert "Only who leads the group sees it" in words(page)


@pytest.mark.parametrize("typed", ["", "BCD", "BCDFGA", "123456"])
def test_what_is_no_code_is_said_at_once_and_not_counted(
    client: FlaskClient, session: Session, typed: str
) -> None:
    answer = client.post("/worksheets/join", data={"code": typed})
    assert (answer.status_code, list(errors_on(answer))) == (422, ["code"])
    session.rollback()
    assert limits.times_lately(session, what="wrong group code", now=NOON) == 0


def test_a_wrong_code_is_said_in_plain_words(client: FlaskClient) -> None:
    answer = client.post("/worksheets/join", data={"code": "ZZZZZZ"})
    assert answer.status_code == 422
    assert errors_on(answer) == {
        "code": "No group has this code now. Look at the screen again"
    }
    assert client.get("/worksheets/join/ZZZZZZ").status_code == 404
    assert client.get("/worksheets/join/nothing-of-ours").status_code == 404


def test_after_twenty_wrong_codes_the_whole_site_pauses_also_for_right_ones(
    client: FlaskClient, group: str, at: At
) -> None:
    code = code_on(client, group)
    assert [wrong(client) for _ in range(WRONG_CODES_A_MINUTE)] == [422] * 20
    for path in (f"/worksheets/join/{code}", "/worksheets/join/ZZZZZZ"):
        paused = client.get(path)
        assert paused.status_code == 429
        assert paused.headers["Retry-After"] == "120"
        assert "It need not have been you. Wait two minutes" in words(paused)
    assert wrong(client, code) == 429
    at(NOON + timedelta(minutes=1, seconds=59))
    assert wrong(client, code) == 429
    at(NOON + timedelta(minutes=2))
    assert wrong(client, code) == 303


def test_no_minute_has_more_than_twenty_wrong_codes_wherever_it_begins(
    client: FlaskClient, at: At
) -> None:
    at(NOON + timedelta(seconds=55))
    assert [wrong(client) for _ in range(15)] == [422] * 15
    at(NOON + timedelta(seconds=65))
    assert [wrong(client) for _ in range(6)] == [422] * 5 + [429]


def test_twenty_wrong_codes_at_once_are_counted_though_all_were_let_through(
    app: Flask, session: Session
) -> None:
    with writing(session):
        known = [service.count_wrong(session, now=NOON) for _ in range(22)]
    assert known == [True] * 20 + [False] * 2


def test_a_right_code_is_never_counted(client: FlaskClient, group: str) -> None:
    code = code_on(client, group)
    for _ in range(WRONG_CODES_A_MINUTE + 1):
        assert client.get(f"/worksheets/join/{code}").status_code == 200


def test_the_same_form_sent_twice_joins_once(
    client: FlaskClient, group: str, session: Session
) -> None:
    path = f"/worksheets/join/{code_on(client, group)}"
    typed = {"name": "Ada", "once": hidden_on(client.get(path), "once")}
    sheets = {client.post(path, data=typed).location for _ in range(3)}
    assert (len(sheets), count(session)) == (1, 1)
    client.post(path, data={"name": "Ben"})  # without what the form draws
    assert count(session) == 2


def test_a_code_that_ends_while_somebody_types_their_name_gives_no_worksheet(
    client: FlaskClient, group: str, session: Session
) -> None:
    path = f"/worksheets/join/{code_on(client, group)}"
    once = hidden_on(client.get(path), "once")
    client.post(f"{group}/close")
    late = client.post(path, data={"name": "Ada", "once": once})
    assert (late.status_code, count(session)) == (404, 0)


def test_a_hall_behind_one_address_joins_and_no_more_than_600_an_hour(
    client: FlaskClient, group: str, session: Session
) -> None:
    path = f"/worksheets/join/{code_on(client, group)}"
    with writing(session):
        limits.count(session, what="worksheet", who="203.0.113.7", now=NOON, times=599)
    there = {"REMOTE_ADDR": "203.0.113.7"}
    found = [client.post(path, environ_base=there).status_code for _ in range(2)]
    assert found == [303, 429]


def test_groups_are_opened_thirty_an_hour_from_one_address(client: FlaskClient) -> None:
    there = {"REMOTE_ADDR": "203.0.113.7"}
    found = [
        client.post(
            "/worksheets/groups", data={"service_area": "police"}, environ_base=there
        ).status_code
        for _ in range(31)
    ]
    assert found == [303] * 30 + [429]


def test_nobody_sees_others_answers_before_handing_in_their_own(
    client: FlaskClient, group: str
) -> None:
    four_hand_in(client, group)
    late = join(client, code_on(client, group))
    begin_talk(client, group)
    client.post(f"{group}/questions/C6/show")
    for page in ("talk", "group"):
        answer = client.get(f"{late}/{page}")
        assert answer.status_code == 303
    assert client.get(f"{late}/talk").location == late
    assert "Split" not in words(client.get(late))
    hand_in(client, late, FOUR[0])
    assert "Split" in words(client.get(f"{late}/talk"))


def test_who_handed_in_waits_and_can_change_their_answers_until_the_talk(
    client: FlaskClient, group: str, session: Session
) -> None:
    sheet, *_ = four_hand_in(client, group)
    assert "Handed in. Thank you." in words(client.get(f"{sheet}/talk"))
    assert "Split" not in words(client.get(f"{sheet}/talk"))
    assert client.get(f"{sheet}/group").location == f"{sheet}/talk"
    assert "You can change your answers until the talk begins." in words(
        client.get(sheet)
    )
    assert client.post(sheet, data={"S1": "3"}).status_code == 303
    begin_talk(client, group)
    for path in (sheet, f"{sheet}/hand-in"):
        refused = client.post(path, data={"S1": "1"})
        assert refused.status_code == 409
        assert "your answers stay as you handed them in" in words(refused)
    page = client.get(sheet).text
    radios = re.findall(r'type="radio"[^>]*>', page)
    assert radios
    assert all("disabled" in radio for radio in radios)
    session.rollback()
    first = session.scalars(select(Worksheet.id).order_by(Worksheet.id)).first()
    given = select(WorksheetAnswer.grade).where(
        WorksheetAnswer.item == "S1", WorksheetAnswer.worksheet_id == first
    )
    assert session.scalars(given).one() == 3


def test_handing_in_saves_what_the_page_holds(client: FlaskClient, group: str) -> None:
    sheet = join(client, code_on(client, group))
    assert client.post(f"{sheet}/hand-in", data={"S1": "9"}).status_code == 400
    hand_in(client, sheet, {"S1": "3"})
    assert "Answered: 1 of 19." in words(client.get(sheet))
    assert "1 joined, 1 handed in." in words(client.get(group))


def test_handing_in_again_changes_answers_and_not_when_it_was_handed_in(
    client: FlaskClient, group: str, session: Session, at: At
) -> None:
    sheet = join(client, code_on(client, group))
    hand_in(client, sheet, {"S1": "3"})
    at(NOON + timedelta(minutes=5))
    hand_in(client, sheet, {"S1": "2"})
    session.rollback()
    assert session.scalars(select(Worksheet.handed_in_at)).all() == [NOON]
    assert session.scalars(select(WorksheetAnswer.grade)).all() == [2]


def test_a_worksheet_of_no_group_is_handed_in_nowhere_but_saved(
    client: FlaskClient,
) -> None:
    sheet = client.post("/worksheets", data={"service_area": "police"}).location
    answer = client.post(f"{sheet}/hand-in", data={"S1": "1"})
    assert (answer.status_code, answer.location) == (303, sheet)
    assert "Answered: 1 of 19." in words(client.get(sheet))
    for page, back in (("talk", sheet), ("group", f"{sheet}/talk")):
        answer = client.get(f"{sheet}/{page}")
        assert (answer.status_code, answer.location) == (303, back)
    said = words(client.get(f"{sheet}/talk", follow_redirects=True))
    assert "This worksheet is in no group any more. It stays your own." in said


def test_a_closed_group_takes_no_worksheet_but_its_answers_are_saved(
    client: FlaskClient, group: str
) -> None:
    sheet = join(client, code_on(client, group))
    client.post(f"{group}/close")
    answer = client.post(f"{sheet}/hand-in", data={"S1": "3"})
    assert (answer.status_code, answer.location) == (303, sheet)
    said = words(client.get(sheet))
    assert "Your group is closed. This worksheet stays your own." in said
    assert "Answered: 1 of 19." in said


def test_the_phone_and_the_screen_show_the_question_and_the_phone_ones_own_answer(
    client: FlaskClient, group: str
) -> None:
    sheets = four_hand_in(client, group)
    screen = screen_of(client, group)
    assert "4 joined, 4 handed in" in words(client.get(screen))
    begin_talk(client, group)
    assert "The talk begins" in words(client.get(f"{sheets[2]}/talk"))
    assert "The talk begins" in words(client.get(screen))
    client.post(f"{group}/questions/C3/show")
    client.post(f"{group}/questions/C3", data={"grade": "2", "note": "as of May"})
    for page in (f"{sheets[2]}/talk", screen):
        said = words(client.get(page))
        assert "1 We do not know yet" in said
        assert "(as of May)" in said
    assert "You said: We do not know yet" in words(client.get(f"{sheets[2]}/talk"))
    assert "You said" not in words(client.get(screen))


def followed(client: FlaskClient, page: str, tag: str) -> tuple[int, str]:
    answer = client.get(f"{page}?part=now", headers={"If-None-Match": tag})
    return answer.status_code, answer.headers["ETag"]


def test_who_follows_is_told_that_nothing_changed_for_one_small_statement(
    app: Flask, client: FlaskClient, group: str
) -> None:
    sheet, *_ = four_hand_in(client, group)
    for page in (group, screen_of(client, group), f"{sheet}/talk"):
        tag = client.get(page).headers["ETag"]
        with counted(app) as said:
            answer = client.get(f"{page}?part=now", headers={"If-None-Match": tag})
        assert (answer.status_code, answer.data, len(said)) == (304, b"", 1)
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_part_is_asked_for_without_the_page_around_it(
    client: FlaskClient, group: str
) -> None:
    part = client.get(f"{group}?part=now")
    assert "<html" not in part.text
    assert "0 joined, 0 handed in." in words(part)


def test_the_screen_follows_all_and_phones_what_they_see(
    client: FlaskClient, group: str
) -> None:
    sheet, *_ = four_hand_in(client, group)
    screen, phone = screen_of(client, group), f"{sheet}/talk"
    code = code_on(client, group)
    tags = {page: client.get(page).headers["ETag"] for page in (group, screen, phone)}

    def moved() -> list[int]:
        """Say which of the three have something new, and let them see it."""
        found = []
        for page, tag in tags.items():
            status, tags[page] = followed(client, page, tag)
            found.append(status)
        return found

    assert moved() == [304, 304, 304]
    late = join(client, code)
    assert moved() == [200, 200, 304]
    hand_in(client, late, FOUR[1])
    assert moved() == [200, 200, 304]
    client.post(late, data={"S1": "2"})  # handed in, and changed before the talk
    assert moved() == [200, 200, 304]
    begin_talk(client, group)
    assert moved() == [200, 200, 200]
    client.post(f"{group}/questions/C6/show")
    assert moved() == [200, 200, 200]
    client.post(f"{group}/questions/C6", data={"grade": "1"})
    assert moved() == [200, 200, 200]
    hand_in(client, join(client, code), FOUR[2])  # in the middle of the talk
    assert moved() == [200, 200, 200]
    client.post(f"{sheet}/remove")
    del tags[phone]
    assert moved() == [200, 200]
    client.post(f"{group}/close")
    assert moved() == [200, 200]


def test_a_group_in_which_nothing_happens_is_closed_after_thirty_days(
    client: FlaskClient, group: str, session: Session
) -> None:
    code = code_on(client, group)
    thirty = timedelta(days=30)
    for later, status in ((thirty, 200), (thirty + timedelta(seconds=1), 404)):
        with writing(session):
            service.forget_groups(session, now=NOON + later)
        assert client.get(f"/worksheets/join/{code}").status_code == status
    assert client.get(group).status_code == 200


def test_a_group_of_nobodys_goes_after_180_days_with_its_names_not_its_worksheets(
    app: Flask, client: FlaskClient, group: str, session: Session
) -> None:
    sheets = four_hand_in(client, group)
    browser = app.test_client(user=make_account(session))
    token = hidden_on(browser.get("/worksheets/groups"), "csrf_token")
    kept = open_group(browser, csrf_token=token)
    with writing(session):
        service.forget_groups(session, now=NOON + KEPT)
    assert client.get(group).status_code == 200  # closed by now, which is a change
    with writing(session):
        service.forget_groups(session, now=NOON + KEPT * 2 + timedelta(seconds=1))
    assert [client.get(page).status_code for page in (group, kept)] == [404, 200]
    assert client.get(sheets[0]).status_code == 200
    assert client.post(sheets[0], data={"S1": "2"}).status_code == 303
    session.rollback()
    left = session.execute(select(Worksheet.name, Worksheet.group_id)).all()
    assert set(left) == {("", None)}
    assert len(session.scalars(select(WorksheetGroup.id)).all()) == 1
