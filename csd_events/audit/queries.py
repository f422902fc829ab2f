"""Reading the audit trail."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry


def list_about(
    session: Session, subject_kind: str, subject_id: int
) -> Sequence[AuditEntry]:
    """List what happened to one thing, the latest first."""
    return session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject_kind == subject_kind,
            AuditEntry.subject_id == subject_id,
        )
        .order_by(AuditEntry.id.desc())
    ).all()
