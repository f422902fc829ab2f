"""What the library's search looks at, in place of a folded text in each table.

The rows are written by the next start, or by `flask library reindex`.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_18_library_search"
down_revision = "2026_12_17_worksheet_groups"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ON_SQLITE = (
    "CREATE VIRTUAL TABLE library_entries_found USING fts5(title_words, body_words, "
    "content='library_entries', content_rowid='id', tokenize='porter unicode61')",
    "CREATE TRIGGER library_entries_added AFTER INSERT ON library_entries BEGIN "
    "INSERT INTO library_entries_found(rowid, title_words, body_words) "
    "VALUES (new.id, new.title_words, new.body_words); END",
    "CREATE TRIGGER library_entries_removed AFTER DELETE ON library_entries BEGIN "
    "INSERT INTO library_entries_found"
    "(library_entries_found, rowid, title_words, body_words) "
    "VALUES ('delete', old.id, old.title_words, old.body_words); END",
    "CREATE TRIGGER library_entries_reworded "
    "AFTER UPDATE OF title_words, body_words ON library_entries BEGIN "
    "INSERT INTO library_entries_found"
    "(library_entries_found, rowid, title_words, body_words) "
    "VALUES ('delete', old.id, old.title_words, old.body_words); "
    "INSERT INTO library_entries_found(rowid, title_words, body_words) "
    "VALUES (new.id, new.title_words, new.body_words); END",
)
ON_POSTGRESQL = (
    "ALTER TABLE library_entries ADD COLUMN lexemes tsvector GENERATED ALWAYS AS ("
    "setweight(to_tsvector('english', title_words), 'A') || "
    "setweight(to_tsvector('english', body_words), 'D')) STORED",
    "CREATE INDEX ix_library_entries_lexemes ON library_entries USING gin (lexemes) "
    "WITH (fastupdate = off)",
)
TITLES = ("case_studies", "citations", "publications")


def _is_sqlite():
    return op.get_bind().dialect.name == "sqlite"


def upgrade():
    op.create_table(
        "library_entries",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "case_study",
                "publication",
                "citation",
                "statement",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("byline", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("size", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("title_words", sa.String(), nullable=False),
        sa.Column("body_words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_entries")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_library_entries_kind_key")),
    )
    op.create_table(
        "library_entry_areas",
        sa.Column("entry_id", ID, nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["library_entries.id"],
            name=op.f("fk_library_entry_areas_entry_id_library_entries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("entry_id", "area", name=op.f("pk_library_entry_areas")),
    )
    op.create_index(
        "ix_library_entry_areas_area_entry_id",
        "library_entry_areas",
        ["area", "entry_id"],
    )
    for statement in ON_SQLITE if _is_sqlite() else ON_POSTGRESQL:
        op.execute(statement)
    for name in TITLES:
        op.drop_column(name, "search_text")
    op.add_column("library_state", sa.Column("searched_as", sa.String(), nullable=True))


def downgrade():
    op.drop_column("library_state", "searched_as")
    for name in TITLES:
        # A title at least can be found again; an import brings the rest.
        with op.batch_alter_table(name) as table:
            table.add_column(
                sa.Column("search_text", sa.String(), nullable=False, server_default="")
            )
        op.execute(f"UPDATE {name} SET search_text = lower(title)")
        with op.batch_alter_table(name) as table:
            table.alter_column("search_text", server_default=None)
    if _is_sqlite():
        op.execute("DROP TABLE library_entries_found")
    op.drop_table("library_entry_areas")
    op.drop_table("library_entries")
