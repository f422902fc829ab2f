"""Find what was mailed to an address, and when."""

from alembic import op

revision = "2026_11_25_mail_by_address"
down_revision = "2026_11_21_first_tables"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(
        "ix_outbox_messages_to_address_due_at",
        "outbox_messages",
        ["to_address", "due_at"],
    )


def downgrade():
    op.drop_index("ix_outbox_messages_to_address_due_at", "outbox_messages")
