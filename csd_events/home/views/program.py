"""A program: its events, its resources, and who stands behind it."""

from collections.abc import Sequence
from dataclasses import replace

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pagecache import cached_page, kept_until
from csd_events.core.text import markdown
from csd_events.events import queries
from csd_events.events.models import Program
from csd_events.events.queries import Filters
from csd_events.events.words import changes_at, row_of
from csd_events.home.views.blueprint import bp
from csd_events.home.words import partner_view
from csd_events.library.rules import CaseLine
from csd_events.matching import service as matching
from csd_events.matching.rules import Profile, Session

#: So many events stand on the page; the catalog has them all.
SHOWN = 6


@bp.get("/programs/<slug>")
@cached_page
def program(slug: str) -> ResponseReturnValue:
    session, at = db.session(), now()
    found = queries.get_program_by_slug(session, slug)
    coming = queries.page_catalog(session, Filters(program=slug), now=at)
    past = queries.page_catalog(session, Filters(program=slug, past=True), now=at)
    kept_until(changes_at([*coming.items, *past.items], now=at))
    return render_template(
        "home/program.html",
        program=found,
        description_html=markdown(found.description),
        upcoming=[row_of(event, now=at) for event in coming.items[:SHOWN]],
        past=[row_of(event, now=at) for event in past.items[:SHOWN]],
        totals={"upcoming": coming.total, "past": past.total},
        all_url=url_for(".events", program=slug),
        all_past_url=url_for(".events", program=slug, past=1),
        cases=_cases(found),
        partners=_partners(found),
    )


def _cases(program: Program) -> Sequence[CaseLine]:
    """Find what staff have chosen to read, and what fits the services it is about."""
    if not (program.areas or program.reading):
        return []
    found = matching.recommend(
        db.session(),
        Profile(),
        Session(areas=tuple(program.areas), pinned=tuple(program.reading)),
        now=now(),
    )
    # Why each was found is said of a session, which a program is not.
    return [replace(line, reasons=()) for line in found.lines]


def _partners(program: Program) -> list[dict[str, str]]:
    """Name the program's own partners, then those of its events, each role once."""
    own = [(each.role, each.partner) for each in program.partners]
    theirs = queries.list_partners_of_events(db.session(), program.id)
    return [partner_view(*each) for each in dict.fromkeys([*own, *theirs])]
