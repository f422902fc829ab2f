"""Another time or place, and a date for what had none: what people are told of."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import ProblemsError, StaleError
from csd_events.core.pagecache import forget_pages
from csd_events.core.time import weekday_words
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.zones import zone_words
from csd_events.events import queries as events
from csd_events.events.models import Event, EventSession
from csd_events.events.rules import FITTING, EventDraft, State
from csd_events.registrations import service
from csd_events.registrations.forms import (
    MoveForm,
    moved_draft,
    sessions_of,
    show_problems,
    zone_is_asked,
)
from csd_events.registrations.staff_views.blueprint import (
    ask_what_stays,
    back_to,
    bp,
    count_told,
    name_what_stays,
    zone_first,
)
from csd_events.registrations.staff_views.clashing import (
    Clashes,
    clashes_moved,
    clashes_part,
    wants_clashes,
)
from csd_events.registrations.words import (
    Foresight,
    foresight_of,
    leaving_words,
    redated_foresight,
)


@bp.route("/events/<int:event_id>/move", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def move_event(event_id: int) -> ResponseReturnValue:
    event = events.get(db.session(), event_id)
    if event.state is not State.PUBLISHED or event.on_demand:
        return redirect(url_for(".edit_event", event_id=event_id), code=303)
    return _answer(event)


@bp.route("/events/<int:event_id>/redate", methods=["GET", "POST"])
@guards_itself
@event_staff_required()
def redate_event(event_id: int) -> ResponseReturnValue:
    """Give what was postponed a date: it takes place, and its people are told."""
    event = events.get(db.session(), event_id)
    if event.state is not State.POSTPONED:
        flash(_("This event has a date. Move it to give it another."), "error")
        return back_to(event_id)
    return _answer(event)


def _answer(event: Event) -> ResponseReturnValue:
    form = MoveForm(
        zone_first=zone_first(),
        has_place=event.format in FITTING["place"] or bool(event.place),
        data={
            "version": str(event.version),
            "sessions": sessions_of(event),
            "zone": event.zone,
            "place": event.place,
        },
    )
    if not form.is_submitted():
        return _page(form, event)
    name_what_stays(form, event)
    if wants_clashes():
        clashes = clashes_moved(form, event)
        return clashes_part(clashes) or _page(form, event, clashes=clashes)
    if not form.validate():
        return _page(form, event), 422
    if zone_is_asked(form, event) and not form.zone_change.data:
        ask_what_stays(form, event)
        return _page(form, event), 422
    return _move(form, event)


def _page(
    form: MoveForm,
    event: Event,
    foresight: Foresight | None = None,
    clashes: Clashes | None = None,
) -> str:
    return render_template(
        "registrations/staff/move_event.html",
        form=form,
        event=event,
        titles=[_title(each, event) for each in event.sessions],
        told=count_told(event),
        foresight=foresight,
        clashes=clashes,
    )


def _title(session: EventSession, event: Event) -> str:
    """Name a session; where it keeps a zone of its own, with that."""
    if session.zone == event.zone:
        return session.title
    name = session.title or _("Session %(number)s", number=session.position + 1)
    return f"{name}, {zone_words(session.zone)}"


def _move(form: MoveForm, event: Event) -> ResponseReturnValue:
    event_id, redates = event.id, event.is_postponed
    draft, version = moved_draft(form, event), form.seen_version
    save = service.redate_event if redates else service.save_event
    try:
        with transaction() as session:
            effect = save(
                session,
                event_id,
                draft,
                version=version,
                now=now(),
                actor_id=current_person_id(),
                foreseen=request.form.get("foreseen", ""),
            )
    except ProblemsError as error:
        show_problems(form, error.problems)
        return _page(form, events.get(db.session(), event_id)), 422
    except service.UnforeseenError as error:
        fresh = events.get(db.session(), event_id)
        foresight = foresight_of(error.effect, draft.zone)
        if redates:
            foresight = redated_foresight(
                error.effect, draft.zone, _days(draft), opens=_may_open(fresh)
            )
        return _page(form, fresh, foresight)
    except StaleError:
        return _page_anew(form, event_id)
    forget_pages()
    done = _("It has a date again.") if redates else _("Saved.")
    flash(f"{done} {leaving_words(effect, draft.zone)}")
    return back_to(event_id)


def _may_open(event: Event) -> bool:
    """Tell whether the days of an offer let somebody register from now on."""
    ends = [each.closes_at for each in event.offers]
    return any(end is None or end > now() for end in ends)


def _days(draft: EventDraft) -> list[str]:
    return [weekday_words(each.wall_start.date()) for each in draft.sessions]


def _page_anew(form: MoveForm, event_id: int) -> ResponseReturnValue:
    """Keep what was typed, above what somebody else saved meanwhile."""
    fresh = events.get(db.session(), event_id)
    form.version.data = str(fresh.version)
    form.form_errors.append(
        _(
            "Somebody saved this event after you opened this page. Below is what you "
            "typed; above it is what holds now. Send it again to put yours in its place"
        )
    )
    return _page(form, fresh), 409
