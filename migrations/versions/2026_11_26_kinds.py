"""Sessions with a link and presenters of their own; what a program asks of people."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_kinds"
down_revision = "2026_11_26_conferences"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVE = "ck_events_live_has_a_start"
NEVER_TWICE = {"sqlite_autoincrement": True}


def upgrade():
    with op.batch_alter_table("events") as events:
        events.drop_constraint(op.f(LIVE), type_="check")
        events.add_column(sa.Column("completes_after", sa.Integer(), nullable=True))
        for name in ("completion_note", "prerequisite_note"):
            events.add_column(
                sa.Column(name, sa.String(), nullable=False, server_default="")
            )
        events.create_check_constraint(
            op.f("ck_events_completes_after"), "completes_after >= 1"
        )
    # A draft without an address to watch it has no date yet, and waits for one.
    op.execute(
        sa.text(
            "UPDATE events SET on_demand = :no WHERE state = 'draft'"
            " AND starts_at IS NULL AND recording_url IS NULL"
        ).bindparams(sa.bindparam("no", False, sa.Boolean()))
    )
    with op.batch_alter_table("events") as events:
        events.create_check_constraint(
            op.f(LIVE),
            "CASE WHEN on_demand THEN starts_at IS NULL"
            " ELSE starts_at IS NOT NULL OR state = 'draft' END",
        )
        for name in ("completion_note", "prerequisite_note"):
            events.alter_column(name, server_default=None)
    with op.batch_alter_table("event_sessions", table_kwargs=NEVER_TWICE) as sessions:
        sessions.add_column(sa.Column("platform_url", sa.String(), nullable=True))
        sessions.create_check_constraint(
            op.f("ck_event_sessions_platform_is_https"),
            "platform_url LIKE 'https://%'",
        )
    with op.batch_alter_table("contributions") as contributions:
        contributions.add_column(sa.Column("session_id", ID, nullable=True))
        contributions.create_foreign_key(
            "fk_contributions_session_id_event_sessions",
            "event_sessions",
            ["session_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_index("ix_contributions_session_id", "contributions", ["session_id"])
    op.create_table(
        "event_prerequisites",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("required_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "event_id <> required_id", name=op.f("ck_event_prerequisites_not_itself")
        ),
        sa.CheckConstraint(
            "position >= 0", name=op.f("ck_event_prerequisites_position")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_prerequisites_event_id_events"
        ),
        sa.ForeignKeyConstraint(
            ["required_id"],
            ["events.id"],
            name="fk_event_prerequisites_required_id_events",
        ),
        sa.PrimaryKeyConstraint(
            "event_id", "required_id", name="pk_event_prerequisites"
        ),
    )
    op.create_index(
        "ix_event_prerequisites_required_id", "event_prerequisites", ["required_id"]
    )


def downgrade():
    op.drop_table("event_prerequisites")
    op.drop_index("ix_contributions_session_id", "contributions")
    with op.batch_alter_table("contributions") as contributions:
        contributions.drop_constraint(
            "fk_contributions_session_id_event_sessions", type_="foreignkey"
        )
        contributions.drop_column("session_id")
    with op.batch_alter_table("event_sessions", table_kwargs=NEVER_TWICE) as sessions:
        sessions.drop_constraint(
            op.f("ck_event_sessions_platform_is_https"), type_="check"
        )
        sessions.drop_column("platform_url")
    with op.batch_alter_table("events") as events:
        events.drop_constraint(op.f(LIVE), type_="check")
        events.drop_constraint(op.f("ck_events_completes_after"), type_="check")
        for name in ("completes_after", "completion_note", "prerequisite_note"):
            events.drop_column(name)
    op.execute("UPDATE events SET on_demand = (starts_at IS NULL)")
    with op.batch_alter_table("events") as events:
        events.create_check_constraint(op.f(LIVE), "(starts_at IS NULL) = on_demand")
