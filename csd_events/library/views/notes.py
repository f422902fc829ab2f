"""Tell us what became of it: a note of a reader about a case study, for staff."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts.views import own_network
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import EndedError
from csd_events.core.web import guards_itself
from csd_events.library import queries, service
from csd_events.library.forms import NoteForm
from csd_events.library.service import Told
from csd_events.library.views.blueprint import bp


@bp.route("/library/case-studies/<case_id>/what-became-of-it", methods=["GET", "POST"])
@guards_itself
def tell(case_id: str) -> ResponseReturnValue:
    case, form = queries.get_case(db.session(), case_id), NoteForm()
    if case.is_retired:
        raise EndedError(case_id)
    if not form.validate_on_submit():
        page = render_template(
            "library/tell.html",
            case=case,
            form=form,
            told=bool(request.args.get("told")),
        )
        return page, 422 if form.errors else 200
    with transaction() as session:
        told = Told(form.words.data, form.email.data)
        network = own_network()
        service.tell(session, case_id, told, now=now(), network_address=network)
    return redirect(url_for(".tell", case_id=case_id, told=1), code=303)
