"""In which time zone somebody on stage is at home."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_22_presenter_zones"
down_revision = "2026_12_20_library_saved"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("presenters", sa.Column("zone", sa.String(), nullable=True))


def downgrade():
    with op.batch_alter_table("presenters") as table:
        table.drop_column("zone")
