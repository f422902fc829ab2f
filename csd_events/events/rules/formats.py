"""What fits which format, and what is dropped when one becomes another."""

from collections.abc import Mapping
from dataclasses import replace

from csd_events.events.rules.drafts import EventDraft
from csd_events.events.rules.kinds import Format

LIVE = frozenset({Format.WEBINAR, Format.FORUM, Format.TRAINING})
IN_ROOMS = frozenset({Format.FORUM, Format.TRAINING})
_FORUM = frozenset({Format.FORUM})
_TRAINING = frozenset({Format.TRAINING})
#: What only some formats have, by the field of a draft.
FITTING: Mapping[str, frozenset[Format]] = {
    "platform_url": LIVE,
    "place": IN_ROOMS,
    "conference_id": _FORUM,
    "requires_conference": _FORUM,
    "capacity": LIVE,
    "waiting_limit": LIVE,
    "completes_after": _TRAINING,
    "completes_share": _TRAINING,
    "completion_note": _TRAINING,
    "prerequisites": _TRAINING,
    "prerequisite_note": _TRAINING,
}


def dropped(draft: EventDraft, wanted: Format) -> list[str]:
    """Name the fields that say something and do not fit another format."""
    return [
        name
        for name, formats in FITTING.items()
        if wanted not in formats and _says_something(getattr(draft, name))
    ]


def _says_something(value: object) -> bool:
    """Tell whether a field was filled in; zero is something."""
    return bool(value) or (value == 0 and value is not False)


def lost_sessions(draft: EventDraft, wanted: Format) -> int:
    """Count the sessions that another format has no room for."""
    return len(draft.sessions) - len(reshaped(draft, wanted).sessions)


def reshaped(draft: EventDraft, wanted: Format) -> EventDraft:
    """Return a draft in another format, without what does not fit it.

    Where one session is left, what was its own becomes the event's.
    """
    empty = EventDraft(title="", kind=draft.kind, zone=draft.zone)
    gone = {name: getattr(empty, name) for name in dropped(draft, wanted)}
    shaped = replace(
        draft, kind=wanted.kind, on_demand=wanted is Format.ON_DEMAND, **gone
    )
    if wanted is Format.TRAINING:
        return shaped
    first = draft.sessions[0].contributors if draft.sessions else ()
    known = {(each.name, each.organization) for each in draft.contributors}
    own = [each for each in first if (each.name, each.organization) not in known]
    kept = [] if wanted is Format.ON_DEMAND else [*draft.sessions[:1]]
    shaped = replace(shaped, contributors=[*draft.contributors, *own])
    if not kept:
        return replace(shaped, sessions=())
    place = kept[0].place if wanted in IN_ROOMS else ""
    only = replace(kept[0], place=place, platform_url=None, contributors=())
    address = kept[0].platform_url or shaped.platform_url
    return replace(shaped, sessions=[only], platform_url=address)
