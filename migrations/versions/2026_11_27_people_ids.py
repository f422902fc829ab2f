"""Never give the id of a person, presenter or partner who is gone to another.

PostgreSQL does so by itself; SQLite only in tables that are told to, and what was
removed before is known to the audit trail alone.
"""

from alembic import op

revision = "2026_11_27_people_ids"
down_revision = "2026_11_27_organization_version"
branch_labels = None
depends_on = None

TABLES = {"people": "person", "presenters": "presenter", "partners": "partner"}


def upgrade():
    _write_anew(sqlite_autoincrement=True)
    if _is_sqlite():
        for table, kind in TABLES.items():
            op.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, (SELECT"
                " coalesce(max(subject_id), 0) FROM audit_entries"
                f" WHERE subject_kind = '{kind}')) WHERE name = '{table}'"
            )


def downgrade():
    _write_anew()


def _write_anew(**options):
    if _is_sqlite():
        for table in TABLES:
            with op.batch_alter_table(table, recreate="always", table_kwargs=options):
                pass


def _is_sqlite():
    return op.get_bind().dialect.name == "sqlite"
