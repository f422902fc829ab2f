"""Sending one person their details again."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.words import gettext as _
from csd_events.registrations import queries, service
from csd_events.registrations.rules import NotResent
from csd_events.registrations.staff_views.blueprint import bp


@bp.post("/registrations/<int:registration_id>/resend")
@event_staff_required()
def resend_details(registration_id: int) -> ResponseReturnValue:
    person_id = queries.get(db.session(), registration_id).person_id
    try:
        with transaction() as session:
            service.resend_details(
                session, registration_id, now=now(), actor_id=current_person_id()
            )
    except RefusedError as error:
        flash(_refusal_words(NotResent(error.reason)), "error")
    else:
        flash(_("The details are on their way again."))
    return redirect(url_for("home_staff.person", person_id=person_id), code=303)


def _refusal_words(refusal: NotResent) -> str:
    words: dict[NotResent, str] = {
        NotResent.CANCELLED: _("Nothing was sent: this registration is cancelled."),
        NotResent.OVER: _("Nothing was sent: the event is over or was cancelled."),
        NotResent.JUST_SENT: _(
            "Nothing was sent: the details went within the last hour already. See "
            "below how that mail fared."
        ),
        NotResent.UNHEARD: _(
            "Nothing was sent: whoever is registering them has yet to confirm it."
        ),
    }
    return words[refusal]
