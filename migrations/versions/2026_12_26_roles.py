"""Roles at the door and for reports, and roles in one program alone."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_26_roles"
down_revision = "2026_12_25_via"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ROLE = "ck_accounts_role"
BEFORE = ("none", "scheduler", "administrator")
ROLES = ("none", "program", "reports", "check_in", "scheduler", "administrator")


def _allow(roles):
    allowed = ", ".join(f"'{role}'" for role in roles)
    with op.batch_alter_table(
        "accounts", table_kwargs={"sqlite_autoincrement": True}
    ) as accounts:
        accounts.drop_constraint(op.f(ROLE), type_="check")
        accounts.create_check_constraint(op.f(ROLE), f"role IN ({allowed})")


def upgrade():
    _allow(ROLES)
    op.create_table(
        "program_roles",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("program_id", ID, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                *ROLES,
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_program_roles_account_id_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["programs.id"],
            name=op.f("fk_program_roles_program_id_programs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "program_id", name=op.f("pk_program_roles")
        ),
    )
    op.create_index("ix_program_roles_program_id", "program_roles", ["program_id"])


def downgrade():
    op.drop_table("program_roles")
    # Nobody keeps a role that was not there: it would let them do more than it did.
    op.execute(
        sa.text(
            "UPDATE accounts SET role = 'none' "
            "WHERE role IN ('program', 'reports', 'check_in')"
        )
    )
    _allow(BEFORE)
