"""Questions of events, what people answered, and what they need to take part."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_30_questions"
down_revision = "2026_11_28_invitations"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "event_questions",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("help", sa.String(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_event_questions_position")),
        sa.CheckConstraint(
            "kind IN ('short', 'long', 'one', 'several', 'yes_no', 'number', 'consent')",
            name=op.f("ck_event_questions_questionkind"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_questions_event_id_events")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_questions")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_event_questions_event_id_position"),
        "event_questions",
        ["event_id", "position"],
    )
    op.create_table(
        "answers",
        sa.Column("registration_id", ID, nullable=False),
        sa.Column("question_id", ID, nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["event_questions.id"],
            name=op.f("fk_answers_question_id_event_questions"),
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_answers_registration_id_registrations"),
        ),
        sa.PrimaryKeyConstraint(
            "registration_id", "question_id", name=op.f("pk_answers")
        ),
    )
    op.create_index(op.f("ix_answers_question_id"), "answers", ["question_id"])
    op.create_table(
        "accessibility_needs",
        sa.Column("registration_id", ID, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_accessibility_needs_registration_id_registrations"),
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_accessibility_needs")),
    )
    with op.batch_alter_table("events") as events:
        events.add_column(
            sa.Column(
                "has_questions", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    with op.batch_alter_table("events") as events:
        events.alter_column("has_questions", server_default=None)


def downgrade():
    with op.batch_alter_table("events") as events:
        events.drop_column("has_questions")
    op.drop_table("accessibility_needs")
    op.drop_table("answers")
    op.drop_table("event_questions")
