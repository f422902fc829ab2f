"""The page that a presenter has of their own: sending its link, ending it, looking."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import ProblemsError, RefusedError, StaleError
from csd_events.core.forms import SessionForm
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import read_id
from csd_events.core.words import gettext as _
from csd_events.events import queries, service
from csd_events.events.forms import LookForm
from csd_events.events.models import Presenter
from csd_events.events.staff_views.blueprint import bp
from csd_events.events.words import correction_lines, sent_words


def of_their_page(row: Presenter) -> dict[str, Any]:
    """Say how a presenter's own page stands, for the page on which staff edit them."""
    session = db.session()
    sent = queries.list_links_sent(session, [row.id]).get(row.id)
    return {
        "sent_words": sent_words(sent, speaker(session, now=now()).zone),
        "corrections": correction_lines(row),
        "buttons": SessionForm(),
    }


@bp.post("/presenters/<int:presenter_id>/link")
@staff_required
def send_presenter_link(presenter_id: int) -> ResponseReturnValue:
    """Mail somebody the link of their page, from theirs or from an event's page."""
    queries.get_contributor(db.session(), Presenter, presenter_id)
    try:
        with transaction() as session:
            to = service.send_link(
                session, presenter_id, now=now(), actor_id=current_person_id()
            )
    except RefusedError:
        flash(_("Enter their mail address first."), "error")
        return _back_to(presenter_id)
    flash(_("The link is on its way to %(email)s.", email=to))
    event_id = read_id(request.form.get("event"))
    if event_id is not None:
        return redirect(url_for("home_staff.event", event_id=event_id), code=303)
    return _back_to(presenter_id)


@bp.post("/presenters/<int:presenter_id>/end-link")
@staff_required
def end_presenter_link(presenter_id: int) -> ResponseReturnValue:
    """End the link there was; the next mail carries another."""
    queries.get_contributor(db.session(), Presenter, presenter_id)
    with transaction() as session:
        service.renew_link(
            session, presenter_id, now=now(), actor_id=current_person_id()
        )
    flash(
        _(
            "The link and the calendar's address have ended. Send them the new link "
            "when they are to have one."
        )
    )
    return _back_to(presenter_id)


@bp.post("/presenters/<int:presenter_id>/corrections")
@staff_required
def settle_correction(presenter_id: int) -> ResponseReturnValue:
    """Say that a presenter's own changes were looked at, or put the former back."""
    queries.get_contributor(db.session(), Presenter, presenter_id)
    form = LookForm()
    put_back = bool(form.put_back.data)
    try:
        with transaction() as session:
            service.settle(
                session,
                presenter_id,
                put_back=put_back,
                version=form.seen_version,
                now=now(),
                actor_id=current_person_id(),
            )
    except StaleError:
        flash(_("Somebody changed it meanwhile. Look again."), "error")
        return _back_to(presenter_id)
    except ProblemsError:
        words = _(
            "Nothing was put back: another presenter has the former name and "
            "organization by now."
        )
        flash(words, "error")
        return _back_to(presenter_id)
    forget_pages()
    flash(_("Put back.") if put_back else _("Noted that you looked."))
    return _back_to(presenter_id)


def _back_to(presenter_id: int) -> ResponseReturnValue:
    page = url_for(".edit_presenter", presenter_id=presenter_id)
    return redirect(page, code=303)
