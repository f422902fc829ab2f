"""The tables of the first part: people, events, registrations, mail, case studies."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_21_first_tables"
down_revision = None
branch_labels = None
depends_on = None

# SQLite numbers the rows itself only where the column is an INTEGER.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "association",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("sender_address", sa.String(), nullable=False),
        sa.Column("reply_address", sa.String(), nullable=False),
        sa.Column("postal_address", sa.String(), nullable=False),
        sa.Column("telephone", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("privacy_words", sa.String(), nullable=False),
        sa.Column("accessibility_words", sa.String(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_association_only_one")),
        sa.PrimaryKeyConstraint("id", name="pk_association"),
    )
    op.create_table(
        "case_studies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_key", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("jurisdictions", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("lead_jurisdiction_type", sa.String(), nullable=True),
        sa.Column("lead_population", sa.Integer(), nullable=True),
        sa.Column("population_class", sa.String(), nullable=True),
        sa.Column("population_basis", sa.String(), nullable=True),
        sa.Column("partner_classes", sa.JSON(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=True),
        sa.Column("year_started", sa.Integer(), nullable=True),
        sa.Column("year_note", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("costs_and_benefits_shared", sa.String(), nullable=True),
        sa.Column("confidence", sa.String(length=32), nullable=False),
        sa.Column("confidence_note", sa.String(), nullable=False),
        sa.Column("icma_link", sa.String(), nullable=True),
        sa.Column("own_knowledge", sa.JSON(), nullable=False),
        sa.Column("vendor_is_underwriter", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('starting when reported', 'in place when reported', 'renegotiated', 'disputed', 'reversed', 'ended')",
            name=op.f("ck_case_studies_outcome"),
        ),
        sa.CheckConstraint(
            "confidence IN ('high', 'medium')", name=op.f("ck_case_studies_confidence")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_studies"),
    )
    op.create_index("ix_case_studies_title_key_id", "case_studies", ["title_key", "id"])
    op.create_table(
        "chores",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_chores"),
    )
    op.create_table(
        "conferences",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("booth", sa.String(), nullable=False),
        sa.CheckConstraint(
            "last_on >= first_on", name=op.f("ck_conferences_days_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_conferences"),
        sa.UniqueConstraint("slug", name="uq_conferences_slug"),
    )
    op.create_table(
        "hourly_counts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hour_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "hour_at", name="pk_hourly_counts"),
    )
    op.create_index("ix_hourly_counts_hour_at", "hourly_counts", ["hour_at"])
    op.create_table(
        "library_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_library_state_one_row")),
        sa.PrimaryKeyConstraint("id", name="pk_library_state"),
    )
    op.create_table(
        "organizations",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("population_class", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_organizations"),
        sa.UniqueConstraint("name", name="uq_organizations_name"),
    )
    op.create_table(
        "outbox_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'skipped')",
            name=op.f("ck_outbox_messages_state"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_messages"),
        sa.UniqueConstraint("key", name="uq_outbox_messages_key"),
    )
    op.create_index(
        "ix_outbox_messages_due",
        "outbox_messages",
        ["due_at", "id"],
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
        sqlite_where=sa.text("state IN ('queued', 'sending')"),
    )
    op.create_index("ix_outbox_messages_kind_id", "outbox_messages", ["kind", "id"])
    op.create_index("ix_outbox_messages_state_id", "outbox_messages", ["state", "id"])
    op.create_index(
        "ix_outbox_messages_subject_id_kind", "outbox_messages", ["subject_id", "kind"]
    )
    op.create_table(
        "partners",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partners"),
        sa.UniqueConstraint("name", name="uq_partners_name"),
    )
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email_key", name="uq_people_email_key"),
    )
    op.create_table(
        "presenters",
        sa.Column("id", ID, nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_presenters"),
        sa.UniqueConstraint(
            "full_name", "organization", name="uq_presenters_full_name_organization"
        ),
    )
    op.create_table(
        "programs",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programs"),
        sa.UniqueConstraint("slug", name="uq_programs_slug"),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", ID, nullable=False),
        sa.Column("address_key", sa.String(), nullable=False),
        sa.Column("network_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_failures"),
    )
    op.create_index(
        "ix_sign_in_failures_address_key_at", "sign_in_failures", ["address_key", "at"]
    )
    op.create_index("ix_sign_in_failures_at", "sign_in_failures", ["at"])
    op.create_index(
        "ix_sign_in_failures_network_key_at", "sign_in_failures", ["network_key", "at"]
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("read", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
    )
    op.create_table(
        "accounts",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_accounts_person_id_people"
        ),
        sa.CheckConstraint(
            "role IN ('none', 'scheduler', 'administrator')",
            name=op.f("ck_accounts_role"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("person_id", name="uq_accounts_person_id"),
    )
    op.create_table(
        "affiliations",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organization_id", ID, nullable=False),
        sa.Column("position", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "until_on >= from_on", name=op.f("ck_affiliations_until_not_before_from")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name="fk_affiliations_organization_id_organizations",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_affiliations_person_id_people"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_affiliations"),
    )
    op.create_index(
        "ix_affiliations_organization_id", "affiliations", ["organization_id"]
    )
    op.create_index("ix_affiliations_person_id", "affiliations", ["person_id"])
    op.create_table(
        "audit_entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name="fk_audit_entries_actor_id_people"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_actor_id", "audit_entries", ["actor_id"])
    op.create_index(
        "ix_audit_entries_subject_kind_subject_id_id",
        "audit_entries",
        ["subject_kind", "subject_id", "id"],
    )
    op.create_table(
        "case_areas",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_studies.id"],
            name="fk_case_areas_case_id_case_studies",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", "position", name="pk_case_areas"),
    )
    op.create_index("ix_case_areas_area_case_id", "case_areas", ["area", "case_id"])
    op.create_table(
        "case_sources",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_studies.id"],
            name="fk_case_sources_case_id_case_studies",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name="fk_case_sources_source_id_sources"
        ),
        sa.PrimaryKeyConstraint("case_id", "position", name="pk_case_sources"),
    )
    op.create_index("ix_case_sources_source_id", "case_sources", ["source_id"])
    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("on_demand", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("platform_url", sa.String(), nullable=True),
        sa.Column("recording_url", sa.String(), nullable=True),
        sa.Column("afterwards", sa.String(length=32), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("accessibility", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("waiting_limit", sa.Integer(), nullable=True),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("next_position", sa.Integer(), nullable=False),
        sa.Column("program_id", ID, nullable=True),
        sa.Column("conference_id", ID, nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_note", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("month", sa.String(), nullable=True),
        sa.CheckConstraint(
            "platform_url LIKE 'https://%'", name=op.f("ck_events_platform_is_https")
        ),
        sa.CheckConstraint(
            "recording_url LIKE 'https://%' OR recording_url LIKE '/events/%'",
            name=op.f("ck_events_recording_is_https_or_ours"),
        ),
        sa.CheckConstraint(
            "(starts_at IS NULL) = on_demand", name=op.f("ck_events_live_has_a_start")
        ),
        sa.CheckConstraint(
            "capacity >= 0 AND waiting_limit >= 0", name=op.f("ck_events_capacity")
        ),
        sa.CheckConstraint(
            "confirmed >= 0 AND waiting >= 0 AND next_position >= 1",
            name=op.f("ck_events_counters"),
        ),
        sa.CheckConstraint(
            "ends_at >= starts_at", name=op.f("ck_events_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["conferences.id"],
            name="fk_events_conference_id_conferences",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["programs.id"], name="fk_events_program_id_programs"
        ),
        sa.CheckConstraint(
            "kind IN ('webinar', 'forum', 'training')", name=op.f("ck_events_kind")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'cancelled')", name=op.f("ck_events_state")
        ),
        sa.CheckConstraint(
            "afterwards IN ('closed', 'recording')", name=op.f("ck_events_afterwards")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("slug", name="uq_events_slug"),
    )
    op.create_index("ix_events_conference_id", "events", ["conference_id"])
    op.create_index("ix_events_program_id", "events", ["program_id"])
    op.create_index(
        "ix_events_state_listed_at_id", "events", ["state", "listed_at", "id"]
    )
    op.create_table(
        "memberships",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("organization_id", ID, nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (organization_id IS NULL)",
            name=op.f("ck_memberships_one_owner"),
        ),
        sa.CheckConstraint(
            "until_on >= from_on", name=op.f("ck_memberships_until_not_before_from")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name="fk_memberships_organization_id_organizations",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_memberships_person_id_people"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_memberships"),
    )
    op.create_index(
        "ix_memberships_organization_id", "memberships", ["organization_id"]
    )
    op.create_index("ix_memberships_person_id", "memberships", ["person_id"])
    op.create_table(
        "outbox_bodies",
        sa.Column("message_id", ID, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["outbox_messages.id"],
            name="fk_outbox_bodies_message_id_outbox_messages",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name="pk_outbox_bodies"),
    )
    op.create_index("ix_outbox_bodies_sent_at", "outbox_bodies", ["sent_at"])
    op.create_table(
        "contributions",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("presenter_id", ID, nullable=True),
        sa.Column("partner_id", ID, nullable=True),
        sa.CheckConstraint(
            "(presenter_id IS NULL) <> (partner_id IS NULL)",
            name=op.f("ck_contributions_one_contributor"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_contributions_event_id_events"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name="fk_contributions_partner_id_partners"
        ),
        sa.ForeignKeyConstraint(
            ["presenter_id"],
            ["presenters.id"],
            name="fk_contributions_presenter_id_presenters",
        ),
        sa.CheckConstraint(
            "role IN ('presenter', 'moderator', 'co_producer', 'underwriter')",
            name=op.f("ck_contributions_role"),
        ),
        sa.PrimaryKeyConstraint("event_id", "position", name="pk_contributions"),
    )
    op.create_index("ix_contributions_partner_id", "contributions", ["partner_id"])
    op.create_index("ix_contributions_presenter_id", "contributions", ["presenter_id"])
    op.create_table(
        "event_areas",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_areas_event_id_events"
        ),
        sa.PrimaryKeyConstraint("event_id", "position", name="pk_event_areas"),
    )
    op.create_index("ix_event_areas_area_event_id", "event_areas", ["area", "event_id"])
    op.create_table(
        "event_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_changes_event_id_events"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_changes"),
    )
    op.create_index("ix_event_changes_event_id", "event_changes", ["event_id"])
    op.create_table(
        "event_offers",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_event_offers_window")),
        sa.CheckConstraint("confirmed >= 0", name=op.f("ck_event_offers_confirmed")),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_event_offers_price")),
        sa.CheckConstraint("quota >= 0", name=op.f("ck_event_offers_quota")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_offers_event_id_events"
        ),
        sa.CheckConstraint(
            "audience IN ('everyone', 'members', 'others')",
            name=op.f("ck_event_offers_audience"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_offers"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_offers_event_id", "event_offers", ["event_id"])
    op.create_table(
        "event_sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wall_start", sa.DateTime(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_event_sessions_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_sessions_event_id_events"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event_sessions"),
        sa.UniqueConstraint(
            "event_id", "position", name="uq_event_sessions_event_id_position"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_sessions_starts_at", "event_sessions", ["starts_at"])
    op.create_table(
        "event_slugs",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_event_slugs_event_id_events"
        ),
        sa.PrimaryKeyConstraint("slug", name="pk_event_slugs"),
    )
    op.create_index("ix_event_slugs_event_id", "event_slugs", ["event_id"])
    op.create_table(
        "registrations",
        sa.Column("id", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("offer_id", ID, nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("organization_key", sa.String(), nullable=False),
        sa.Column("service_area", sa.String(), nullable=True),
        sa.Column("us_state", sa.String(), nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.Column("life", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (position IS NOT NULL)",
            name=op.f("ck_registrations_waiting"),
        ),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_registrations_price")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_registrations_event_id_events"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["event_offers.id"],
            name="fk_registrations_offer_id_event_offers",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_registrations_person_id_people"
        ),
        sa.CheckConstraint(
            "state IN ('confirmed', 'waiting', 'cancelled')",
            name=op.f("ck_registrations_state"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
        sa.UniqueConstraint(
            "event_id", "person_id", name="uq_registrations_event_id_person_id"
        ),
        sa.UniqueConstraint(
            "event_id", "position", name="uq_registrations_event_id_position"
        ),
        sa.UniqueConstraint("reference", name="uq_registrations_reference"),
    )
    op.create_index(
        "ix_registrations_event_id_name_key_id",
        "registrations",
        ["event_id", "name_key", "id"],
    )
    op.create_index(
        "ix_registrations_event_id_organization_key_id",
        "registrations",
        ["event_id", "organization_key", "id"],
    )
    op.create_index(
        "ix_registrations_event_id_state_registered_at_id",
        "registrations",
        ["event_id", "state", "registered_at", "id"],
    )
    op.create_index(
        "ix_registrations_event_id_registered_at_id",
        "registrations",
        ["event_id", "registered_at", "id"],
    )
    op.create_index("ix_registrations_offer_id", "registrations", ["offer_id"])
    op.create_index("ix_registrations_person_id", "registrations", ["person_id"])
    op.create_table(
        "reminder_runs",
        sa.Column("session_id", ID, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["event_sessions.id"],
            name="fk_reminder_runs_session_id_event_sessions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "session_id", "starts_at", "lead", name="pk_reminder_runs"
        ),
    )
    op.create_table(
        "receipts",
        sa.Column("id", ID, nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("registration_id", ID, nullable=False),
        sa.Column("made_it", sa.Boolean(), nullable=False),
        sa.Column("was_full", sa.Boolean(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=False),
        sa.Column("service_area", sa.String(), nullable=True),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name="fk_receipts_event_id_events"
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name="fk_receipts_registration_id_registrations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
        sa.UniqueConstraint("nonce", name="uq_receipts_nonce"),
    )
    op.create_index("ix_receipts_event_id", "receipts", ["event_id"])
    op.create_index("ix_receipts_registration_id", "receipts", ["registration_id"])
    op.create_index("ix_receipts_sent_at", "receipts", ["sent_at"])
    op.create_table(
        "visits",
        sa.Column("id", ID, nullable=False),
        sa.Column("registration_id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name="fk_visits_registration_id_registrations",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["event_sessions.id"],
            name="fk_visits_session_id_event_sessions",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_visits"),
    )
    op.create_index(
        "ix_visits_registration_id_session_id",
        "visits",
        ["registration_id", "session_id"],
    )
    op.create_index("ix_visits_session_id", "visits", ["session_id"])
    for audience in ("everyone", "members", "others"):
        one_offer_at_a_time(audience)


def one_offer_at_a_time(audience):
    """Keep offers of an event for one audience apart, where the engine can."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE event_offers ADD CONSTRAINT ex_event_offers_{audience} "
            "EXCLUDE USING gist (int8range(event_id, event_id, '[]') WITH &&, "
            "tstzrange(opens_at, closes_at) WITH &&) "
            f"WHERE (audience = '{audience}') DEFERRABLE INITIALLY DEFERRED"
        )


def downgrade():
    for table in (
        "visits",
        "receipts",
        "reminder_runs",
        "registrations",
        "event_slugs",
        "event_sessions",
        "event_offers",
        "event_changes",
        "event_areas",
        "contributions",
        "outbox_bodies",
        "memberships",
        "events",
        "case_sources",
        "case_areas",
        "audit_entries",
        "affiliations",
        "accounts",
        "sources",
        "sign_in_failures",
        "programs",
        "presenters",
        "people",
        "partners",
        "outbox_messages",
        "organizations",
        "library_state",
        "hourly_counts",
        "conferences",
        "chores",
        "case_studies",
        "association",
    ):
        op.drop_table(table)
