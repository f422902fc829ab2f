"""What staff typed into a form and did not save."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_23_typed_forms"
down_revision = "2026_12_23_planning_events"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "typed_forms",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_typed_forms_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", "page", name=op.f("pk_typed_forms")),
    )
    op.create_index("ix_typed_forms_typed_at", "typed_forms", ["typed_at"])


def downgrade():
    op.drop_table("typed_forms")
