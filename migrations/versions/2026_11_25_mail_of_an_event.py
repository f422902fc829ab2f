"""Find the mail of an event, what was mailed to an address, and a page of events."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_mail_of_an_event"
down_revision = "2026_11_21_first_tables"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MAILS = "outbox_messages"
CATALOG_COLUMNS = ["listed_at", "id", "over_at", "state", "month", "on_demand"]
CATALOG = "ix_events_" + "_".join(CATALOG_COLUMNS)


def upgrade():
    op.add_column(MAILS, sa.Column("event_id", ID, nullable=True))
    # Every mail so far is about a registration.
    op.execute(
        "UPDATE outbox_messages SET event_id = (SELECT registrations.event_id "
        "FROM registrations WHERE registrations.id = outbox_messages.subject_id)"
    )
    op.create_index("ix_outbox_messages_event_id_id", MAILS, ["event_id", "id"])
    op.create_index(
        "ix_outbox_messages_to_address_due_at", MAILS, ["to_address", "due_at"]
    )
    op.drop_index("ix_events_state_listed_at_id", "events")
    op.create_index(CATALOG, "events", CATALOG_COLUMNS)


def downgrade():
    op.drop_index(CATALOG, "events")
    op.create_index(
        "ix_events_state_listed_at_id", "events", ["state", "listed_at", "id"]
    )
    op.drop_index("ix_outbox_messages_to_address_due_at", MAILS)
    op.drop_index("ix_outbox_messages_event_id_id", MAILS)
    op.drop_column(MAILS, "event_id")
