"""Pictures, addresses and pages of presenters, and answers that they may read."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_29_stage"
down_revision = "2026_12_28_list_imports"
branch_labels = None
depends_on = None

NUMBERED = {"sqlite_autoincrement": True}
#: By name, with what holds for the presenters there are.
GIVEN = {
    "email": "",
    "telephone": "",
    "link_version": "1",
    "calendar_sequence": "0",
    "picture_alt": "",
}


def upgrade():
    with op.batch_alter_table("presenters", table_kwargs=NUMBERED) as presenters:
        for name, default in GIVEN.items():
            kind = sa.Integer() if default else sa.String()
            presenters.add_column(
                sa.Column(name, kind, nullable=False, server_default=default)
            )
        presenters.add_column(sa.Column("picture", sa.String(), nullable=True))
        presenters.add_column(sa.Column("former", sa.JSON(), nullable=True))
        presenters.add_column(
            sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True)
        )
    with op.batch_alter_table("presenters", table_kwargs=NUMBERED) as presenters:
        for name in GIVEN:
            presenters.alter_column(name, server_default=None)
    op.create_index("ix_presenters_picture", "presenters", ["picture"])
    op.create_index("ix_presenters_corrected_at", "presenters", ["corrected_at"])
    with op.batch_alter_table("event_questions", table_kwargs=NUMBERED) as questions:
        questions.add_column(
            sa.Column(
                "for_presenters", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    with op.batch_alter_table("event_questions", table_kwargs=NUMBERED) as questions:
        questions.alter_column("for_presenters", server_default=None)


def downgrade():
    with op.batch_alter_table("event_questions", table_kwargs=NUMBERED) as questions:
        questions.drop_column("for_presenters")
    op.drop_index("ix_presenters_corrected_at", "presenters")
    op.drop_index("ix_presenters_picture", "presenters")
    with op.batch_alter_table("presenters", table_kwargs=NUMBERED) as presenters:
        for name in (*GIVEN, "picture", "former", "corrected_at"):
            presenters.drop_column(name)
