"""Count how often an organization was saved, so that nobody saves over another.

The default stays: taking it away would write the table anew, and SQLite would then
forget which numbers were given.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_27_organization_version"
down_revision = "2026_11_26_people_lists"
branch_labels = None
depends_on = None


def upgrade():
    version = sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    op.add_column("organizations", version)


def downgrade():
    op.drop_column("organizations", "version")
