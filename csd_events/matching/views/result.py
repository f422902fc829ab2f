"""What a worksheet comes to, with the case studies that fit it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.accounts import queries as accounts
from csd_events.accounts.words import InPassing, to_ask
from csd_events.association.mail import speaker
from csd_events.core.access import current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.downloads import download
from csd_events.core.forms import SessionForm
from csd_events.core.time import to_wall
from csd_events.core.tokens import links
from csd_events.matching import exports, service
from csd_events.matching.rules import Profile, Session
from csd_events.matching.views.blueprint import bp
from csd_events.organizations import queries as organizations
from csd_events.worksheets import queries
from csd_events.worksheets.models import Worksheet
from csd_events.worksheets.rules import (
    Answers,
    Instrument,
    form_to_match,
    topics_of_low_answers,
    weigh,
)
from csd_events.worksheets.service import instrument
from csd_events.worksheets.words import (
    answers_of,
    limits_words,
    outcome_of,
    part_one_first,
    title_of,
)


@bp.get("/worksheets/<token>/result")
def result(token: str) -> ResponseReturnValue:
    worksheet = queries.get_by_link(db.session(), links(), token)
    tool, given = instrument(worksheet.instrument), answers_of(worksheet)
    suggestions, asked = _suggestions(worksheet, tool, given), _to_ask(worksheet)
    return render_template(
        "matching/result.html",
        outcome=outcome_of(title_of(worksheet), tool, given),
        limits_words=limits_words(),
        part_one_first=part_one_first(),
        token=token,
        recommendation=suggestions.by_heading,
        note=suggestions.note,
        asked=asked,
        form=SessionForm() if asked else None,
    )


def _to_ask(worksheet: Worksheet) -> InPassing | None:
    """Choose what to ask of who is signed in and reads what is theirs."""
    person_id = current_person_id()
    if person_id is None or person_id != worksheet.person_id:
        return None
    known = accounts.get_preferences(db.session(), person_id)
    return to_ask(known, [worksheet.service_area])


@bp.get("/worksheets/<token>/result.pdf")
def result_pdf(token: str) -> ResponseReturnValue:
    worksheet = queries.get_by_link(db.session(), links(), token)
    tool, given = instrument(worksheet.instrument), answers_of(worksheet)
    file = exports.pdf(
        outcome_of(title_of(worksheet), tool, given),
        _suggestions(worksheet, tool, given).lines,
        author=speaker(db.session(), now=now()).name,
    )
    return download(file, "application/pdf", "worksheet.pdf")


def _suggestions(
    worksheet: Worksheet, tool: Instrument, given: Answers
) -> service.Suggestions:
    """Match with the form worth exploring, and with what the low answers are about."""
    known = profile_of(worksheet.person_id)
    profile = Profile(
        areas=(worksheet.service_area,),
        form=form_to_match(weigh(tool, given), known.form),
        cls=known.cls,
        state=known.state,
        type=known.type,
        topics=topics_of_low_answers(tool, given),
    )
    session = db.session()
    return service.recommend(session, profile, Session(), now=now(), was_there=True)


def profile_of(person_id: int | None) -> Profile:
    """Say what is known of whose worksheet or group it is; nothing of nobody's."""
    if person_id is None:
        return Profile()
    session, at = db.session(), now()
    day = to_wall(at, speaker(session, now=at).zone).date()
    of_them = organizations.profile_of(session, person_id, day)
    preferred = accounts.get_preferences(session, person_id)
    return Profile(
        form=preferred.form,
        cls=of_them.population_class if of_them else None,
        state=of_them.state if of_them else None,
        type=of_them.kind if of_them else None,
    )
