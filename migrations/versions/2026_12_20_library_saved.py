"""What people save of the library with a note; and recordings are found by its search.

What finds the rows of a search on SQLite is triggers, which go with the table when it
is copied: they are made again.
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_20_library_saved"
down_revision = "2026_12_20_library_imports"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BEFORE = ("case_study", "publication", "citation", "statement")
KINDS = (*BEFORE, "recording")
NAME = "ck_library_entries_entrykind"
TRIGGERS = (
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


def _allow(kinds):
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("library_entries") as entries:
        entries.drop_constraint(op.f(NAME), type_="check")
        entries.create_check_constraint(op.f(NAME), f"kind IN ({words})")
    if op.get_bind().dialect.name == "sqlite":
        for trigger in TRIGGERS:
            op.execute(trigger)


def upgrade():
    _allow(KINDS)
    # So that start-up looks for recordings, also after a way down and up again.
    op.execute("UPDATE library_state SET searched_as = NULL")
    op.create_table(
        "saved_items",
        sa.Column("id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *KINDS,
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_saved_items_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_items")),
        sa.UniqueConstraint(
            "account_id", "kind", "key", name=op.f("uq_saved_items_account_id_kind_key")
        ),
        sqlite_autoincrement=True,
    )


def downgrade():
    op.drop_table("saved_items")
    # References are not followed while SQLite migrates.
    recordings = "SELECT id FROM library_entries WHERE kind = 'recording'"
    op.execute(f"DELETE FROM library_entry_areas WHERE entry_id IN ({recordings})")
    op.execute("DELETE FROM library_entries WHERE kind = 'recording'")
    _allow(BEFORE)
