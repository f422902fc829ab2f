"""What a change of an event will cause, in words, and until when it can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from csd_events.core.time import short_time, time_only
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext, ngettext
from csd_events.core.zones import zone_short
from csd_events.events.rules import ChangeKind
from csd_events.registrations.queries import Undoable
from csd_events.registrations.rules import Effect, NotUndone, ReminderShift
from csd_events.registrations.words.changes import news_of

#: Why a change of an event stays as it is.
NOT_UNDONE_WORDS = {
    NotUndone.UNDONE: lazy_gettext(
        "That change was undone already, and nobody hears of it. See how it stands."
    ),
    NotUndone.TOLD: lazy_gettext(
        "The notices have begun to leave, or somebody changed something since. "
        "It was not undone; see how it stands, and change it again."
    ),
}
#: Above what can be undone: where people are to be told, where nobody is registered;
#: and on its button.
_UNDO_A_CHANGE = (
    lazy_gettext("Changed, and nobody has been told yet"),
    lazy_gettext("Changed, and nobody is registered yet"),
    lazy_gettext("Undo the change"),
)
_UNDO_WORDS = {
    ChangeKind.CANCELLED: (
        lazy_gettext("Cancelled, and nobody has been told yet"),
        lazy_gettext("Cancelled, and nobody was registered"),
        lazy_gettext("Undo: it takes place"),
    ),
    ChangeKind.POSTPONED: (
        lazy_gettext("Postponed, and nobody has been told yet"),
        lazy_gettext("Postponed, and nobody is registered yet"),
        lazy_gettext("Undo: it takes place when it was to"),
    ),
    ChangeKind.REDATED: (
        lazy_gettext("It has a date again, and nobody has been told yet"),
        lazy_gettext("It has a date again, and nobody is registered yet"),
        lazy_gettext("Undo: it stays postponed"),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """What staff read before they save.

    Attributes:
        news: What it comes to: the old and the new time and place of each session.
        lines: A sentence for each consequence.
        button: What saving it does, with the number.
        digest: Names what they have seen.
    """

    news: Sequence[str]
    lines: Sequence[str]
    button: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """What staff can take back, and until when."""

    change_id: int
    heading: str
    words: str
    button: str


def foresight_of(effect: Effect, zone: str) -> Foresight:
    """Say what saving an event will cause, on the clocks of a zone."""
    lines = told_lines(effect, zone)
    if effect.placed:
        lines.append(
            ngettext(
                "%(num)s person who waits gets a place, and is told at once.",
                "%(num)s people who wait get a place, and are told at once.",
                effect.placed,
            )
        )
    if words := _reminded(effect.reminders):
        lines.append(words)
    return Foresight(
        news=list(news_of(effect.change).values()),
        lines=lines,
        button=_button(effect),
        digest=effect.digest,
    )


def told_lines(effect: Effect, zone: str) -> list[str]:
    """Say who gets a notice, and when it leaves; nothing where nobody does."""
    lines = [_told(effect)] if effect.told else []
    if effect.on_stage:
        lines.append(
            ngettext(
                "%(num)s presenter gets a notice with a calendar update.",
                "%(num)s presenters get a notice with a calendar update.",
                effect.on_stage,
            )
        )
    if effect.all_told:
        lines.append(_leaving(effect, zone))
    return lines


def leaving_words(effect: Effect, zone: str) -> str:
    """Say who is told of a change that is saved, and when."""
    if not effect.all_told:
        return str(_("Nobody had to be told."))
    if effect.leaves_at is None:
        words = ngettext(
            "%(num)s person is being told.",
            "%(num)s people are being told.",
            effect.all_told,
        )
        return str(words)
    words = ngettext(
        "%(num)s person is told at %(time)s; until then you can undo it.",
        "%(num)s people are told at %(time)s; until then you can undo it.",
        effect.all_told,
        time=clock_words(effect.leaves_at, zone),
    )
    return str(words)


def undo_of(found: Undoable, told: int, zone: str, *, is_empty: bool) -> Undo:
    """Say what can be undone at an event, and what that puts back.

    Args:
        told: How many people hear of it otherwise.
        is_empty: Whether nobody is registered or waits.
    """
    words = _until_words(told, clock_words(found.leaves_at, zone))
    untold, unregistered, button = _UNDO_WORDS.get(found.kind, _UNDO_A_CHANGE)
    if found.kind not in _UNDO_WORDS:
        was = _("Before: %(what)s.", what=_before_words(found))
        words = f"{words} {was}"
    return Undo(
        change_id=found.last.id,
        heading=str(unregistered if is_empty and not told else untold),
        words=str(words),
        button=str(button),
    )


def _until_words(told: int, time: str) -> str:
    if not told:
        words = _(
            "Nobody has to be told. You can undo it until %(time)s.",
            time=time,
        )
        return str(words)
    return ngettext(
        "%(num)s person is told at %(time)s. Until then you can undo it, and nobody "
        "hears of it.",
        "%(num)s people are told at %(time)s. Until then you can undo it, and nobody "
        "hears of it.",
        told,
        time=time,
    )


def clock_words(at: datetime, zone: str) -> str:
    """Write an instant of today: ``2:05 pm ET``."""
    return f"{time_only(at, zone)} {zone_short(at, zone)}"


def _before_words(found: Undoable) -> str:
    """Say what people have heard, to which it goes back."""
    times = [
        short_time(datetime.fromisoformat(each["starts_at"]), each["zone"])
        for each in found.before["sessions"]
    ]
    if place := found.before["place"]:
        times.append(place)
    return "; ".join(times)


def _told(effect: Effect) -> str:
    if effect.entries == effect.told:
        return ngettext(
            "%(num)s person gets a notice with a calendar update.",
            "%(num)s people get a notice with a calendar update.",
            effect.told,
        )
    words = ngettext(
        "%(num)s person gets a notice.", "%(num)s people get a notice.", effect.told
    )
    if not effect.entries:
        return words
    more = ngettext(
        "%(num)s of them has it in their calendar, which is brought up to date.",
        "%(num)s of them have it in their calendars, which are brought up to date.",
        effect.entries,
    )
    return f"{words} {more}"


def _leaving(effect: Effect, zone: str) -> str:
    if effect.leaves_at is None:
        return str(
            _("It starts within the hour: the notices leave at once, without an undo.")
        )
    return str(
        _(
            "The notices leave at %(time)s. Until then you can undo the change.",
            time=clock_words(effect.leaves_at, zone),
        )
    )


def _reminded(shift: ReminderShift) -> str:
    words = []
    if shift.moved:
        moved = ngettext(
            "%(num)s reminder moves.", "%(num)s reminders move.", shift.moved
        )
        words.append(moved)
    if shift.missed:
        missed = ngettext(
            "%(num)s reminder falls in the past and is dropped.",
            "%(num)s reminders fall in the past and are dropped.",
            shift.missed,
        )
        words.append(missed)
    return " ".join(words)


def _button(effect: Effect) -> str:
    if effect.all_told:
        return ngettext(
            "Save and tell %(num)s person",
            "Save and tell %(num)s people",
            effect.all_told,
        )
    return ngettext(
        "Save and give %(num)s place", "Save and give %(num)s places", effect.placed
    )
