"""The catalog of events, narrowed by links that are part of its address."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pagecache import cached_page, kept_until
from csd_events.core.pages import FilterGroup, ListPage, filter_group, read_search
from csd_events.core.time import month_words
from csd_events.core.web import as_webcal, external_url
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries
from csd_events.events.queries import Filters, ProgramLine
from csd_events.events.rules import Kind
from csd_events.events.words import KIND_WORDS, changes_at, row_of
from csd_events.home.views.blueprint import bp
from csd_events.topics.rules import AREAS, area_name


@bp.get("/events")
@cached_page
def events() -> ResponseReturnValue:
    session, at = db.session(), now()
    programs = queries.list_public_programs(session)
    filters = _read_filters(programs)
    cursor = request.args.get("after")
    by_month = queries.count_by_month(session, now=at, past=filters.past)
    every = filters == Filters(past=filters.past)
    page = queries.page_catalog(
        session,
        filters,
        now=at,
        cursor=cursor,
        total=sum(by_month.values()) if every else None,
    )
    kept_until(changes_at(page.items, now=at))
    older = _url(filters, after=page.after) if page.after else None
    return render_template(
        "home/events.html",
        heading=_("Past events and recordings") if filters.past else _("Events"),
        page=ListPage(
            [row_of(event, now=at) for event in page.items],
            _url(filters) if cursor else None,
            older,
        ),
        filters=_groups(filters, sorted(filter(None, by_month)), programs),
        program=next((p for p in programs if p.slug == filters.program), None),
        q=filters.words,
        result_words=ngettext("%(num)s event", "%(num)s events", page.total),
        feed_url=None if filters.past else _feed_url(filters),
    )


def _feed_url(filters: Filters) -> str:
    """Return where a calendar follows the events that are shown, as far as it can."""
    address = external_url(
        "events.feed",
        kind=filters.kind.value if filters.kind else None,
        area=filters.area,
        program=filters.program,
    )
    return as_webcal(address)


def _read_filters(programs: Sequence[ProgramLine]) -> Filters:
    """Read the query; a value we do not know asks for nothing."""
    asked = request.args
    kind, area, month = asked.get("kind"), asked.get("area"), asked.get("month")
    program = asked.get("program")
    return Filters(
        kind=Kind(kind) if kind in set(Kind) else None,
        area=area if area in AREAS else None,
        month=month
        if month and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month)
        else None,
        free=asked.get("free") == "1",
        past=asked.get("past") == "1",
        words=read_search(asked.get("q")),
        program=program if program in {each.slug for each in programs} else None,
    )


def _url(filters: Filters, *, after: str | None = None) -> str:
    return url_for(
        "home.events",
        kind=filters.kind.value if filters.kind else None,
        area=filters.area,
        month=filters.month,
        free="1" if filters.free else None,
        past="1" if filters.past else None,
        q=filters.words or None,
        program=filters.program,
        after=after,
    )


def _groups(
    filters: Filters, months: list[str], programs: Sequence[ProgramLine]
) -> list[FilterGroup]:
    def group(label: str, name: str, choices: list[tuple[Any, Any]]) -> FilterGroup:
        """Narrow by one property, and keep the others."""
        return filter_group(
            label,
            choices,
            chosen=getattr(filters, name),
            url=lambda value: _url(replace(filters, **{name: value})),
        )

    kinds = [(_("All kinds"), None), *((words, k) for k, words in KIND_WORDS.items())]
    when = filter_group(
        _("When"),
        [(_("Coming"), False), (_("Past"), True)],
        chosen=filters.past,
        url=lambda past: _url(replace(filters, past=past, month=None)),
    )
    groups = [
        when,
        group(_("Kind"), "kind", kinds),
        group(_("Price"), "free", [(_("Any price"), False), (_("Free now"), True)]),
    ]
    if len(months) > 1 or filters.month:
        named = [(month_words(date.fromisoformat(f"{m}-01")), m) for m in months]
        groups.append(group(_("Month"), "month", [(_("All months"), None), *named]))
    if programs:
        slugs = [(each.name, each.slug) for each in programs]
        groups.append(
            group(_("Program"), "program", [(_("All programs"), None), *slugs])
        )
    if filters.area:
        areas = [(_("All services"), None), (area_name(filters.area), filters.area)]
        groups.append(group(_("Service"), "area", areas))
    return groups
