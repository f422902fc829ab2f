"""All events by day: a month or a week, on the clocks of a zone."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.association import queries as association
from csd_events.core.access import staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pages import FilterGroup, filter_group, read_day, read_id
from csd_events.core.time import (
    days_words,
    first_weekday,
    month_words,
    start_of_day,
    to_wall,
    weekday_names,
)
from csd_events.core.web import own_zone
from csd_events.core.words import gettext as _
from csd_events.core.zones import is_zone, zone_words
from csd_events.events import queries as catalog
from csd_events.events.queries import CalendarFilters
from csd_events.events.rules import Kind
from csd_events.events.words import KIND_WORDS
from csd_events.home.rules import View, turned, weeks_shown
from csd_events.home.staff_views.blueprint import bp
from csd_events.home.words import CalendarDay, calendar_day, entries_by_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of the calendar; None where nothing else was said.

    Attributes:
        on: A day of the month or week that is shown.
        zone: By whose clocks.
    """

    view: View = View.MONTH
    on: date | None = None
    zone: str | None = None
    kind: Kind | None = None
    program_id: int | None = None

    def url(self) -> str:
        return url_for(
            ".calendar",
            view=None if self.view is View.MONTH else self.view.value,
            on=self.on,
            zone=self.zone,
            kind=self.kind,
            program=self.program_id,
        )


@bp.get("/calendar")
@staff_required
def calendar() -> ResponseReturnValue:
    session, asked = db.session(), _read()
    house = association.read(session).zone
    zone = asked.zone or house
    today = to_wall(now(), zone).date()
    on = asked.on or today
    weeks = weeks_shown(asked.view, on, first_weekday=first_weekday())
    rows = catalog.list_sessions(
        session,
        CalendarFilters(kind=asked.kind, program_id=asked.program_id),
        since=start_of_day(weeks[0][0], zone),
        until=start_of_day(weeks[-1][-1] + timedelta(days=1), zone),
    )
    entries = entries_by_day(rows, zone)
    month = on.month if asked.view is View.MONTH else None

    def shown(day: date) -> CalendarDay:
        return calendar_day(day, entries.get(day, []), today=today, month=month)

    return render_template(
        "home/staff/calendar.html",
        view=asked.view.value,
        title=month_words(on)
        if asked.view is View.MONTH
        else days_words(weeks[0][0], weeks[0][-1]),
        weekdays=weekday_names(first_weekday()),
        weeks=[[shown(day) for day in week] for week in weeks],
        is_empty=not rows,
        zone_name=zone_words(zone),
        urls=_urls(asked, on),
        filters=_filters(asked, house, {row.zone for row in rows}),
        undated=catalog.count_undated(session),
        week_of=lambda day: replace(asked, view=View.WEEK, on=day).url(),
    )


def _read() -> Asked:
    """Read what is asked; what makes no sense asks for nothing."""
    view, kind = request.args.get("view", ""), request.args.get("kind", "")
    zone = request.args.get("zone", "")
    return Asked(
        view=View(view) if view in set(View) else View.MONTH,
        on=read_day(request.args.get("on")),
        zone=zone if is_zone(zone) else None,
        kind=Kind(kind) if kind in set(Kind) else None,
        program_id=read_id(request.args.get("program")),
    )


def _urls(asked: Asked, on: date) -> dict[str, str]:
    """Return where the arrows and the other view lead."""
    return {
        "earlier": replace(asked, on=turned(asked.view, on, -1)).url(),
        "later": replace(asked, on=turned(asked.view, on, 1)).url(),
        "today": replace(asked, on=None).url(),
        "month": replace(asked, view=View.MONTH).url(),
        "week": replace(asked, view=View.WEEK).url(),
    }


def _filters(asked: Asked, house: str, there: set[str]) -> list[FilterGroup]:
    """Offer kinds, programs and clocks.

    Args:
        house: The zone of the association.
        there: The zones of what is shown.
    """
    kinds = [(_("All"), None), *((words, kind) for kind, words in KIND_WORDS.items())]
    found = [
        filter_group(
            _("Kind"),
            kinds,
            chosen=asked.kind,
            url=lambda kind: replace(asked, kind=kind).url(),
        )
    ]
    programs = catalog.list_programs(db.session())
    if programs:
        found.append(
            filter_group(
                _("Program"),
                [(_("All"), None), *((name, key) for key, name in programs.items())],
                chosen=asked.program_id,
                url=lambda key: replace(asked, program_id=key).url(),
            )
        )
    zones = {asked.zone, own_zone(), *there} - {None, house}
    if zones:
        others = sorted((zone_words(zone), zone) for zone in zones if zone)
        found.append(
            filter_group(
                _("Clocks"),
                [(zone_words(house), None), *others],
                chosen=None if asked.zone == house else asked.zone,
                url=lambda zone: replace(asked, zone=zone).url(),
            )
        )
    return found
