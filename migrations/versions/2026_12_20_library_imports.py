"""Files of the library that staff sent, compared and not yet taken in."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_20_library_imports"
down_revision = "2026_12_20_kept_cases"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "library_imports",
        sa.Column("id", ID, nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", ID, nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["people.id"], name=op.f("fk_library_imports_made_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_imports")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_library_imports_made_at", "library_imports", ["made_at"])
    op.create_index("ix_library_imports_made_by", "library_imports", ["made_by"])


def downgrade():
    op.drop_table("library_imports")
