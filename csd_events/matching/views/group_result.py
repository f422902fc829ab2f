"""What a group's worksheets come to, for its facilitator and for who handed in."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.matching import service
from csd_events.matching.rules import Profile, Session
from csd_events.matching.views.blueprint import bp
from csd_events.matching.views.result import profile_of
from csd_events.worksheets import queries
from csd_events.worksheets.models import WorksheetGroup
from csd_events.worksheets.rules import (
    LEAST_PEOPLE,
    Answers,
    Instrument,
    Side,
    Stage,
    Together,
    form_to_match,
    grades_for_forms,
    together,
    topics_of_low_answers,
    weigh,
)
from csd_events.worksheets.service import instrument
from csd_events.worksheets.words import (
    form_lines,
    part_one_first,
    range_of,
    settled_lines,
    side_line,
    talk_lines,
    title_of,
)


@bp.get("/worksheets/groups/<token>/result")
def group_result(token: str) -> ResponseReturnValue:
    """Show its facilitator what the group comes to."""
    mine = Purpose.WORKSHEET_GROUP
    group = queries.get_group_by_link(db.session(), links(), token, mine)
    return _page(group, back=url_for("worksheets.group", token=token))


@bp.get("/worksheets/<token>/group")
def of_group(token: str) -> ResponseReturnValue:
    """Show it to who handed in their own, once the group talks."""
    session = db.session()
    turn = queries.find_turn(session, links(), token)
    group = queries.get_group(session, turn.group_id)
    back = url_for("worksheets.talk", token=token)
    if not turn.is_handed_in or group.stage is Stage.ANSWERING:
        return redirect(back, code=303)
    return _page(group, back=back)


def _page(group: WorksheetGroup, *, back: str) -> str:
    session, tool = db.session(), instrument(group.instrument)
    found = together(tool, queries.list_answers(session, group.id))
    values = {} if found is None else _values(group, tool, found)
    return render_template(
        "matching/group_result.html",
        title=title_of(group),
        area=group.service_area,
        back=back,
        people=found.people if found else None,
        least=LEAST_PEOPLE,
        tasks=queries.list_tasks(session, group.id),
        names={factor.id: factor.name for factor in tool.factors},
        **values,
    )


def _values(group: WorksheetGroup, tool: Instrument, found: Together) -> dict[str, Any]:
    settled = queries.list_settlements(db.session(), group.id)
    medians = {item.factor: item.median for item in found.items}
    grades = grades_for_forms(
        found.items, {item: grade for item, (grade, _note) in settled.items()}
    )
    suggestions = _suggestions(group, tool, grades)
    sides = {
        side: side_line(tool, side, found.sides[side].score, medians) for side in Side
    }
    has_both = found.result.service and found.result.community
    return {
        "sides": [(sides[side], range_of(found.sides[side])) for side in Side],
        "reading": found.result.reading,
        "to_find_out": [tool.factor(each).name for each in found.result.to_find_out],
        "lines": talk_lines(tool, found, settled),
        "settled": settled_lines(tool, settled),
        "forms": form_lines(tool, weigh(tool, grades)) if has_both else None,
        "recommendation": suggestions.by_heading,
        "note": suggestions.note,
        "part_one_first": part_one_first(),
    }


def _suggestions(
    group: WorksheetGroup, tool: Instrument, grades: Answers
) -> service.Suggestions:
    """Match as for one worksheet, from what was settled and the medians.

    A group that meets at an event is also given what staff pinned to it.
    """
    known = profile_of(group.person_id)
    profile = Profile(
        areas=(group.service_area,),
        form=form_to_match(weigh(tool, grades), known.form),
        cls=known.cls,
        state=known.state,
        type=known.type,
        topics=topics_of_low_answers(tool, grades),
    )
    session, about = db.session(), Session()
    if group.event_id is not None:
        event = events.get_with_areas(session, group.event_id)
        about = replace(service.about(event), areas=())
    return service.recommend(session, profile, about, now=now(), was_there=True)
