"""Colleagues: who was registered by whose form, and offers for them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_05_groups"
down_revision = "2026_12_04_changes"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEVER_TWICE = {"sqlite_autoincrement": True}
AUDIENCE, HOLD = "ck_event_offers_audience", "ck_registrations_hold"
GROUP = "fk_registrations_group_id_registration_groups"
PASSED_ON = "fk_handovers_group_id_registration_groups"
OVERLAP = "ex_event_offers_colleagues"


def upgrade():
    op.create_table(
        "registration_groups",
        sa.Column("id", ID, nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("sender_id", ID, nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        _refers("registration_groups", "event_id", "events"),
        _refers("registration_groups", "sender_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_registration_groups"),
        sa.UniqueConstraint("nonce", name="uq_registration_groups_nonce"),
    )
    for name in ("event_id", "sender_id"):
        op.create_index(
            f"ix_registration_groups_{name}", "registration_groups", [name]
        )
    op.create_table(
        "group_entries",
        sa.Column("group_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("registration_id", ID, nullable=False),
        sa.Column("told", sa.String(length=32), nullable=True),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=False),
        sa.Column("offer_id", ID, nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "told IN ('confirmed', 'held', 'waiting', 'cancelled')",
            name=op.f("ck_group_entries_state"),
        ),
        _refers("group_entries", "group_id", "registration_groups"),
        _refers("group_entries", "registration_id", "registrations"),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["event_offers.id"],
            name="fk_group_entries_offer_id_event_offers",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("group_id", "number", name="pk_group_entries"),
        sa.UniqueConstraint(
            "group_id", "email_key", name="uq_group_entries_group_id_email_key"
        ),
    )
    for name in ("offer_id", "registration_id"):
        op.create_index(f"ix_group_entries_{name}", "group_entries", [name])
    with op.batch_alter_table("registrations") as registrations:
        registrations.drop_constraint(op.f(HOLD), type_="check")
        registrations.add_column(sa.Column("group_id", ID, nullable=True))
        registrations.create_foreign_key(
            GROUP, "registration_groups", ["group_id"], ["id"]
        )
        registrations.create_check_constraint(
            op.f(HOLD), "hold IN ('approval', 'conference', 'answer', 'sender')"
        )
    with op.batch_alter_table("handovers", table_kwargs=NEVER_TWICE) as handovers:
        handovers.add_column(sa.Column("group_id", ID, nullable=True))
        handovers.create_foreign_key(
            PASSED_ON, "registration_groups", ["group_id"], ["id"]
        )
    _hand_over("'approval', 'conference', 'answer', 'sender'")
    some = sa.text("group_id IS NOT NULL")
    op.create_index(
        "ix_registrations_group_id",
        "registrations",
        ["group_id"],
        postgresql_where=some,
        sqlite_where=some,
    )
    _offer_to("'everyone', 'members', 'others', 'invited', 'colleagues'")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE event_offers ADD CONSTRAINT {OVERLAP} "
            "EXCLUDE USING gist (int8range(event_id, event_id, '[]') WITH &&, "
            "tstzrange(opens_at, closes_at) WITH &&) "
            "WHERE (audience = 'colleagues') DEFERRABLE INITIALLY DEFERRED"
        )


def downgrade():
    """Go back; a place that waited for its sender is held for staff to look at."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE event_offers DROP CONSTRAINT {OVERLAP}")
    op.execute(
        "UPDATE registrations SET offer_id = NULL WHERE offer_id IN"
        " (SELECT id FROM event_offers WHERE audience = 'colleagues')"
    )
    op.execute("DELETE FROM event_offers WHERE audience = 'colleagues'")
    _offer_to("'everyone', 'members', 'others', 'invited'")
    op.execute(
        "UPDATE registrations SET hold = 'approval', held_until = NULL"
        " WHERE hold = 'sender'"
    )
    op.execute("UPDATE registrations SET held_until = NULL WHERE state = 'waiting'")
    op.execute("UPDATE handovers SET hold = 'approval' WHERE hold = 'sender'")
    _hand_over("'approval', 'conference', 'answer'")
    with op.batch_alter_table("handovers", table_kwargs=NEVER_TWICE) as handovers:
        handovers.drop_constraint(PASSED_ON, type_="foreignkey")
        handovers.drop_column("group_id")
    op.drop_index("ix_registrations_group_id", "registrations")
    with op.batch_alter_table("registrations") as registrations:
        registrations.drop_constraint(op.f(HOLD), type_="check")
        registrations.drop_constraint(GROUP, type_="foreignkey")
        registrations.drop_column("group_id")
        registrations.create_check_constraint(
            op.f(HOLD), "hold IN ('approval', 'conference', 'answer')"
        )
    op.drop_table("group_entries")
    op.drop_table("registration_groups")


def _hand_over(holds):
    with op.batch_alter_table("handovers", table_kwargs=NEVER_TWICE) as handovers:
        handovers.drop_constraint(op.f("ck_handovers_hold"), type_="check")
        handovers.create_check_constraint(
            op.f("ck_handovers_hold"), f"hold IN ({holds})"
        )


def _refers(table, column, to):
    name = f"fk_{table}_{column}_{to}"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name)


def _offer_to(audiences):
    with op.batch_alter_table("event_offers", table_kwargs=NEVER_TWICE) as offers:
        offers.drop_constraint(op.f(AUDIENCE), type_="check")
        offers.create_check_constraint(
            op.f(AUDIENCE), f"audience IN ({audiences})"
        )
