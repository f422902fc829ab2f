"""What clashes with an event, in sentences, with its times in every zone concerned."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from csd_events.core.time import short_span, short_time
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events.rules import Clash, Meeting, Slot, clash_key
from csd_events.topics.rules import area_name

#: So many are told; how many more there are is said.
MOST_TOLD = 12


@dataclass(frozen=True, slots=True)
class ClashWords:
    """One thing that clashes.

    Attributes:
        words: A sentence.
        key: How a button names it.
        known: Who knows of it and leaves it, in words; empty for nobody.
    """

    words: str
    key: str
    known: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClashLine:
    """A session of another event, and what clashes.

    Attributes:
        is_known: Whether all of it is known, and left as it is.
        times: When the other one is, once on the clocks of each zone concerned.
        own_times: When that of the event one looks at is, in the same zones.
        opens: Whether its page opens to who reads this.
    """

    is_known: bool
    event_id: int
    title: str
    is_draft: bool
    said: list[ClashWords]
    times: list[str]
    own_times: list[str]
    opens: bool


@dataclass(frozen=True, slots=True)
class ClashList:
    """What is told of all that clashes.

    Attributes:
        more: How many more clash.
        known: How many of all are known, and left as they are.
    """

    lines: Sequence[ClashLine]
    more: int
    known: int = 0

    @property
    def words(self) -> str:
        """Count those that clash, in words."""
        number = len(self.lines) + self.more - self.known
        if not number and self.known:
            return str(_("Nothing clashes with it but what is known."))
        if not number:
            return str(_("Nothing clashes with it."))
        words = ngettext(
            "%(num)s session of another event clashes with it.",
            "%(num)s sessions of other events clash with it.",
            number,
        )
        return str(words)


def clash_list(
    found: Sequence[Meeting], *, zone: str, programs: Collection[int] | None
) -> ClashList:
    """Put what clashes into words.

    Args:
        zone: The association's own.
        programs: Those whose events open to who reads it; None where all do.
    """
    told = [
        _line(each, zone, opens=programs is None or each.other.program_id in programs)
        for each in found[:MOST_TOLD]
    ]
    known = sum(each.is_known for each in found)
    return ClashList(told, len(found) - len(told), known)


def _line(meeting: Meeting, zone: str, *, opens: bool) -> ClashLine:
    mine, other = meeting.mine, meeting.other
    zones = _zones(meeting, zone)
    return ClashLine(
        is_known=meeting.is_known,
        event_id=other.event_id or 0,
        title=other.title,
        is_draft=other.is_draft,
        said=[_said(each, meeting, zone) for each in meeting.clashes],
        times=_times(other, zones),
        own_times=_times(mine, zones),
        opens=opens,
    )


def _said(clash: Clash, meeting: Meeting, zone: str) -> ClashWords:
    known, words = "", clash_words(clash, meeting)
    if clash in meeting.known:
        said = meeting.known[clash]
        when = short_time(said.at, zone)
        known = _("Known, and left: %(name)s, %(when)s.", name=said.by, when=when)
    return ClashWords(words, clash_key(meeting, clash), str(known))


def clash_words(clash: Clash, meeting: Meeting) -> str:
    """Say what two sessions want at once."""
    if clash is Clash.PRESENTER:
        names = ", ".join(each.name for each in meeting.people)
        return str(
            ngettext(
                "%(names)s is on stage in both.",
                "%(names)s are on stage in both.",
                len(meeting.people),
                names=names,
            )
        )
    if clash is Clash.ROOM:
        return str(_("Both are in the same room."))
    shared = [area_name(each) for each in meeting.areas]
    whom = ", ".join([*shared, meeting.program] if meeting.program else shared)
    if clash is Clash.AUDIENCE:
        words = _("Both are for the same people, at one time: %(whom)s.", whom=whom)
    else:
        words = _("Both are for the same people, on one day: %(whom)s.", whom=whom)
    return str(words)


def _zones(meeting: Meeting, zone: str) -> list[tuple[str, list[str]]]:
    """List the zones concerned, with who is at home there."""
    homes: dict[str, list[str]] = {meeting.mine.zone: [], meeting.other.zone: []}
    homes.setdefault(zone, [])
    for each in meeting.people:
        if each.zone:
            homes.setdefault(each.zone, []).append(each.name)
    return list(homes.items())


def _times(slot: Slot, zones: Sequence[tuple[str, list[str]]]) -> list[str]:
    """Say when a session is in each zone; clocks that show the same are said once."""
    said: dict[str, list[str]] = {}
    for zone, names in zones:
        said.setdefault(short_span(slot.starts_at, slot.ends_at, zone), []).extend(
            names
        )
    return [
        f"{words} ({', '.join(names)})" if names else words
        for words, names in said.items()
    ]
