"""What somebody should look at again: case studies, publications, works of others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.association import queries as association
from csd_events.core.access import staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.time import day_words
from csd_events.library import queries
from csd_events.library.queries import Due
from csd_events.library.rules.searching import EntryKind
from csd_events.library.staff_views.blueprint import bp, parts
from csd_events.library.words import FOUND_WORDS

#: Whoever has seen to these sees the next.
MOST = 100
#: Where staff write a thing of a kind: the endpoint and what it calls the number.
_FORMS: Mapping[EntryKind, tuple[str, str]] = {
    EntryKind.CASE_STUDY: (".edit_case", "number"),
    EntryKind.PUBLICATION: (".edit_publication", "publication_id"),
    EntryKind.CITATION: (".edit_citation", "citation_id"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """Something to be looked at again."""

    title: str
    url: str
    kind_words: str
    day_words: str
    is_past: bool


@bp.get("/due")
@staff_required
def due() -> ResponseReturnValue:
    session = db.session()
    today = association.today(session, now())
    found = queries.list_due(session, today=today, limit=MOST + 1)
    return render_template(
        "library/staff/due.html",
        lines=[
            _line(each, is_past=each.look_again_on <= today) for each in found[:MOST]
        ],
        more=len(found) > MOST,
        filters=[parts("library_staff.due")],
    )


def _line(each: Due, *, is_past: bool) -> DueLine:
    endpoint, name = _FORMS[each.kind]
    values: dict[str, Any] = {name: each.id}
    return DueLine(
        title=each.title,
        url=url_for(endpoint, **values),
        kind_words=str(FOUND_WORDS[each.kind]),
        day_words=day_words(each.look_again_on),
        is_past=is_past,
    )
