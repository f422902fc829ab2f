"""The mail plan of one person, as staff read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events.models import Event
from csd_events.events.words import name_in
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import (
    Planned,
    WhyNot,
    follow_up_key,
    lead_name,
    reminder_key,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A mail that is to come, or will not."""

    words: str
    goes_at: datetime
    why_not: str | None


def lead_words(lead: str) -> str:
    """Write a lead as people say it: ``7 days before`` for ``7d``."""
    number = int(lead[:-1])
    if lead.endswith("d"):
        return str(ngettext("%(num)s day before", "%(num)s days before", number))
    return str(ngettext("%(num)s hour before", "%(num)s hours before", number))


def plan_lines(
    registration: Registration,
    event: Event,
    plan: Sequence[Planned],
    keys: set[str],
) -> list[PlanLine]:
    """Show what is planned, but for what the outbox has a mail of already.

    Args:
        keys: Of the mails about this registration.
    """
    names: dict[int | None, str] = {
        each.id: name_in(event, each) for each in event.sessions
    }
    return [
        PlanLine(
            words=_name(each, names),
            goes_at=each.goes_at,
            why_not=str(_why_words()[each.why_not]) if each.why_not else None,
        )
        for each in plan
        if _key(each, registration.id) not in keys
    ]


def _key(each: Planned, registration_id: int) -> str:
    if each.lead is None or each.starts_at is None:
        return follow_up_key(registration_id)
    return reminder_key(each.lead, registration_id, each.starts_at)


def _name(each: Planned, names: Mapping[int | None, str]) -> str:
    if each.lead is None:
        return str(_("After the event"))
    words = _("Reminder, %(lead)s", lead=lead_words(lead_name(each.lead)))
    name = names[each.session_id]
    return f"{words}: {name}" if len(names) > 1 and name else str(words)


def _why_words() -> dict[WhyNot, str]:
    return {
        WhyNot.CALLED_OFF: _("The event is cancelled."),
        WhyNot.NO_PLACE: _("They have no place."),
        WhyNot.NONE_WANTED: _("They want no reminders of any event."),
        WhyNot.SWITCHED_OFF: _("They switched the mails around this event off."),
        WhyNot.JUST_HEARD: _(
            "They registered, or heard of this time, after that moment: a mail had "
            "just said it."
        ),
        WhyNot.ANOTHER_SAYS_SO: _(
            "Another reminder says the same: one nearer to the start, or that of the "
            "session before."
        ),
        WhyNot.MISSED: _("Nothing was sent while it still made sense."),
        WhyNot.NOT_WRITTEN: _("Staff want no mail after this event."),
    }
