"""Files of registrations and presenters: choose, match columns, look, import, undo."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row
from sqlalchemy.orm import Session

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import after_commit, db, transaction
from csd_events.core.errors import NotFoundError
from csd_events.core.pagecache import forget_pages
from csd_events.core.uploads import takes_files
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.rules import State as EventState
from csd_events.events.words import places_left
from csd_events.imports import queries, service
from csd_events.imports.forms import FileForm
from csd_events.imports.rules import AT_WORK, RunState
from csd_events.imports.staff_views import (
    MOST_SENT,
    chosen_places,
    examples_of,
    move_on,
    report,
    run_page,
    say_forgotten,
    seen_comparison,
    sent_table,
    unused_headings,
)
from csd_events.outbox import service as outbox
from csd_events.registrations.forms import ListColumnsForm
from csd_events.registrations.models import ListImport, ListImportLine
from csd_events.registrations.rules import ImportKind
from csd_events.registrations.service import importing
from csd_events.registrations.service.importing import Matched
from csd_events.registrations.staff_views.blueprint import back_to, bp
from csd_events.registrations.staff_views.columns import names_of, objection_to
from csd_events.registrations.words import (
    OUTCOMES,
    kept_words,
    line_words,
    offer_words,
)

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
    form = FileForm()
    if not form.is_submitted():
        return _file_page(form, event)
    table = sent_table(form) if form.validate() else None
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
    row = _row(import_id, event_id)
    event = _event(event_id)
    offers = dict(offer_words(event, at=now())) if event else None
    kept = {"default_offer": str(row.offer_id or ""), "tell": row.tell}
    form = ListColumnsForm(offers=offers, data=kept)
    if not form.is_submitted():
        return _columns_page(form, row, event, row.columns)
    chosen = chosen_places(names_of(row.kind, event))
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
    row = _row(import_id, event_id)
    if row.state is RunState.MATCHING:
        return _to(".list_import_columns", event_id, import_id)
    if row.state not in AT_WORK:
        forget_pages()
    event = _event(event_id)
    is_undone = row.state is RunState.UNDONE
    not_taken_back = ListImportLine.kept != ""
    return run_page(
        "registrations/staff/list_import.html",
        row,
        OUTCOMES,
        event=event,
        left=places_left(event) if event else None,
        kept=queries.list_lines(db.session(), row, not_taken_back) if is_undone else [],
        line_words=line_words,
        kept_words=kept_words,
    )


@bp.get(f"{_OF_EVENT}/imports/<int:import_id>/report.csv")
@bp.get(f"{_OF_ALL}/imports/<int:import_id>/report.csv")
@event_staff_required()
def list_import_report(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    headings = [_("Result"), _("What"), _("Undone")]
    return report(_row(import_id, event_id), headings, _said_of)


@bp.post(f"{_OF_EVENT}/imports/<int:import_id>/confirm")
@bp.post(f"{_OF_ALL}/imports/<int:import_id>/confirm")
@event_staff_required()
def confirm_list_import(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    row = _row(import_id, event_id)
    return _act(
        row,
        lambda session: importing.confirm(
            session,
            import_id,
            now=now(),
            actor_id=current_person_id(),
            compared=seen_comparison(),
        ),
    )


@bp.post(f"{_OF_EVENT}/imports/<int:import_id>/undo")
@bp.post(f"{_OF_ALL}/imports/<int:import_id>/undo")
@event_staff_required()
def undo_list_import(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    row = _row(import_id, event_id)
    actor_id = current_person_id()
    return _act(
        row, lambda session: importing.undo(session, import_id, actor_id=actor_id)
    )


@bp.post(f"{_OF_EVENT}/imports/<int:import_id>/go-on")
@bp.post(f"{_OF_ALL}/imports/<int:import_id>/go-on")
@event_staff_required()
def go_on_with_list_import(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    row = _row(import_id, event_id)
    actor_id = current_person_id()
    return _act(
        row,
        lambda session: service.go_on(
            session, ListImport, import_id, actor_id=actor_id
        ),
    )


@bp.post(f"{_OF_EVENT}/imports/<int:import_id>/drop")
@bp.post(f"{_OF_ALL}/imports/<int:import_id>/drop")
@event_staff_required()
def drop_list_import(
    import_id: int, event_id: int | None = None
) -> ResponseReturnValue:
    _row(import_id, event_id)
    if not move_on(lambda session: service.drop(session, ListImport, import_id)):
        return _to(".list_import", event_id, import_id)
    say_forgotten()
    return redirect(url_for(".new_list_import", event_id=event_id), code=303)


def _row(import_id: int, event_id: int | None) -> ListImport:
    """Return an import of an event's registrations, or of presenters for None.

    Raises:
        NotFoundError: There is none by this id.
    """
    found = queries.get_run(db.session(), ListImport, import_id)
    if found.event_id != event_id:
        raise NotFoundError("import")
    return found


def _act(row: ListImport, do: Callable[[Session], None]) -> ResponseReturnValue:
    """Do something to an import, and let the work begin at once."""
    event_id, import_id = row.event_id, row.id

    def act(session: Session) -> None:
        do(session)
        after_commit(session, outbox.BELL.set)

    move_on(act)
    return _to(".list_import", event_id, import_id)


def _to(endpoint: str, event_id: int | None, import_id: int) -> ResponseReturnValue:
    page = url_for(endpoint, event_id=event_id, import_id=import_id)
    return redirect(page, code=303)


def _event(event_id: int | None) -> Event | None:
    return events.get_row(db.session(), event_id) if event_id is not None else None


def _file_page(form: FileForm, event: Event | None) -> str:
    kind = ImportKind.REGISTRATIONS if event else ImportKind.PRESENTERS
    return render_template(
        "registrations/staff/new_list_import.html",
        form=form,
        event=event,
        runs=queries.list_runs(
            db.session(),
            ListImport,
            ListImport.event_id.is_not_distinct_from(event.id if event else None),
        ),
        columns=names_of(kind, event).values(),
    )


def _columns_page(
    form: ListColumnsForm, row: ListImport, event: Event | None, chosen: dict[str, int]
) -> str:
    return render_template(
        "registrations/staff/list_import_columns.html",
        form=form,
        run=row,
        event=event,
        columns=names_of(row.kind, event),
        chosen=chosen,
        examples=examples_of(row),
        unused=unused_headings(row, chosen.values()),
    )


def _said_of(line: Row[Any]) -> list[str]:
    words = line_words(line.outcome, line.facts)
    return [str(OUTCOMES[line.outcome]), words, kept_words(line.kept)]
