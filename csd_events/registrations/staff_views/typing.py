"""What staff type, kept by a small script until they save it."""

import re

from flask import Response, abort, flash, redirect, request
from flask.typing import ResponseReturnValue

from csd_events.accounts import service as accounts
from csd_events.association import queries as association
from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.time import time_only
from csd_events.core.words import gettext as _
from csd_events.registrations.staff_views.blueprint import bp

#: The pages of ours whose forms are kept; nothing leads to another site.
_PAGE = re.compile(r"/staff/[a-z0-9_.-]+(?:/[a-z0-9_.-]+){1,5}")
LONGEST_PAGE = 200
MOST_CHARACTERS = 200_000


@bp.post("/typed")
@staff_required
def keep_typed() -> ResponseReturnValue:
    """Keep what a form holds by now, and say when in a line for its page."""
    person_id, at = current_person_id(), now()
    fields = list(request.form.items(multi=True))
    if sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        abort(413)
    page = _page(request.args.get("page", ""))
    if person_id is None:
        abort(403)
    with transaction() as session:
        accounts.keep_typed(session, person_id, page, fields, now=at)
    zone = association.read(db.session()).zone
    words = _(
        "What you typed is kept since %(time)s, and not saved yet.",
        time=time_only(at, zone),
    )
    return Response(words, mimetype="text/plain")


@bp.post("/typed/drop")
@staff_required
def drop_typed() -> ResponseReturnValue:
    page = _page(request.form.get("page", ""))
    with transaction() as session:
        accounts.forget_typed(session, current_person_id(), page)
    flash(_("Dropped. The form shows what is saved."))
    return redirect(page, code=303)


def _page(asked: str) -> str:
    """Return the path of a form; anything else is no page of ours."""
    if len(asked) > LONGEST_PAGE or not _PAGE.fullmatch(asked):
        abort(400)
    return asked
