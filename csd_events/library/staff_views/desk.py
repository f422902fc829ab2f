"""The staff's list of publications."""

from dataclasses import dataclass
from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.association import queries as association
from csd_events.core.access import staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pages import FilterGroup, ListPage, filter_group, read_search
from csd_events.core.time import day_words
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.library import queries
from csd_events.library.models import Publication
from csd_events.library.queries import DeskFilters, Shown
from csd_events.library.rules.publishing import is_due
from csd_events.library.staff_views.blueprint import bp, parts
from csd_events.library.words import KIND_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """A publication in the staff's list."""

    id: int
    title: str
    kind_words: str
    standing: str
    version_words: str
    published_words: str
    look_again_words: str
    is_due: bool


@bp.get("")
@staff_required
def index() -> ResponseReturnValue:
    asked, cursor = request.args.get("show", ""), request.args.get("after")
    shown = Shown(asked) if asked in set(Shown) else Shown.ALL
    filters = DeskFilters(shown=shown, words=read_search(request.args.get("q")))
    today = association.today(db.session(), now())
    page = queries.page_publications(db.session(), filters, today=today, cursor=cursor)
    following = page.after
    return render_template(
        "library/staff/index.html",
        page=ListPage(
            [_line(each, today) for each in page.items],
            _url(filters) if cursor else None,
            _url(filters, after=following) if following else None,
        ),
        filters=[parts("library_staff.index"), _filter(filters)],
        q=filters.words,
        due_words=_due_words(today),
        result_words=ngettext(
            "%(num)s publication", "%(num)s publications", page.total
        ),
    )


def _due_words(today: date) -> str:
    """Say how much of the library is to be looked at again; empty if nothing is."""
    number = queries.count_due(db.session(), today=today)
    if not number:
        return ""
    return ngettext(
        "%(num)s thing in the library is to be looked at again",
        "%(num)s things in the library are to be looked at again",
        number,
    )


def _line(row: Publication, today: date) -> DeskLine:
    current = row.current
    return DeskLine(
        id=row.id,
        title=row.title,
        kind_words=str(KIND_WORDS[row.kind]),
        standing=row.standing.value,
        version_words=str(current.number) if current else "",
        published_words=day_words(row.published_on) if row.published_on else "",
        look_again_words=day_words(row.look_again_on) if row.look_again_on else "",
        is_due=row.retired_at is None and is_due(row.look_again_on, today=today),
    )


def _url(filters: DeskFilters, *, after: str | None = None) -> str:
    chosen = None if filters.shown is Shown.ALL else filters.shown.value
    return url_for(".index", show=chosen, q=filters.words or None, after=after)


def _filter(filters: DeskFilters) -> FilterGroup:
    choices = [
        (_("All"), Shown.ALL),
        (_("Drafts"), Shown.DRAFTS),
        (_("To look at again"), Shown.DUE),
        (_("Retired"), Shown.RETIRED),
    ]
    return filter_group(
        _("Show"),
        choices,
        chosen=filters.shown,
        url=lambda shown: _url(DeskFilters(shown=shown, words=filters.words)),
    )
