"""The trail in words: who, what, and what it was before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel.speaklater import LazyString

from csd_events.audit.queries import Entry
from csd_events.audit.rules import POINTING, is_secret, shortened, sides
from csd_events.audit.words.names import ACTIONS, FIELDS, KINDS, PROGRAM
from csd_events.core.time import (
    day_words,
    local_date,
    time_only,
)
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.core.zones import zone_short

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(_DAY.pattern + r"T\d\d:\d\d:\d\d(\.\d+)?\+00:00")
_VALUES: Mapping[tuple[str, str], LazyString] = {
    ("role", "none"): lazy_gettext("no role"),
}


#: What things are called, by kind and id.
Names = Mapping[tuple[str, int], str]

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


@dataclass(frozen=True, slots=True)
class _Reader:
    """By which clocks, and with which names, a trail is read."""

    zone: str
    names: Names


def history_lines(
    entries: Sequence[Entry], *, zone: str, names: Names
) -> list[HistoryLine]:
    """Put a part of the trail into words.

    Args:
        zone: By whose clocks times are said.
        names: Of the things that changes point at.
    """
    return [_line(entry, _Reader(zone, names)) for entry in entries]


def number_words(number: int) -> str:
    """Say what is known of a thing that has no name, or is not there any more."""
    return str(_("number %(number)s", number=number))


def kind_words(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def _line(entry: Entry, reader: _Reader) -> HistoryLine:
    action = ACTIONS.get(entry.action)
    unsigned = action.unsigned if action else PROGRAM
    return HistoryLine(
        at=entry.at,
        who=entry.actor_name or str(unsigned),
        who_id=entry.actor_id,
        what=str(action.words) if action else entry.action,
        kind=entry.subject_kind,
        subject_id=entry.subject_id,
        changes=[
            _change(name, value, reader)
            for name, value in entry.changes.items()
            if any(side not in NOTHING for side in sides(value))
        ],
    )


def _change(name: str, value: object, reader: _Reader) -> ChangeLine:
    if is_secret(name):
        return ChangeLine(_label(name), None, None)
    before, after = sides(value)
    return ChangeLine(
        _label(name),
        None if before in NOTHING else _value_words(name, before, reader),
        _value_words(name, after, reader),
    )


def _label(name: str) -> str:
    if name in FIELDS:
        return str(FIELDS[name])
    return name.replace("_", " ").capitalize()


def _value_words(name: str, value: object, reader: _Reader) -> str:
    """Put a value of a change into words."""
    if value in NOTHING:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name.endswith("_cents") and isinstance(value, int):
        return f"{value / 100:,.2f}"
    if isinstance(value, Mapping):
        facts = (f"{_label(k)} {_part(k, v, reader)}" for k, v in value.items() if v)
        return shortened(", ".join(facts))
    if isinstance(value, list):
        return shortened("; ".join(_value_words(name, each, reader) for each in value))
    return shortened(_plain_words(name, value, reader))


def _part(name: str, value: object, reader: _Reader) -> str:
    return _("changed") if is_secret(name) else _value_words(name, value, reader)


def _plain_words(name: str, given: object, reader: _Reader) -> str:
    if name in POINTING and isinstance(given, int):
        return reader.names.get((POINTING[name], given)) or number_words(given)
    value, zone = str(given), reader.zone
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
