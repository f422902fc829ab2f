"""Announcements in words: whom they are for, who is left out, how far they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from csd_events.announcements.models import Announcement
from csd_events.announcements.rules import Audience, LeftOut, Progress, Refusal, Stage
from csd_events.core.time import short_time, to_wall
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext, ngettext
from csd_events.registrations.rules import State
from csd_events.registrations.words import clock_words
from csd_events.topics.rules import area_name

#: What the kinds of mails are called.
KIND_WORDS: Mapping[str, object] = {
    "announcement.event": lazy_gettext("Announcement to registrants"),
    "announcement.members": lazy_gettext("Announcement to members"),
    "announcement.test": lazy_gettext("Announcement, a test"),
}
STATE_WORDS: Mapping[str, object] = {
    State.CONFIRMED.value: lazy_gettext("Registered"),
    State.HELD.value: lazy_gettext("A place is held for them"),
    State.WAITING.value: lazy_gettext("On the waiting list"),
}
#: What stands for each name in braces.
PLACEHOLDER_WORDS: Mapping[str, object] = {
    "name": lazy_gettext("the name of who reads it"),
    "event": lazy_gettext("the title of the event"),
    "when": lazy_gettext("when it starts"),
    "registration_link": lazy_gettext("the page of their own registration"),
    "events_link": lazy_gettext("the page with all events"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementLine:
    """An announcement in the list of all."""

    id: int
    subject: str
    audience_words: str
    event_id: int | None
    stage: str
    stage_words: str
    at: datetime
    numbers: Sequence[tuple[str, str]]


def announcement_line(
    row: Announcement,
    progress: Progress,
    title: str | None,
    *,
    now: datetime,
    zone: str,
) -> AnnouncementLine:
    """Show an announcement.

    Args:
        title: Of its event.
    """
    return AnnouncementLine(
        id=row.id,
        subject=row.subject,
        audience_words=audience_words(row, title),
        event_id=row.event_id,
        stage=shown_stage(row, progress),
        stage_words=stage_words(row, progress, now=now, zone=zone),
        at=row.sent_at or row.created_at,
        numbers=number_words(progress)[1:] if progress.known else [],
    )


def number_words(progress: Progress) -> list[tuple[str, str]]:
    """Count the people of an announcement by what has become of it."""
    return [
        (_("People"), f"{progress.known:,}"),
        (_("Sent"), f"{progress.sent:,}"),
        (_("Waiting"), f"{progress.waiting:,}"),
        (_("Failed"), f"{progress.failed:,}"),
        (_("Left out"), f"{progress.left_out:,}"),
    ]


def audience_words(row: Announcement, title: str | None) -> str:
    """Say whom an announcement is for."""
    if row.audience is Audience.EVENT:
        if row.selection_id is not None:
            return str(_("%(event)s: those who were chosen", event=title))
        states = [str(STATE_WORDS[each]).lower() for each in row.states]
        return f"{title}: {', '.join(states)}"
    if not row.areas:
        return str(_("All members"))
    areas = ", ".join(area_name(each) for each in row.areas)
    return str(_("Members, about %(areas)s", areas=areas))


def shown_stage(row: Announcement, progress: Progress) -> str:
    """Name how far an announcement is, for its badge."""
    if row.stage is Stage.GONE and progress.waiting:
        return Stage.LEAVING.value
    return row.stage.value


def stage_words(
    row: Announcement, progress: Progress, *, now: datetime, zone: str
) -> str:
    """Say how far an announcement is."""
    if row.stage is Stage.LEAVING and row.begun_at is None and row.leaves_at:
        if row.leaves_at <= now:
            return str(_("Leaving now"))
        return leaving_words(row.leaves_at, now=now, zone=zone)
    words = {
        Stage.DRAFT.value: _("Draft"),
        Stage.LEAVING.value: _("Leaving"),
        Stage.PAUSED.value: _("Paused"),
        Stage.STOPPED.value: _("Stopped"),
        Stage.GONE.value: _("Sent"),
    }
    return str(words[shown_stage(row, progress)])


def leaving_words(leaves_at: datetime, *, now: datetime, zone: str) -> str:
    """Say when an announcement leaves, with the day unless that is today."""
    if to_wall(leaves_at, zone).date() == to_wall(now, zone).date():
        return str(_("Leaving at %(time)s", time=clock_words(leaves_at, zone)))
    return str(_("Leaving %(when)s", when=short_time(leaves_at, zone)))


def would_leave_words(leaves_at: datetime, *, now: datetime, zone: str) -> str:
    """Say when an announcement would leave that is sent off now."""
    if leaves_at <= now:
        return str(_("It leaves at once."))
    if to_wall(leaves_at, zone).date() == to_wall(now, zone).date():
        return str(_("It leaves at %(time)s.", time=clock_words(leaves_at, zone)))
    return str(_("It leaves %(when)s.", when=short_time(leaves_at, zone)))


def left_out_words(left_out: Mapping[LeftOut, int]) -> list[str]:
    """Say who does not get an announcement, and why."""
    return [reason_words(why, left_out[why]) for why in LeftOut if left_out.get(why)]


def reason_words(why: LeftOut | str, number: int) -> str:
    """Say how many people do not get an announcement for a reason.

    Args:
        why: Found when their mails were queued, or noted when these were to go.
    """
    words = {
        LeftOut.UNCONFIRMED: ngettext(
            "%(num)s person has not confirmed the address",
            "%(num)s people have not confirmed their addresses",
            number,
        ),
        LeftOut.UNSUBSCRIBED: ngettext(
            "%(num)s person has unsubscribed",
            "%(num)s people have unsubscribed",
            number,
        ),
        LeftOut.RETURNED: ngettext(
            "%(num)s person has an address from which mail came back",
            "%(num)s people have addresses from which mail came back",
            number,
        ),
        LeftOut.OVER_CAP: ngettext(
            "%(num)s person has had as many this week as one person may get",
            "%(num)s people have had as many this week as one person may get",
            number,
        ),
    }
    if isinstance(why, LeftOut):
        return str(words[why])
    people = ngettext("%(num)s person", "%(num)s people", number)
    return f"{people}: {why}"


def stopped_words(sent: int) -> str:
    """Say that an announcement was stopped, and who has it."""
    words = ngettext(
        "Stopped for good. %(num)s person has it.",
        "Stopped for good. %(num)s people have it.",
        sent,
    )
    return str(words)


def refusal_words(refusal: Refusal) -> str:
    """Say why something was not done."""
    words = {
        Refusal.NO_POSTAL_ADDRESS: _(
            "Nothing was sent: the association has no postal address, which every "
            "announcement must carry. An administrator enters it under Association."
        ),
        Refusal.NOBODY: _("Nothing was sent: nobody would get it."),
        Refusal.NO_DRAFT: _(
            "This announcement was sent off before. See how it stands."
        ),
        Refusal.BEGUN: _(
            "It has begun to leave and cannot be called back any more. You can pause "
            "or stop the rest."
        ),
        Refusal.NOT_UNDER_WAY: _(
            "This announcement has moved on since. See how it stands."
        ),
    }
    return str(words[refusal])


def list_words(title: str | None, association: str) -> str:
    """Name a list of announcements.

    Args:
        title: Of the event it is about; None for the members'.
    """
    if title is None:
        return str(_("Announcements of %(name)s to its members", name=association))
    return str(_("Announcements about %(title)s", title=title))
