"""Files of registrations and presenters: choose, match columns, look, import, undo."""

from collections.abc import Callable, Iterator

from flask import (
    flash,
    make_response,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.downloads import download
from csd_events.core.errors import StaleError
from csd_events.core.pagecache import forget_pages
from csd_events.core.tables import csv_rows
from csd_events.core.uploads import takes_files
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.events.words import places_left
from csd_events.organizations.rules import AT_WORK, Outcome, RunState
from csd_events.registrations import queries
from csd_events.registrations.forms import ListColumnsForm, ListFileForm
from csd_events.registrations.models import ListImport
from csd_events.registrations.rules import ImportKind
from csd_events.registrations.service import importing
from csd_events.registrations.service.importing import Matched
from csd_events.registrations.staff_views.blueprint import back_to, bp
from csd_events.registrations.staff_views.columns import (
    chosen_columns,
    names_of,
    objection_to,
    table_of,
)
from csd_events.registrations.words import (
    OUTCOMES,
    kept_words,
    line_words,
    offer_words,
)

#: Somewhat more than is taken, so that a larger file is answered with a sentence.
MOST_SENT = 40 * 1024 * 1024
RELOADS_AFTER = 2  # seconds
EXAMPLES = 3  # lines that show what a column holds
#: The same pages for an event and, without one, for presenters.
_OF_EVENT, _OF_ALL = "/events/<int:event_id>/registrations", "/presenters"


@bp.route(f"{_OF_EVENT}/import", methods=["GET", "POST"])
@bp.route(f"{_OF_ALL}/import", methods=["GET", "POST"])
@guards_itself
@takes_files(MOST_SENT)
@event_staff_required()
def new_list_import(event_id: int | None = None) -> ResponseReturnValue:
    event = _event(event_id)
    if event is not None and event.state is not EventState.PUBLISHED:
        flash(_("Nobody can be registered: the event is not published."), "error")
        return back_to(event.id)
    form = ListFileForm()
    if not form.is_submitted():
        return _file_page(form, event)
    table = table_of(form) if form.validate() else None
    if table is None:
        return _file_page(form, event), 422
    with transaction() as session:
        made = importing.take_in(
            session,
            table,
            file_name=form.file.data.filename,
            event_id=event_id,
            now=now(),
            actor_id=current_person_id(),
        )
    return _to(".list_import_columns", event_id, made)


@bp.route(f"{_OF_EVENT}/imports/<int:import_id>/columns", methods=["GET", "POST"])
@bp.route(f"{_OF_ALL}/imports/<int:import_id>/columns", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def list_import_columns(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    row = queries.get_import(db.session(), import_id, event_id)
    event = _event(event_id)
    offers = dict(offer_words(event, at=now())) if event else None
    kept = {"default_offer": str(row.offer_id or ""), "tell": row.tell}
    form = ListColumnsForm(offers=offers, data=kept)
    if not form.is_submitted():
        return _columns_page(form, row, event, row.columns)
    chosen = chosen_columns(row, event)
    words = objection_to(row.kind, chosen)
    if words:
        form.validate()
        form.refuse(words)
    if words or not form.validate():
        return _columns_page(form, row, event, chosen), 422
    given = Matched(
        columns=chosen,
        offer_id=int(form.default_offer.data) if event else None,
        offers={words: int(each) for each, words in (offers or {}).items()},
        tell=bool(event) and form.tell.data,
    )
    return _act(row, lambda session: importing.match_columns(session, import_id, given))


@bp.get(f"{_OF_EVENT}/imports/<int:import_id>")
@bp.get(f"{_OF_ALL}/imports/<int:import_id>")
@event_staff_required()
def list_import(import_id: int, event_id: int | None = None) -> ResponseReturnValue:
    session = db.session()
    row = queries.get_import(session, import_id, event_id)
    if row.state is RunState.MATCHING:
        return _to(".list_import_columns", event_id, import_id)
    at_work = row.state in AT_WORK
    if not at_work:
        forget_pages()
    watched = at_work and request.args.get("still") != "1"
    is_shown = not at_work and "forgotten" not in row.counts
    shown = (Outcome.PROBLEM, Outcome.NEW, Outcome.CHANGED) if is_shown else ()
    known = row.known if row.state is RunState.COMPARING else row.counts.get("to_do", 0)
    event = _event(event_id)
    answer = make_response(
        render_template(
            "registrations/staff/list_import.html",
            run=row,
            event=event,
            left=places_left(event) if event else None,
            watched=watched,
            known=known,
            percent=100 * row.done // known if known else 0,
            news=row.counts.get(Outcome.NEW, 0) + row.counts.get(Outcome.CHANGED, 0),
            numbers=[
                (str(words), f"{row.counts.get(each.value, 0):,}")
                for each, words in OUTCOMES.items()
            ],
            groups=[
                (
                    each,
                    OUTCOMES[each],
                    queries.list_import_lines(session, row.id, outcome=each),
                )
                for each in shown
            ],
            kept=queries.list_import_lines(session, row.id, outcome=None, kept=True)
            if row.state is RunState.UNDONE
            else [],
            line_words=line_words,
            kept_words=kept_words,
            form=FlaskForm(),
        )
    )
    if watched:
        answer.headers["Refresh"] = str(RELOADS_AFTER)
    return answer


@bp.get(f"{_OF_EVENT}/imports/<int:import_id>/report.csv")
@bp.get(f"{_OF_ALL}/imports/<int:import_id>/report.csv")
@event_staff_required()
def list_import_report(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    row = queries.get_import(db.session(), import_id, event_id)
    rows = stream_with_context(csv_rows(_report(row.id)))
    return download(rows, "text/csv", f"import-{import_id}-report.csv")


@bp.post(f"{_OF_EVENT}/imports/<int:import_id>/confirm")
@bp.post(f"{_OF_ALL}/imports/<int:import_id>/confirm")
@event_staff_required()
def confirm_list_import(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    row = queries.get_import(db.session(), import_id, event_id)
    return _act(row, lambda session: importing.confirm(session, import_id, now=now()))


@bp.post(f"{_OF_EVENT}/imports/<int:import_id>/undo")
@bp.post(f"{_OF_ALL}/imports/<int:import_id>/undo")
@event_staff_required()
def undo_list_import(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    row = queries.get_import(db.session(), import_id, event_id)
    return _act(row, lambda session: importing.undo(session, import_id))


@bp.post(f"{_OF_EVENT}/imports/<int:import_id>/go-on")
@bp.post(f"{_OF_ALL}/imports/<int:import_id>/go-on")
@event_staff_required()
def go_on_with_list_import(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    row = queries.get_import(db.session(), import_id, event_id)
    return _act(row, lambda session: importing.go_on(session, import_id))


@bp.post(f"{_OF_EVENT}/imports/<int:import_id>/drop")
@bp.post(f"{_OF_ALL}/imports/<int:import_id>/drop")
@event_staff_required()
def drop_list_import(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    queries.get_import(db.session(), import_id, event_id)
    with transaction() as session:
        importing.drop(session, import_id)
    flash(_("The file is forgotten. Nothing was changed."))
    return redirect(url_for(".new_list_import", event_id=event_id), code=303)


def _act(row: ListImport, do: Callable[[Session], None]) -> ResponseReturnValue:
    """Do something to an import, unless somebody has moved it on since."""
    event_id, import_id = row.event_id, row.id
    try:
        with transaction() as session:
            do(session)
    except StaleError:
        flash(_("This import has moved on since. Here is how it stands."))
    return _to(".list_import", event_id, import_id)


def _to(endpoint: str, event_id: int | None, import_id: int) -> ResponseReturnValue:
    page = url_for(endpoint, event_id=event_id, import_id=import_id)
    return redirect(page, code=303)


def _event(event_id: int | None) -> Event | None:
    return events.get_row(db.session(), event_id) if event_id is not None else None


def _file_page(form: ListFileForm, event: Event | None) -> str:
    kind = ImportKind.REGISTRATIONS if event else ImportKind.PRESENTERS
    return render_template(
        "registrations/staff/new_list_import.html",
        form=form,
        event=event,
        runs=queries.list_imports(db.session(), event.id if event else None),
        columns=names_of(kind, event).values(),
    )


def _columns_page(
    form: ListColumnsForm, row: ListImport, event: Event | None, chosen: dict[str, int]
) -> str:
    examples = queries.first_import_lines(db.session(), row.id, limit=EXAMPLES)
    return render_template(
        "registrations/staff/list_import_columns.html",
        form=form,
        run=row,
        event=event,
        columns=names_of(row.kind, event),
        chosen=chosen,
        examples=[
            [cells[place] for cells in examples if place < len(cells)]
            for place in range(len(row.headings))
        ],
    )


def _report(import_id: int) -> Iterator[list[str]]:
    yield [_("Line"), _("Result"), _("What"), _("Undone"), _("Cells of the file")]
    for line in queries.each_import_line(db.session(), import_id):
        if line.outcome is not None:
            yield [
                str(line.number),
                str(OUTCOMES[line.outcome]),
                line_words(line.outcome, line.facts),
                kept_words(line.kept),
                *line.cells,
            ]
