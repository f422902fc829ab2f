"""A worksheet with colleagues, as its facilitator leads it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.core.tokens import Purpose, links
from csd_events.library import service as library
from csd_events.library.models import CaseStudy
from csd_events.worksheets.models import (
    Worksheet,
    WorksheetGroup,
    WorksheetSettlement,
    WorksheetTask,
)
from csd_events.worksheets.rules import MOST_TASKS
from tests.colleagues import (
    EXAMPLE,
    FOUR,
    begin_talk,
    code_on,
    four_hand_in,
    hand_in,
    join,
    open_group,
    screen_of,
)
from tests.factories import DAY, NOON, make_account, make_event, writing
from tests.statements import counted
from tests.visitors import errors_on, hidden_on, words

pytestmark = pytest.mark.usefixtures("now", "session")


@pytest.fixture
def group(client: FlaskClient) -> str:
    return open_group(client)


def stage(session: Session) -> str:
    session.rollback()
    return session.scalars(select(WorksheetGroup.stage)).one().value


def order_on(client: FlaskClient, page: str) -> list[str]:
    """Return the questions in the order in which a page lists them."""
    return re.findall(r'id="talk-(\w+)"', client.get(page).text)


def test_a_group_is_opened_with_one_choice_and_no_account(client: FlaskClient) -> None:
    group = open_group(client, community="")
    page = client.get(group)
    assert page.status_code == 200
    assert "0 joined, 0 handed in." in words(page)
    assert re.fullmatch("[BCDFGHJKLMNPQRSTVWXZ]{6}", code_on(client, group))
    assert "/worksheets/join" in words(page)
    assert '<svg role="img" aria-label="A picture that a phone' in page.text


def test_a_group_without_a_service_is_not_opened(client: FlaskClient) -> None:
    answer = client.post("/worksheets/groups", data={"service_area": ""})
    assert (answer.status_code, list(errors_on(answer))) == (422, ["service_area"])


def test_an_accounts_groups_are_among_its_worksheets(
    app: Flask, session: Session
) -> None:
    account = make_account(session)
    browser = app.test_client(user=account)
    assert browser.post("/worksheets/groups", data={}).status_code == 422
    token = hidden_on(browser.get("/worksheets/groups"), "csrf_token")
    group = open_group(browser, csrf_token=token)
    assert group in browser.get("/me/worksheets").text
    other = app.test_client(user=make_account(session))
    assert group not in other.get("/me/worksheets").text


def test_a_group_at_an_event_is_given_what_staff_pinned_to_it(
    client: FlaskClient, session: Session
) -> None:
    with writing(session):
        library.import_cases(session, library.built_in_document())
    event = make_event(session, title="Sharing dispatch")
    with writing(session):
        case = session.scalars(select(CaseStudy).order_by(CaseStudy.id)).first()
        assert case is not None
        pinned = case.title
        event = session.merge(event)
        event.reading = [case.id]
    assert "Sharing dispatch" in client.get("/worksheets/groups").text
    group = open_group(client, event=str(event.id))
    four_hand_in(client, group)
    said = words(client.get(f"{group}/result"))
    assert said.index("Discussed in the session") < said.index(pinned)


def test_an_event_that_is_none_is_refused(client: FlaskClient) -> None:
    answer = client.post(
        "/worksheets/groups", data={"service_area": "police", "event": "77"}
    )
    assert (answer.status_code, list(errors_on(answer))) == (422, ["event"])


def test_names_are_on_the_facilitators_page_alone(
    client: FlaskClient, group: str
) -> None:
    sheets = four_hand_in(client, group)
    begin_talk(client, group)
    client.post(f"{group}/questions/C6/show")
    said = words(client.get(group))
    assert "Ada Sample (handed in)" in said
    assert "No name given (handed in)" in said
    others = [screen_of(client, group), f"{group}/result", f"{group}/questions/C6"]
    for sheet in sheets:
        others += [sheet, f"{sheet}/talk", f"{sheet}/group", f"{sheet}/result"]
    found = {path: client.get(path) for path in others}
    assert {answer.status_code for answer in found.values()} == {200}
    assert [path for path in found if "Sample" in words(found[path])] == []


def test_nothing_of_the_answers_shows_before_three_have_handed_in(
    client: FlaskClient, group: str
) -> None:
    code = code_on(client, group)
    sheets = [join(client, code) for _ in range(3)]
    for sheet, answers in zip(sheets[:2], FOUR[:2], strict=True):
        hand_in(client, sheet, answers)
    assert order_on(client, group) == []
    assert client.get(f"{group}/questions/S1").status_code == 404
    said = words(client.get(f"{group}/result"))
    assert "Fewer than three worksheets are handed in" in said
    assert "on a scale" not in said
    refused = client.post(f"{group}/talk", follow_redirects=True)
    assert "The talk can begin once three people have handed in" in words(refused)
    hand_in(client, sheets[2], FOUR[2])
    assert len(order_on(client, group)) == 14


def test_three_who_handed_in_count_not_three_answers(
    client: FlaskClient, group: str
) -> None:
    code = code_on(client, group)
    for _ in range(3):
        hand_in(client, join(client, code), {})
    assert len(order_on(client, group)) == 14
    said = words(client.get(f"{group}/questions/S1"))
    assert "Nobody knows yet" in said
    assert "3 We do not know yet" in said


def test_the_questions_stand_in_the_order_of_talk(
    client: FlaskClient, group: str
) -> None:
    four_hand_in(client, group)
    assert order_on(client, group) == EXAMPLE["talk_in_this_order"]
    begin_talk(client, group)
    said = words(client.get(f"{group}/questions/C6"))
    assert "1 of 14 in the order of talk" in said
    assert "Split" in said


def test_the_result_is_the_groups_with_the_lowest_and_highest_beside_it(
    client: FlaskClient, group: str
) -> None:
    four_hand_in(client, group)
    said = words(client.get(f"{group}/result"))
    assert "4 worksheets, side by side." in said
    assert "15 on a scale from 7 to 21" in said
    assert "14 on a scale from 7 to 21" in said
    assert "lowest 13, highest 16." in said
    assert "lowest 11, highest 16.3." in said
    assert said.index("Public-nonprofit") < said.index("Keep the service in-house")
    headings = re.findall(r"<h3>([SC]\d) ", client.get(f"{group}/result").text)
    assert headings == EXAMPLE["talk_in_this_order"]


def settle(client: FlaskClient, group: str, item: str, **typed: str) -> int:
    data = {"grade": "2", "note": ""} | typed
    return client.post(f"{group}/questions/{item}", data=data).status_code


def test_what_is_settled_stands_beside_the_answers_and_changes_the_forms_alone(
    client: FlaskClient, group: str
) -> None:
    four_hand_in(client, group)
    begin_talk(client, group)
    before = words(client.get(f"{group}/result"))
    assert settle(client, group, "C2", grade="3", note="Two firms wrote to us") == 303
    said = words(client.get(f"{group}/result"))
    assert "(Two firms wrote to us)" in said
    scores = re.compile(r"[\d.]+ on a scale")
    assert scores.findall(said) == scores.findall(before)
    gate = "It needs more than one firm that would make an offer."
    assert (gate in before, gate in said) == (True, False)
    assert "Settled:" in words(client.get(f"{group}/questions/C2"))
    page = client.get(f"{group}/questions/C2").text
    assert re.search(r'value="3"\s+checked', page)


def test_settled_on_not_known_counts_as_settled(
    client: FlaskClient, group: str, session: Session
) -> None:
    four_hand_in(client, group)
    begin_talk(client, group)
    settle(client, group, "C1", grade="unknown")
    assert "To find out first: " in words(client.get(f"{group}/result"))
    session.rollback()
    row = select(WorksheetSettlement.item, WorksheetSettlement.grade)
    assert session.execute(row).all() == [("C1", None)]


def test_a_question_settles_once_and_the_last_word_counts(
    client: FlaskClient, group: str, session: Session
) -> None:
    four_hand_in(client, group)
    begin_talk(client, group)
    for grade in ("1", "3"):
        assert settle(client, group, "S5", grade=grade) == 303
    session.rollback()
    assert session.scalars(select(WorksheetSettlement.grade)).all() == [3]
    assert client.post(f"{group}/questions/S5/unsettle").status_code == 303
    session.rollback()
    assert session.scalars(select(WorksheetSettlement.grade)).all() == []


def test_nothing_is_settled_without_a_choice_or_before_the_talk(
    client: FlaskClient, group: str, session: Session
) -> None:
    four_hand_in(client, group)
    assert settle(client, group, "S1") == 303
    assert "Begin the talk first." in words(client.get(group))
    begin_talk(client, group)
    for grade in ("", "4"):
        assert settle(client, group, "S1", grade=grade) == 422
    session.rollback()
    assert session.scalars(select(WorksheetSettlement.item)).all() == []


@pytest.mark.parametrize("item", ["R1", "S8", "X"])
def test_only_the_fourteen_are_talked_about(
    client: FlaskClient, group: str, item: str
) -> None:
    four_hand_in(client, group)
    begin_talk(client, group)
    for path in ("", "/show", "/unsettle"):
        page = f"{group}/questions/{item}{path}"
        assert client.post(page, data={"grade": "1"}).status_code == 404


def test_what_to_find_out_is_listed_with_who_and_by_when(
    client: FlaskClient, group: str, session: Session
) -> None:
    four_hand_in(client, group)
    typed = {
        "what": "What the lease says",
        "who": "Ben",
        "due": "June 30",
        "item": "S1",
    }
    assert client.post(f"{group}/tasks", data=typed).status_code == 303
    wrong = client.post(f"{group}/tasks", data={"what": ""})
    assert (wrong.status_code, list(errors_on(wrong))) == (422, ["what"])
    for page in (f"{group}/tasks", f"{group}/questions/S1", f"{group}/result"):
        said = words(client.get(page))
        assert "What the lease says · Ben · June 30" in said
    assert "What the lease says" not in words(client.get(f"{group}/questions/S2"))
    session.rollback()
    task_id = session.scalars(select(WorksheetTask.id)).one()
    other = open_group(client)
    client.post(f"{other}/tasks/{task_id}/remove")
    assert "What the lease says" in words(client.get(f"{group}/tasks"))
    client.post(f"{group}/tasks/{task_id}/remove")
    assert "What the lease says" not in words(client.get(f"{group}/tasks"))


def test_the_list_of_tasks_ends_somewhere(
    client: FlaskClient, group: str, session: Session
) -> None:
    session.rollback()
    group_id = session.scalars(select(WorksheetGroup.id)).one()
    session.add_all(
        WorksheetTask(group_id=group_id, item=None, what="x", who="", due="")
        for _ in range(MOST_TASKS)
    )
    session.commit()
    said = client.post(f"{group}/tasks", data={"what": "y"}, follow_redirects=True)
    assert "There are fifty things to find out already." in words(said)


def test_closing_ends_the_code_and_keeps_the_worksheets(
    client: FlaskClient, group: str, session: Session
) -> None:
    sheets = four_hand_in(client, group)
    begin_talk(client, group)
    settle(client, group, "S5")
    code = code_on(client, group)
    screen = screen_of(client, group)
    assert "Close the group?" in words(client.get(f"{group}/close"))
    assert stage(session) == "talking"
    for _ in range(2):
        assert client.post(f"{group}/close").status_code == 303
    assert stage(session) == "closed"
    assert client.get(f"/worksheets/join/{code}").status_code == 404
    for page in (*sheets, f"{sheets[0]}/group", f"{group}/result", group):
        assert client.get(page).status_code == 200
    assert "What you settled" in words(client.get(screen))
    assert "The talk is over" in words(client.get(f"{sheets[0]}/talk"))
    for act in ("talk", "questions/S5/show", "questions/S5/unsettle"):
        said = client.post(f"{group}/{act}", follow_redirects=True)
        assert "This group is closed" in words(said)
    said = client.post(f"{group}/tasks", data={"what": "y"}, follow_redirects=True)
    assert "This group is closed" in words(said)
    assert settle(client, group, "S5", grade="1") == 303
    session.rollback()
    assert session.scalars(select(WorksheetSettlement.grade)).all() == [2]


def test_two_closed_groups_have_no_code_each(
    client: FlaskClient, group: str, session: Session
) -> None:
    for each in (group, open_group(client)):
        client.post(f"{each}/close")
    session.rollback()
    assert session.scalars(select(WorksheetGroup.code)).all() == [None, None]


def test_the_three_kinds_of_link_open_nothing_of_each_other(
    app: Flask, client: FlaskClient, group: str
) -> None:
    (sheet,) = [join(client, code_on(client, group))]
    lead, screen, own = (
        path.rpartition("/")[2] for path in (group, screen_of(client, group), sheet)
    )
    for token, folder in (
        (screen, "groups"),
        (own, "groups"),
        (lead, "screens"),
        (own, "screens"),
    ):
        assert client.get(f"/worksheets/{folder}/{token}").status_code == 404
    for token in (lead, screen):
        for page in ("", "/talk", "/result", "/group"):
            assert client.get(f"/worksheets/{token}{page}").status_code == 404
    with app.app_context():
        registration = links().token(Purpose.GROUP, 1, 1)
    assert client.get(f"/worksheets/groups/{registration}").status_code == 404


def test_a_link_of_a_group_that_was_ended_says_so(
    client: FlaskClient, group: str, session: Session
) -> None:
    session.execute(update(WorksheetGroup).values(link_version=2))
    session.commit()
    assert client.get(group).status_code == 410


def test_a_removed_worksheet_leaves_its_group_with_fewer(
    client: FlaskClient, group: str
) -> None:
    sheets = four_hand_in(client, group)
    begin_talk(client, group)
    client.post(f"{group}/questions/S1/show")
    screen = screen_of(client, group)
    for sheet in sheets[:2]:
        assert client.post(f"{sheet}/remove").status_code == 303
    assert "2 joined, 2 handed in." in words(client.get(group))
    for page in (screen, f"{sheets[2]}/talk", f"{group}/result"):
        said = words(client.get(page))
        assert "Fewer than three worksheets are handed in" in said
        assert "Split" not in said


def test_what_300_answered_is_read_with_as_many_statements_as_what_four_did(
    app: Flask, client: FlaskClient, group: str, session: Session
) -> None:
    sheets = four_hand_in(client, group)
    begin_talk(client, group)
    client.post(f"{group}/questions/C6/show")
    pages = [group, f"{group}/result", f"{sheets[0]}/talk", screen_of(client, group)]

    def cost() -> list[int]:
        found = []
        for page in pages:
            with counted(app) as said:
                client.get(page)
            found.append(len(said))
        return found

    few = cost()
    session.rollback()
    group_id = session.scalars(select(WorksheetGroup.id)).one()
    session.add_all(
        Worksheet(
            instrument="2026-1",
            service_area="dispatch_911",
            community="",
            group_id=group_id,
            joining=f"many-{number}",
            begun_at=NOON,
            answered_at=NOON,
            handed_in_at=NOON,
        )
        for number in range(300)
    )
    session.commit()
    assert cost() == few
    assert max(few) <= 9


def test_the_event_stands_on_the_groups_pages_as_it_is_called_now(
    client: FlaskClient, session: Session
) -> None:
    event = make_event(session, title="Sharing dispatch")
    group = open_group(client, event=str(event.id))
    sheets = four_hand_in(client, group)
    begin_talk(client, group)
    with writing(session):
        session.merge(event).title = "Sharing 911 dispatch"
    pages = [
        group,
        screen_of(client, group),
        f"/worksheets/join/{code_on(client, group)}",
        f"{sheets[0]}/talk",
        f"{sheets[0]}/group",
        f"{group}/result",
    ]
    for page in pages:
        assert "At Sharing 911 dispatch." in words(client.get(page))
    other = open_group(client)
    assert " At " not in words(client.get(screen_of(client, other)))


def test_a_group_opened_from_an_event_has_its_event_and_its_service_chosen(
    client: FlaskClient, session: Session
) -> None:
    areas = ["whole_government", "fire_ems"]
    far = make_event(session, title="Far", starts_at=NOON + 90 * DAY, areas=areas)
    html = client.get(f"/worksheets/groups?event={far.id}").text
    assert f'<option value="{far.id}" selected>Far</option>' in html
    assert '<option value="fire_ems" selected>' in html
    assert ">Far<" not in client.get("/worksheets/groups").text
    open_group(client, event=str(far.id))
    session.rollback()
    assert session.scalars(select(WorksheetGroup.event_id)).all() == [far.id]


def test_a_draft_is_no_event_to_open_a_group_at(
    client: FlaskClient, session: Session
) -> None:
    draft = make_event(session, title="Not yet", draft=True)
    page = client.get(f"/worksheets/groups?event={draft.id}")
    assert (page.status_code, "Not yet" in page.text) == (200, False)
    typed = {"service_area": "police", "event": str(draft.id)}
    assert client.post("/worksheets/groups", data=typed).status_code == 422
    for wanted in ("x", "", "9" * 30):
        assert client.get(f"/worksheets/groups?event={wanted}").status_code == 200
