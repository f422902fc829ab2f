"""Case studies that staff do not want suggested at an event."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_19_hidden_cases"
down_revision = "2026_12_19_case_notes"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "events",
        sa.Column("hidden_cases", sa.JSON(), server_default="[]", nullable=False),
    )
    with op.batch_alter_table("events") as table:
        table.alter_column("hidden_cases", server_default=None)


def downgrade():
    with op.batch_alter_table("events") as table:
        table.drop_column("hidden_cases")
