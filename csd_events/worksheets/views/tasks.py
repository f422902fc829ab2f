"""What a group wants to find out, who will, and by when."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.web import guards_itself
from csd_events.worksheets import queries, service
from csd_events.worksheets.forms import TaskForm
from csd_events.worksheets.rules import FACTORS, Stage
from csd_events.worksheets.service import ToFindOut, instrument
from csd_events.worksheets.views.blueprint import bp, do, opened_group
from csd_events.worksheets.words import title_of


@bp.route("/worksheets/groups/<token>/tasks", methods=["GET", "POST"])
@guards_itself
def tasks(token: str) -> ResponseReturnValue:
    """List what to find out, and add to it."""
    found, about = opened_group(token), request.args.get("item")
    names = {each.id: each.name for each in instrument(found.instrument).factors}
    form = TaskForm(item=about if about in FACTORS else None)
    form.item.offer({each: f"{each} · {name}" for each, name in names.items()})
    if form.validate_on_submit():
        task = ToFindOut(
            item=form.item.data,
            what=form.what.data,
            who=form.who.data,
            due=form.due.data,
        )
        return do(
            token,
            lambda session, group_id: service.add_task(
                session, group_id, task, now=now()
            ),
            then=url_for(".tasks", token=token),
        )
    page = render_template(
        "worksheets/tasks.html",
        title=title_of(found),
        token=token,
        form=form,
        tasks=queries.list_tasks(db.session(), found.id),
        names=names,
        is_closed=found.stage is Stage.CLOSED,
    )
    return page, 422 if form.errors else 200


@bp.post("/worksheets/groups/<token>/tasks/<int:task_id>/remove")
@guards_itself
def remove_task(token: str, task_id: int) -> ResponseReturnValue:
    return do(
        token,
        lambda session, group_id: service.remove_task(
            session, group_id, task_id, now=now()
        ),
        then=url_for(".tasks", token=token),
    )
