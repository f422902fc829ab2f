"""What mails say, as staff write it, and the mails by which they try it."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_10_mail_words"
down_revision = "2026_12_09_reminders"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_THE_SITE = sa.text("event_id IS NULL")


def upgrade():
    op.create_table(
        "mail_words",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_mail_words_event_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["people.id"], name=op.f("fk_mail_words_saved_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_words")),
        sa.UniqueConstraint(
            "kind", "event_id", name=op.f("uq_mail_words_kind_event_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_mail_words_site",
        "mail_words",
        ["kind"],
        unique=True,
        postgresql_where=OF_THE_SITE,
        sqlite_where=OF_THE_SITE,
    )
    op.create_index(op.f("ix_mail_words_event_id"), "mail_words", ["event_id"])
    op.create_table(
        "mail_trials",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_mail_trials_event_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_mail_trials_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_trials")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_mail_trials_made_at"), "mail_trials", ["made_at"])


def downgrade():
    op.drop_table("mail_trials")
    op.drop_table("mail_words")
