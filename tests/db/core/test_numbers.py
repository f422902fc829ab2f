"""Ids of rows that are gone: nothing that still names one finds another row by it."""

from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from csd_events.accounts.models import Person
from csd_events.audit import queries as audit
from csd_events.events import service
from csd_events.events.models import Partner, Presenter
from csd_events.events.rules import Contributor, PartnerDraft, PresenterDraft, Role
from tests.factories import NOON, make_event, make_person, writing


def test_an_id_of_a_person_who_was_removed_is_not_given_again(session: Session) -> None:
    gone = make_person(session).id
    session.execute(delete(Person).where(Person.id == gone))
    session.commit()
    assert make_person(session).id > gone


@pytest.mark.parametrize(
    ("kind", "subject", "role", "draft"),
    [
        (Presenter, "presenter", Role.PRESENTER, PresenterDraft(full_name="Bea B.")),
        (Partner, "partner", Role.CO_PRODUCER, PartnerDraft(name="Bea B.")),
    ],
)
def test_who_comes_after_a_merge_has_no_history_of_who_went(
    session: Session, kind: Any, subject: str, role: Role, draft: Any
) -> None:
    def make(name: str) -> int:
        make_event(session, contributors=[Contributor(role=role, name=name)])
        newest: int = session.scalars(select(func.max(kind.id))).one()
        return newest

    kept, gone = make("Ada"), make("Bea")
    with writing(session):
        service.update_contributor(session, kind, gone, draft, version=1, now=NOON)
    with writing(session):
        service.merge_contributors(session, kind, gone, into_id=kept, now=NOON)
    newcomer = make("Cleo")
    assert newcomer > gone
    assert audit.list_about(session, subject, newcomer) == []
