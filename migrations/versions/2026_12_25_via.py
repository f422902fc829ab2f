"""By which address of an event people came."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_25_via"
down_revision = "2026_12_24_library_uses"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("registrations", sa.Column("via", sa.String(), nullable=True))


def downgrade():
    op.drop_column("registrations", "via")
