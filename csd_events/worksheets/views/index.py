"""The decision tool's page, from which worksheets are begun."""

from itertools import groupby
from operator import attrgetter

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.accounts import queries as accounts
from csd_events.accounts.views import own_network
from csd_events.core.access import current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.pagecache import cached_page
from csd_events.core.web import guards_itself
from csd_events.topics.catalogue import WHOLE_GOVERNMENT
from csd_events.topics.rules import AREAS
from csd_events.worksheets import service
from csd_events.worksheets.forms import BeginForm, OwnBeginForm
from csd_events.worksheets.rules import offer
from csd_events.worksheets.service import Beginning, instrument
from csd_events.worksheets.views.blueprint import bp, own_stage, token_of
from csd_events.worksheets.words import line_words


@bp.get("/worksheets")
@cached_page
def index() -> ResponseReturnValue:
    """Show the tool and its questions, opened for a service where one is named.

    A worksheet is about one service: *many services at once* opens none, nor does a
    service that we do not know.
    """
    area = request.args.get("area")
    known = _one_service(area)
    return _page(_form(service_area=known or _one_service(_first_choice())), known)


@bp.post("/worksheets")
@guards_itself
def begin() -> ResponseReturnValue:
    """Begin a worksheet, and go to it."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form, None), 422
    person_id = current_person_id()
    beginning = Beginning(
        service_area=form.service_area.data or "",
        community=form.community.data,
        person_id=person_id,
        network_address=None if person_id else own_network(),
    )
    with transaction() as session:
        token = token_of(service.begin(session, beginning, now=now()))
    return redirect(url_for(".sheet", token=token), code=303)


def _one_service(area: str | None) -> str | None:
    return area if area in AREAS and area != WHOLE_GOVERNMENT else None


def _first_choice() -> str | None:
    """Return the service that who is signed in put first."""
    person_id = current_person_id()
    if person_id is None:
        return None
    return next(iter(accounts.get_preferences(db.session(), person_id).areas), None)


def _form(**filled: str | None) -> BeginForm | OwnBeginForm:
    """Make the form: only that of who is signed in holds a token of the session."""
    return (BeginForm if current_person_id() is None else OwnBeginForm)(**filled)


def _page(form: BeginForm | OwnBeginForm, area: str | None) -> str:
    tool = instrument()
    by_side = groupby(tool.factors, attrgetter("dimension"))
    return render_template(
        "worksheets/index.html",
        area=area,
        form=form,
        line=line_words(offer(own_stage(), has_scores=False).line),
        instrument=tool,
        factors=[(dimension, list(factors)) for dimension, factors in by_side],
    )
