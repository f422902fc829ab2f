"""What changed of an event, session by session: as people heard it, and as it is."""

from collections.abc import Sequence

from csd_events.core.time import local_time, time_span
from csd_events.core.words import gettext as _
from csd_events.registrations.rules import Change, Heard


def names_of(sessions: Sequence[Heard]) -> list[str]:
    """Name sessions that came or went, with their times."""
    found = []
    for each in sessions:
        when = local_time(each.starts_at, each.zone)
        found.append(f"{each.title}, {when}" if each.title else when)
    return found


def news_of(change: Change) -> dict[int, str]:
    """Say by the ids of the sessions what changed, in a line as their entries have."""
    added, removed = names_of(change.added), names_of(change.removed)
    return {
        **{now.id: _moved_words(before, now) for before, now in change.moved},
        **{
            each.id: _("Added: %(session)s", session=name)
            for each, name in zip(change.added, added, strict=True)
        },
        **{
            each.id: _("Taken out: %(session)s", session=name)
            for each, name in zip(change.removed, removed, strict=True)
        },
    }


def _moved_words(before: Heard, now: Heard) -> str:
    if before.entry[:3] == now.entry[:3]:
        return _place_words(before.place, now.place)
    was, it_is = spans_of(before, now)
    if before.starts_at == now.starts_at:
        return _("Changed from %(before)s to %(now)s", before=was, now=it_is)
    return _("Moved from %(before)s to %(now)s", before=was, now=it_is)


def _place_words(before: str, now: str) -> str:
    if not now:
        return _("No longer at %(before)s", before=before)
    if not before:
        return _("Now at %(now)s", now=now)
    return _("Now at %(now)s, no longer at %(before)s", now=now, before=before)


def spans_of(before: Heard, now: Heard) -> tuple[str, str]:
    """Say when it was and is; where, if that changed; until when, if that alone did."""
    whole = before.entry[0:1] + before.entry[2:] == now.entry[0:1] + now.entry[2:]
    words = []
    for each in (before, now):
        when = local_time(each.starts_at, each.zone)
        if whole and each.ends_at:
            when = time_span(each.starts_at, each.ends_at, each.zone)
        elif whole:
            when = f"{when} {_('(end not announced)')}"
        moved_there = before.place != now.place and each.place
        words.append(f"{when}, {each.place}" if moved_there else when)
    return words[0], words[1]
