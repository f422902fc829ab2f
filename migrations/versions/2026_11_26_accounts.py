"""Links that are mailed, preferences, and accounts without a password."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_accounts"
down_revision = "2026_11_25_mail_of_an_event"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "'sign_up', 'sign_in', 'reset', 'new_address', 'not_me'"


def upgrade():
    with op.batch_alter_table("people") as batch:
        batch.add_column(sa.Column("preferred_form", sa.String(), nullable=True))
        batch.add_column(sa.Column("stage", sa.String(), nullable=True))
        batch.add_column(sa.Column("zone", sa.String(), nullable=True))
        batch.add_column(
            sa.Column(
                "wants_reminders",
                sa.Boolean(),
                server_default=sa.true(),
                nullable=False,
            )
        )
    # An id that was given once is never given again: a cookie outlives its account.
    with op.batch_alter_table(
        "accounts", table_kwargs={"sqlite_autoincrement": True}
    ) as batch:
        batch.alter_column("password_hash", existing_type=sa.String(), nullable=True)
    op.create_table(
        "person_areas",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_person_areas_person_id_people"
        ),
        sa.PrimaryKeyConstraint("person_id", "position", name="pk_person_areas"),
        sa.UniqueConstraint("person_id", "area", name="uq_person_areas_person_id_area"),
    )
    op.create_table(
        "mailed_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("next_path", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_mailed_links_linkkind")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_mailed_links_person_id_people"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mailed_links"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_mailed_links_address_key_kind", "mailed_links", ["address_key", "kind"]
    )
    op.create_index("ix_mailed_links_person_id", "mailed_links", ["person_id"])
    op.create_index("ix_mailed_links_ends_at", "mailed_links", ["ends_at"])


def downgrade():
    op.drop_table("mailed_links")
    op.drop_table("person_areas")
    # Who never chose a password has one that nothing matches.
    op.execute("UPDATE accounts SET password_hash = '!' WHERE password_hash IS NULL")
    with op.batch_alter_table("accounts") as batch:
        batch.alter_column("password_hash", existing_type=sa.String(), nullable=False)
    with op.batch_alter_table("people") as batch:
        for name in ("wants_reminders", "zone", "stage", "preferred_form"):
            batch.drop_column(name)
