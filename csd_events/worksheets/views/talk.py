"""A worksheet of a group: handed in, and the talk followed on a phone.

Nobody sees others' answers before they have handed in their own.
"""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.tokens import row_id
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.worksheets import queries, service
from csd_events.worksheets.forms import read_answers
from csd_events.worksheets.rules import Refusal
from csd_events.worksheets.service import instrument
from csd_events.worksheets.views.blueprint import bp, opened, turn_of
from csd_events.worksheets.views.following import followed, unchanged
from csd_events.worksheets.views.sheet import refused_page
from csd_events.worksheets.views.shown import shown_line
from csd_events.worksheets.words import answer_words, title_of


@bp.post("/worksheets/<token>/hand-in")
@guards_itself
def hand_in(token: str) -> ResponseReturnValue:
    """Save what the page holds and hand it in; a group that is closed takes no more."""
    worksheet_id = opened(token).id
    answers = read_answers(request.form)
    if answers is None:
        abort(400)
    try:
        with transaction() as session:
            taken = service.hand_in(session, worksheet_id, answers, now=now())
    except RefusedError as error:
        return refused_page(token, Refusal(error.reason))
    page = ".talk" if taken else ".sheet"
    return redirect(url_for(page, token=token), code=303)


@bp.get("/worksheets/<token>/talk")
def talk(token: str) -> ResponseReturnValue:
    """Follow the talk on a phone."""
    session, turn = db.session(), turn_of(token)
    if turn is None:
        flash(_("This worksheet is in no group any more. It stays your own."))
    if turn is None or not turn.is_handed_in:
        return redirect(url_for(".sheet", token=token), code=303)
    tag = str(turn.moved)
    if (answer := unchanged(tag)) is not None:
        return answer
    group = queries.get_group(session, turn.group_id)
    settled = queries.list_settlements(session, group.id)
    line = shown_line(group, settled)
    own = None
    if line is not None:
        factor = instrument(group.instrument).factor(line.item)
        given = queries.find_answer(session, row_id(token), line.item)
        own = answer_words(factor, given)
    return followed(
        tag,
        "worksheets/talk.html",
        "worksheets/talk_now.html",
        token=token,
        title=title_of(group),
        event_title=queries.find_event_title(session, group),
        stage=group.stage.value,
        is_asked=group.item is not None,
        line=line,
        own=own,
    )
