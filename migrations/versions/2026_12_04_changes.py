"""Places that go on to somebody else, reminders off, wishes to hear of an opening."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_04_changes"
down_revision = "2026_12_03_conference_hold"
branch_labels = None
depends_on = None

NEVER_TWICE = {"sqlite_autoincrement": True}
STATE = "state IN ('confirmed', 'held', 'waiting', 'cancelled')"
KIND = "kind IN ('replaced', 'readdressed', 'returned')"


def upgrade():
    op.add_column("events", sa.Column("replace_on", sa.Date(), nullable=True))
    with op.batch_alter_table("registrations") as registrations:
        registrations.add_column(
            sa.Column(
                "reminders_off", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
        registrations.add_column(_instant("handed_on_at", nullable=True))
        registrations.add_column(_instant("declined_at", nullable=True))
    with op.batch_alter_table("registrations") as registrations:
        registrations.alter_column("reminders_off", server_default=None)
    op.create_table(
        "handovers",
        _id(),
        sa.Column("kind", sa.String(32), nullable=False),
        _number("registration_id"),
        _number("received_id", nullable=True),
        _number("from_person_id"),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("hold", sa.String(32), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("made_way", sa.JSON(), nullable=True),
        sa.Column("life", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        _instant("made_at"),
        _instant("ends_at"),
        _instant("undone_at", nullable=True),
        sa.CheckConstraint(KIND, name=op.f("ck_handovers_handoverkind")),
        sa.CheckConstraint(STATE, name=op.f("ck_handovers_state")),
        sa.CheckConstraint(
            "hold IN ('approval', 'conference', 'answer')", name=op.f("ck_handovers_hold")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_handovers_registration_id_registrations"),
        ),
        sa.ForeignKeyConstraint(
            ["received_id"],
            ["registrations.id"],
            name=op.f("fk_handovers_received_id_registrations"),
        ),
        sa.ForeignKeyConstraint(
            ["from_person_id"],
            ["people.id"],
            name=op.f("fk_handovers_from_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        **NEVER_TWICE,
    )
    for column in ("registration_id", "received_id", "from_person_id"):
        op.create_index(op.f(f"ix_handovers_{column}"), "handovers", [column])
    op.create_table(
        "opening_wishes",
        _id(),
        _number("event_id"),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        _instant("asked_at"),
        _instant("confirmed_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_opening_wishes_event_id_events")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_wishes")),
        sa.UniqueConstraint(
            "event_id", "email_key", name=op.f("uq_opening_wishes_event_id_email_key")
        ),
        **NEVER_TWICE,
    )
    op.create_index(op.f("ix_opening_wishes_asked_at"), "opening_wishes", ["asked_at"])


def downgrade():
    """Go back; what went on stays where it is, and nobody hears of an opening."""
    op.drop_table("opening_wishes")
    op.drop_table("handovers")
    with op.batch_alter_table("registrations") as registrations:
        registrations.drop_column("declined_at")
        registrations.drop_column("handed_on_at")
        registrations.drop_column("reminders_off")
    op.drop_column("events", "replace_on")


def _id():
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", kind, nullable=False)


def _number(name, *, nullable=False):
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, nullable=nullable)


def _instant(name, *, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
