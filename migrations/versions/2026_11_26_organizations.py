"""Two Springfields, parents, contacts, kinds of membership, and imports of files."""

import sqlalchemy as sa
from alembic import op

from csd_events.core.text import fold, one_line

revision = "2026_11_26_organizations"
down_revision = "2026_11_26_library"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: What is removed again leaves no id behind for another one.
NEVER_TWICE = {"sqlite_autoincrement": True}
OUTCOMES = ("new", "changed", "unchanged", "problem")
STATES = (
    "matching", "comparing", "ready", "applying", "done", "checking",
    "undoing", "undone", "failed",
)  # fmt: skip
organizations = sa.table(
    "organizations",
    sa.column("id", sa.Integer()),
    sa.column("name", sa.String()),
    sa.column("state", sa.String()),
    sa.column("key", sa.String()),
    sa.column("name_key", sa.String()),
)


def upgrade():
    _change_organizations()
    with op.batch_alter_table(
        "affiliations", recreate=_on_sqlite(), table_kwargs=NEVER_TWICE
    ) as batch:
        batch.add_column(sa.Column("is_contact", sa.Boolean(), nullable=True))
    op.execute(sa.text("UPDATE affiliations SET is_contact = false"))
    with op.batch_alter_table("affiliations", table_kwargs=NEVER_TWICE) as batch:
        batch.alter_column("is_contact", nullable=False)
        batch.create_unique_constraint(
            "uq_affiliations_person_id_organization_id_from_on",
            ["person_id", "organization_id", "from_on"],
        )
    op.create_table(
        "membership_types",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("for_organizations", sa.Boolean(), nullable=False),
        sa.Column("for_people", sa.Boolean(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_membership_types"),
        sa.UniqueConstraint("name_key", name="uq_membership_types_name_key"),
    )
    with op.batch_alter_table(
        "memberships", recreate=_on_sqlite(), table_kwargs=NEVER_TWICE
    ) as batch:
        batch.add_column(sa.Column("type_id", ID, nullable=True))
        batch.create_foreign_key(
            "fk_memberships_type_id_membership_types",
            "membership_types",
            ["type_id"],
            ["id"],
        )
        batch.create_index("ix_memberships_type_id", ["type_id"])
    _create_imports()


def downgrade():
    for table in ("import_things", "import_lines", "import_runs"):
        op.drop_table(table)
    with op.batch_alter_table(
        "memberships", recreate=_on_sqlite()
    ) as batch:
        batch.drop_index("ix_memberships_type_id")
        batch.drop_constraint(
            "fk_memberships_type_id_membership_types", type_="foreignkey"
        )
        batch.drop_column("type_id")
    op.drop_table("membership_types")
    with op.batch_alter_table(
        "affiliations",
        recreate=_on_sqlite(),
    ) as batch:
        batch.drop_constraint(
            "uq_affiliations_person_id_organization_id_from_on", type_="unique"
        )
        batch.drop_column("is_contact")
    _tell_names_apart()
    with op.batch_alter_table(
        "organizations",
        recreate=_on_sqlite(),
    ) as batch:
        batch.drop_index("ix_organizations_parent_id")
        batch.drop_index("ix_organizations_name_key")
        batch.drop_constraint("fk_organizations_parent_id_organizations", type_="foreignkey")
        batch.drop_constraint("uq_organizations_key", type_="unique")
        batch.drop_constraint("uq_organizations_external_id", type_="unique")
        batch.drop_constraint(
            op.f("ck_organizations_not_its_own_parent"), type_="check"
        )
        for column in ("parent_id", "external_id", "name_key", "key"):
            batch.drop_column(column)
        batch.create_unique_constraint("uq_organizations_name", ["name"])


def _on_sqlite():
    """Copy the table there: its ids are given out in another way from now on."""
    return "always" if op.get_bind().dialect.name == "sqlite" else "auto"


def _change_organizations():
    for column in ("key", "name_key", "external_id"):
        op.add_column("organizations", sa.Column(column, sa.String(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(organizations)).all():
        name = fold(one_line(row.name))[:400]
        connection.execute(
            organizations.update()
            .where(organizations.c.id == row.id)
            .values(name_key=name, key=_free(f"{name}|{(row.state or '').lower()}", row))
        )
    with op.batch_alter_table(
        "organizations", recreate=_on_sqlite(), table_kwargs=NEVER_TWICE
    ) as batch:
        batch.add_column(sa.Column("parent_id", ID, nullable=True))
        batch.drop_constraint("uq_organizations_name", type_="unique")
        batch.alter_column("key", nullable=False)
        batch.alter_column("name_key", nullable=False)
        batch.create_unique_constraint("uq_organizations_key", ["key"])
        batch.create_unique_constraint("uq_organizations_external_id", ["external_id"])
        batch.create_index("ix_organizations_name_key", ["name_key"])
        batch.create_index("ix_organizations_parent_id", ["parent_id"])
        batch.create_foreign_key(
            "fk_organizations_parent_id_organizations",
            "organizations",
            ["parent_id"],
            ["id"],
        )
        batch.create_check_constraint(
            op.f("ck_organizations_not_its_own_parent"), "parent_id <> id"
        )


def _free(key, row):
    """Return a key nobody has: names that differed in case alone are told apart."""
    taken = sa.select(organizations.c.id).where(organizations.c.key == key)
    return f"{key}|{row.id}" if op.get_bind().scalar(taken) else key


def _tell_names_apart():
    """Give names that several states share the state, or else the number of the row."""
    connection = op.get_bind()
    names = [row.name for row in connection.execute(sa.select(organizations)).all()]
    seen = set()
    for row in connection.execute(sa.select(organizations).order_by("id")).all():
        name = row.name
        if name in seen:
            name = f"{row.name} ({row.state or row.id})"
            if name in names:
                name = f"{row.name} ({row.id})"
            connection.execute(
                organizations.update()
                .where(organizations.c.id == row.id)
                .values(name=name)
            )
        seen.add(name)


def _create_imports():
    op.create_table(
        "import_runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rows_known", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("cursor", ID, nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(_one_of("state", STATES), name=op.f("ck_import_runs_runstate")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name="fk_import_runs_actor_id_people"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_runs"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_import_runs_actor_id", "import_runs", ["actor_id"])
    op.create_index("ix_import_runs_state", "import_runs", ["state"])
    op.create_table(
        "import_lines",
        sa.Column("run_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            _one_of("outcome", OUTCOMES), name=op.f("ck_import_lines_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_runs.id"], name="fk_import_lines_run_id_import_runs"
        ),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_import_lines"),
    )
    op.create_index(
        "ix_import_lines_run_id_outcome_number",
        "import_lines",
        ["run_id", "outcome", "number"],
    )
    op.create_table(
        "import_things",
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("is_news", sa.Boolean(), nullable=False),
        sa.Column("row_id", ID, nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_runs.id"], name="fk_import_things_run_id_import_runs"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_things"),
        sa.UniqueConstraint("key", "run_id", name="uq_import_things_key_run_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_import_things_step_run_id_id", "import_things", ["step", "run_id", "id"]
    )


def _one_of(column, values):
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
