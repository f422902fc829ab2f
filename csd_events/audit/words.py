"""The trail in words: who, what, and what it was before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from flask_babel.speaklater import LazyString

from csd_events.audit.queries import Entry
from csd_events.audit.rules import is_secret, shortened, sides
from csd_events.core.time import day_words, local_date, time_only, zone_short
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext

_PROGRAM = lazy_gettext("The program")
_VISITOR = lazy_gettext("A visitor")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(_DAY.pattern + r"T\d\d:\d\d:\d\d(\.\d+)?\+00:00")


class Action(NamedTuple):
    """What an action is called, and who did it where nobody signed in did."""

    words: LazyString
    unsigned: LazyString = _PROGRAM


#: Every action there is; a test keeps it complete.
ACTIONS: Mapping[str, Action] = {
    "account.closed": Action(lazy_gettext("Account closed")),
    "account.role_granted": Action(lazy_gettext("Role changed")),
    "affiliation.dropped": Action(
        lazy_gettext("Second entry of a person in an organization dropped")
    ),
    "affiliation.handed_over": Action(
        lazy_gettext("Place in an organization handed over")
    ),
    "affiliation.recorded": Action(lazy_gettext("Person added to an organization")),
    "affiliation.removed": Action(
        lazy_gettext("Person taken out again, as an import was undone")
    ),
    "affiliation.saved": Action(lazy_gettext("Place in an organization changed")),
    "association.saved": Action(lazy_gettext("Association changed")),
    "citation.added": Action(lazy_gettext("Work added to the bibliography")),
    "citation.brought_back": Action(lazy_gettext("Work brought back")),
    "citation.retired": Action(lazy_gettext("Work retired")),
    "citation.saved": Action(lazy_gettext("Work changed")),
    "conference.addresses_saved": Action(
        lazy_gettext("List of who is registered changed")
    ),
    "conference.created": Action(lazy_gettext("Conference written")),
    "conference.saved": Action(lazy_gettext("Conference changed")),
    "event.cancelled": Action(lazy_gettext("Event cancelled")),
    "event.created": Action(lazy_gettext("Event written")),
    "event.published": Action(lazy_gettext("Event published")),
    "event.saved": Action(lazy_gettext("Event changed")),
    "import_run.done": Action(lazy_gettext("File imported")),
    "import_run.not_undone": Action(lazy_gettext("Import not undone")),
    "import_run.undone": Action(lazy_gettext("Import undone")),
    "mail.sent_again": Action(lazy_gettext("Mail sent again")),
    "membership.handed_over": Action(lazy_gettext("Membership handed over")),
    "membership.recorded": Action(lazy_gettext("Membership recorded")),
    "membership.removed": Action(
        lazy_gettext("Membership taken out again, as an import was undone")
    ),
    "membership.saved": Action(lazy_gettext("Membership changed")),
    "membership_type.created": Action(lazy_gettext("Kind of membership written")),
    "membership_type.saved": Action(lazy_gettext("Kind of membership changed")),
    "organization.created": Action(lazy_gettext("Organization recorded")),
    "organization.removed": Action(
        lazy_gettext("Organization taken out again, as an import was undone")
    ),
    "organization.saved": Action(lazy_gettext("Organization changed")),
    "partner.merged": Action(lazy_gettext("Two partners made one")),
    "partner.saved": Action(lazy_gettext("Partner changed")),
    "person.readdressed": Action(lazy_gettext("Address changed"), _VISITOR),
    "presenter.merged": Action(lazy_gettext("Two presenters made one")),
    "presenter.saved": Action(lazy_gettext("Presenter changed")),
    "program.created": Action(lazy_gettext("Program written")),
    "program.saved": Action(lazy_gettext("Program changed")),
    "publication.added": Action(lazy_gettext("Publication added")),
    "publication.brought_back": Action(lazy_gettext("Publication brought back")),
    "publication.retired": Action(lazy_gettext("Publication retired")),
    "publication.saved": Action(lazy_gettext("Publication changed")),
    "publication.version_added": Action(lazy_gettext("New version of a publication")),
    "registration.cancelled": Action(lazy_gettext("Registration cancelled"), _VISITOR),
    "registration.details_sent": Action(lazy_gettext("Details sent again")),
    "registration.made": Action(lazy_gettext("Registered"), _VISITOR),
    "registration.promoted": Action(
        lazy_gettext("Given a place from the waiting list")
    ),
    "registration.readdressed": Action(lazy_gettext("Address corrected"), _VISITOR),
    "registration.taken_back": Action(
        lazy_gettext("Second place of one person taken back"), _VISITOR
    ),
}
#: The kinds of things, each the first word of its actions.
KINDS: Mapping[str, LazyString] = {
    "account": lazy_gettext("Account"),
    "affiliation": lazy_gettext("Place in an organization"),
    "association": lazy_gettext("Association"),
    "citation": lazy_gettext("Work of the bibliography"),
    "conference": lazy_gettext("Conference"),
    "event": lazy_gettext("Event"),
    "import_run": lazy_gettext("Import"),
    "mail": lazy_gettext("Mail"),
    "membership": lazy_gettext("Membership"),
    "membership_type": lazy_gettext("Kind of membership"),
    "organization": lazy_gettext("Organization"),
    "partner": lazy_gettext("Partner"),
    "person": lazy_gettext("Person"),
    "presenter": lazy_gettext("Presenter"),
    "program": lazy_gettext("Program"),
    "publication": lazy_gettext("Publication"),
    "registration": lazy_gettext("Registration"),
}
#: Fields whose names say less than they should; the others are read as they are.
FIELDS: Mapping[str, LazyString] = {
    "afterwards": lazy_gettext("After the last offer"),
    "areas": lazy_gettext("Service areas"),
    "cancel_note": lazy_gettext("Reason"),
    "conference_id": lazy_gettext("Conference number"),
    "completes_after": lazy_gettext("Sessions to attend"),
    "contributors": lazy_gettext("Presenters and partners"),
    "ends_at": lazy_gettext("Ends"),
    "from_on": lazy_gettext("From"),
    "organization_id": lazy_gettext("Organization number"),
    "person_id": lazy_gettext("Person number"),
    "platform_url": lazy_gettext("Link to join"),
    "prerequisites": lazy_gettext("Numbers of events to attend first"),
    "price_cents": lazy_gettext("Price"),
    "program_id": lazy_gettext("Program number"),
    "recording_url": lazy_gettext("Recording"),
    "starts_at": lazy_gettext("Starts"),
    "until_on": lazy_gettext("Through"),
}
_VALUES: Mapping[tuple[str, str], LazyString] = {
    ("role", "none"): lazy_gettext("no role"),
}


#: Values that say that there is none.
NOTHING: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field of a change.

    Attributes:
        before: None where there was nothing, or it is nobody's to read.
        after: None where it is nobody's to read.
    """

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One thing that was done, as staff read it."""

    at: datetime
    who: str
    who_id: int | None
    what: str
    kind: str
    subject_id: int
    changes: Sequence[ChangeLine]


def history_lines(entries: Sequence[Entry], *, zone: str) -> list[HistoryLine]:
    """Put a part of the trail into words, with times by the clocks of a zone."""
    return [_line(entry, zone) for entry in entries]


def kind_words(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def _line(entry: Entry, zone: str) -> HistoryLine:
    action = ACTIONS.get(entry.action)
    unsigned = action.unsigned if action else _PROGRAM
    return HistoryLine(
        at=entry.at,
        who=entry.actor_name or str(unsigned),
        who_id=entry.actor_id,
        what=str(action.words) if action else entry.action,
        kind=entry.subject_kind,
        subject_id=entry.subject_id,
        changes=[
            _change(name, value, zone)
            for name, value in entry.changes.items()
            if any(side not in NOTHING for side in sides(value))
        ],
    )


def _change(name: str, value: object, zone: str) -> ChangeLine:
    if is_secret(name):
        return ChangeLine(_label(name), None, None)
    before, after = sides(value)
    return ChangeLine(
        _label(name),
        None if before in NOTHING else _value_words(name, before, zone),
        _value_words(name, after, zone),
    )


def _label(name: str) -> str:
    if name in FIELDS:
        return str(FIELDS[name])
    return name.replace("_", " ").capitalize()


def _value_words(name: str, value: object, zone: str) -> str:
    """Put a value of a change into words."""
    if value in NOTHING:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.endswith("_cents") and isinstance(value, int):
        return f"{value / 100:,.2f}"
    if isinstance(value, Mapping):
        facts = (f"{_label(k)} {_part(k, v, zone)}" for k, v in value.items() if v)
        return shortened(", ".join(facts))
    if isinstance(value, list):
        return shortened("; ".join(_value_words(name, each, zone) for each in value))
    return shortened(_plain_words(name, str(value), zone))


def _part(name: str, value: object, zone: str) -> str:
    return _("changed") if is_secret(name) else _value_words(name, value, zone)


def _plain_words(name: str, value: str, zone: str) -> str:
    if (name, value) in _VALUES:
        return str(_VALUES[name, value])
    if _INSTANT.fullmatch(value):
        at = datetime.fromisoformat(value)
        day, clock = local_date(at, zone), time_only(at, zone)
        return f"{day}, {clock} {zone_short(at, zone)}"
    if _DAY.fullmatch(value):
        return day_words(date.fromisoformat(value))
    return (
        value.replace("_", " ") if re.fullmatch(r"[a-z]+(_[a-z]+)+", value) else value
    )
