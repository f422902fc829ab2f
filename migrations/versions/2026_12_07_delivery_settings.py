"""Mail that staff hold back, and how much of it goes in a minute."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_07_delivery_settings"
down_revision = "2026_12_06_invoices"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN_SENT = sa.text("sent_at IS NOT NULL")


def upgrade():
    op.create_table(
        "delivery_settings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", ID, nullable=True),
        sa.Column("per_minute", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_delivery_settings_only_one")),
        sa.CheckConstraint(
            "per_minute > 0", name=op.f("ck_delivery_settings_per_minute")
        ),
        sa.ForeignKeyConstraint(
            ["held_by"], ["people.id"], name=op.f("fk_delivery_settings_held_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_settings")),
    )
    op.create_index(
        "ix_outbox_messages_sent_at",
        "outbox_messages",
        ["sent_at"],
        postgresql_where=WHEN_SENT,
        sqlite_where=WHEN_SENT,
    )


def downgrade():
    op.drop_index("ix_outbox_messages_sent_at", "outbox_messages")
    op.drop_table("delivery_settings")
