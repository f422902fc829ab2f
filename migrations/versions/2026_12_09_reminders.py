"""When the reminders of an event go, as staff choose."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_09_reminders"
down_revision = "2026_12_08_feeds"
branch_labels = None
depends_on = None

USUAL = sa.text("""'["1h", "1d", "7d"]'""")


def upgrade():
    leads = sa.Column("reminders", sa.JSON(), nullable=False, server_default=USUAL)
    op.add_column("events", leads)


def downgrade():
    op.drop_column("events", "reminders")
