"""Which case studies to suggest to somebody, in which order, and why.

Cases are compared by seven levels, in order, like words in a dictionary; nothing is
weighed and nothing drawn by lot, so the same input gives the same list. This runs
inside every confirmation, hence the `Library`, which is made once.
"""

from collections.abc import Sequence
from typing import NamedTuple

from csd_events.matching.rules.comparing import areas_used, compare, read, reasons
from csd_events.matching.rules.values import (
    NEAR,
    NEITHER,
    SAME,
    Case,
    Known,
    Levels,
    Library,
    Match,
    Profile,
    Recommendation,
    Session,
)
from csd_events.topics.catalogue import WHOLE_GOVERNMENT

__all__ = [
    "REGISTERED_LIMIT",
    "Case",
    "Levels",
    "Library",
    "Match",
    "Profile",
    "Recommendation",
    "Session",
    "match",
    "worksheet_area",
]

#: Places in the list, pinned cases included. More pinned cases are all shown.
PLACES = 5
#: A list is filled up with related and other services only to this length.
ENOUGH = 3
#: How many places unpinned cases get for somebody who has only registered.
REGISTERED_LIMIT = 3

PINNED = "Discussed in the session"
SAME_SERVICE = "The same service"
RELATED_SERVICE = "A related service"
SAME_FORM = "A different service, the same form"
WENT_OTHERWISE = "One that did not go as hoped"

NO_AREAS = (
    "Tell us which service you are looking at and we can suggest something to read."
)
NOTHING_YET = "We hold no account of this service yet."
NO_CAUTION = "We hold no account of a similar arrangement that ended or was disputed."


class _Compared(NamedTuple):
    known: Known
    levels: Levels


def worksheet_area(profile: Profile, session: Session | None) -> str | None:
    """Choose the service a worksheet opens for; None means ask for one first."""
    first = next(iter(areas_used(profile, session)), None)
    return None if first == WHOLE_GOVERNMENT else first


def match(
    profile: Profile, session: Session | None, library: Library, *, limit: int | None
) -> Recommendation:
    """Choose what to suggest, each case with its heading, levels and reasons.

    `limit` is how many places unpinned cases may take: `REGISTERED_LIMIT` for
    somebody who has only registered, None for somebody who was there.
    """
    wanted = read(profile, session)
    compared = {
        name: _Compared(known, compare(wanted, known))
        for name, known in library.cases.items()
    }
    asked = dict.fromkeys(session.pinned if session else ())
    pinned = [compared.pop(name) for name in asked if name in compared]
    for name in session.hidden if session else ():
        compared.pop(name, None)
    ranked = sorted(compared.values(), key=lambda case: case.levels, reverse=True)
    places = max(PLACES - len(pinned), 0)
    places = places if limit is None else min(places, limit)
    listed = _fill(ranked, places=places, pinned=len(pinned))
    looked = bool(wanted.areas) and not any(
        case.known.is_caution for case in [*pinned, *(case for _, case in listed)]
    )
    caution = _find_caution(ranked) if looked else None
    if caution:
        if listed and len(listed) == places:
            listed.pop()
        listed.append((WENT_OTHERWISE, caution))
    listed = [*((PINNED, case) for case in pinned), *listed]
    return Recommendation(
        tuple(
            Match(heading, known.case.id, levels, reasons(wanted, known, levels))
            for heading, (known, levels) in listed
        ),
        _note(
            areas_known=bool(wanted.areas),
            anything=bool(listed),
            caution_missing=looked and caution is None,
        ),
    )


def _fill(
    ranked: Sequence[_Compared], *, places: int, pinned: int
) -> list[tuple[str, _Compared]]:
    """Fill the places that pinned cases leave, heading by heading, best first."""
    steps = (
        (SAME_SERVICE, PLACES, [c for c in ranked if c.levels.service == SAME]),
        (RELATED_SERVICE, ENOUGH, [c for c in ranked if c.levels.service == NEAR]),
        (SAME_FORM, ENOUGH, [c for c in ranked if _shares_form_alone(c.levels)]),
    )
    listed: list[tuple[str, _Compared]] = []
    for heading, most, cases in steps:
        room = min(places - len(listed), most - pinned - len(listed))
        listed += [(heading, case) for case in cases[: max(room, 0)]]
    return listed


def _shares_form_alone(levels: Levels) -> bool:
    return levels.service == NEITHER and levels.form == SAME


def _find_caution(ranked: Sequence[_Compared]) -> _Compared | None:
    """Find the best case that did not go as hoped and is close enough to tell."""
    return next(
        (case for case in ranked if case.known.is_caution and _is_close(case.levels)),
        None,
    )


def _is_close(levels: Levels) -> bool:
    if levels.service == NEAR:
        return levels.form == SAME or levels.size >= NEAR
    return levels.service == SAME


def _note(*, areas_known: bool, anything: bool, caution_missing: bool) -> str | None:
    if not areas_known:
        return NO_AREAS
    if not anything:
        return NOTHING_YET
    return NO_CAUTION if caution_missing else None
