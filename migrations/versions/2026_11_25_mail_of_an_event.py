"""Find the mail of an event, and what was mailed to an address."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_mail_of_an_event"
down_revision = "2026_11_21_first_tables"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MAILS = "outbox_messages"


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


def downgrade():
    op.drop_index("ix_outbox_messages_to_address_due_at", MAILS)
    op.drop_index("ix_outbox_messages_event_id_id", MAILS)
    op.drop_column(MAILS, "event_id")
