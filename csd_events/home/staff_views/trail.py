"""The audit trail: who did what to which thing, and what it was before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from wtforms import FormField

from csd_events.association.mail import speaker
from csd_events.audit import queries as trail
from csd_events.audit.queries import Entry, TrailFilters
from csd_events.audit.words import (
    KINDS,
    HistoryLine,
    history_lines,
    kind_words,
    number_words,
)
from csd_events.core.access import administrator_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.downloads import download
from csd_events.core.pages import ListPage, read_id
from csd_events.core.tables import csv_rows
from csd_events.core.time import start_of_day, to_wall
from csd_events.core.words import gettext as _
from csd_events.home import queries
from csd_events.home.forms import TrailForm
from csd_events.home.staff_views.blueprint import bp

#: Where a thing of a kind has its page: the endpoint and what it calls the id.
PAGES = {
    "announcement": ("announcements_staff.show", "announcement_id"),
    "case_study": ("library_staff.edit_case", "number"),
    "citation": ("library_staff.edit_citation", "citation_id"),
    "conference": ("events_staff.edit_conference", "conference_id"),
    "event": ("home_staff.event", "event_id"),
    "import_run": ("organizations_staff.import_run", "run_id"),
    "library_import": ("library_staff.show_import", "import_id"),
    "mail": ("outbox_staff.show", "message_id"),
    "membership": ("organizations_staff.membership", "membership_id"),
    "membership_type": ("organizations_staff.membership_type", "type_id"),
    "organization": ("organizations_staff.organization", "organization_id"),
    "partner": ("events_staff.edit_partner", "partner_id"),
    "person": ("home_staff.person", "person_id"),
    "presenter": ("events_staff.edit_presenter", "presenter_id"),
    "program": ("events_staff.edit_program", "program_id"),
    "publication": ("library_staff.edit_publication", "publication_id"),
    "registration": ("home_staff.registration", "registration_id"),
}
NOTHING = TrailFilters()


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One thing that was done, and to what.

    Attributes:
        by_url: Where all that this person did is listed.
    """

    done: HistoryLine
    kind: str
    subject: str
    url: str | None
    by_url: str | None


@bp.get("/audit")
@administrator_required
def audit() -> ResponseReturnValue:
    session = db.session()
    zone = speaker(session, now=now()).zone
    form = _form()
    good = form.validate()
    filters = _filters(form, zone) if good else NOTHING
    cursor = request.args.get("after")
    page = trail.page_entries(session, filters, cursor=cursor)
    asked = _asked(form) if good else {}
    older = page.after and url_for(".audit", **asked, after=page.after)
    body = render_template(
        "home/staff/audit.html",
        page=ListPage(
            _lines(page.items, zone),
            newer_url=url_for(".audit", **asked) if cursor else None,
            older_url=older,
        ),
        form=form,
        narrowed=filters != NOTHING,
        file_url=url_for(".audit_csv", **asked),
    )
    return body, 200 if good else 422


@bp.get("/audit.csv")
@administrator_required
def audit_csv() -> ResponseReturnValue:
    """Hand out all that fits what is asked, the latest first, in pieces."""
    zone = speaker(db.session(), now=now()).zone
    form = _form()
    filters = _filters(form, zone) if form.validate() else NOTHING
    rows = stream_with_context(csv_rows(_rows(filters, zone)))
    return download(rows, "text/csv", "audit-trail.csv")


def _rows(filters: TrailFilters, zone: str) -> Iterator[list[str]]:
    yield [
        _("When (%(zone)s)", zone=zone),
        _("When (UTC)"),
        _("Who"),
        _("What"),
        _("Kind"),
        _("About"),
        _("Before and after"),
    ]
    cursor: str | None = None
    while True:
        session = db.session()
        page = trail.page_entries(session, filters, cursor=cursor)
        cells = [_cells(line, zone) for line in _lines(page.items, zone)]
        session.rollback()  # nothing is held while the reader takes their time
        yield from cells
        cursor = page.after
        if cursor is None:
            return


def _cells(line: TrailLine, zone: str) -> list[str]:
    done = line.done
    return [
        f"{to_wall(done.at, zone):%Y-%m-%d %H:%M:%S}",
        f"{done.at:%Y-%m-%dT%H:%M:%SZ}",
        done.who,
        done.what,
        line.kind,
        line.subject,
        "; ".join(
            f"{each.label}: {each.before or '-'} > {each.after or '-'}"
            for each in done.changes
        ),
    ]


def _asked(form: TrailForm) -> dict[str, Any]:
    """Return what was asked as the parts of an address, the boxes of days by each."""
    names = {
        part.name
        for field in form
        for part in (field if isinstance(field, FormField) else [field])
    }
    return {n: value for n, value in request.args.items() if value and n in names}


def _form() -> TrailForm:
    """Read the question; whoever it names can be chosen, if no more of the staff."""
    session = db.session()
    people = {str(person_id): name for person_id, name in queries.list_staff(session)}
    asked = read_id(request.args.get("by"))
    if asked is not None and str(asked) not in people:
        name = trail.find_name(session, asked)
        people |= {str(asked): name} if name else {}
    kinds = sorted((str(words), kind) for kind, words in KINDS.items())
    return TrailForm(
        request.args, people=people, kinds={kind: words for words, kind in kinds}
    )


def _filters(form: TrailForm, zone: str) -> TrailFilters:
    since, through = form.since.form.on, form.through.form.on
    after_last = through + timedelta(days=1) if through else None
    return TrailFilters(
        actor_id=read_id(form.by.data),
        kind=form.kind.data,
        since=start_of_day(since, zone) if since else None,
        until=start_of_day(after_last, zone) if after_last else None,
    )


def _lines(entries: Sequence[Entry], zone: str) -> list[TrailLine]:
    names = queries.name_things(db.session(), entries)
    return [
        TrailLine(
            done=line,
            kind=kind_words(line.kind),
            subject=names.get((line.kind, line.subject_id))
            or number_words(line.subject_id),
            url=_page_of(line) if _is_there(line, names) else None,
            by_url=url_for(".audit", by=line.who_id) if line.who_id else None,
        )
        for line in history_lines(entries, zone=zone, names=names)
    ]


def _is_there(line: HistoryLine, names: Mapping[tuple[str, int], str]) -> bool:
    """Tell whether what a line is about still has a page: mails have no names."""
    return line.kind == "mail" or (line.kind, line.subject_id) in names


def _page_of(line: HistoryLine) -> str | None:
    if line.kind not in PAGES:
        return None
    endpoint, name = PAGES[line.kind]
    return url_for(endpoint, **{name: line.subject_id})  # type: ignore[arg-type]  # an id
