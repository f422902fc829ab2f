"""What was done to one thing, as staff read it."""

from flask import Flask
from sqlalchemy.orm import Session

from csd_events.core.access import Role
from csd_events.events import service as events
from csd_events.events.rules import ProgramDraft
from tests.factories import NOON, make_account, writing


def test_what_was_done_to_a_thing_is_read_by_any_staff(
    app: Flask, session: Session
) -> None:
    staff = make_account(session, full_name="Stacy Sample", role=Role.SCHEDULER)
    with writing(session):
        program_id = events.create_program(
            session, ProgramDraft(name="First name"), slug="first", now=NOON
        )
        events.update_program(
            session,
            program_id,
            ProgramDraft(name="Second name"),
            version=1,
            now=NOON,
            actor_id=staff.person_id,
        )
    page = app.test_client(user=staff).get(f"/staff/history/program/{program_id}")
    words = " ".join(page.get_data(as_text=True).split())
    assert "History of Second name" in words
    assert words.index("Program changed") < words.index("Program written")
    assert "<bdi>First name</bdi>" in words
    assert "<bdi>Stacy Sample</bdi>" in words


def test_there_is_no_history_of_people_nor_of_what_is_not_there(
    app: Flask, session: Session
) -> None:
    staff = make_account(session, role=Role.SCHEDULER)
    asked = app.test_client(user=staff)
    found = {
        path: asked.get(f"/staff/history/{path}").status_code
        for path in (
            f"account/{staff.id}",
            f"person/{staff.person_id}",
            "program/999",
            "zebra/1",
        )
    }
    assert set(found.values()) == {404}
