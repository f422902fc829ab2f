"""The form that made an event, or a copy of one, so that it makes one only.

And where SQLite lost the highest number of a presenter when their table was last
written anew, the audit trail knows it: who is gone is nobody else.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_31_a_copies"
down_revision = "2026_12_30_share"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("events") as events:
        events.add_column(sa.Column("sent", sa.String(), nullable=True))
        events.create_unique_constraint(op.f("uq_events_sent"), ["sent"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "UPDATE sqlite_sequence SET seq = max(seq, (SELECT"
            " coalesce(max(subject_id), 0) FROM audit_entries"
            " WHERE subject_kind = 'presenter')) WHERE name = 'presenters'"
        )


def downgrade():
    with op.batch_alter_table("events") as events:
        events.drop_constraint(op.f("uq_events_sent"), type_="unique")
        events.drop_column("sent")
