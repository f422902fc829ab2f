"""What a person prefers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts import queries, service
from csd_events.accounts.forms import PreferencesForm
from csd_events.accounts.views.blueprint import bp
from csd_events.accounts.views.own import signed_in
from csd_events.core.access import sign_in_required
from csd_events.core.db import db, transaction
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _


@bp.route("/me/preferences", methods=["GET", "POST"])
@guards_itself
@sign_in_required
def preferences() -> ResponseReturnValue:
    person_id = signed_in().person_id
    form = PreferencesForm.of(queries.get_preferences(db.session(), person_id))
    if not form.validate_on_submit():
        page = render_template("accounts/preferences.html", form=form)
        return page, 422 if form.errors else 200
    with transaction() as session:
        service.save_preferences(session, person_id, form.preferences())
    flash(_("Saved. Case studies, times and mails follow it from now on."))
    return redirect(url_for("home.me"), code=303)
