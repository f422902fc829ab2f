"""Let one person have what another is on record for, who turned out to be them."""

from datetime import datetime

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.organizations.models import Affiliation, Membership


def hand_over(
    session: Session,
    *,
    from_id: int,
    to_id: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Hand over affiliations and memberships.

    Where both belong to an organization from the same day, the one who takes over
    keeps their own.
    """
    _drop_what_both_have(session, from_id, to_id, now=now, actor_id=actor_id)
    for table, action in (
        (Affiliation, "affiliation.handed_over"),
        (Membership, "membership.handed_over"),
    ):
        moved = session.scalars(
            update(table)
            .where(table.person_id == from_id)
            .values(person_id=to_id)
            .returning(table.id)
        ).all()
        for row_id in moved:
            audit.record(
                session,
                action,
                subject_id=row_id,
                now=now,
                actor_id=actor_id,
                changes={"person_id": [from_id, to_id]},
            )


def _drop_what_both_have(
    session: Session, from_id: int, to_id: int, *, now: datetime, actor_id: int | None
) -> None:
    kept = select(Affiliation.organization_id, Affiliation.from_on).where(
        Affiliation.person_id == to_id
    )
    same = tuple_(Affiliation.organization_id, Affiliation.from_on).in_(kept)
    dropped = session.scalars(
        delete(Affiliation)
        .where(Affiliation.person_id == from_id, same)
        .returning(Affiliation.id)
        .execution_options(synchronize_session=False)
    ).all()
    for row_id in dropped:
        audit.record(
            session,
            "affiliation.dropped",
            subject_id=row_id,
            now=now,
            actor_id=actor_id,
            changes={"person_id": [from_id, None]},
        )
