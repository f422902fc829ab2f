"""Mail that came back, and the mailboxes in which servers report it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_15_bounces"
down_revision = "2026_12_14_announcements"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATE = "ck_outbox_messages_state"
LEFT_OUT = "ck_announcement_recipients_leftout"
STATES = "'queued', 'sending', 'sent', 'failed', 'skipped'"
REASONS = "'unconfirmed', 'unsubscribed', 'over_cap'"
NOT_SETTLED = sa.text("settled_at IS NULL")


def _allow(states, reasons):
    with op.batch_alter_table("outbox_messages") as mails:
        mails.drop_constraint(op.f(STATE), type_="check")
        mails.create_check_constraint(op.f(STATE), f"state IN ({states})")
    with op.batch_alter_table(
        "announcement_recipients", table_kwargs={"sqlite_autoincrement": True}
    ) as recipients:
        recipients.drop_constraint(op.f(LEFT_OUT), type_="check")
        recipients.create_check_constraint(
            op.f(LEFT_OUT), f"left_out IN ({reasons})"
        )


def upgrade():
    _allow(f"{STATES}, 'returned'", f"{REASONS}, 'returned'")
    op.create_index("ix_outbox_messages_message_id", "outbox_messages", ["message_id"])
    op.create_table(
        "bounces",
        sa.Column("message_id", ID, autoincrement=False, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["outbox_messages.id"],
            name=op.f("fk_bounces_message_id_outbox_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_bounces")),
    )
    op.create_index(
        "ix_bounces_address",
        "bounces",
        ["address"],
        postgresql_where=NOT_SETTLED,
        sqlite_where=NOT_SETTLED,
    )
    op.create_table(
        "bounce_mailboxes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("validity", ID, nullable=True),
        sa.Column("last_uid", ID, nullable=True),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("trouble_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bounce_mailboxes")),
    )


def downgrade():
    """Go back; a mail that came back was sent, and whom it left out was over the cap."""
    op.drop_table("bounce_mailboxes")
    op.drop_table("bounces")
    op.drop_index("ix_outbox_messages_message_id", table_name="outbox_messages")
    op.execute("UPDATE outbox_messages SET state = 'sent' WHERE state = 'returned'")
    op.execute(
        "UPDATE announcement_recipients SET left_out = 'over_cap'"
        " WHERE left_out = 'returned'"
    )
    _allow(STATES, REASONS)
