"""Keep with each registration whether its address is on the conference's list.

It was found by going through both lists. Triggers keep it now, and each order of the
list of an event holds it.
"""

import sqlalchemy as sa
from alembic import op

revision = "2027_01_05_kept_unlisted"
down_revision = "2027_01_04_who_is_missing"
branch_labels = None
depends_on = None

BY_ADDRESS = "ix_registrations_event_id_email_key_state"
BEFORE = {
    "ix_registrations_by_instant": (
        "registered_at", "id", "state", "offer_id", "organization_key", "search_key",
    ),
    "ix_registrations_by_name": (
        "name_key", "id", "state", "offer_id", "registered_at", "organization_key",
        "search_key",
    ),
    "ix_registrations_by_organization": (
        "organization_key", "name_key", "id", "state", "offer_id", "registered_at",
        "search_key",
    ),
    "ix_registrations_by_state": (
        "state", "registered_at", "id", "offer_id", "organization_key", "search_key",
    ),
}  # fmt: skip
AFTER = {
    "ix_registrations_by_instant": (
        "registered_at", "id", "state", "is_unlisted", "offer_id", "organization_key",
        "search_key",
    ),
    "ix_registrations_by_name": (
        "name_key", "id", "state", "is_unlisted", "offer_id", "registered_at",
        "organization_key", "search_key",
    ),
    "ix_registrations_by_organization": (
        "organization_key", "name_key", "id", "state", "is_unlisted", "offer_id",
        "registered_at", "search_key",
    ),
    "ix_registrations_by_state": (
        "state", "registered_at", "id", "is_unlisted", "offer_id", "organization_key",
        "search_key",
    ),
}  # fmt: skip

