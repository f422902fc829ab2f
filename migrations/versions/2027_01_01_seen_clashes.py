"""Clashes of two events that staff know of, and leave as they are."""

import sqlalchemy as sa
from alembic import op

revision = "2027_01_01_seen_clashes"
down_revision = "2026_12_31_a_copies"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "seen_clashes",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("first_id", ID, nullable=False),
        sa.Column("second_id", ID, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_by", ID, nullable=True),
        sa.CheckConstraint(
            "first_id < second_id", name=op.f("ck_seen_clashes_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"], ["events.id"], name=op.f("fk_seen_clashes_first_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["events.id"],
            name=op.f("fk_seen_clashes_second_id_events"),
        ),
        sa.ForeignKeyConstraint(
            ["seen_by"], ["people.id"], name=op.f("fk_seen_clashes_seen_by_people")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_seen_clashes")),
    )
    for name in ("first_id", "second_id"):
        op.create_index(op.f(f"ix_seen_clashes_{name}"), "seen_clashes", [name])


def downgrade():
    op.drop_table("seen_clashes")
