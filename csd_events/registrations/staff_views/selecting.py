"""Several registrations at once: write to them, cancel, move, download; and columns."""

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.downloads import download
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import read_id
from csd_events.core.tables import csv_rows
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.words import places_left
from csd_events.registrations import queries, service
from csd_events.registrations.forms import ColumnsForm, MoveAllForm, TellAllForm
from csd_events.registrations.models import Selection
from csd_events.registrations.queries import Choosing
from csd_events.registrations.rules import (
    AS_EVER,
    Deed,
    Done,
    Work,
    may_cancel,
    question_name,
    saved_columns,
)
from csd_events.registrations.staff_views.blueprint import back_to_list, bp
from csd_events.registrations.staff_views.event_forms import own_programs
from csd_events.registrations.staff_views.filters import (
    NAMES,
    read_filters,
    written_filters,
)
from csd_events.registrations.words import (
    COLUMN_WORDS,
    STATE_WORDS,
    not_done_words,
    offer_words,
)

RELOADS_AFTER = 2  # seconds
NAMED = 50  # of those who were chosen, and of those with whom it was not done
MOST_TICKED = 200  # a page has fifty


@bp.route("/events/<int:event_id>/registrations/columns", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def list_columns(event_id: int) -> ResponseReturnValue:
    session = db.session()
    event = events.get_row(session, event_id)
    person_id = current_person_id()
    kept = queries.find_columns(session, person_id)
    offered = {each.value: str(COLUMN_WORDS[each]) for each in COLUMN_WORDS}
    asked = events.list_all_questions(session, event_id) if event.has_questions else []
    offered |= {question_name(each.id): each.label for each in asked}
    form = ColumnsForm(data={"columns": list(AS_EVER if kept is None else kept)})
    form.columns.choices = list(offered.items())
    given: dict[str, Any] = {
        name: request.values[name] for name in NAMES if request.values.get(name)
    }
    if not form.validate_on_submit() or person_id is None:
        page = render_template(
            "registrations/staff/columns.html", event=event, form=form, given=given
        )
        return page, 422 if form.is_submitted() else 200
    names = saved_columns(kept, form.columns.chosen, offered)
    with transaction() as writing:
        service.choose_columns(writing, person_id, names)
    flash(_("These columns are shown to you from now on, here and in files."))
    return redirect(url_for(".registrations", event_id=event_id, **given), code=303)


@bp.post("/events/<int:event_id>/registrations/chosen")
@event_staff_required()
def choose_registrations(event_id: int) -> ResponseReturnValue:
    """Keep who was ticked, or all who fit, and go on to what is done with them."""
    session = db.session()
    event = events.get_row(session, event_id)
    asked = events.list_all_questions(session, event_id) if event.has_questions else []
    filters = read_filters(event, asked, request.form).filters
    deed = request.form.get("deed")
    ticked = [read_id(each) or 0 for each in request.form.getlist("id")[:MOST_TICKED]]
    is_all = request.form.get("all") == "1"
    if deed not in set(Deed) or not (ticked or is_all):
        flash(_("Tick somebody first, or everyone who fits."), "error")
        back = url_for(".registrations", event_id=event_id, **written_filters(filters))
        return redirect(back, code=303)
    with transaction() as writing:
        selection_id = service.choose(
            writing,
            event_id,
            Deed(deed),
            filters if is_all else ticked,
            now=now(),
            actor_id=current_person_id(),
        )
    if deed == Deed.WRITE:
        next_page = url_for(
            "announcements_staff.new_to_event", event_id=event_id, chosen=selection_id
        )
    elif deed == Deed.EXPORT:
        next_page = url_for(".registrations", event_id=event_id, selection=selection_id)
    else:
        next_page = url_for(".selection", event_id=event_id, selection_id=selection_id)
    return redirect(next_page, code=303)


@bp.route(
    "/events/<int:event_id>/selections/<int:selection_id>", methods=["GET", "POST"]
)
@guards_itself
@event_staff_required()
def selection(event_id: int, selection_id: int) -> ResponseReturnValue:
    row = queries.get_selection(db.session(), event_id, selection_id)
    if row.deed not in {Deed.CANCEL, Deed.MOVE} or not row.known:
        return back_to_list(event_id)
    if row.work is not Work.ASKED:
        return _progress(row)
    return _ask_to_cancel(row) if row.deed is Deed.CANCEL else _ask_to_move(row)


@bp.get("/events/<int:event_id>/selections/<int:selection_id>/report.csv")
@event_staff_required()
def selection_report(event_id: int, selection_id: int) -> ResponseReturnValue:
    row = queries.get_selection(db.session(), event_id, selection_id)
    rows = [[_("Name"), _("Organization"), _("Result"), _("Why")]]
    for outcome in Done:
        for each in queries.list_results(db.session(), row.id, outcome):
            why = not_done_words(each.why) if outcome is Done.NOT else ""
            words = _outcome_words(row.deed)[outcome]
            rows.append([each.full_name, each.organization, words, why])
    return download(csv_rows(rows), "text/csv", f"selection-{row.id}-report.csv")


def _ask_to_cancel(row: Selection) -> ResponseReturnValue:
    event = events.get_row(db.session(), row.event_id)
    if not may_cancel(event.over_at, event.cancelled_at, now()):
        flash(_("Nothing was changed: the event is over or was cancelled."), "error")
        return back_to_list(row.event_id)
    form = TellAllForm()
    if not form.validate_on_submit():
        people = _chosen(row)
        page = render_template(
            "registrations/staff/cancel_chosen.html",
            event=event,
            number=row.known,
            people=people,
            waiting=event.waiting,
            form=form,
        )
        return page, 422 if form.is_submitted() else 200
    return _begin(row, tell=form.tell.data)


def _ask_to_move(row: Selection) -> ResponseReturnValue:
    event = events.get_row(db.session(), row.event_id)
    targets = _targets(event)
    form = MoveAllForm(targets=targets)
    if request.form.get("sure") is None and form.is_submitted():
        form.tell.data = True  # the box stands on the second page alone
    target, there = form.target_id, None
    offers: dict[str, str] = {}
    if target is not None:
        there = events.get_row(db.session(), target)
        offers |= offer_words(there, at=now())
        form.offer.choices = offers
    sure = there is not None and request.form.get("sure") == "1"
    if there is None or not sure or not form.validate():
        if there is not None and not form.offer.data:
            form.offer.data = next(iter(offers), "")
        page = render_template(
            "registrations/staff/move_chosen.html",
            event=event,
            there=there,
            number=row.known,
            people=_chosen(row),
            foreseen=_foreseen(row, there) if there else None,
            form=form,
        )
        return page, 422 if form.errors else 200
    return _begin(row, tell=form.tell.data, target=(there.id, int(form.offer.data)))


def _begin(
    row: Selection, *, tell: bool, target: tuple[int, int] | None = None
) -> ResponseReturnValue:
    event_id, selection_id = row.event_id, row.id
    with transaction() as session:
        service.begin(
            session,
            selection_id,
            tell=tell,
            target=target,
            now=now(),
            actor_id=current_person_id(),
        )
    return redirect(
        url_for(".selection", event_id=event_id, selection_id=selection_id), code=303
    )


def _progress(row: Selection) -> ResponseReturnValue:
    """Say how far it is, and in the end who was left as they were, and why."""
    session = db.session()
    watched = row.work is Work.GOING and request.args.get("still") != "1"
    if row.work is Work.DONE:
        forget_pages()
    counts = queries.count_results(session, row.id)
    words = _outcome_words(row.deed)
    target = events.get_row(session, row.target_id) if row.target_id else None
    answer = make_response(
        render_template(
            "registrations/staff/chosen_done.html",
            event=events.get_row(session, row.event_id),
            target=target,
            row=row,
            watched=watched,
            percent=100 * row.done // row.known,
            numbers=[(words[each], f"{counts.get(each, 0):,}") for each in words],
            left=[
                (each, not_done_words(each.why))
                for each in queries.list_results(session, row.id, Done.NOT, limit=NAMED)
            ],
            number_left=counts.get(Done.NOT, 0),
        )
    )
    if watched:
        answer.headers["Refresh"] = str(RELOADS_AFTER)
    return answer


def _outcome_words(deed: Deed) -> dict[Done, str]:
    if deed is Deed.MOVE:
        return {
            Done.DONE: str(_("Have a place there")),
            Done.WAITING: str(_("Wait there")),
            Done.NOT: str(_("Not moved")),
        }
    return {Done.DONE: str(_("Cancelled")), Done.NOT: str(_("Not cancelled"))}


def _chosen(row: Selection) -> list[tuple[Choosing, str]]:
    some = queries.list_selected(db.session(), row.id, limit=NAMED)
    return [(each, str(STATE_WORDS[each.state])) for each in some]


def _targets(event: Event) -> dict[str, str]:
    """List the events that people can be moved to."""
    own = own_programs()
    rows = queries.list_targets(
        db.session(), event.id, now=now(), programs=None if own is None else list(own)
    )
    return {str(each.id): each.title for each in rows}


def _foreseen(row: Selection, there: Event) -> dict[str, Any]:
    """Say what becomes of those who were chosen, were they moved now."""
    counts = queries.foresee_move(db.session(), row.id, there.id)
    left = places_left(there)
    moving = counts.moving
    placed = moving if left is None else min(moving, left)
    return {
        "placed": placed,
        "waiting": moving - placed,
        "there": counts.there,
        "other": counts.other,
        "placed_words": ngettext("%(num)s gets a place", "%(num)s get a place", placed),
    }
