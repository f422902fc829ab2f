"""A worksheet alone: begun without an account, saved as it is answered, kept."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts.models import Account
from csd_events.core.db import transaction
from csd_events.core.tokens import Purpose, links
from csd_events.library import service as library
from csd_events.worksheets import service
from csd_events.worksheets.models import Worksheet, WorksheetAnswer
from csd_events.worksheets.rules import ITEMS, KEPT
from tests.factories import DAY, NOON, make_account, writing
from tests.letters import deliver
from tests.statements import counted
from tests.visitors import errors_on, hidden_on, words

pytestmark = pytest.mark.usefixtures("now", "session")
DISPATCH = {"service_area": "dispatch_911", "community": "Town of Ashfield"}
#: Two small towns and 911 dispatch, as the catalog works it out.
TWO_TOWNS = {
    **dict(zip((f"S{n}" for n in range(1, 8)), "1313223", strict=True)),
    **dict(zip((f"C{n}" for n in range(1, 8)), "3113222", strict=True)),
}


def begin(client: FlaskClient, **typed: str) -> str:
    """Begin a worksheet, and return its address."""
    answer = client.post("/worksheets", data=DISPATCH | typed)
    assert answer.status_code == 303
    return str(answer.location)


def stored(session: Session) -> dict[str, int | None]:
    session.rollback()
    rows = session.execute(select(WorksheetAnswer.item, WorksheetAnswer.grade))
    return dict(rows.all())


def given_on(client: FlaskClient, sheet: str) -> dict[str, str]:
    """Read which answers a worksheet shows as given."""
    html = client.get(sheet).text
    boxes = re.findall(r"<input id=[^>]*>", html)
    found = (
        re.search(r'name="(\w+)"[^>]*value="(\w+)"[^>]* checked', b) for b in boxes
    )
    return {match[1]: match[2] for match in found if match}


def test_a_visitor_begins_a_worksheet_with_one_choice_and_no_account(
    client: FlaskClient,
) -> None:
    sheet = begin(client, community="")
    page = client.get(sheet)
    assert page.status_code == 200
    assert "<h1>911 dispatch</h1>" in re.sub(r"\s*\n\s*", "", page.text)
    assert len(set(re.findall(r'type="radio"', page.text))) == 1
    assert set(re.findall(r'<fieldset class="asked" id="(\w+)"', page.text)) == set(
        ITEMS
    )
    assert "removed 180 days after your last answer" in words(page)


def test_a_service_must_be_chosen_and_one_at_a_time(client: FlaskClient) -> None:
    for area in ("", "whole_government", "no_such_service"):
        answer = client.post("/worksheets", data={"service_area": area})
        assert answer.status_code == 422
        assert list(errors_on(answer)) == ["service_area"]


def test_the_page_for_a_service_has_it_chosen_already(client: FlaskClient) -> None:
    html = client.get("/worksheets?area=dispatch_911").text
    assert '<option value="dispatch_911" selected>' in html


def test_each_answer_is_saved_by_itself_and_the_last_one_counts(
    client: FlaskClient, session: Session
) -> None:
    sheet = begin(client)
    for item, value in (("S1", "1"), ("R1", "3"), ("C2", "unknown"), ("S1", "2")):
        assert client.post(sheet, data={item: value}).status_code == 303
    assert stored(session) == {"S1": 2, "R1": 3, "C2": None}
    assert given_on(client, sheet) == {"S1": "2", "R1": "3", "C2": "unknown"}
    assert "Answered: 3 of 19." in words(client.get(sheet))


def test_an_older_page_takes_back_nothing_that_was_answered_on_another_screen(
    client: FlaskClient, session: Session
) -> None:
    sheet = begin(client)
    client.post(sheet, data={"S1": "1", "S2": "unknown"})
    older = given_on(client, sheet)
    shown = hidden_on(client.get(sheet), "shown")
    assert shown.split() == ["S1=1", "S2=unknown"]
    client.post(sheet, data={"S1": "3"})
    sent = client.post(sheet, data=older | {"S2": "2", "shown": shown})
    assert sent.status_code == 303
    assert stored(session) == {"S1": 3, "S2": 2}


@pytest.mark.parametrize("value", ["0", "4", "yes", "", "1.0"])
def test_what_is_no_answer_of_ours_saves_nothing(
    client: FlaskClient, session: Session, value: str
) -> None:
    sheet = begin(client)
    sent = client.post(sheet, data={"S1": value, "S2": "1"})
    assert (sent.status_code, stored(session)) == (400, {})


def test_what_is_no_question_of_ours_is_passed_over(
    client: FlaskClient, session: Session
) -> None:
    sheet = begin(client)
    assert client.post(sheet, data={"S9": "1", "S1": "1"}).status_code == 303
    assert stored(session) == {"S1": 1}


def test_saving_leads_to_what_it_says(client: FlaskClient) -> None:
    sheet = begin(client)
    answer = client.post(sheet, data=TWO_TOWNS)
    assert answer.location == f"{sheet}/result"
    said = words(client.get(answer.location))
    assert "15 on a scale from 7 to 21" in said
    assert "14 on a scale from 7 to 21" in said
    assert "No clear lean. Settle the items" in said
    assert "no total, and no yes or no" in said


def test_all_five_forms_are_shown_in_order_and_in_house_last(
    client: FlaskClient, session: Session
) -> None:
    sheet = begin(client)
    client.post(sheet, data=TWO_TOWNS)
    html = client.get(f"{sheet}/result").text
    forms = re.findall(r'class="wording">([^<]+)</p>\s*<h3>([^<]+)</h3>', html)
    assert forms == [
        ("Worth exploring first", "Public-public, horizontal"),
        ("Worth exploring first", "Public-public, vertical"),
        ("Possible; talk through the cautions", "Consolidation or regionalization"),
        ("Set aside for now", "Public-private"),
        ("Set aside for now", "Public-nonprofit"),
    ]
    said = words(client.get(f"{sheet}/result"))
    assert said.index("Public-nonprofit") < said.index("Keep the service in-house")
    assert "Always a real choice. It has no gate and no count." in said
    assert "It needs more than one firm that would make an offer." in said
    assert "Nearly all the cost is staff time, where size saves less." in said


def test_no_score_is_shown_for_a_side_with_fewer_than_five_known_answers(
    client: FlaskClient,
) -> None:
    sheet = begin(client)
    client.post(sheet, data=TWO_TOWNS | dict.fromkeys(("S1", "S2", "S3"), "unknown"))
    said = words(client.get(f"{sheet}/result"))
    assert "No score yet: 4 of 7 questions have an answer, and 5 are needed." in said
    assert "14 on a scale from 7 to 21" in said
    assert "Part two needs part one first" in said
    found = said[said.index("To find out") :]
    assert found.index("Asset specificity") < found.index("Labor intensity")


def test_a_gate_nobody_knows_is_named_among_what_to_find_out(
    client: FlaskClient,
) -> None:
    sheet = begin(client)
    client.post(sheet, data=TWO_TOWNS | {"C2": "unknown"})
    said = words(client.get(f"{sheet}/result"))
    assert "Not known yet Public-private" in said
    assert "To find out first: Possible private partners" in said


def test_the_result_matches_case_studies_of_the_service(
    client: FlaskClient, session: Session
) -> None:
    with writing(session):
        library.import_cases(session, library.built_in_document())
    sheet = begin(client)
    client.post(sheet, data=TWO_TOWNS)
    said = words(client.get(f"{sheet}/result"))
    assert "The same service" in said
    assert "Service: 911 dispatch, which you chose" in said
    assert "Same form: public-public, horizontal" in said
    assert "Covers governance board" not in said  # no low answer asks for it
    client.post(sheet, data={"S7": "1"})
    assert "governance board" in words(client.get(f"{sheet}/result"))


def test_a_finished_worksheet_keeps_the_wording_it_was_answered_with(
    client: FlaskClient, session: Session
) -> None:
    sheet = begin(client)
    session.rollback()
    assert session.scalars(select(Worksheet.instrument)).all() == ["2026-1"]
    client.post(sheet, data=TWO_TOWNS)
    assert client.get(sheet).status_code == 200


def test_a_link_that_is_not_ours_opens_nothing(client: FlaskClient, app: Flask) -> None:
    begin(client)
    with app.app_context():
        other = links().token(Purpose.REGISTRATION, 1, 1)
    assert client.get(f"/worksheets/{other}").status_code == 404
    assert client.get(f"/worksheets/{'A' * 32}").status_code == 404


def test_a_link_that_was_ended_says_so(client: FlaskClient, session: Session) -> None:
    sheet = begin(client)
    session.execute(update(Worksheet).values(link_version=2))
    session.commit()
    assert client.get(sheet).status_code == 410


def test_the_link_goes_to_ones_own_address(app: Flask, client: FlaskClient) -> None:
    sheet = begin(client)
    sent = client.post(f"{sheet}/keep", data={"email": "ada@example.org"})
    assert (sent.status_code, sent.location) == (303, sheet)
    (mail,) = deliver(app)
    assert mail["To"] == "ada@example.org"
    assert mail["Subject"] == "Your worksheet: 911 dispatch"
    body = mail.get_body(("plain",))
    assert body is not None
    assert sheet in body.get_content()
    assert "October 28, 2030" in body.get_content()


def test_an_address_is_written_to_three_times_an_hour_at_most(
    app: Flask, client: FlaskClient
) -> None:
    for _ in range(5):
        sheet = begin(client)
        sent = client.post(f"{sheet}/keep", data={"email": "Ada@example.org"})
        assert sent.status_code == 303
    assert len(deliver(app)) == 3


def test_a_removed_worksheet_is_gone_and_so_is_the_mail_with_its_link(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    sheet = begin(client)
    client.post(sheet, data=TWO_TOWNS)
    client.post(f"{sheet}/keep", data={"email": "ada@example.org"})
    asked = client.get(f"{sheet}/remove")
    assert "Its 14 answers go with it." in words(asked)
    assert client.get(sheet).status_code == 200
    assert client.post(f"{sheet}/remove").status_code == 303
    assert client.get(sheet).status_code == 404
    assert stored(session) == {}
    assert deliver(app) == []


def test_nobodys_worksheets_go_180_days_after_their_last_answer(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    begin(client)
    member = make_account(session)
    begin_as(app, member)
    for later, left in ((KEPT, 2), (KEPT + timedelta(seconds=1), 1), (KEPT * 3, 1)):
        with writing(session):
            service.forget_old(session, now=NOON + later)
        assert len(session.scalars(select(Worksheet.id)).all()) == left


def test_an_answer_keeps_a_worksheet_for_another_180_days(
    client: FlaskClient, session: Session
) -> None:
    sheet = begin(client)
    worksheet_id = session.scalars(select(Worksheet.id)).one()
    with writing(session):
        service.answer(session, worksheet_id, {"S1": 1}, now=NOON + 100 * DAY)
        service.forget_old(session, now=NOON + 200 * DAY)
    assert client.get(sheet).status_code == 200


def begin_as(app: Flask, account: Account) -> str:
    browser = app.test_client(user=account)
    token = hidden_on(browser.get("/worksheets"), "csrf_token")
    return begin(browser, csrf_token=token)


def test_a_members_worksheet_is_among_theirs_and_stays(
    app: Flask, session: Session
) -> None:
    account = make_account(session)
    sheet = begin_as(app, account)
    browser = app.test_client(user=account)
    page = browser.get("/me/worksheets")
    assert sheet in page.text
    assert "911 dispatch, Town of Ashfield" in words(page)
    assert "180 days" not in words(browser.get(sheet))


def test_two_worksheets_stand_beside_each_other_with_what_differs(
    app: Flask, session: Session
) -> None:
    account = make_account(session)
    browser = app.test_client(user=account)
    earlier, later = begin_as(app, account), begin_as(app, account)
    browser.post(earlier, data=TWO_TOWNS)
    browser.post(later, data=TWO_TOWNS | {"C4": "1"})
    ids = session.scalars(select(Worksheet.id).order_by(Worksheet.id)).all()
    query = "&".join(f"worksheet={each}" for each in reversed(ids))
    page = browser.get(f"/me/worksheets/beside?{query}")
    said = words(page)
    assert "C4 · Council orientation and political environment Mostly in favor" in said
    assert page.text.count("(differs)") == 1
    assert said.count("15 on a scale from 7 to 21") == 2
    assert "14 on a scale from 7 to 21" in said
    assert "12 on a scale from 7 to 21" in said


def test_only_two_of_ones_own_worksheets_are_compared(
    app: Flask, session: Session
) -> None:
    account, other = make_account(session), make_account(session)
    begin_as(app, account)
    begin_as(app, other)
    ids = session.scalars(select(Worksheet.id).order_by(Worksheet.id)).all()
    browser = app.test_client(user=account)
    first, second = map(str, ids)
    for wanted in ([first, second], [first], [first, first], [], ["x", "9"]):
        query = "&".join(f"worksheet={each}" for each in wanted)
        answer = browser.get(f"/me/worksheets/beside?{query}")
        assert (answer.status_code, answer.location) == (303, "/me/worksheets")


def test_who_is_signed_in_needs_the_token_of_their_session(
    app: Flask, session: Session
) -> None:
    browser = app.test_client(user=make_account(session))
    assert browser.post("/worksheets", data=DISPATCH).status_code == 422
    assert session.scalars(select(Worksheet.id)).all() == []


def test_a_worksheet_of_nobodys_becomes_ones_own_and_nobody_elses(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    sheet = begin(client)
    first, second = make_account(session), make_account(session)
    for account in (first, first, second):
        browser = app.test_client(user=account)
        token = hidden_on(browser.get("/me/account"), "csrf_token")
        claimed = browser.post(f"{sheet}/claim", data={"csrf_token": token})
        assert claimed.status_code == 303
    found = [
        sheet in app.test_client(user=account).get("/me/worksheets").text
        for account in (first, second)
    ]
    assert found == [True, False]


def test_a_worksheet_that_goes_while_it_is_answered_is_not_found(
    app: Flask, session: Session
) -> None:
    from csd_events.core.errors import NotFoundError  # noqa: PLC0415

    with (
        app.app_context(),
        pytest.raises(NotFoundError),
        transaction() as own,
    ):
        service.answer(own, 1, {"S1": 1}, now=NOON)


def test_a_question_that_is_none_is_an_error_of_ours(session: Session) -> None:
    with writing(session):
        begun = service.begin(
            session, service.Beginning(service_area="police"), now=NOON
        )
        with pytest.raises(KeyError):
            service.answer(session, begun.id, {"X1": 1}, now=NOON)


def test_saving_all_nineteen_costs_no_more_statements_than_saving_one(
    app: Flask, client: FlaskClient
) -> None:
    sheet = begin(client)
    costs = []
    for data in ({"S1": "1"}, dict.fromkeys(ITEMS, "2")):
        with counted(app) as said:
            client.post(sheet, data=data)
        costs.append(len(said))
    assert costs[0] == costs[1]
    with counted(app) as said:
        client.get(sheet)
    assert len(said) <= 6


def test_a_hall_behind_one_address_begins_600_an_hour_and_no_more(
    client: FlaskClient, session: Session
) -> None:
    from csd_events.core import limits  # noqa: PLC0415

    with writing(session):
        limits.count(session, what="worksheet", who="203.0.113.7", now=NOON, times=600)
    refused = client.post(
        "/worksheets",
        data=DISPATCH,
        environ_base={"REMOTE_ADDR": "203.0.113.7"},
    )
    assert refused.status_code == 429
