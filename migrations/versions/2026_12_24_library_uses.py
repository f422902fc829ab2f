"""How much the library is used, by communities."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_24_library_uses"
down_revision = "2026_12_23_typed_forms"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "library_uses",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "seen",
                "looked_for",
                "missed",
                name="use",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_library_uses_organization_id_organizations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "day", "use", "subject", "organization_id", name=op.f("pk_library_uses")
        ),
    )
    op.create_index(
        "ix_library_uses_organization_id", "library_uses", ["organization_id"]
    )


def downgrade():
    op.drop_table("library_uses")
