"""Hold places until a question about them is answered: by staff, or by who waited."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_held_places"
down_revision = "2026_11_27_people_ids"
branch_labels = None
depends_on = None

NEVER_TWICE = {"sqlite_autoincrement": True}
STATE, HOLD = "ck_registrations_state", "ck_registrations_hold"
COUNTERS = "ck_events_counters"


def upgrade():
    with op.batch_alter_table("events") as events:
        events.drop_constraint(op.f(COUNTERS), type_="check")
        events.add_column(_new("needs_approval", sa.Boolean(), sa.false()))
        events.add_column(_new("held", sa.Integer(), "0"))
        events.create_check_constraint(
            op.f(COUNTERS),
            "confirmed >= 0 AND held >= 0 AND waiting >= 0 AND next_position >= 1",
        )
    with op.batch_alter_table("events") as events:
        events.alter_column("needs_approval", server_default=None)
        events.alter_column("held", server_default=None)
    with op.batch_alter_table("event_offers", table_kwargs=NEVER_TWICE) as offers:
        offers.drop_constraint(op.f("ck_event_offers_confirmed"), type_="check")
        offers.add_column(_new("held", sa.Integer(), "0"))
        offers.create_check_constraint(
            op.f("ck_event_offers_counters"), "confirmed >= 0 AND held >= 0"
        )
    with op.batch_alter_table("event_offers", table_kwargs=NEVER_TWICE) as offers:
        offers.alter_column("held", server_default=None)
    with op.batch_alter_table("registrations") as registrations:
        registrations.drop_constraint(op.f(STATE), type_="check")
        registrations.add_column(sa.Column("hold", sa.String(32), nullable=True))
        registrations.add_column(
            sa.Column("held_until", sa.DateTime(timezone=True), nullable=True)
        )
        registrations.add_column(_new("decline_note", sa.String(), ""))
        registrations.create_check_constraint(
            op.f(STATE), "state IN ('confirmed', 'held', 'waiting', 'cancelled')"
        )
        registrations.create_check_constraint(
            op.f(HOLD), "hold IN ('approval', 'answer')"
        )
        registrations.create_check_constraint(
            op.f("ck_registrations_held"), "(state = 'held') = (hold IS NOT NULL)"
        )
    with op.batch_alter_table("registrations") as registrations:
        registrations.alter_column("decline_note", server_default=None)
    some = sa.text("held_until IS NOT NULL")
    op.create_index(
        "ix_registrations_held_until",
        "registrations",
        ["held_until"],
        postgresql_where=some,
        sqlite_where=some,
    )
    with op.batch_alter_table("receipts") as receipts:
        receipts.add_column(_new("needed_approval", sa.Boolean(), sa.false()))
    with op.batch_alter_table("receipts") as receipts:
        receipts.alter_column("needed_approval", server_default=None)


def downgrade():
    """Go back; a place that was held is one that is had, as there is no third."""
    op.drop_column("receipts", "needed_approval")
    op.drop_index("ix_registrations_held_until", "registrations")
    op.execute("UPDATE events SET confirmed = confirmed + held")
    op.execute("UPDATE event_offers SET confirmed = confirmed + held")
    with op.batch_alter_table("registrations") as registrations:
        registrations.drop_constraint(op.f("ck_registrations_held"), type_="check")
        registrations.drop_constraint(op.f(HOLD), type_="check")
        registrations.drop_constraint(op.f(STATE), type_="check")
    op.execute(
        "UPDATE registrations SET state = 'confirmed', confirmed_at = registered_at"
        " WHERE state = 'held'"
    )
    with op.batch_alter_table("registrations") as registrations:
        for name in ("hold", "held_until", "decline_note"):
            registrations.drop_column(name)
        registrations.create_check_constraint(
            op.f(STATE), "state IN ('confirmed', 'waiting', 'cancelled')"
        )
    with op.batch_alter_table("event_offers", table_kwargs=NEVER_TWICE) as offers:
        offers.drop_constraint(op.f("ck_event_offers_counters"), type_="check")
        offers.drop_column("held")
        offers.create_check_constraint(
            op.f("ck_event_offers_confirmed"), "confirmed >= 0"
        )
    with op.batch_alter_table("events") as events:
        events.drop_constraint(op.f(COUNTERS), type_="check")
        for name in ("needs_approval", "held"):
            events.drop_column(name)
        events.create_check_constraint(
            op.f(COUNTERS), "confirmed >= 0 AND waiting >= 0 AND next_position >= 1"
        )


def _new(name, kind, default):
    return sa.Column(name, kind, nullable=False, server_default=default)
