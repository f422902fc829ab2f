"""A group kept: its link mailed, put among an account; and removed, by hand or time."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.errors import RefusedError
from csd_events.worksheets import service
from csd_events.worksheets.models import (
    Worksheet,
    WorksheetAnswer,
    WorksheetGroup,
    WorksheetSettlement,
    WorksheetTask,
)
from csd_events.worksheets.rules import KEPT, OPEN_FOR
from csd_events.worksheets.service import Sending
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
from tests.factories import DAY, NOON, make_account, writing
from tests.letters import deliver
from tests.visitors import errors_on, hidden_on, words

pytestmark = pytest.mark.usefixtures("now", "session")
SECOND = timedelta(seconds=1)


@pytest.fixture
def group(client: FlaskClient) -> str:
    return open_group(client)


def group_id(session: Session) -> int:
    session.rollback()
    return session.scalars(select(WorksheetGroup.id)).one()


def groups_left(session: Session) -> int:
    session.rollback()
    return len(session.scalars(select(WorksheetGroup.id)).all())


def test_who_leads_without_an_account_mails_themselves_the_way_back(
    app: Flask, client: FlaskClient, group: str
) -> None:
    assert "Send it to yourself" in words(client.get(group))
    page = client.get(f"{group}/keep")
    assert f"http://csd.test{group}" in page.text
    assert "Kept until October 28, 2030" in words(page)
    wrong = client.post(f"{group}/keep", data={"email": "nowhere"})
    assert (wrong.status_code, list(errors_on(wrong))) == (422, ["email"])
    sent = client.post(f"{group}/keep", data={"email": "ada@example.org"})
    assert (sent.status_code, sent.location) == (303, group)
    (mail,) = deliver(app)
    assert (mail["To"], mail["Subject"]) == (
        "ada@example.org",
        "Your group: 911 dispatch",
    )
    body = mail.get_body(("plain",))
    assert body is not None
    said = body.get_content()
    assert f"http://csd.test{group}" in said
    assert "Open your group" in said
    assert "The group is kept until October 28, 2030" in said


def test_links_of_groups_and_worksheets_to_one_address_are_three_an_hour_together(
    app: Flask, client: FlaskClient, group: str
) -> None:
    sheet = join(client, code_on(client, group))
    for page in (group, group, sheet, group, sheet):
        sent = client.post(f"{page}/keep", data={"email": "Ada@example.org"})
        assert sent.status_code == 303
    assert len(deliver(app)) == 3


def test_the_mail_of_a_group_that_was_removed_does_not_go(
    app: Flask, client: FlaskClient, group: str
) -> None:
    client.post(f"{group}/keep", data={"email": "ada@example.org"})
    client.post(f"{group}/remove")
    assert deliver(app) == []


def test_the_mail_of_a_members_group_names_no_day_on_which_it_goes(
    app: Flask, client: FlaskClient, session: Session, group: str
) -> None:
    account = make_account(session)
    with writing(session):
        which = session.scalars(select(WorksheetGroup.id)).one()
        assert service.claim_group(session, which, account.person_id)
        sending = Sending("ada@example.org", None)
        service.send_group_link(session, which, sending, now=NOON)
    (mail,) = deliver(app)
    body = mail.get_body(("plain",))
    assert body is not None
    assert "kept until" not in body.get_content()


def test_a_group_of_nobodys_becomes_ones_own_and_nobody_elses(
    app: Flask, client: FlaskClient, session: Session, group: str
) -> None:
    assert client.post(f"{group}/claim").status_code == 400
    assert session.scalars(select(WorksheetGroup.person_id)).all() == [None]
    first, second = make_account(session), make_account(session)
    for account in (first, first, second):
        browser = app.test_client(user=account)
        token = hidden_on(browser.get("/me/account"), "csrf_token")
        claimed = browser.post(f"{group}/claim", data={"csrf_token": token})
        assert (claimed.status_code, claimed.location) == (303, group)
    found = [
        group in app.test_client(user=account).get("/me/worksheets").text
        for account in (first, second)
    ]
    assert found == [True, False]
    assert "Keep it with your account" not in words(
        app.test_client(user=first).get(f"{group}/keep")
    )


def test_before_a_group_is_removed_it_says_what_goes_and_what_stays(
    client: FlaskClient, session: Session, group: str
) -> None:
    code = code_on(client, group)
    for answers in FOUR[:3]:
        hand_in(client, join(client, code), answers)
    client.post(join(client, code), data={"S1": "1", "S2": "unknown"})
    said = words(client.get(f"{group}/remove"))
    kept = len(session.scalars(select(WorksheetAnswer.item)).all())
    assert kept == 3 * 14 + 2
    assert "4 people joined it, and 3 handed in;" in said
    assert f"their worksheets hold {kept} answers." in said
    assert "Everybody keeps their own worksheet with their answers" in said
    assert groups_left(session) == 1


def test_a_removed_group_is_gone_with_all_it_wrote_and_everybody_keeps_their_own(
    client: FlaskClient, session: Session, group: str
) -> None:
    sheets, screen = four_hand_in(client, group), screen_of(client, group)
    code = code_on(client, group)
    begin_talk(client, group)
    client.post(f"{group}/questions/C6", data={"grade": "1", "note": "x"})
    client.post(f"{group}/tasks", data={"what": "What the lease says"})
    before = session.scalars(select(WorksheetAnswer.item)).all()
    gone = client.post(f"{group}/remove")
    assert (gone.status_code, gone.location) == (303, "/worksheets")
    for page in (group, f"{group}/result", f"{group}/keep", screen):
        assert client.get(page).status_code == 404
    assert client.get(f"/worksheets/join/{code}").status_code == 404
    session.rollback()
    for kind in (WorksheetGroup.id, WorksheetSettlement.item, WorksheetTask.id):
        assert session.scalars(select(kind)).all() == []
    assert len(session.scalars(select(WorksheetAnswer.item)).all()) == len(before)
    left = select(
        Worksheet.name, Worksheet.joining, Worksheet.group_id, Worksheet.handed_in_at
    )
    assert set(session.execute(left).all()) == {("", None, None, None)}
    assert client.get(f"{sheets[0]}/talk").location == sheets[0]
    assert client.get(f"{sheets[0]}/group").location == f"{sheets[0]}/talk"
    assert client.post(sheets[0], data={"S1": "3"}).status_code == 303
    said = words(client.get(f"{sheets[0]}/result"))
    assert "on a scale from 7 to 21" in said


def test_an_open_group_is_not_removed_while_somebody_may_join(
    client: FlaskClient, session: Session, group: str
) -> None:
    which = group_id(session)
    with writing(session), pytest.raises(RefusedError):
        service.remove_group(session, which)
    assert groups_left(session) == 1
    client.post(f"{group}/close")
    for _ in range(2):
        with writing(session):
            service.remove_group(session, which)
    assert groups_left(session) == 0


def test_nobodys_group_goes_180_days_after_its_last_change_though_it_was_closed(
    app: Flask, client: FlaskClient, session: Session, group: str
) -> None:
    assert "removed 180 days after its last change" in words(
        client.get("/worksheets/groups")
    )
    assert "removed 180 days after its last change" in words(client.get(group))
    sheet = join(client, code_on(client, group), "Ada")
    account = make_account(session)
    browser = app.test_client(user=account)
    token = hidden_on(browser.get("/worksheets/groups"), "csrf_token")
    open_group(browser, csrf_token=token)
    for later, left in (
        (OPEN_FOR + SECOND, 2),  # closed by now, and not changed by that
        (KEPT, 2),
        (KEPT + SECOND, 1),
        (KEPT * 3, 1),
    ):
        with writing(session):
            service.forget_groups(session, now=NOON + later)
        assert groups_left(session) == left
    assert client.get(sheet).status_code == 200
    assert session.scalars(select(Worksheet.name)).all() == [""]


def test_a_change_keeps_a_group_for_another_180_days(
    client: FlaskClient, session: Session, group: str
) -> None:
    which = group_id(session)
    with writing(session):
        service.close(session, which, now=NOON + 29 * DAY)
        service.forget_groups(session, now=NOON + KEPT + DAY)
    assert groups_left(session) == 1
    with writing(session):
        service.forget_groups(session, now=NOON + KEPT + 30 * DAY)
    assert groups_left(session) == 0
