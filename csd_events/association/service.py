"""Say who the association is."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from csd_events.association import queries
from csd_events.association.models import ONLY_ID, Association
from csd_events.association.rules import AssociationView
from csd_events.audit import service as audit
from csd_events.core.db import after_commit


def ensure(session: Session, first: AssociationView) -> None:
    """Write the row where there is none. For the sample program; safe to repeat."""
    if session.scalar(select(Association.id)) is None:
        session.execute(insert(Association).values(id=ONLY_ID, **asdict(first)))
        after_commit(session, queries.forget)


def save(
    session: Session,
    association: AssociationView,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    """Replace what is known of the association, and write down what changed."""
    ensure(session, queries.first())
    session.scalars(select(Association.id).with_for_update()).one()
    before, after = asdict(queries.read(session)), asdict(association)
    changes = {
        name: [before[name], after[name]]
        for name in after
        if before[name] != after[name]
    }
    if not changes:
        return
    session.execute(update(Association).values(after))
    audit.record(
        session,
        "association.saved",
        subject_id=ONLY_ID,
        now=now,
        actor_id=actor_id,
        changes=changes,
    )
    after_commit(session, queries.forget)
