"""The search over all of the library."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.db import db
from csd_events.core.pagecache import cached_page
from csd_events.core.pages import FilterGroup, ListPage, read_id, read_search
from csd_events.core.search import asked_words
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.library import queries
from csd_events.library.queries import Found
from csd_events.library.rules import Outcome
from csd_events.library.rules.searching import EntryKind, SearchFilters
from csd_events.library.rules.using import Use, area_of, missed_key
from csd_events.library.views.blueprint import (
    bp,
    button_form,
    entry_url,
    group,
    kept,
    save_buttons,
)
from csd_events.library.views.using import note_use
from csd_events.library.words import FOUND_WORDS, FoundLine, found_line
from csd_events.topics.catalogue import FORMS, POPULATION_CLASSES, PROVINCES, STATES
from csd_events.topics.rules import AREAS, area_name, form_name, place_name

#: Every value a filter may have, in the order in which they are offered.
KNOWN: Mapping[str, Collection[str]] = {
    "kind": list(EntryKind),
    "area": AREAS,
    "form": FORMS,
    "state": sorted(STATES | PROVINCES, key=place_name),
    "size": POPULATION_CLASSES,
    "outcome": list(Outcome),
}


@bp.get("/library/search")
@cached_page
def search() -> ResponseReturnValue:
    filters = _read_filters(request.args)
    number = read_id(request.args.get("page")) or 1
    found = queries.search(db.session(), filters, number=number)
    page = render_template(
        "library/search.html",
        q=filters.words,
        asks=filters.asks,
        page=_with_addresses(found, filters),
        filters=_filter_groups(found, filters) if filters.asks else [],
        result_words=_result_words(found),
        button=button_form(),
    )
    _note(filters, found)
    return page


def _note(filters: SearchFilters, found: Found) -> None:
    """Count which service was looked for, and the words that nothing holds."""
    areas = {filters.area, area_of(filters.words)} - {None}
    note_use(Use.LOOKED_FOR, [area for area in areas if area])
    of_words_alone = filters == SearchFilters(words=filters.words)
    if of_words_alone and asked_words(filters.words) and not (found.total or areas):
        note_use(Use.MISSED, [key] if (key := missed_key(filters.words)) else [])


def _result_words(found: Found) -> str:
    if found.there_is_more:
        more = _("The %(number)s results that fit best; another word narrows them")
        return str(more) % {"number": queries.MOST}
    return str(ngettext("%(num)s result", "%(num)s results", found.total))


def _read_filters(given: Mapping[str, str]) -> SearchFilters:
    """Read the filters of an address; a value we do not know asks for nothing."""
    chosen = {name: given[name] for name in KNOWN if given.get(name) in KNOWN[name]}
    kind = chosen.pop("kind", None)
    return SearchFilters(
        words=read_search(given.get("q")),
        kind=EntryKind(kind) if kind else None,
        **chosen,
    )


def _address(filters: SearchFilters, **changed: Any) -> str:
    values = {name: getattr(filters, name) for name in KNOWN}
    return url_for("library.search", q=filters.words or None, **values | changed)


def _with_addresses(found: Found, filters: SearchFilters) -> ListPage[FoundLine]:
    number = found.number
    buttons = save_buttons((row.kind, row.key, row.title) for row in found.items)
    return ListPage(
        [
            found_line(
                row, filters.words, url=entry_url(row.kind, row.key), save=button
            )
            for row, button in zip(found.items, buttons, strict=True)
        ],
        newer_url=_address(filters, page=number - 1) if number > 1 else None,
        older_url=_address(filters, page=number + 1) if found.has_next else None,
    )


def _filter_groups(found: Found, filters: SearchFilters) -> list[FilterGroup]:
    labels: dict[str, tuple[str, Callable[[str], str]]] = {
        "kind": (_("Kind"), lambda kind: str(FOUND_WORDS[EntryKind(kind)])),
        "area": (_("Service"), area_name),
        "form": (_("Form"), form_name),
        "state": (_("State"), place_name),
        "size": (_("Size"), lambda size: POPULATION_CLASSES[size][0]),
        "outcome": (_("Outcome"), str),
    }
    return [_group(name, *labels[name], found, filters) for name in KNOWN]


def _group(
    name: str,
    label: str,
    words: Callable[[str], str],
    found: Found,
    filters: SearchFilters,
) -> FilterGroup:
    counts = found.facets.get(name, {})
    return group(
        label,
        kept(KNOWN[name], counts),
        getattr(filters, name),
        worded=lambda value: f"{words(value)} ({counts.get(value, 0)})",
        address=lambda value: _address(filters, **{name: value}),
    )
