"""Calendars that follow a person's registrations: the version of their link."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_08_feeds"
down_revision = "2026_12_07_delivery_settings"
branch_labels = None
depends_on = None


def upgrade():
    first = sa.Column("feed_version", sa.Integer(), nullable=False, server_default="1")
    op.add_column("accounts", first)


def downgrade():
    op.drop_column("accounts", "feed_version")