# One row or all of a statement: the first on SQLite, the second on PostgreSQL.
ONE_IS_LISTED = """
    UPDATE registrations SET is_unlisted = false
    WHERE is_unlisted
    AND person_id = (SELECT id FROM people WHERE email_key = new.email_key)
    AND event_id IN (SELECT id FROM events WHERE conference_id = new.conference_id);
"""
ONE_IS_TAKEN_OFF = """
    UPDATE registrations SET is_unlisted = true
    WHERE NOT is_unlisted
    AND person_id = (SELECT id FROM people WHERE email_key = old.email_key)
    AND event_id IN (SELECT id FROM events
        WHERE conference_id = old.conference_id AND requires_conference);
"""
IS_REQUIRED_ANEW = """
    UPDATE registrations SET is_unlisted = NOT is_unlisted
    WHERE event_id = new.id
    AND is_unlisted <> (new.requires_conference AND NOT EXISTS (
        SELECT 1 FROM conference_addresses AS listed
        WHERE listed.conference_id = new.conference_id
        AND listed.email_key = registrations.email_key));
"""
REQUIRES_ANEW = """
    old.requires_conference <> new.requires_conference
    OR old.conference_id <> new.conference_id
"""
IF_IT_DIFFERS = """
    WHEN new.is_unlisted <> EXISTS (
        SELECT 1 FROM events
        WHERE events.id = new.event_id AND events.requires_conference
        AND NOT EXISTS (SELECT 1 FROM conference_addresses AS listed
            WHERE listed.conference_id = events.conference_id
            AND listed.email_key = new.email_key))
    BEGIN
        UPDATE registrations SET is_unlisted = NOT is_unlisted WHERE id = new.id;
    END
"""
ALL_COMPARED = """
    UPDATE registrations SET is_unlisted = true
    WHERE event_id IN (SELECT id FROM events WHERE requires_conference)
    AND NOT EXISTS (SELECT 1
        FROM events JOIN conference_addresses AS listed
        ON listed.conference_id = events.conference_id
        WHERE events.id = registrations.event_id
        AND listed.email_key = registrations.email_key)
"""
ALL_ARE_LISTED = """
    UPDATE registrations SET is_unlisted = false
    FROM changed
    JOIN people ON people.email_key = changed.email_key
    JOIN events ON events.conference_id = changed.conference_id
    WHERE is_unlisted
    AND registrations.person_id = people.id AND registrations.event_id = events.id;
"""
ALL_ARE_TAKEN_OFF = """
    UPDATE registrations SET is_unlisted = true
    FROM changed
    JOIN people ON people.email_key = changed.email_key
    JOIN events ON events.conference_id = changed.conference_id
    WHERE NOT is_unlisted AND events.requires_conference
    AND registrations.person_id = people.id AND registrations.event_id = events.id;
"""
# A copy of before, restored over this, leaves the functions that it does not know.
FUNCTION = """
    CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql
    AS $$ {body} $$
"""
FUNCTIONS = {
    "registrations_compare": """
    DECLARE
        required bigint;
    BEGIN
        SELECT conferences.id INTO required
        FROM events JOIN conferences ON conferences.id = events.conference_id
        WHERE events.id = new.event_id AND events.requires_conference
        FOR KEY SHARE OF conferences;
        new.is_unlisted := required IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM conference_addresses AS listed
            WHERE listed.conference_id = required
            AND listed.email_key = new.email_key);
        RETURN new;
    END
    """,
    "conference_addresses_add": f"BEGIN {ALL_ARE_LISTED} RETURN NULL; END",
    "conference_addresses_remove": f"BEGIN {ALL_ARE_TAKEN_OFF} RETURN NULL; END",
    "events_require": f"BEGIN {IS_REQUIRED_ANEW} RETURN NULL; END",
}
# By its engine, each trigger with its table.
TRIGGERS = {
    "sqlite": {
        "registrations_added": (
            "registrations",
            f"AFTER INSERT ON registrations {IF_IT_DIFFERS}",
        ),
        "registrations_readdressed": (
            "registrations",
            f"AFTER UPDATE OF email_key ON registrations {IF_IT_DIFFERS}",
        ),
        "conference_addresses_added": (
            "conference_addresses",
            f"AFTER INSERT ON conference_addresses BEGIN {ONE_IS_LISTED} END",
        ),
        "conference_addresses_removed": (
            "conference_addresses",
            f"AFTER DELETE ON conference_addresses BEGIN {ONE_IS_TAKEN_OFF} END",
        ),
        "events_require_anew": (
            "events",
            "AFTER UPDATE OF conference_id, requires_conference ON events"
            f" WHEN {REQUIRES_ANEW} BEGIN {IS_REQUIRED_ANEW} END",
        ),
    },
    "postgresql": {
        "registrations_compared": (
            "registrations",
            "BEFORE INSERT OR UPDATE OF email_key ON registrations"
            " FOR EACH ROW EXECUTE FUNCTION registrations_compare()",
        ),
        "conference_addresses_added": (
            "conference_addresses",
            "AFTER INSERT ON conference_addresses REFERENCING NEW TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION conference_addresses_add()",
        ),
        "conference_addresses_removed": (
            "conference_addresses",
            "AFTER DELETE ON conference_addresses REFERENCING OLD TABLE AS changed"
            " FOR EACH STATEMENT EXECUTE FUNCTION conference_addresses_remove()",
        ),
        "events_require_anew": (
            "events",
            "AFTER UPDATE OF conference_id, requires_conference ON events"
            f" FOR EACH ROW WHEN ({REQUIRES_ANEW})"
            " EXECUTE FUNCTION events_require()",
        ),
    },
}


def upgrade():
    op.add_column(
        "registrations",
        sa.Column(
            "is_unlisted", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
    )
    op.execute(ALL_COMPARED)
    op.drop_index(op.f(BY_ADDRESS), "registrations")
    _index_anew(AFTER)
    engine = op.get_bind().dialect.name
    if engine == "postgresql":
        for name, body in FUNCTIONS.items():
            op.execute(FUNCTION.format(name=name, body=body))
    for name, (_table, words) in TRIGGERS[engine].items():
        op.execute(f"CREATE TRIGGER {name} {words}")


def downgrade():
    engine = op.get_bind().dialect.name
    for name, (table, _words) in TRIGGERS[engine].items():
        of = f" ON {table}" if engine == "postgresql" else ""
        op.execute(f"DROP TRIGGER {name}{of}")
    if engine == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
    _index_anew(BEFORE)
    op.create_index(
        op.f(BY_ADDRESS), "registrations", ["event_id", "email_key", "state"]
    )
    op.drop_column("registrations", "is_unlisted")


def _index_anew(orders):
    for name, columns in orders.items():
        op.drop_index(name, "registrations")
        op.create_index(name, "registrations", ["event_id", *columns])
