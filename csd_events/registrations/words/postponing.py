"""An event without a date for now, and several changed at once, in words for staff."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events.models import Event
from csd_events.events.rules import State
from csd_events.registrations.rules import Effect, LeftOut, NotPostponed
from csd_events.registrations.words.foreseeing import (
    Foresight,
    foresight_of,
    told_lines,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectLine:
    """What a change causes at one of several events."""

    news: Sequence[str]
    lines: Sequence[str]
    digest: str


def redated_foresight(
    effect: Effect, zone: str, days: Sequence[str], *, opens: bool
) -> Foresight:
    """Say what giving a postponed event a date will cause.

    Args:
        days: The new days of its sessions, in words.
        opens: Whether an offer is left by which somebody could register.
    """
    found = foresight_of(effect, zone)
    opening = _("Registration opens again, as its offers say.")
    if not opens:
        opening = _(
            "Registration stays closed: the last day of each of its offers is over. "
            "Edit the event to give them another."
        )
    lines = [*told_lines(effect, zone), str(opening)]
    if number := effect.reminders.moved:
        words = ngettext(
            "%(num)s reminder is planned before it.",
            "%(num)s reminders are planned before it.",
            number,
        )
        lines.append(words)
    news = [_("New date: %(day)s", day="; ".join(days))]
    return replace(found, news=news, lines=lines)


def postponed_lines(effect: Effect, zone: str) -> list[str]:
    """Say what postponing an event causes, a sentence for each consequence."""
    lines = told_lines(effect, zone)
    if number := effect.reminders.missed:
        words = ngettext(
            "%(num)s planned reminder does not go.",
            "%(num)s planned reminders do not go.",
            number,
        )
        lines.append(words)
    lines.append(str(_("Registration closes until there is a new date.")))
    return lines


def effect_line(effect: Effect, event: Event) -> EffectLine:
    """Say what a change causes at one event."""
    found = foresight_of(effect, event.zone)
    lines = list(found.lines)
    if not effect.reaches_people:
        draft = event.state is State.DRAFT
        nobody = _("A draft: nobody is told.") if draft else _("Nobody has to be told.")
        lines.insert(0, str(nobody))
    return EffectLine(news=found.news, lines=lines, digest=effect.digest)


def several_button(effects: Sequence[Effect]) -> str:
    """Name the button that saves them all, with both numbers."""
    told = sum(effect.all_told for effect in effects)
    words = ngettext("Change %(num)s event", "Change %(num)s events", len(effects))
    if not told:
        return words
    more = ngettext("tell %(num)s person", "tell %(num)s people", told)
    return str(_("%(change)s and %(tell)s", change=words, tell=more))


def left_out_words(why: LeftOut) -> str:
    """Say why an event is not changed with the others."""
    words = {
        LeftOut.OVER: _("It is over, so it stays as it was."),
        LeftOut.CANCELLED: _("It is cancelled, so it stays as it was."),
        LeftOut.POSTPONED: _("It is postponed: give it a date first."),
        LeftOut.STALE: _("Somebody saved it meanwhile, so it was left out."),
        LeftOut.DOES_NOT_FIT: _("The change does not fit it, so it was left out."),
    }
    return str(words[why])


def not_postponed_words(why: NotPostponed) -> str:
    """Say why an event keeps the date it has."""
    words = {
        NotPostponed.NOT_PUBLISHED: _("Only a published event can be postponed."),
        NotPostponed.NO_DATE: _("It has no date that could be put off."),
        NotPostponed.OVER: _("This event is over."),
        NotPostponed.JUST_REDATED: _(
            "Nobody has heard of its date yet. Undo that instead, and nobody will."
        ),
    }
    return str(words[why])
