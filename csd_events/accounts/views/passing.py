"""What somebody cares about, asked where it helps and answered in one click."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts import service
from csd_events.accounts.rules import local_path
from csd_events.accounts.views.blueprint import bp
from csd_events.accounts.views.own import signed_in
from csd_events.core.access import sign_in_required
from csd_events.core.db import transaction
from csd_events.core.words import gettext as _
from csd_events.topics.catalogue import FORMS, STAGES
from csd_events.topics.rules import AREAS

#: What may be said in passing, and what there is to say.
KNOWN = {"area": AREAS, "form": FORMS, "stage": STAGES}


@bp.post("/me/preferences/one")
@sign_in_required
def prefer() -> ResponseReturnValue:
    """Keep one preference, and go back to where it was asked."""
    person_id = signed_in().person_id
    said = {
        name: request.form[name]
        for name, values in KNOWN.items()
        if request.form.get(name) in values
    }
    if len(said) != 1:
        abort(400)
    with transaction() as session:
        service.prefer(session, person_id, **said)
    flash(_("Noted: suggestions follow it from now on. Your preferences hold it."))
    return redirect(
        local_path(request.form.get("next", "")) or url_for(".preferences"), code=303
    )
