"""What a group's worksheets come to, for its facilitator and for who handed in."""

from dataclasses import replace

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.association.mail import speaker
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.downloads import download
from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.matching import exports, service
from csd_events.matching.rules import Profile, Session
from csd_events.matching.views.blueprint import bp
from csd_events.matching.views.result import profile_of
from csd_events.worksheets import queries
from csd_events.worksheets.models import WorksheetGroup
from csd_events.worksheets.rules import (
    Answers,
    Instrument,
    Stage,
    form_to_match,
    together,
    topics_of_low_answers,
    weigh,
)
from csd_events.worksheets.service import instrument
from csd_events.worksheets.views import turn_of
from csd_events.worksheets.words import (
    GroupOutcome,
    group_limits_words,
    group_outcome,
    part_one_first,
    people_words,
    range_words,
    title_of,
)


@bp.get("/worksheets/groups/<token>/result")
def group_result(token: str) -> ResponseReturnValue:
    """Show its facilitator what the group comes to."""
    mine = Purpose.WORKSHEET_GROUP
    group = queries.get_group_by_link(db.session(), links(), token, mine)
    return _page(
        group,
        back=url_for("worksheets.group", token=token),
        file=url_for(".group_result_pdf", token=token),
    )


@bp.get("/worksheets/<token>/group")
def of_group(token: str) -> ResponseReturnValue:
    """Show it to who handed in their own, once the group talks."""
    back = url_for("worksheets.talk", token=token)
    group = _talked(token)
    if group is None:
        return redirect(back, code=303)
    return _page(group, back=back, file=url_for(".of_group_pdf", token=token))


@bp.get("/worksheets/groups/<token>/result.pdf")
def group_result_pdf(token: str) -> ResponseReturnValue:
    mine = Purpose.WORKSHEET_GROUP
    group = queries.get_group_by_link(db.session(), links(), token, mine)
    return _file(group, back=url_for(".group_result", token=token))


@bp.get("/worksheets/<token>/group.pdf")
def of_group_pdf(token: str) -> ResponseReturnValue:
    """Give the file to who handed in their own, once the group talks."""
    group = _talked(token)
    if group is None:
        return redirect(url_for("worksheets.talk", token=token), code=303)
    return _file(group, back=url_for(".of_group", token=token))


def _talked(token: str) -> WorksheetGroup | None:
    """Return the group of a worksheet that was handed in, once it talks; else None."""
    turn = turn_of(token)
    if turn is None or not turn.is_handed_in:
        return None
    group = queries.get_group(db.session(), turn.group_id)
    return None if group.stage is Stage.ANSWERING else group


def _page(group: WorksheetGroup, *, back: str, file: str) -> str:
    session, tool = db.session(), instrument(group.instrument)
    outcome = _outcome(group, tool)
    found = _suggestions(group, tool, outcome.grades) if outcome else None
    return render_template(
        "matching/group_result.html",
        title=title_of(group),
        event_title=queries.find_event_title(session, group),
        back=back,
        file=file,
        outcome=outcome,
        people_words=people_words(outcome.people) if outcome else None,
        range_words=range_words,
        tasks=queries.list_tasks(session, group.id),
        names={factor.id: factor.name for factor in tool.factors},
        limits_words=group_limits_words(),
        part_one_first=part_one_first(),
        recommendation=found.by_heading if found else [],
        note=found.note if found else None,
    )


def _file(group: WorksheetGroup, *, back: str) -> ResponseReturnValue:
    """Print it; with too few people, lead to the page that says so."""
    session, tool = db.session(), instrument(group.instrument)
    outcome = _outcome(group, tool)
    if outcome is None:
        return redirect(back, code=303)
    file = exports.group_pdf(
        outcome,
        queries.list_tasks(session, group.id),
        _suggestions(group, tool, outcome.grades).lines,
        event_title=queries.find_event_title(session, group),
        author=speaker(session, now=now()).name,
    )
    return download(file, "application/pdf", "group-worksheet.pdf")


def _outcome(group: WorksheetGroup, tool: Instrument) -> GroupOutcome | None:
    """Describe what a group comes to; None while too few handed in."""
    session = db.session()
    found = together(tool, queries.list_answers(session, group.id))
    if found is None:
        return None
    settled = queries.list_settlements(session, group.id)
    return group_outcome(title_of(group), tool, found, settled)


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
    found = service.recommend(session, profile, about, now=now(), was_there=True)
    if group.event_id is None:
        return found
    return service.name_vendors(session, found, group.event_id)
