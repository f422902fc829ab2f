"""Find who fits a list of an event in one index, by their addresses too.

A registration names the address of its person beside the person, and the database
keeps the two together, as it does the one text that a search looks through.
"""

import sqlalchemy as sa
from alembic import op

revision = "2027_01_03_lists"
down_revision = "2027_01_02_what_is_ahead"
branch_labels = None
depends_on = None

BEFORE = (
    ("registered_at", "id"),
    ("name_key", "id"),
    ("organization_key", "id"),
    ("state", "registered_at", "id"),
)
AFTER = {
    "ix_registrations_by_instant": (
        "registered_at", "id", "state", "offer_id", "organization_key", "search_key",
    ),
    "ix_registrations_by_name": (
        "name_key", "id", "state", "offer_id", "registered_at", "organization_key",
        "search_key",
    ),
    "ix_registrations_by_organization": (
        "organization_key", "name_key", "id", "state", "offer_id", "registered_at",
        "search_key",
    ),
    "ix_registrations_by_state": (
        "state", "registered_at", "id", "offer_id", "organization_key", "search_key",
    ),
}  # fmt: skip
OF_PERSON = "fk_registrations_person_id_people"
IN_ONE = "organization_key || ' ' || name_key || ' ' || email_key"
OF_ADDRESS = "fk_registrations_person_id_email_key_people"


def upgrade():
    op.create_index(
        op.f("ix_people_id_email_key"), "people", ["id", "email_key"], unique=True
    )
    for columns in BEFORE:
        op.drop_index(_named(columns), "registrations")
    op.add_column("registrations", sa.Column("email_key", sa.String(), nullable=True))
    op.execute(
        "UPDATE registrations SET email_key = "
        "(SELECT email_key FROM people WHERE people.id = registrations.person_id)"
    )
    with op.batch_alter_table("registrations") as registrations:
        registrations.alter_column("email_key", nullable=False)
        registrations.drop_constraint(OF_PERSON, type_="foreignkey")
        registrations.create_foreign_key(
            OF_ADDRESS,
            "people",
            ["person_id", "email_key"],
            ["id", "email_key"],
            onupdate="CASCADE",
        )
        registrations.add_column(
            sa.Column(
                "search_key",
                sa.String(),
                sa.Computed(IN_ONE, persisted=True),
                nullable=False,
            )
        )
    for name, columns in AFTER.items():
        op.create_index(name, "registrations", ["event_id", *columns])


def downgrade():
    for name in AFTER:
        op.drop_index(name, "registrations")
    with op.batch_alter_table("registrations") as registrations:
        registrations.drop_constraint(OF_ADDRESS, type_="foreignkey")
        registrations.create_foreign_key(OF_PERSON, "people", ["person_id"], ["id"])
        registrations.drop_column("search_key")
        registrations.drop_column("email_key")
    for columns in BEFORE:
        op.create_index(_named(columns), "registrations", ["event_id", *columns])
    op.drop_index(op.f("ix_people_id_email_key"), "people")


def _named(columns):
    return op.f(f"ix_registrations_event_id_{'_'.join(columns)}")
