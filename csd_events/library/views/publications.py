"""Publications of the association: the list, and one of them."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.errors import NotFoundError
from csd_events.core.pagecache import cached_page
from csd_events.core.pages import FilterGroup, ListPage
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.library import queries
from csd_events.library.models import Publication
from csd_events.library.rules.publishing import (
    PublicationFilters,
    PublicationKind,
    Standing,
)
from csd_events.library.rules.searching import EntryKind
from csd_events.library.rules.using import Use
from csd_events.library.views.blueprint import (
    bp,
    button_form,
    group,
    is_staff,
    kept,
    save_buttons,
    zone_of,
)
from csd_events.library.views.using import note_use
from csd_events.library.words import (
    KIND_WORDS,
    SaveButton,
    publication_line,
    publication_view,
)
from csd_events.topics.rules import AREAS, area_name

PAGE = 25


@bp.get("/library/publications")
@cached_page
def publications() -> ResponseReturnValue:
    session, filters = db.session(), _read_filters(request.args)
    note_use(Use.LOOKED_FOR, [filters.area] if filters.area else [])
    after = request.args.get("after") or None
    found, following = queries.list_publications(
        session, filters, limit=PAGE, after=after
    )
    return render_template(
        "library/publications.html",
        heading=_heading(filters),
        page=ListPage(
            [publication_line(each) for each in found],
            newer_url=_address(filters) if after else None,
            older_url=_address(filters, after=following) if following else None,
        ),
        filters=_filter_groups(filters),
        result_words=ngettext(
            "%(num)s publication",
            "%(num)s publications",
            queries.count_publications(session, filters),
        ),
    )


@bp.get("/library/publications/<slug>")
@cached_page
def publication(slug: str) -> ResponseReturnValue:
    row = queries.get_publication(db.session(), slug)
    if row.standing is Standing.RETIRED and not is_staff():
        return gone(row)
    refuse_draft(row)
    areas = [each.area for each in row.areas]
    page = render_template(
        "library/publication.html",
        publication=publication_view(row, zone=zone_of(now())),
        standing=row.standing.value,
        is_staff=is_staff(),
        save=_save_button(row),
        button=button_form(),
    )
    note_use(Use.SEEN, areas)
    return page


def _save_button(row: Publication) -> SaveButton | None:
    """Return what saves a publication; what nobody else can read is not saved."""
    if row.standing is not Standing.PUBLISHED:
        return None
    return save_buttons([(EntryKind.PUBLICATION, row.slug, row.title)])[0]


def refuse_draft(row: Publication) -> None:
    """Let staff alone see a draft.

    Raises:
        NotFoundError: It is one, and somebody else asks.
    """
    if row.standing is Standing.DRAFT and not is_staff():
        raise NotFoundError(row.slug)


def gone(row: Publication) -> ResponseReturnValue:
    """Say that a publication was retired, and what to read instead."""
    follows = row.successor
    readable = follows is not None and follows.standing is Standing.PUBLISHED
    page = render_template(
        "library/retired.html",
        title=row.title,
        successor=publication_line(follows) if follows and readable else None,
    )
    return page, 410


def _read_filters(given: Mapping[str, str]) -> PublicationFilters:
    """Read the filters of an address; a value we do not know asks for nothing."""
    kind, area = given.get("kind"), given.get("area")
    return PublicationFilters(
        kind=PublicationKind(kind) if kind in set(PublicationKind) else None,
        area=area if area in AREAS else None,
    )


def _address(filters: PublicationFilters, **changed: str | None) -> str:
    values: dict[str, Any] = {"kind": filters.kind, "area": filters.area}
    return url_for("library.publications", **{**values, **changed})


def _heading(filters: PublicationFilters) -> str:
    names = [
        str(KIND_WORDS[filters.kind]) if filters.kind else "",
        area_name(filters.area or ""),
    ]
    narrowed = ", ".join(name for name in names if name)
    if not narrowed:
        return str(_("Publications"))
    return str(_("Publications: %(narrowed)s", narrowed=narrowed))


def _filter_groups(filters: PublicationFilters) -> list[FilterGroup]:
    facets = queries.list_publication_facets(db.session())
    return [
        group(
            _("Kind"),
            kept(PublicationKind, facets.kinds),
            filters.kind,
            worded=lambda kind: str(KIND_WORDS[PublicationKind(kind)]),
            address=lambda kind: _address(filters, kind=kind),
        ),
        group(
            _("Service"),
            kept(AREAS, facets.areas),
            filters.area,
            worded=area_name,
            address=lambda area: _address(filters, area=area),
        ),
    ]
