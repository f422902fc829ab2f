"""Case studies as staff write and keep them, and when to look at an entry again."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_20_kept_cases"
down_revision = "2026_12_19_hidden_cases"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade():
    for name, kind in (
        ("number", sa.Integer()),
        ("look_again_on", sa.Date()),
        ("edited_at", INSTANT),
        ("retired_at", INSTANT),
    ):
        op.add_column("case_studies", sa.Column(name, kind, nullable=True))
    op.add_column(
        "case_studies",
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    )
    op.execute(
        "UPDATE case_studies SET number = (SELECT count(*) FROM case_studies AS other "
        "WHERE other.id <= case_studies.id)"
    )
    with op.batch_alter_table("case_studies") as cases:
        cases.alter_column("number", existing_type=sa.Integer(), nullable=False)
        cases.alter_column("version", server_default=None)
        cases.create_unique_constraint(op.f("uq_case_studies_number"), ["number"])
    op.create_index("ix_case_studies_look_again_on", "case_studies", ["look_again_on"])
    op.add_column("sources", sa.Column("edited_at", INSTANT, nullable=True))
    op.add_column("citations", sa.Column("look_again_on", sa.Date(), nullable=True))
    op.create_index("ix_citations_look_again_on", "citations", ["look_again_on"])


def downgrade():
    op.drop_index("ix_citations_look_again_on", "citations")
    op.drop_column("citations", "look_again_on")
    op.drop_column("sources", "edited_at")
    op.drop_index("ix_case_studies_look_again_on", "case_studies")
    with op.batch_alter_table("case_studies") as cases:
        cases.drop_constraint(op.f("uq_case_studies_number"), type_="unique")
        for name in ("version", "retired_at", "edited_at", "look_again_on", "number"):
            cases.drop_column(name)
