"""Who is not on the list of the conference that an event requires, kept by triggers.

`Registration.is_unlisted` changes with the address of a registration, with a list, and
with what an event requires. Nobody who writes those knows of registrations, so the
database looks after it: going through both lists, 200,000 entries at the largest
forums, would take longer than a page may.

Who changes a list holds the conference and its events, as who registers holds the
event. One that becomes the conference's at that moment may not be among them: on
PostgreSQL, a registration is compared once nobody holds the conference. An address on a
list is never changed into another: it comes or goes.
"""

from typing import Final, cast

from sqlalchemy import Table, event

from csd_events.core.db import made_on
from csd_events.events.models import ConferenceAddress, Event
from csd_events.registrations.models.registration import Registration

_REGISTRATIONS = cast("Table", Registration.__table__)
_ADDRESSES = cast("Table", ConferenceAddress.__table__)
_EVENTS = cast("Table", Event.__table__)

#: A list knows addresses alone: by the person of each, there is an index.
_ONE_IS_LISTED = """
    UPDATE registrations SET is_unlisted = false
    WHERE is_unlisted
    AND person_id = (SELECT id FROM people WHERE email_key = new.email_key)
    AND event_id IN (SELECT id FROM events WHERE conference_id = new.conference_id);
"""
_ONE_IS_TAKEN_OFF = """
    UPDATE registrations SET is_unlisted = true
    WHERE NOT is_unlisted
    AND person_id = (SELECT id FROM people WHERE email_key = old.email_key)
    AND event_id IN (SELECT id FROM events
        WHERE conference_id = old.conference_id AND requires_conference);
"""
_IS_REQUIRED_ANEW = """
    UPDATE registrations SET is_unlisted = NOT is_unlisted
    WHERE event_id = new.id
    AND is_unlisted <> (new.requires_conference AND NOT EXISTS (
        SELECT 1 FROM conference_addresses AS listed
        WHERE listed.conference_id = new.conference_id
        AND listed.email_key = registrations.email_key));
"""
_REQUIRES_ANEW = """
    old.requires_conference <> new.requires_conference
    OR old.conference_id <> new.conference_id
"""
_IF_IT_DIFFERS = """
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

_ON_SQLITE: Final = (
    (
        _REGISTRATIONS,
        "CREATE TRIGGER registrations_added"
        f" AFTER INSERT ON registrations {_IF_IT_DIFFERS}",
        "CREATE TRIGGER registrations_readdressed"
        f" AFTER UPDATE OF email_key ON registrations {_IF_IT_DIFFERS}",
    ),
    (
        _ADDRESSES,
        "CREATE TRIGGER conference_addresses_added"
        f" AFTER INSERT ON conference_addresses BEGIN {_ONE_IS_LISTED} END",
        "CREATE TRIGGER conference_addresses_removed"
        f" AFTER DELETE ON conference_addresses BEGIN {_ONE_IS_TAKEN_OFF} END",
    ),
    (
        _EVENTS,
        "CREATE TRIGGER events_require_anew"
        " AFTER UPDATE OF conference_id, requires_conference ON events"
        f" WHEN {_REQUIRES_ANEW} BEGIN {_IS_REQUIRED_ANEW} END",
    ),
)

_COMPARE = """
    CREATE OR REPLACE FUNCTION registrations_compare() RETURNS trigger
    LANGUAGE plpgsql AS $$
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
    END $$
"""


_ALL_ARE_LISTED = """
    UPDATE registrations SET is_unlisted = false
    FROM changed
    JOIN people ON people.email_key = changed.email_key
    JOIN events ON events.conference_id = changed.conference_id
    WHERE is_unlisted
    AND registrations.person_id = people.id AND registrations.event_id = events.id;
"""
_ALL_ARE_TAKEN_OFF = """
    UPDATE registrations SET is_unlisted = true
    FROM changed
    JOIN people ON people.email_key = changed.email_key
    JOIN events ON events.conference_id = changed.conference_id
    WHERE NOT is_unlisted AND events.requires_conference
    AND registrations.person_id = people.id AND registrations.event_id = events.id;
"""


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
        f" AS $$ BEGIN {body} RETURN NULL; END $$"
    )


_ON_POSTGRESQL: Final = (
    (
        _REGISTRATIONS,
        _COMPARE,
        "CREATE TRIGGER registrations_compared"
        " BEFORE INSERT OR UPDATE OF email_key ON registrations"
        " FOR EACH ROW EXECUTE FUNCTION registrations_compare()",
    ),
    (
        _ADDRESSES,
        _function("conference_addresses_add", _ALL_ARE_LISTED),
        "CREATE TRIGGER conference_addresses_added"
        " AFTER INSERT ON conference_addresses REFERENCING NEW TABLE AS changed"
        " FOR EACH STATEMENT EXECUTE FUNCTION conference_addresses_add()",
        _function("conference_addresses_remove", _ALL_ARE_TAKEN_OFF),
        "CREATE TRIGGER conference_addresses_removed"
        " AFTER DELETE ON conference_addresses REFERENCING OLD TABLE AS changed"
        " FOR EACH STATEMENT EXECUTE FUNCTION conference_addresses_remove()",
    ),
    (
        _EVENTS,
        _function("events_require", _IS_REQUIRED_ANEW),
        "CREATE TRIGGER events_require_anew"
        " AFTER UPDATE OF conference_id, requires_conference ON events"
        f" FOR EACH ROW WHEN ({_REQUIRES_ANEW}) EXECUTE FUNCTION events_require()",
    ),
)


def keep_unlisted() -> None:
    """Let the triggers be made with their tables.

    They go with them, too; on PostgreSQL the functions stay, until they are replaced.
    """
    for engine, tables in (("sqlite", _ON_SQLITE), ("postgresql", _ON_POSTGRESQL)):
        for table, *statements in tables:
            for statement in statements:
                event.listen(table, "after_create", made_on(engine, statement))
