"""Worksheets of the decision tool, and what is answered on them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_16_worksheets"
down_revision = "2026_12_15_bounces"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "worksheets",
        sa.Column("id", ID, nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("service_area", sa.String(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_worksheets_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worksheets")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_worksheets_person_id", "worksheets", ["person_id"])
    op.create_index(
        "ix_worksheets_forgotten",
        "worksheets",
        ["answered_at"],
        postgresql_where=sa.text("person_id IS NULL"),
        sqlite_where=sa.text("person_id IS NULL"),
    )
    op.create_table(
        "worksheet_answers",
        sa.Column("worksheet_id", ID, nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "grade BETWEEN 1 AND 3", name=op.f("ck_worksheet_answers_grade")
        ),
        sa.ForeignKeyConstraint(
            ["worksheet_id"],
            ["worksheets.id"],
            name=op.f("fk_worksheet_answers_worksheet_id_worksheets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "worksheet_id", "item", name=op.f("pk_worksheet_answers")
        ),
    )


def downgrade():
    op.drop_table("worksheet_answers")
    op.drop_table("worksheets")
