"""The share of its time that completes a training program."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_30_share"
down_revision = "2026_12_29_stage"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("events") as events:
        events.add_column(sa.Column("completes_share", sa.Integer(), nullable=True))
        events.create_check_constraint(
            op.f("ck_events_completes_share"),
            "completes_share IS NULL"
            " OR (completes_share BETWEEN 1 AND 100 AND completes_after IS NULL)",
        )


def downgrade():
    with op.batch_alter_table("events") as events:
        events.drop_constraint(op.f("ck_events_completes_share"), type_="check")
        events.drop_column("completes_share")
