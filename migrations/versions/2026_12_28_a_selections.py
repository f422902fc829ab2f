"""Registrations that staff chose together, and the columns that they see."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_28_a_selections"
down_revision = "2026_12_26_roles"
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
        "selections",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "deed", _words("deed", "write", "cancel", "move", "export"), nullable=False
        ),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column(
            "work", _words("work", "asked", "going", "done", "kept"), nullable=False
        ),
        sa.Column("tell", sa.Boolean(), nullable=False),
        sa.Column("target_id", ID, nullable=True),
        sa.Column("offer_id", ID, nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("cursor", ID, nullable=False),
        _to("selections", "event_id", "events"),
        _to("selections", "actor_id", "people"),
        _to("selections", "target_id", "events"),
        _to("selections", "offer_id", "event_offers", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selections")),
        sqlite_autoincrement=True,
    )
    for column in ("event_id", "actor_id", "work", "target_id", "offer_id"):
        op.create_index(f"ix_selections_{column}", "selections", [column])
    op.create_table(
        "selected_registrations",
        sa.Column("selection_id", ID, nullable=False),
        sa.Column("registration_id", ID, nullable=False),
        sa.Column("outcome", _words("done", "done", "waiting", "not"), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        _to("selected_registrations", "selection_id", "selections"),
        _to("selected_registrations", "registration_id", "registrations"),
        sa.PrimaryKeyConstraint(
            "selection_id", "registration_id", name=op.f("pk_selected_registrations")
        ),
    )
    op.create_index(
        "ix_selected_registrations_registration_id",
        "selected_registrations",
        ["registration_id"],
    )
    op.create_index(
        "ix_selected_registrations_selection_id_outcome_registration_id",
        "selected_registrations",
        ["selection_id", "outcome", "registration_id"],
    )
    op.create_table(
        "list_columns",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        _to("list_columns", "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_list_columns")),
    )
    with op.batch_alter_table(
        "announcements", table_kwargs={"sqlite_autoincrement": True}
    ) as announcements:
        announcements.add_column(sa.Column("selection_id", ID, nullable=True))
        announcements.create_foreign_key(
            op.f("fk_announcements_selection_id_selections"),
            "selections",
            ["selection_id"],
            ["id"],
        )
        announcements.create_index("ix_announcements_selection_id", ["selection_id"])


def downgrade():
    with op.batch_alter_table(
        "announcements", table_kwargs={"sqlite_autoincrement": True}
    ) as announcements:
        announcements.drop_index("ix_announcements_selection_id")
        announcements.drop_constraint(
            op.f("fk_announcements_selection_id_selections"), type_="foreignkey"
        )
        announcements.drop_column("selection_id")
    op.drop_table("list_columns")
    op.drop_table("selected_registrations")
    op.drop_table("selections")
