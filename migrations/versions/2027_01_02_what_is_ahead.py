"""Find where what is not over begins, without a look at all that is."""

from alembic import op

revision = "2027_01_02_what_is_ahead"
down_revision = "2027_01_01_seen_clashes"
branch_labels = None
depends_on = None

NAME = "ix_events_over_at_listed_at_state_archived_at"


def upgrade():
    columns = ["over_at", "listed_at", "state", "archived_at"]
    op.create_index(op.f(NAME), "events", columns)


def downgrade():
    op.drop_index(op.f(NAME), "events")
