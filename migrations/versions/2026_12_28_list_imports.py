"""Files of registrations and of presenters, and what became of their lines."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_28_list_imports"
down_revision = "2026_12_28_a_selections"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(name, *values):
    return sa.Enum(
        *values, name=name, native_enum=False, create_constraint=True, length=32
    )


def _to(table, column, of, **more):
    name = op.f(f"fk_{table}_{column}_{of}")
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=name, **more)


def upgrade():
    op.create_table(
        "list_imports",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind", _words("importkind", "registrations", "presenters"), nullable=False
        ),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            _words(
                "runstate",
                "matching",
                "comparing",
                "ready",
                "applying",
                "done",
                "checking",
                "undoing",
                "undone",
                "failed",
            ),
            nullable=False,
        ),
        sa.Column("offer_id", ID, nullable=True),
        sa.Column("offers", sa.JSON(), nullable=False),
        sa.Column("tell", sa.Boolean(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'registrations') = (event_id IS NOT NULL)",
            name=op.f("ck_list_imports_of_event"),
        ),
        _to("list_imports", "event_id", "events"),
        _to("list_imports", "actor_id", "people"),
        _to("list_imports", "offer_id", "event_offers", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_imports")),
        sqlite_autoincrement=True,
    )
    for column in ("event_id", "actor_id", "state", "offer_id"):
        op.create_index(f"ix_list_imports_{column}", "list_imports", [column])
    op.create_table(
        "list_import_lines",
        sa.Column("import_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            _words("outcome", "new", "changed", "unchanged", "problem"),
            nullable=True,
        ),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("row_id", ID, nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("kept", sa.String(), nullable=False),
        _to("list_import_lines", "import_id", "list_imports"),
        sa.PrimaryKeyConstraint(
            "import_id", "number", name=op.f("pk_list_import_lines")
        ),
    )
    op.create_index(
        "ix_list_import_lines_import_id_outcome_number",
        "list_import_lines",
        ["import_id", "outcome", "number"],
    )
    op.create_index(
        "ix_list_import_lines_import_id_key", "list_import_lines", ["import_id", "key"]
    )


def downgrade():
    op.drop_table("list_import_lines")
    op.drop_table("list_imports")
