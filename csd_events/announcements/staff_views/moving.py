"""Sending an announcement, to oneself and to all; pausing, stopping, undoing."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.announcements import queries, service
from csd_events.announcements.forms import SendForm
from csd_events.announcements.rules import Refusal
from csd_events.announcements.staff_views.blueprint import act, back_to, bp
from csd_events.announcements.words import (
    leaving_words,
    refusal_words,
    stopped_words,
)
from csd_events.association.mail import speaker
from csd_events.core.access import (
    current_person,
    current_person_id,
    event_staff_required,
)
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError, StaleError
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _


@bp.post("/announcements/<int:announcement_id>/test")
@event_staff_required()
def test(announcement_id: int) -> ResponseReturnValue:
    """Send it to whoever presses, and to nobody else."""
    person = current_person()
    if person is not None:
        with transaction() as session:
            service.send_test(
                session,
                announcement_id,
                person_id=person.person_id,
                to_address=person.email,
                now=now(),
            )
        flash(
            _(
                "A test is on its way to %(address)s. Nobody else gets it.",
                address=person.email,
            )
        )
    return back_to(announcement_id)


@bp.post("/announcements/<int:announcement_id>/send")
@guards_itself
@event_staff_required()
def send(announcement_id: int) -> ResponseReturnValue:
    form, at = SendForm(), now()
    if not form.validate():
        flash(_("Nothing was sent. This page was open for a while: look again."))
        return back_to(announcement_id)
    try:
        with transaction() as session:
            leaves_at = service.send(
                session,
                announcement_id,
                version=form.seen_version,
                now=at,
                actor_id=current_person_id(),
            )
    except StaleError:
        flash(
            _("Nothing was sent: somebody has changed it since. See what it says now."),
            "error",
        )
    except RefusedError as error:
        flash(refusal_words(Refusal(error.reason)), "error")
    else:
        zone = speaker(db.session(), now=at).zone
        words = _("Leaving now.") if leaves_at <= at else None
        flash(words or f"{leaving_words(leaves_at, now=at, zone=zone)}.")
    return back_to(announcement_id)


@bp.post("/announcements/<int:announcement_id>/call-back")
@event_staff_required()
def call_back(announcement_id: int) -> ResponseReturnValue:
    return act(
        announcement_id,
        lambda session: service.call_back(
            session, announcement_id, now=now(), actor_id=current_person_id()
        ),
        lambda: _("Nobody was written to. It is a draft again."),
    )


@bp.post("/announcements/<int:announcement_id>/pause")
@event_staff_required()
def pause(announcement_id: int) -> ResponseReturnValue:
    return act(
        announcement_id,
        lambda session: service.pause(
            session, announcement_id, now=now(), actor_id=current_person_id()
        ),
        lambda: _("Paused. What has not left waits."),
    )


@bp.post("/announcements/<int:announcement_id>/resume")
@event_staff_required()
def resume(announcement_id: int) -> ResponseReturnValue:
    return act(
        announcement_id,
        lambda session: service.resume(
            session, announcement_id, now=now(), actor_id=current_person_id()
        ),
        lambda: _("It goes on. Nobody gets it twice."),
    )


@bp.get("/announcements/<int:announcement_id>/stop")
@event_staff_required()
def ask_to_stop(announcement_id: int) -> ResponseReturnValue:
    session = db.session()
    row = queries.get(session, announcement_id)
    return render_template(
        "announcements/staff/stop.html",
        announcement=row,
        progress=queries.list_progress(session, [row])[row.id],
        form=SendForm(),
        no=url_for(".show", announcement_id=row.id),
    )


@bp.post("/announcements/<int:announcement_id>/stop")
@event_staff_required()
def stop(announcement_id: int) -> ResponseReturnValue:
    sent: list[int] = []
    return act(
        announcement_id,
        lambda session: sent.append(
            service.stop(
                session, announcement_id, now=now(), actor_id=current_person_id()
            )
        ),
        lambda: stopped_words(sent[0]),
    )
