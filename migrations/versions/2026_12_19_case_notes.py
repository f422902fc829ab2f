"""What readers tell of case studies, and when each was last checked."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_19_case_notes"
down_revision = "2026_12_18_library_search"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "case_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_studies.id"],
            name=op.f("fk_case_notes_case_id_case_studies"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_notes_answered_at_id", "case_notes", ["answered_at", "id"])
    op.create_index("ix_case_notes_case_id", "case_notes", ["case_id"])
    op.add_column("case_studies", sa.Column("checked_on", sa.Date(), nullable=True))


def downgrade():
    op.drop_column("case_studies", "checked_on")
    op.drop_table("case_notes")
