"""The desk: what needs attention, what comes, and the list of all events."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import Role, current_person, desk_required, schedules
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pages import FilterGroup, ListPage, filter_group
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as catalog
from csd_events.events.models import Event
from csd_events.events.queries import Shown
from csd_events.home import queries
from csd_events.home.rules import Trend
from csd_events.home.staff_views.attention import SOON, list_attention
from csd_events.home.staff_views.blueprint import bp
from csd_events.home.staff_views.readiness import look_over_coming
from csd_events.home.staff_views.wording import next_mail_words, standing_words
from csd_events.home.words import TrendLine, trend_line
from csd_events.registrations.staff_views.event_forms import (
    own_programs,
    series_to_open,
)

#: Of the events of the next days, as many as anybody looks through.
MOST_SOON = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """An event in a staff list."""

    id: int
    title: str
    kind: str
    state: str
    starts_at: datetime | None
    zone: str
    registered: int
    capacity: int | None
    waiting: int
    has_no_date: bool
    publish_at: datetime | None
    series_id: int | None
    series_opens: bool = True
    window_words: str = ""
    next_mail_words: str | None = None
    problem: str | None = None
    trend: TrendLine | None = None


@bp.get("")
@desk_required
def dashboard() -> ResponseReturnValue:
    if not schedules():  # what waits there is not theirs to see to
        return redirect(url_for(".events"), code=303)
    session, at = db.session(), now()
    soon = catalog.list_starting(
        session, since=at, until=at + SOON, limit=MOST_SOON + 1
    )
    soon, more = soon[:MOST_SOON], soon[MOST_SOON:]
    problems = queries.list_last_problems(session, [event.id for event in soon])
    trends = queries.list_trends(session, soon, now=at)
    return render_template(
        "home/staff/dashboard.html",
        attention=list_attention(at),
        soon=[
            _soon_line(event, problems.get(event.id), trends.get(event.id), at)
            for event in soon
        ],
        is_all_soon=not more,
        looked_over=look_over_coming(at),
    )


@bp.get("/events")
@desk_required
def events() -> ResponseReturnValue:
    asked, cursor = request.args.get("show", ""), request.args.get("after")
    shown = Shown(asked) if asked in set(Shown) else Shown.COMING
    page = catalog.page_for_staff(
        db.session(), shown, now=now(), programs=_own_programs(), cursor=cursor
    )
    mine = own_programs() or {}
    opening = series_to_open({each.series_id for each in page.items})
    return render_template(
        "home/staff/events.html",
        page=ListPage(
            [_line_for(event, mine, opening) for event in page.items],
            _url(shown) if cursor else None,
            _url(shown, after=page.after) if page.after else None,
        ),
        filters=[_filters(shown)],
        result_words=ngettext("%(num)s event", "%(num)s events", page.total),
        may_write=schedules() or bool(mine),
    )


def _own_programs() -> list[int] | None:
    """Return the programs whose events somebody sees; None for all events."""
    person = current_person()
    if person is None or person.role is not Role.PROGRAM:
        return None
    held = catalog.list_program_roles(db.session(), person.person_id)
    return [program_id for program_id, _name, _role in held]


def line_of(event: Event) -> DeskLine:
    """Show an event as a line of a staff list."""
    return DeskLine(
        id=event.id,
        title=event.title,
        kind=event.kind.value,
        state=event.state.value,
        starts_at=event.starts_at,
        zone=event.zone,
        registered=event.confirmed,
        capacity=event.capacity,
        waiting=event.waiting,
        has_no_date=lacks_date(event),
        publish_at=event.publish_at,
        series_id=event.series_id,
    )


def _line_for(
    event: Event, programs: Collection[int], opening: Collection[int]
) -> DeskLine:
    """Show an event in the list; its series to those who schedule it alone."""
    line = line_of(event)
    if schedules() or event.program_id in programs:
        return replace(line, series_opens=event.series_id in opening)
    return replace(line, series_id=None)


def lacks_date(event: Event) -> bool:
    """Tell whether an event waits for its date."""
    return event.starts_at is None and not event.on_demand


def _soon_line(
    event: Event, problem: str | None, trend: Trend | None, at: datetime
) -> DeskLine:
    start = event.starts_at
    return replace(
        line_of(event),
        trend=trend_line(trend, start, event.zone, now=at) if trend and start else None,
        window_words=standing_words(event, now=at),
        next_mail_words=next_mail_words(event, now=at),
        problem=problem,
    )


def _url(shown: Shown, *, after: str | None = None) -> str:
    chosen = None if shown is Shown.COMING else shown.value
    return url_for(".events", show=chosen, after=after)


def _filters(shown: Shown) -> FilterGroup:
    choices = [
        (_("Coming"), Shown.COMING),
        (_("Past"), Shown.PAST),
        (_("Drafts"), Shown.DRAFTS),
        (_("Archived"), Shown.ARCHIVED),
    ]
    return filter_group(_("Show"), choices, chosen=shown, url=_url)
