"""Series, publishing by itself, events without a date for now, and the archive."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_23_planning_events"
down_revision = "2026_12_22_presenter_zones"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_BEFORE = ["listed_at", "id", "over_at", "state", "month", "on_demand"]
TO_BE_PUBLISHED = sa.text("publish_at IS NOT NULL")
INSTANTS = ("postponed_at", "publish_at", "not_published_at", "archived_at")


def upgrade():
    op.create_table(
        "event_series",
        sa.Column("id", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_series")),
        sqlite_autoincrement=True,
    )
    op.drop_index("ix_events_listed_at_id_over_at_state_month_on_demand", "events")
    with op.batch_alter_table("events") as events:
        events.drop_constraint(op.f("ck_events_state"), type_="check")
        events.add_column(sa.Column("series_id", ID, nullable=True))
        for name in INSTANTS:
            events.add_column(
                sa.Column(name, sa.DateTime(timezone=True), nullable=True)
            )
        events.add_column(
            sa.Column("postpone_note", sa.String(), nullable=False, server_default="")
        )
        events.create_foreign_key(
            "fk_events_series_id_event_series", "event_series", ["series_id"], ["id"]
        )
        events.create_check_constraint(
            op.f("ck_events_state"),
            "state IN ('draft', 'published', 'postponed', 'cancelled')",
        )
    with op.batch_alter_table("events") as events:
        events.alter_column("postpone_note", server_default=None)
        events.create_check_constraint(
            op.f("ck_events_postponed"),
            "state <> 'postponed' OR postponed_at IS NOT NULL",
        )
        events.create_check_constraint(
            op.f("ck_events_publish_at_of_a_draft"),
            "publish_at IS NULL OR state = 'draft'",
        )
    op.create_index("ix_events_catalog", "events", [*OF_BEFORE, "archived_at"])
    op.create_index(
        "ix_events_publish_at",
        "events",
        ["publish_at"],
        postgresql_where=TO_BE_PUBLISHED,
        sqlite_where=TO_BE_PUBLISHED,
    )
    op.create_index("ix_events_not_published_at", "events", ["not_published_at"])
    op.create_index("ix_events_series_id", "events", ["series_id"])
    with op.batch_alter_table("event_changes") as changes:
        changes.drop_constraint(op.f("ck_event_changes_changekind"), type_="check")
        changes.create_check_constraint(
            op.f("ck_event_changes_changekind"),
            "kind IN ('moved', 'cancelled', 'postponed', 'redated')",
        )


def downgrade():
    """Go back; what was postponed takes place at the time it had."""
    op.execute("DELETE FROM event_changes WHERE kind IN ('postponed', 'redated')")
    with op.batch_alter_table("event_changes") as changes:
        changes.drop_constraint(op.f("ck_event_changes_changekind"), type_="check")
        changes.create_check_constraint(
            op.f("ck_event_changes_changekind"), "kind IN ('moved', 'cancelled')"
        )
    for name in ("series_id", "not_published_at", "publish_at", "catalog"):
        op.drop_index(f"ix_events_{name}", "events")
    with op.batch_alter_table("events") as events:
        for name in ("postponed", "publish_at_of_a_draft", "state"):
            events.drop_constraint(op.f(f"ck_events_{name}"), type_="check")
        events.drop_constraint("fk_events_series_id_event_series", type_="foreignkey")
        for name in ("series_id", "postpone_note", *INSTANTS):
            events.drop_column(name)
    op.execute("UPDATE events SET state = 'published' WHERE state = 'postponed'")
    with op.batch_alter_table("events") as events:
        events.create_check_constraint(
            op.f("ck_events_state"), "state IN ('draft', 'published', 'cancelled')"
        )
    op.create_index(
        "ix_events_listed_at_id_over_at_state_month_on_demand", "events", OF_BEFORE
    )
    op.drop_table("event_series")
