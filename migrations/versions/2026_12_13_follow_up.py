"""A mail on the morning after an event; those that are there already send none."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_13_follow_up"
down_revision = "2026_12_12_notices"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("events") as events:
        events.add_column(
            sa.Column(
                "follows_up", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
        events.add_column(
            sa.Column("followed_up_at", sa.DateTime(timezone=True), nullable=True)
        )
    with op.batch_alter_table("events") as events:
        events.alter_column("follows_up", server_default=None)


def downgrade():
    with op.batch_alter_table("events") as events:
        events.drop_column("followed_up_at")
        events.drop_column("follows_up")
