"""The facilitator's pages: who has joined, where to talk, what the screen shows.

The link is the secret, and nobody else's pages hold a name.
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.qr import qr_svg
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url, guards_itself
from csd_events.core.words import gettext as _
from csd_events.worksheets import queries, service
from csd_events.worksheets.models import WorksheetGroup
from csd_events.worksheets.rules import (
    LEAST_PEOPLE,
    Part,
    Together,
    offer,
    shown_code,
    together,
)
from csd_events.worksheets.service import instrument
from csd_events.worksheets.views.blueprint import (
    bp,
    do,
    opened_group,
    own_stage,
    token_of_group,
)
from csd_events.worksheets.views.following import followed, unchanged
from csd_events.worksheets.words import stage_words, talk_lines, title_of


@bp.get("/worksheets/groups/<token>")
def group(token: str) -> ResponseReturnValue:
    """Show how far the group is; it follows by itself."""
    session, mine = db.session(), Purpose.WORKSHEET_GROUP
    tag = str(queries.find_change(session, links(), token, mine))
    if (answer := unchanged(tag)) is not None:
        return answer
    found = opened_group(token)
    all_of_it = gathered(found)
    has_scores = all_of_it is not None and all_of_it.result.has_both
    offered = offer(own_stage(), has_scores=has_scores)
    return followed(
        tag,
        "worksheets/group.html",
        "worksheets/group_now.html",
        token=token,
        title=title_of(found),
        event_title=queries.find_event_title(session, found),
        stage=found.stage.value,
        stage_words=stage_words(found.stage),
        people=queries.list_people(session, found.id),
        least=LEAST_PEOPLE,
        lines=lines_of(found, all_of_it),
        has_part_two=offered.part is Part.TWO,
        shown=found.item,
        tasks=queries.list_tasks(session, found.id),
        screen=token_of_group(found, Purpose.WORKSHEET_SCREEN),
        own_address=external_url(".group", token=token),
        is_nobodys=found.person_id is None,
        **invitation(found),
    )


def gathered(found: WorksheetGroup) -> Together | None:
    """Put the worksheets of a group together; None while too few handed in."""
    tool = instrument(found.instrument)
    return together(tool, queries.list_answers(db.session(), found.id))


def lines_of(found: WorksheetGroup, all_of_it: Together | None) -> list[Any] | None:
    """Describe every question in the order of talk; None while too few handed in."""
    if all_of_it is None:
        return None
    settled = queries.list_settlements(db.session(), found.id)
    return talk_lines(instrument(found.instrument), all_of_it, settled)


def invitation(found: WorksheetGroup) -> dict[str, Any]:
    """Return how to join a group: its code, the address, and both as a picture."""
    if found.code is None:
        return {"code": None, "join_address": None, "qr": None}
    address = external_url(".join_group", code=found.code)
    words = _("A picture that a phone's camera reads: it opens the address beside it.")
    return {
        "code": shown_code(found.code),
        "join_address": external_url(".join"),
        "qr": qr_svg(address, words),
    }


@bp.post("/worksheets/groups/<token>/talk")
@guards_itself
def begin_talk(token: str) -> ResponseReturnValue:
    return do(
        token,
        lambda session, group_id: service.begin_talk(session, group_id, now=now()),
        then=url_for(".group", token=token),
    )


@bp.route("/worksheets/groups/<token>/close", methods=["GET", "POST"])
@guards_itself
def close_group(token: str) -> ResponseReturnValue:
    """Ask, and then close a group: its code ends, all else stays."""
    found = opened_group(token)
    if request.method == "GET":
        return render_template(
            "worksheets/close_group.html", title=title_of(found), token=token
        )
    group_id = found.id
    with transaction() as session:
        service.close(session, group_id, now=now())
    flash(_("The group is closed. Its code opens nothing any more."))
    return redirect(url_for(".group", token=token), code=303)
