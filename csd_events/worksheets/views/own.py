"""The worksheets of an account, and two of them beside each other."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, sign_in_required
from csd_events.core.db import db
from csd_events.core.pages import read_id
from csd_events.core.words import gettext as _
from csd_events.worksheets import queries
from csd_events.worksheets.models import Worksheet
from csd_events.worksheets.rules import ITEMS, Part, offer, score
from csd_events.worksheets.service import instrument
from csd_events.worksheets.views.blueprint import (
    bp,
    own_stage,
    token_of,
    token_of_group,
)
from csd_events.worksheets.words import (
    Outcome,
    answers_of,
    beside,
    count_answered,
    outcome_of,
    stage_words,
    title_of,
)

TWO = 2


@bp.get("/me/worksheets")
@sign_in_required
def own() -> ResponseReturnValue:
    stage = own_stage()
    lines = [
        {
            "id": each.id,
            "title": title_of(each),
            "answered": count_answered(each),
            "answered_at": each.answered_at,
            "token": token_of(each),
            "has_part_two": _is_offered_part_two(each, stage),
        }
        for each in queries.list_own(db.session(), _person_id())
    ]
    groups = [
        {
            "title": title_of(each),
            "begun_at": each.begun_at,
            "stage": stage_words(each.stage),
            "token": token_of_group(each),
        }
        for each in queries.list_own_groups(db.session(), _person_id())
    ]
    return render_template(
        "worksheets/own.html", lines=lines, groups=groups, questions=len(ITEMS)
    )


@bp.get("/me/worksheets/beside")
@sign_in_required
def compare() -> ResponseReturnValue:
    """Show two worksheets of one's own: two services, or one service a year later."""
    wanted = [read_id(each) for each in request.args.getlist("worksheet")]
    theirs = {each.id: each for each in queries.list_own(db.session(), _person_id())}
    chosen = [theirs[each] for each in wanted if each in theirs]
    if len(chosen) != TWO or chosen[0] is chosen[1]:
        flash(_("Choose two worksheets to see them beside each other."))
        return redirect(url_for(".own"), code=303)
    earlier, later = sorted(chosen, key=lambda each: (each.begun_at, each.id))
    outcomes = [_outcome(each) for each in (earlier, later)]
    return render_template(
        "worksheets/beside.html",
        columns=[
            {"title": title_of(each), "at": each.answered_at, "token": token_of(each)}
            for each in (earlier, later)
        ],
        outcomes=outcomes,
        rows=beside(*outcomes),
    )


def _is_offered_part_two(worksheet: Worksheet, stage: str | None) -> bool:
    scored = score(instrument(worksheet.instrument), answers_of(worksheet))
    return offer(stage, has_scores=scored.has_both).part is Part.TWO


def _outcome(worksheet: Worksheet) -> Outcome:
    tool = instrument(worksheet.instrument)
    return outcome_of(title_of(worksheet), tool, answers_of(worksheet))


def _person_id() -> int:
    person_id = current_person_id()
    if person_id is None:
        abort(401)
    return person_id
