"""One question of a group, for its facilitator: shown, talked about, settled."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.web import guards_itself
from csd_events.worksheets import queries, service
from csd_events.worksheets.forms import UNKNOWN, SettleForm
from csd_events.worksheets.models import WorksheetGroup
from csd_events.worksheets.rules import FACTORS, Factor, Stage
from csd_events.worksheets.service import Settled, instrument
from csd_events.worksheets.views.blueprint import bp, do, opened_group
from csd_events.worksheets.views.group import gathered, lines_of
from csd_events.worksheets.words import title_of


@bp.route("/worksheets/groups/<token>/questions/<item>", methods=["GET", "POST"])
@guards_itself
def question(token: str, item: str) -> ResponseReturnValue:
    """Show how far apart the group is on a question, and write down what it settles."""
    found = opened_group(token)
    factor, form = _factor(found, item), SettleForm()
    form.ask(factor)
    if form.validate_on_submit():
        settled = Settled(item=item, grade=form.chosen, note=form.note.data)
        return do(
            token,
            lambda session, group_id: service.settle(
                session, group_id, settled, now=now()
            ),
            then=url_for(".question", token=token, item=item),
        )
    return _page(found, factor, form, token)


def _page(
    found: WorksheetGroup, factor: Factor, form: SettleForm, token: str
) -> ResponseReturnValue:
    lines = lines_of(found, gathered(found))
    if lines is None:
        abort(404)
    order = [line.item for line in lines]
    place = order.index(factor.id)
    line = lines[place]
    if not form.is_submitted() and line.settled is not None:
        grade, note = queries.list_settlements(db.session(), found.id)[factor.id]
        form.grade.data = UNKNOWN if grade is None else str(grade)
        form.note.data = note
    tasks = queries.list_tasks(db.session(), found.id)
    page = render_template(
        "worksheets/question.html",
        title=title_of(found),
        token=token,
        line=line,
        factor=factor,
        place=place + 1,
        questions=len(order),
        is_shown=found.item == factor.id,
        is_talking=found.stage is Stage.TALKING,
        following=lines[place + 1] if place + 1 < len(order) else None,
        tasks=[task for task in tasks if task.item == factor.id],
        form=form,
    )
    return page, 422 if form.errors else 200


@bp.post("/worksheets/groups/<token>/questions/<item>/show")
@guards_itself
def show_question(token: str, item: str) -> ResponseReturnValue:
    """Put a question on the screen, and go to it."""
    _factor(opened_group(token), item)
    return do(
        token,
        lambda session, group_id: service.show(session, group_id, item, now=now()),
        then=url_for(".question", token=token, item=item),
    )


@bp.post("/worksheets/groups/<token>/questions/<item>/unsettle")
@guards_itself
def unsettle(token: str, item: str) -> ResponseReturnValue:
    _factor(opened_group(token), item)
    return do(
        token,
        lambda session, group_id: service.unsettle(session, group_id, item, now=now()),
        then=url_for(".question", token=token, item=item),
    )


def _factor(found: WorksheetGroup, item: str) -> Factor:
    if item not in FACTORS:
        abort(404)
    return instrument(found.instrument).factor(item)
