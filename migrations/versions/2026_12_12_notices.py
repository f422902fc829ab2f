"""Notices of a change wait a while, and until they leave it can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_12_notices"
down_revision = "2026_12_10_mail_words"
branch_labels = None
depends_on = None

NOT_YET_TOLD = sa.text("told_at IS NULL AND undone_at IS NULL")
KIND = "kind IN ('moved', 'cancelled')"


def upgrade():
    """Whoever was to be told of the changes that are there was told at once."""
    with op.batch_alter_table("event_changes") as changes:
        changes.add_column(
            sa.Column("kind", sa.String(32), nullable=False, server_default="moved")
        )
        for name in ("leaves_at", "told_at", "undone_at"):
            changes.add_column(
                sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            )
    op.execute("UPDATE event_changes SET leaves_at = changed_at, told_at = changed_at")
    with op.batch_alter_table("event_changes") as changes:
        changes.alter_column("kind", server_default=None)
        changes.alter_column("leaves_at", nullable=False)
        changes.create_check_constraint(op.f("ck_event_changes_changekind"), KIND)
    op.create_index(
        "ix_event_changes_leaves_at",
        "event_changes",
        ["leaves_at"],
        postgresql_where=NOT_YET_TOLD,
        sqlite_where=NOT_YET_TOLD,
    )


def downgrade():
    """Go back; what was called off and nobody was told of yet stays untold."""
    op.drop_index("ix_event_changes_leaves_at", table_name="event_changes")
    op.execute("DELETE FROM event_changes WHERE kind = 'cancelled'")
    with op.batch_alter_table("event_changes") as changes:
        changes.drop_constraint(op.f("ck_event_changes_changekind"), type_="check")
        for name in ("undone_at", "told_at", "leaves_at", "kind"):
            changes.drop_column(name)
