"""Offers for whoever has the code of an invitation."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_invitations"
down_revision = "2026_11_28_held_places"
branch_labels = None
depends_on = None

NEVER_TWICE = {"sqlite_autoincrement": True}
AUDIENCE, CODE = "ck_event_offers_audience", "ck_event_offers_code"
ONCE = "uq_event_offers_event_id_code"


def upgrade():
    with op.batch_alter_table("event_offers", table_kwargs=NEVER_TWICE) as offers:
        offers.drop_constraint(op.f(AUDIENCE), type_="check")
        offers.add_column(sa.Column("code", sa.String(), nullable=True))
        offers.create_check_constraint(
            op.f(AUDIENCE), "audience IN ('everyone', 'members', 'others', 'invited')"
        )
        offers.create_check_constraint(
            op.f(CODE), "(audience = 'invited') = (code IS NOT NULL)"
        )
        offers.create_unique_constraint(ONCE, ["event_id", "code"])


def downgrade():
    """Go back; nobody has an offer that was for who had a code, nor gets it."""
    op.execute(
        "UPDATE registrations SET offer_id = NULL WHERE offer_id IN"
        " (SELECT id FROM event_offers WHERE audience = 'invited')"
    )
    op.execute("DELETE FROM event_offers WHERE audience = 'invited'")
    with op.batch_alter_table("event_offers", table_kwargs=NEVER_TWICE) as offers:
        offers.drop_constraint(ONCE, type_="unique")
        offers.drop_constraint(op.f(CODE), type_="check")
        offers.drop_constraint(op.f(AUDIENCE), type_="check")
        offers.drop_column("code")
        offers.create_check_constraint(
            op.f(AUDIENCE), "audience IN ('everyone', 'members', 'others')"
        )
