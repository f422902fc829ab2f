"""Announcements, whom each is for, who wants none, and how many go to one person."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_14_announcements"
down_revision = "2026_12_13_follow_up"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "announcements",
        sa.Column("id", ID, nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "event",
                "members",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "draft",
                "leaving",
                "paused",
                "stopped",
                "gone",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", ID, nullable=True),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_to", ID, nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queued_to", ID, nullable=False),
        sa.CheckConstraint(
            "(audience = 'event') = (event_id IS NOT NULL)",
            name=op.f("ck_announcements_of_event"),
        ),
        sa.CheckConstraint(
            "(stage = 'draft') = (sent_at IS NULL)",
            name=op.f("ck_announcements_sent_off"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_announcements_created_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_announcements_event_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["people.id"], name=op.f("fk_announcements_sent_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_announcements_event_id", "announcements", ["event_id"])
    op.create_index("ix_announcements_stage", "announcements", ["stage"])
    op.create_table(
        "announcement_recipients",
        sa.Column("id", ID, nullable=False),
        sa.Column("announcement_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column(
            "left_out",
            sa.Enum(
                "unconfirmed",
                "unsubscribed",
                "over_cap",
                name="leftout",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_announcement_recipients_announcement_id_announcements"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_announcement_recipients_person_id_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement_recipients")),
        sa.UniqueConstraint(
            "announcement_id",
            "person_id",
            name=op.f("uq_announcement_recipients_announcement_id_person_id"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_announcement_recipients_person_id", "announcement_recipients", ["person_id"]
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("list_key", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("unsubscribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_subscriptions_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "person_id",
            "list_key",
            "email_key",
            name=op.f("uq_subscriptions_person_id_list_key_email_key"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_email_key", "subscriptions", ["email_key"])
    with op.batch_alter_table("association") as table:
        table.add_column(
            sa.Column(
                "announcements_a_week", sa.Integer(), nullable=False, server_default="2"
            )
        )
        table.create_check_constraint(
            op.f("ck_association_announcements_a_week"), "announcements_a_week >= 1"
        )


def downgrade():
    with op.batch_alter_table("association") as table:
        table.drop_constraint(
            op.f("ck_association_announcements_a_week"), type_="check"
        )
        table.drop_column("announcements_a_week")
    op.drop_table("subscriptions")
    op.drop_table("announcement_recipients")
    op.drop_table("announcements")
