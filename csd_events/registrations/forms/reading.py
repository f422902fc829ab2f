"""From a form that was found in order to the draft that is saved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from csd_events.core.pages import read_id
from csd_events.core.time import to_wall
from csd_events.events.forms import partners_in
from csd_events.events.models import Event, EventSession
from csd_events.events.queries import as_saved
from csd_events.events.rules import (
    IN_WORDS,
    LEADS_TO_CHOOSE,
    WITH_CHOICES,
    Afterwards,
    Audience,
    Contributor,
    EventDraft,
    OfferDraft,
    QuestionDraft,
    QuestionKind,
    Role,
    SessionDraft,
    read_choices,
)
from csd_events.registrations.forms.changing import MoveForm
from csd_events.registrations.forms.event import EventForm

#: What clocks on the wall show at a start and at an end, which may be unknown.
Walls = tuple[datetime, datetime | None]
#: Fields of the form that a draft has under the same name, as they are.
SAME = (
    "title", "summary", "description", "zone", "place", "audience", "accessibility",
    "contact", "requires_conference", "needs_approval", "completion_note", "follows_up",
    "prerequisite_note",
)  # fmt: skip
ADDRESSES = ("platform_url", "recording_url")
COUNTS = ("capacity", "waiting_limit", "completes_after", "completes_share")
KEYS = ("program_id", "conference_id")


def draft_of(form: EventForm, event: Event | None) -> EventDraft:
    """Read a form that was found in order. What it does not ask stays as it is.

    Args:
        form: As it was checked.
        event: Whose form it is; None for a new one.
    """
    said: dict[str, Any] = {name: form[name].data for name in SAME if name in form}
    said |= {name: form[name].data or None for name in ADDRESSES if name in form}
    said |= {name: form[name].number for name in COUNTS if name in form}
    said |= {name: read_id(form[name].data) for name in KEYS if name in form}
    if "reminders" in form:
        chosen = form.reminders.chosen
        said["reminders"] = [each for each in LEADS_TO_CHOOSE if each in chosen]
    if "prerequisites" in form:
        wanted = [entry.event_id for entry in form.prerequisites if entry.event_id]
        said["prerequisites"] = list(dict.fromkeys(wanted))
    return replace(
        _kept(form, event),
        kind=form.wanted.kind,
        sessions=_sessions(form, event),
        offers=[_offer_draft(row.form) for row in form.offers if not row.form.is_blank],
        questions=[_question_draft(row) for row in question_rows(form)],
        contributors=[*people_of(form, None), *partners_in(form.partners)],
        areas=areas_of(form),
        reading=list(form.reading.chosen),
        hidden_cases=list(form.hidden_cases.chosen),
        resources=list(form.resources.chosen),
        afterwards=Afterwards(form.afterwards.data),
        replace_on=form.replace_on.form.on,
        form=form.arrangement.data,
        **said,
    )


def moved_draft(form: MoveForm, event: Event) -> EventDraft:
    """Return an event as it is saved, with the times and the place of a form."""
    return replace(
        as_saved(event),
        zone=form.zone.data,
        sessions=_sessions(form, event),
        place=form.place.data if "place" in form else event.place,
    )


def _kept(form: EventForm, event: Event | None) -> EventDraft:
    if event:
        return as_saved(event)
    wanted = form.wanted
    return EventDraft(
        title=form.title.data,
        kind=wanted.kind,
        on_demand=wanted.value == "on-demand",
        zone=form.zone.data,
    )


def sittings_of(form: EventForm | MoveForm) -> list[Any]:
    """List the parts of a form that are sessions, in the order they stand.

    Where the event has one, it stands in the form itself; without its date there
    is none.
    """
    if isinstance(form, EventForm) and not form.has_rows:
        return [form] if form.is_live else []
    return [row.form for row in form.sessions if not row.form.is_blank]


def _sessions(form: EventForm | MoveForm, event: Event | None) -> list[SessionDraft]:
    """Read them in the zone of the form; of a new zone the moment may stay instead."""
    asked = "zone_change" in form and form.zone_change.data == "instant"
    keeps_moment = asked and zone_is_asked(form, event)
    drafts = []
    for row, session in pairs_of(form, event):
        zone = zone_of(row, session, form, event)
        if keeps_moment and session and zone == form.zone.data:
            walls = _moments_in(session, zone)
        else:
            walls = _walls(row)
        draft = SessionDraft(wall_start=walls[0], wall_end=walls[1], zone=zone)
        own = _own_words(row, session, form, event)
        drafts.append(replace(draft, id=session.id if session else None, **own))
    return drafts


def pairs_of(
    form: EventForm | MoveForm, event: Event | None
) -> Iterator[tuple[Any, EventSession | None]]:
    """Pair each sitting of a form with the session it is about, if it is there."""
    stored = {each.id: each for each in event.sessions} if event else {}
    for row in sittings_of(form):
        if row is form:  # the one session of the event
            yield row, next(iter(stored.values()), None)
        else:
            yield row, stored.get(read_id(row.session_id.data) or 0)


def zone_of(
    row: Any, session: EventSession | None, form: Any, event: Event | None
) -> str:
    """Return the zone of a session: its own, or the event's."""
    own: str | None = None
    if "zone" in row and row is not form:
        own = row.zone.data
    elif row is not form and session and event and session.zone != event.zone:
        own = session.zone
    zone: str = own or form.zone.data
    return zone


