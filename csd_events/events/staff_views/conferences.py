"""Conferences: all of them, a new one, a change."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.association import queries as association
from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.time import days_words
from csd_events.core.web import guards_itself
from csd_events.core.words import lazy_gettext
from csd_events.events import queries, service
from csd_events.events.forms import ConferenceForm, typed_of_conference
from csd_events.events.models import Conference
from csd_events.events.rules import Fault
from csd_events.events.staff_views.blueprint import Desk, answer, bp

WORDS = {
    Fault.DAYS_BACKWARDS: lazy_gettext(
        "The last day must not come before the first day"
    ),
    Fault.NAME_TAKEN: lazy_gettext(
        "A conference of this name begins on that day already. Change name or day"
    ),
}


@bp.get("/conferences")
@staff_required
def conferences() -> ResponseReturnValue:
    return render_template(
        "events/staff/conferences.html",
        conferences=[
            (each, days_words(each.first_on, each.last_on))
            for each in queries.list_conferences_for_staff(db.session())
        ],
    )


@bp.route("/conferences/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new_conference() -> ResponseReturnValue:
    form = _form()
    if request.method != "POST":
        return _page(form, None)
    return answer(form, _desk(form, None))


@bp.route("/conferences/<int:conference_id>/edit", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit_conference(conference_id: int) -> ResponseReturnValue:
    conference = queries.get_conference(db.session(), conference_id)
    if request.method != "POST":
        return _page(_form(data=typed_of_conference(conference)), conference)
    form = _form()
    return answer(form, _desk(form, conference))


def _form(**given: Any) -> ConferenceForm:
    return ConferenceForm(zone_first=association.read(db.session()).zone, **given)


def _page(
    form: ConferenceForm,
    conference: Conference | None,
    saved: list[tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "events/staff/edit_conference.html",
        form=form,
        conference=conference,
        saved=saved,
    )


def _desk(form: ConferenceForm, conference: Conference | None) -> Desk:
    conference_id = conference.id if conference else None

    def save(session: Any) -> None:
        draft, who = form.draft(), current_person_id()
        if conference_id is None:
            service.create_conference(session, draft, now=now(), actor_id=who)
            return
        service.update_conference(
            session,
            conference_id,
            draft,
            version=form.seen_version,
            now=now(),
            actor_id=who,
        )

    def fresh() -> ConferenceForm:
        found = queries.get_conference(db.session(), conference_id or 0)
        return _form(data=typed_of_conference(found), formdata=None)

    return Desk(
        page=lambda form, **others: _page(form, conference, **others),
        save=save,
        fresh=fresh,
        another=form.another,
        words=WORDS,
        done=url_for(".conferences"),
    )
