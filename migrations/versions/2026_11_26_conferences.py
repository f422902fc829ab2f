"""Conferences, programs, presenters and partners with pages of their own."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_conferences"
down_revision = "2026_11_26_accounts"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROLES = "role IN ('presenter', 'moderator', 'co_producer', 'underwriter')"
KINDS = "'association', 'government', 'university', 'nonprofit', 'company'"
#: New columns that are never empty, with what the rows there are hold.
ADDED = {
    "conferences": [
        ("summary", sa.String(), ""),
        ("published", sa.Boolean(), True),  # the page of their events named them
        ("version", sa.Integer(), 1),
    ],
    "programs": [
        ("description", sa.String(), ""),
        ("areas", sa.JSON(), []),
        ("reading", sa.JSON(), []),
        ("version", sa.Integer(), 1),
    ],
    "presenters": [
        ("slug", sa.String(), ""),
        ("name_key", sa.String(), ""),
        ("about", sa.String(), ""),
        ("version", sa.Integer(), 1),
    ],
    "partners": [("name_key", sa.String(), ""), ("version", sa.Integer(), 1)],
    "events": [("requires_conference", sa.Boolean(), False)],
}


def upgrade():
    for table, columns in ADDED.items():
        for name, kind, value in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
            op.execute(sa.table(table, sa.column(name, kind)).update().values({name: value}))
    op.add_column("conferences", sa.Column("website", sa.String(), nullable=True))
    op.add_column("partners", sa.Column("website", sa.String(), nullable=True))
    op.add_column("partners", sa.Column("kind", sa.String(length=32), nullable=True))
    _name_presenters_and_partners()
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            for name, kind, _value in columns:
                batch.alter_column(name, existing_type=kind, nullable=False)
            _constrain(table, batch)
    _partners_of("conference")
    _partners_of("program")
    op.create_table(
        "conference_addresses",
        sa.Column("conference_id", ID, nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["conferences.id"],
            name="fk_conference_addresses_conference_id_conferences",
        ),
        sa.PrimaryKeyConstraint(
            "conference_id", "email_key", name="pk_conference_addresses"
        ),
    )
    op.create_table(
        "presenter_slugs",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("presenter_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["presenter_id"],
            ["presenters.id"],
            name="fk_presenter_slugs_presenter_id_presenters",
        ),
        sa.PrimaryKeyConstraint("slug", name="pk_presenter_slugs"),
    )
    op.create_index("ix_presenter_slugs_presenter_id", "presenter_slugs", ["presenter_id"])
    op.execute("INSERT INTO presenter_slugs (slug, presenter_id) SELECT slug, id FROM presenters")


def downgrade():
    op.drop_index("ix_presenter_slugs_presenter_id", "presenter_slugs")
    for table in (
        "presenter_slugs",
        "conference_addresses",
        "program_partners",
        "conference_partners",
    ):
        op.drop_table(table)
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as batch:
            _release(table, batch)
            for name, _kind, _value in columns:
                batch.drop_column(name)


def _constrain(table, batch):
    if table == "conferences":
        batch.create_unique_constraint("uq_conferences_name_first_on", ["name", "first_on"])
        batch.create_check_constraint(op.f("ck_conferences_is_https"), "website LIKE 'https://%'")
    elif table == "programs":
        batch.create_unique_constraint("uq_programs_name", ["name"])
    elif table == "presenters":
        batch.create_unique_constraint("uq_presenters_slug", ["slug"])
    elif table == "partners":
        batch.create_check_constraint(op.f("ck_partners_is_https"), "website LIKE 'https://%'")
        batch.create_check_constraint(op.f("ck_partners_partnerkind"), f"kind IN ({KINDS})")
    else:
        batch.create_check_constraint(
            op.f("ck_events_required_conference"),
            "NOT requires_conference OR conference_id IS NOT NULL",
        )


def _release(table, batch):
    if table == "conferences":
        batch.drop_constraint("uq_conferences_name_first_on", type_="unique")
        batch.drop_constraint(op.f("ck_conferences_is_https"), type_="check")
        batch.drop_column("website")
    elif table == "programs":
        batch.drop_constraint("uq_programs_name", type_="unique")
    elif table == "presenters":
        batch.drop_constraint("uq_presenters_slug", type_="unique")
    elif table == "partners":
        batch.drop_constraint(op.f("ck_partners_is_https"), type_="check")
        batch.drop_constraint(op.f("ck_partners_partnerkind"), type_="check")
        batch.drop_column("website")
        batch.drop_column("kind")
    else:
        batch.drop_constraint(op.f("ck_events_required_conference"), type_="check")


def _partners_of(owner):
    table = f"{owner}_partners"
    op.create_table(
        table,
        sa.Column(f"{owner}_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("partner_id", ID, nullable=False),
        sa.CheckConstraint(ROLES, name=op.f(f"ck_{table}_role")),
        sa.ForeignKeyConstraint(
            [f"{owner}_id"], [f"{owner}s.id"], name=f"fk_{table}_{owner}_id_{owner}s"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=f"fk_{table}_partner_id_partners"
        ),
        sa.PrimaryKeyConstraint(f"{owner}_id", "position", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_partner_id", table, ["partner_id"])


def _name_presenters_and_partners():
    """Give every presenter an address of their own, and make both easy to find."""
    connection, taken = op.get_bind(), set()
    rows = connection.execute(
        sa.text("SELECT id, full_name, organization FROM presenters ORDER BY id")
    )
    for row in rows.all():
        slug = _free(_slug(row.full_name) or "presenter", taken)
        connection.execute(
            sa.text("UPDATE presenters SET slug = :slug, name_key = :key WHERE id = :id"),
            {"slug": slug, "key": _fold(f"{row.full_name} {row.organization}"), "id": row.id},
        )
    for row in connection.execute(sa.text("SELECT id, name FROM partners")).all():
        connection.execute(
            sa.text("UPDATE partners SET name_key = :key WHERE id = :id"),
            {"key": _fold(row.name), "id": row.id},
        )


def _free(wanted, taken):
    number, slug = 1, wanted
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    taken.add(slug)
    return slug


def _slug(words):
    return "-".join(re.findall(r"[a-z0-9]+", _fold(words)))[:80].rstrip("-")


def _fold(words):
    decomposed = unicodedata.normalize("NFKD", words)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
