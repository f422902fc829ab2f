"""The bibliography: its list, one entry, and files to take along."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.db import db
from csd_events.core.errors import EndedError
from csd_events.core.pagecache import cached_page
from csd_events.core.pages import (
    CountedPage,
    FilterGroup,
    ListPage,
    read_search,
)
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.library import queries
from csd_events.library.exports import reference_of_work
from csd_events.library.models import Citation
from csd_events.library.rules.citing import (
    CitationFilters,
    Verification,
    decades_of,
)
from csd_events.library.rules.searching import EntryKind
from csd_events.library.views.blueprint import (
    bp,
    button_form,
    file_links,
    group,
    kept,
    references_file,
    save_buttons,
)
from csd_events.library.words import (
    VERIFICATION_WORDS,
    EntryLine,
    decade_words,
    entry_line,
    narrowed_words,
)
from csd_events.topics.catalogue import READING_TOPICS

_LATEST_DECADE = 2190


@bp.get("/library/bibliography")
@cached_page
def bibliography() -> ResponseReturnValue:
    session, filters = db.session(), _read_filters(request.args)
    page = queries.page_citations(
        session,
        filters,
        after=request.args.get("after") or None,
        before=request.args.get("before") or None,
    )
    narrowed = narrowed_words(filters)
    return render_template(
        "library/bibliography.html",
        heading=_heading(narrowed),
        is_narrowed=bool(narrowed),
        page=_with_addresses(page, filters),
        filters=_filter_groups(filters),
        q=filters.words,
        result_words=ngettext("%(num)s entry", "%(num)s entries", page.total),
        files=file_links(
            lambda suffix: _address(
                filters, endpoint="library.bibliography_file", suffix=suffix
            )
        ),
    )


@bp.get("/library/bibliography.<suffix>")
def bibliography_file(suffix: str) -> ResponseReturnValue:
    """Hand out the entries that fit."""
    filters = _read_filters(request.args)
    rows = queries.list_matching_citations(db.session(), filters)
    heading = _heading(narrowed_words(filters))
    references = map(reference_of_work, rows)
    return references_file(references, suffix, name="bibliography", heading=heading)


@bp.get("/library/bibliography/<key>")
@cached_page
def citation(key: str) -> ResponseReturnValue:
    row = queries.get_citation(db.session(), key)
    if row.retired_at is not None:
        page = render_template("library/retired.html", title=row.title, successor=None)
        return page, 410
    return render_template(
        "library/citation.html",
        entry=entry_line(row, with_cases=True),
        save=save_buttons([(EntryKind.CITATION, row.key, row.title)])[0],
        button=button_form(),
        files=file_links(
            lambda suffix: url_for(".citation_file", key=key, suffix=suffix)
        ),
    )


@bp.get("/library/bibliography/<key>.<suffix>")
def citation_file(key: str, suffix: str) -> ResponseReturnValue:
    row = queries.get_citation(db.session(), key)
    if row.retired_at is not None:
        raise EndedError(key)
    references = [reference_of_work(row)]
    return references_file(references, suffix, name=row.key, heading=row.title)


def _read_filters(given: Mapping[str, str]) -> CitationFilters:
    """Read the filters of an address; a value we do not know asks for nothing."""
    topic, checked = given.get("topic"), given.get("verification")
    decades = {str(each): each for each in (0, *range(1600, _LATEST_DECADE + 1, 10))}
    return CitationFilters(
        topic=topic if topic in READING_TOPICS else None,
        decade=decades.get(given.get("decade", "")),
        verification=Verification(checked) if checked in set(Verification) else None,
        words=read_search(given.get("q")),
    )


def _address(
    filters: CitationFilters,
    *,
    endpoint: str = "library.bibliography",
    **changed: str | None,
) -> str:
    values: dict[str, Any] = {
        "topic": filters.topic,
        "decade": filters.decade,
        "verification": filters.verification,
        "q": filters.words or None,
    }
    return url_for(endpoint, **{**values, **changed})


def _heading(narrowed: str) -> str:
    if not narrowed:
        return str(_("Bibliography"))
    return str(_("Bibliography: %(narrowed)s", narrowed=narrowed))


def _with_addresses(
    page: CountedPage[Citation, str], filters: CitationFilters
) -> ListPage[EntryLine]:
    return ListPage(
        [entry_line(row) for row in page.items],
        newer_url=_address(filters, before=page.before) if page.before else None,
        older_url=_address(filters, after=page.after) if page.after else None,
    )


def _filter_groups(filters: CitationFilters) -> list[FilterGroup]:
    facets = queries.list_citation_facets(db.session())
    decade = None if filters.decade is None else str(filters.decade)
    return [
        group(
            _("About"),
            kept(READING_TOPICS, facets.topics),
            filters.topic,
            worded=lambda topic: READING_TOPICS[topic],
            address=lambda topic: _address(filters, topic=topic),
        ),
        group(
            _("Years"),
            [str(each) for each in decades_of(facets.years)],
            decade,
            worded=lambda each: decade_words(int(each)),
            address=lambda each: _address(filters, decade=each),
        ),
        group(
            _("How sure"),
            kept(Verification, facets.verifications),
            filters.verification,
            worded=lambda each: str(VERIFICATION_WORDS[Verification(each)]),
            address=lambda each: _address(filters, verification=each),
        ),
    ]
