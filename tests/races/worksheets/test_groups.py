"""Colleagues who hand in, join and settle at one moment, at two server processes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.worksheets.models import (
    Worksheet,
    WorksheetAnswer,
    WorksheetGroup,
    WorksheetSettlement,
)
from tests.colleagues import FOUR, begin_talk, code_on, four_hand_in, join, open_group
from tests.crowd import Form, Post
from tests.factories import writing
from tests.together import somebody_waits

ROUNDS = 3


def changed(session: Session) -> int:
    session.rollback()
    latest = select(WorksheetGroup.changed).order_by(WorksheetGroup.id.desc())
    return session.scalars(latest.limit(1)).one()


def test_those_who_hand_in_at_once_are_all_counted(
    client: FlaskClient, session: Session, post: Post
) -> None:
    for _ in range(ROUNDS):
        group = open_group(client)
        code = code_on(client, group)
        sheets = [join(client, code) for _ in range(8)]
        before = changed(session)
        forms = [Form(f"{sheet}/hand-in", FOUR[0]) for sheet in sheets]
        assert post(forms) == {303: 8}
        assert changed(session) == before + 8
        assert "8 joined, 8 handed in." in client.get(group).text


def test_one_who_hands_in_twice_at_once_is_counted_once(
    client: FlaskClient, session: Session, post: Post
) -> None:
    group = open_group(client)
    sheet = join(client, code_on(client, group))
    assert post([Form(f"{sheet}/hand-in", each) for each in FOUR * 2]) == {303: 8}
    assert "1 joined, 1 handed in." in client.get(group).text
    session.rollback()
    answers = Counter(session.scalars(select(WorksheetAnswer.item)))
    assert set(answers.values()) == {1}


def test_two_who_settle_a_question_at_once_leave_one_of_their_words(
    client: FlaskClient, session: Session, post: Post
) -> None:
    for turn in range(ROUNDS):
        group = open_group(client)
        four_hand_in(client, group)
        begin_talk(client, group)
        words = [("1", "one"), ("3", "three")] * 3
        forms = [
            Form(f"{group}/questions/C6", {"grade": grade, "note": note})
            for grade, note in words
        ]
        assert post(forms) == {303: 6}
        session.rollback()
        rows = session.execute(
            select(WorksheetSettlement.grade, WorksheetSettlement.note)
        ).all()
        assert len(rows) == turn + 1
        assert set(rows) <= {(1, "one"), (3, "three")}


def test_the_same_form_sent_many_times_at_once_joins_once(
    client: FlaskClient, session: Session, post: Post
) -> None:
    code = code_on(client, open_group(client))
    form = Form(f"/worksheets/join/{code}", {"name": "Ada", "once": "abcdefghijklmnop"})
    assert post([form] * 8) == {303: 8}
    session.rollback()
    assert len(session.scalars(select(Worksheet.id)).all()) == 1


def test_an_answer_that_changes_as_the_talk_begins_is_saved_or_refused(
    app: Flask, client: FlaskClient, session: Session, post: Post
) -> None:
    for _ in range(ROUNDS):
        group = open_group(client)
        sheet, *_others = four_hand_in(client, group)
        forms = [Form(sheet, {"S1": "3"}) for _ in range(4)]
        answers = post([*forms, Form(f"{group}/talk", {})])
        assert answers.total() == 5
        assert set(answers) <= {303, 409}
        saved = answers[303] > 1
        session.rollback()
        newest = select(WorksheetAnswer.grade).where(WorksheetAnswer.item == "S1")
        first = session.scalars(
            select(Worksheet.id).where(Worksheet.name == "Ada Sample")
        ).all()[-1]
        grade = session.scalars(newest.where(WorksheetAnswer.worksheet_id == first))
        assert grade.one() == (3 if saved else 1)


def test_a_group_removed_while_people_join_and_hand_in_leaves_everybody_their_own(
    client: FlaskClient, session: Session, post: Post
) -> None:
    for turn in range(ROUNDS):
        group = open_group(client)
        code = code_on(client, group)
        sheets = [join(client, code, "Ada Sample") for _ in range(4)]
        joining = f"/worksheets/join/{code}"
        answers = post(
            [
                *(Form(f"{sheet}/hand-in", FOUR[0]) for sheet in sheets[:2]),
                Form(f"{group}/remove", {}),
                *(
                    Form(joining, {"name": "Ben Sample", "once": f"{turn}{n:015}"})
                    for n in range(3)
                ),
                Form(f"{group}/remove", {}),
                *(Form(f"{sheet}/hand-in", FOUR[1]) for sheet in sheets[2:]),
            ]
        )
        assert answers.total() == 9
        assert set(answers) <= {303, 404}
        assert client.get(group).status_code == 404
        assert {client.get(sheet).status_code for sheet in sheets} == {200}
        session.rollback()
        assert session.scalars(select(WorksheetGroup.id)).all() == []
        left = select(Worksheet.group_id, Worksheet.name, Worksheet.handed_in_at)
        assert set(session.execute(left).all()) == {(None, "", None)}
        given = session.scalars(select(WorksheetAnswer.worksheet_id).distinct()).all()
        assert len(given) == 4 * (turn + 1)


@pytest.mark.postgres_only  # on SQLite the second does not even begin
def test_who_removes_a_group_takes_its_worksheets_in_one_order(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    """The first is answered last, and lies behind the others then."""
    group = open_group(client)
    code = code_on(client, group)
    sheets = [join(client, code) for _ in range(3)]
    client.post(f"{sheets[0]}/hand-in", data=FOUR[0])
    first, *_, last = session.scalars(select(Worksheet.id).order_by(Worksheet.id))
    with ThreadPoolExecutor(1) as pool:
        with writing(session):
            _lock(session, first)
            removing = pool.submit(app.test_client().post, f"{group}/remove")
            while not (removing.done() or somebody_waits(session)):
                pass
            _lock(session, last)
        answer = removing.result()
    assert answer.status_code == 303
    assert client.get(group).status_code == 404


def _lock(session: Session, worksheet_id: int) -> None:
    its = select(Worksheet.id).where(Worksheet.id == worksheet_id)
    session.execute(its.with_for_update())
