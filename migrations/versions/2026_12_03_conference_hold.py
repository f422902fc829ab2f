"""Hold a place until the list of a conference has the address of who asked for it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_03_conference_hold"
down_revision = "2026_11_30_questions"
branch_labels = None
depends_on = None

HOLD = "ck_registrations_hold"
INDEX = "ix_registrations_hold_event_id"


def upgrade():
    with op.batch_alter_table("registrations") as registrations:
        registrations.drop_constraint(op.f(HOLD), type_="check")
        registrations.create_check_constraint(
            op.f(HOLD), "hold IN ('approval', 'conference', 'answer')"
        )
    some = sa.text("hold IS NOT NULL")
    op.create_index(
        INDEX,
        "registrations",
        ["hold", "event_id"],
        postgresql_where=some,
        sqlite_where=some,
    )
    needed = sa.Column(
        "needed_conference", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    with op.batch_alter_table("receipts") as receipts:
        receipts.add_column(needed)
    with op.batch_alter_table("receipts") as receipts:
        receipts.alter_column("needed_conference", server_default=None)


def downgrade():
    """Go back; what a list was to say is for staff to say."""
    op.drop_column("receipts", "needed_conference")
    op.drop_index(INDEX, "registrations")
    with op.batch_alter_table("registrations") as registrations:
        registrations.drop_constraint(op.f(HOLD), type_="check")
    op.execute("UPDATE registrations SET hold = 'approval' WHERE hold = 'conference'")
    with op.batch_alter_table("registrations") as registrations:
        registrations.create_check_constraint(
            op.f(HOLD), "hold IN ('approval', 'answer')"
        )
