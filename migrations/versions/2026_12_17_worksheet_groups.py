"""Worksheets with colleagues: groups, what they settle, and what they find out."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_17_worksheet_groups"
down_revision = "2026_12_16_worksheets"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ONCE = {"sqlite_autoincrement": True}


def upgrade():
    op.create_table(
        "worksheet_groups",
        sa.Column("id", ID, nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("service_area", sa.String(), nullable=False),
        sa.Column("community", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "answering",
                "talking",
                "closed",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_worksheet_groups_person_id_people"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_worksheet_groups_event_id_events")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worksheet_groups")),
        sa.UniqueConstraint("code", name=op.f("uq_worksheet_groups_code")),
        **ONCE,
    )
    for column in ("changed_at", "event_id", "person_id"):
        op.create_index(f"ix_worksheet_groups_{column}", "worksheet_groups", [column])
    op.create_table(
        "worksheet_settlements",
        sa.Column("group_id", ID, nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "grade BETWEEN 1 AND 3", name=op.f("ck_worksheet_settlements_grade")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["worksheet_groups.id"],
            name=op.f("fk_worksheet_settlements_group_id_worksheet_groups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "group_id", "item", name=op.f("pk_worksheet_settlements")
        ),
    )
    op.create_table(
        "worksheet_tasks",
        sa.Column("id", ID, nullable=False),
        sa.Column("group_id", ID, nullable=False),
        sa.Column("item", sa.String(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("due", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["worksheet_groups.id"],
            name=op.f("fk_worksheet_tasks_group_id_worksheet_groups"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worksheet_tasks")),
        **ONCE,
    )
    op.create_index("ix_worksheet_tasks_group_id", "worksheet_tasks", ["group_id"])
    with op.batch_alter_table("worksheets", table_kwargs=ONCE) as batch:
        batch.add_column(sa.Column("group_id", ID, nullable=True))
        batch.add_column(sa.Column("joining", sa.String(), nullable=True))
        batch.add_column(
            sa.Column("name", sa.String(), nullable=False, server_default="")
        )
        batch.add_column(
            sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch.create_foreign_key(
            op.f("fk_worksheets_group_id_worksheet_groups"),
            "worksheet_groups",
            ["group_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_unique_constraint(
            op.f("uq_worksheets_group_id_joining"), ["group_id", "joining"]
        )
    with op.batch_alter_table("worksheets", table_kwargs=ONCE) as batch:
        batch.alter_column("name", server_default=None)


def downgrade():
    with op.batch_alter_table("worksheets", table_kwargs=ONCE) as batch:
        batch.drop_constraint("uq_worksheets_group_id_joining", type_="unique")
        batch.drop_constraint(
            "fk_worksheets_group_id_worksheet_groups", type_="foreignkey"
        )
        for name in ("handed_in_at", "name", "joining", "group_id"):
            batch.drop_column(name)
    op.drop_table("worksheet_tasks")
    op.drop_table("worksheet_settlements")
    op.drop_table("worksheet_groups")
