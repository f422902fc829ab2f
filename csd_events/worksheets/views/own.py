"""The worksheets of an account."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, sign_in_required
from csd_events.core.db import db
from csd_events.worksheets import queries
from csd_events.worksheets.rules import ITEMS
from csd_events.worksheets.views.blueprint import bp, token_of, token_of_group
from csd_events.worksheets.words import count_answered, title_of


@bp.get("/me/worksheets")
@sign_in_required
def own() -> ResponseReturnValue:
    person_id = current_person_id()
    if person_id is None:
        abort(401)
    lines = [
        {
            "title": title_of(each),
            "answered": count_answered(each),
            "answered_at": each.answered_at,
            "token": token_of(each),
        }
        for each in queries.list_own(db.session(), person_id)
    ]
    groups = [
        {
            "title": title_of(each),
            "begun_at": each.begun_at,
            "token": token_of_group(each),
        }
        for each in queries.list_own_groups(db.session(), person_id)
    ]
    return render_template(
        "worksheets/own.html", lines=lines, groups=groups, questions=len(ITEMS)
    )
