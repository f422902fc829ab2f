"""Invoices, credit notes and payments, and what the association says on them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_06_invoices"
down_revision = "2026_12_05_groups"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("invoice_name", "invoice_address", "tax_id", "payment_words")
TYPED = ("purchase_order", "bill_to")


def upgrade():
    with op.batch_alter_table("association") as association:
        for name in WORDS:
            association.add_column(_new(name, sa.String(), ""))
        association.add_column(_new("days_to_pay", sa.Integer(), "30"))
        association.add_column(_new("invoice_prefix", sa.String(), "INV"))
        association.create_check_constraint(
            op.f("ck_association_days_to_pay"), "days_to_pay >= 0"
        )
    with op.batch_alter_table("association") as association:
        for name in (*WORDS, "days_to_pay", "invoice_prefix"):
            association.alter_column(name, server_default=None)
    with op.batch_alter_table("registrations") as registrations:
        for name in TYPED:
            registrations.add_column(_new(name, sa.String(), ""))
    with op.batch_alter_table("registrations") as registrations:
        for name in TYPED:
            registrations.alter_column(name, server_default=None)
    op.create_table(
        "invoice_counters",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_invoice_counters_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_counters")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("credits_id", ID, nullable=True),
        sa.Column("registration_id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("life", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("payment_words", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=False),
        sa.Column("bill_to", sa.String(), nullable=False),
        sa.Column("purchase_order", sa.String(), nullable=False),
        sa.Column("search_key", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('invoice', 'credit_note')", name=op.f("ck_invoices_kind")
        ),
        sa.CheckConstraint("total_cents > 0", name=op.f("ck_invoices_total")),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (credits_id IS NOT NULL)",
            name=op.f("ck_invoices_credits"),
        ),
        sa.CheckConstraint(
            "(kind = 'invoice') = (due_on IS NOT NULL)", name=op.f("ck_invoices_due")
        ),
        sa.ForeignKeyConstraint(
            ["credits_id"], ["invoices.id"], name=op.f("fk_invoices_credits_id_invoices")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_invoices_registration_id_registrations"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_invoices_event_id_events")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint(
            "registration_id",
            "kind",
            "turn",
            name=op.f("uq_invoices_registration_id_kind_turn"),
        ),
        sa.UniqueConstraint("serial", name=op.f("uq_invoices_serial")),
    )
    op.create_index(
        op.f("ix_invoices_event_id_serial"), "invoices", ["event_id", "serial"]
    )
    notes = sa.text("credits_id IS NOT NULL")
    op.create_index(
        op.f("ix_invoices_credits_id"),
        "invoices",
        ["credits_id"],
        unique=True,
        postgresql_where=notes,
        sqlite_where=notes,
    )
    op.create_table(
        "payments",
        sa.Column("id", ID, nullable=False),
        sa.Column("invoice_id", ID, nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", ID, nullable=True),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_payments_cents")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_payments_invoice_id_invoices")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["people.id"], name=op.f("fk_payments_recorded_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("nonce", name=op.f("uq_payments_nonce")),
    )
    op.create_index(op.f("ix_payments_invoice_id"), "payments", ["invoice_id"])


def downgrade():
    for table in ("payments", "invoices", "invoice_counters"):
        op.drop_table(table)
    with op.batch_alter_table("registrations") as registrations:
        for name in TYPED:
            registrations.drop_column(name)
    with op.batch_alter_table("association") as association:
        association.drop_constraint(op.f("ck_association_days_to_pay"), type_="check")
        for name in (*WORDS, "days_to_pay", "invoice_prefix"):
            association.drop_column(name)


def _new(name, kind, default):
    return sa.Column(name, kind, nullable=False, server_default=default)