def _own_words(
    row: Any, session: EventSession | None, form: Any, event: Event | None
) -> dict[str, Any]:
    """Return what a session has for itself; what the form does not ask stays."""
    if isinstance(form, EventForm) and form.has_rows:
        number = str([each.form for each in form.sessions].index(row) + 1)
        return {
            "title": row.title.data,
            "place": row.place.data,
            "platform_url": row.platform_url.data or None,
            "contributors": people_of(form, number),
        }
    if session is None or event is None:
        return {}
    kept = next(each for each in as_saved(event).sessions if each.id == session.id)
    # The place of the only session gives way to a new place of its event.
    gives_way = "place" in form and form.place.data != event.place
    gives_way = gives_way and len(event.sessions) == 1
    return {
        "title": kept.title,
        "place": "" if gives_way else kept.place,
        "platform_url": kept.platform_url,
        "contributors": kept.contributors,
    }


def zone_is_asked(form: EventForm | MoveForm, event: Event | None) -> bool:
    """Tell whether only the zone of an event's times was changed.

    Then nobody knows whether the time on the clock or the moment is to stay.
    """
    if event is None or not event.sessions or form.zone.data == event.zone:
        return False
    pairs = list(pairs_of(form, event))
    if len(pairs) != len(event.sessions):
        return False
    return all(
        session is not None and _walls(row) == _shown(session, row, form, event)
        for row, session in pairs
    )


def _shown(session: EventSession, row: Any, form: Any, event: Event) -> Walls:
    """Say what the form of an event showed of a session's times."""
    return _moments_in(session, event.zone if row is form else session.zone)


def _moments_in(session: EventSession, zone: str) -> Walls:
    """Say what the clocks of a zone show at the start and the end of a session."""
    ends_at = session.ends_at
    return to_wall(session.starts_at, zone), to_wall(ends_at, zone) if ends_at else None


def _walls(row: Any) -> Walls:
    day: date = row.starts_on.form.on
    end: time | None = row.end_time.clock
    start = datetime.combine(day, row.start_time.clock)
    return start, datetime.combine(day, end) if end else None


def _offer_draft(row: Any) -> OfferDraft:
    return OfferDraft(
        id=read_id(row.offer_id.data),
        audience=Audience(row.audience.data),
        price_cents=row.price.cents,
        opens_on=row.opens_on.form.on,
        closes_on=row.closes_on.form.on,
        quota=row.quota.number,
        code=row.code.data or None,
    )


def question_rows(form: EventForm) -> list[Any]:
    """List the rows that are questions, in the order they are to be asked.

    One without a number keeps its place among the rows.
    """
    rows = [(n, each.form) for n, each in enumerate(form.questions, start=1)]
    rows.sort(key=lambda row: (row[1].order.number or row[0], row[0]))
    return [row for _n, row in rows if not row.is_blank]


def _question_draft(row: Any) -> QuestionDraft:
    kind = QuestionKind(row.kind.data)
    return QuestionDraft(
        id=read_id(row.question_id.data),
        kind=kind,
        label=row.label.data,
        help=row.help.data,
        choices=read_choices(row.choices.data) if kind in WITH_CHOICES else (),
        required=row.required.data,
        active=row.active.data or not row.question_id.data,
        for_presenters=row.for_presenters.data and kind in IN_WORDS,
    )


def people_of(form: EventForm, sitting: str | None) -> list[Contributor]:
    """List who presents the session of a number, or the whole event."""
    return [
        Contributor(
            role=Role(row.form.role.data),
            name=row.form.name.data,
            title=row.form.title.data,
            organization=row.form.organization.data,
        )
        for row in form.presenters
        if row.form.name.data and (row.form.sitting.data or None) == sitting
    ]


def areas_of(form: EventForm) -> list[str]:
    """Return the service areas, the main one first."""
    main = [form.main_area.data] if form.main_area.data else []
    return list(dict.fromkeys([*main, *form.areas.chosen]))
