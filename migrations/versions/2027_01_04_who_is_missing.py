"""Index the addresses of an event, to go through them beside a conference's list."""

from alembic import op

revision = "2027_01_04_who_is_missing"
down_revision = "2027_01_03_lists"
branch_labels = None
depends_on = None

NAME = "ix_registrations_event_id_email_key_state"


def upgrade():
    op.create_index(op.f(NAME), "registrations", ["event_id", "email_key", "state"])


def downgrade():
    op.drop_index(op.f(NAME), "registrations")
