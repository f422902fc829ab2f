"""What one person was mailed about an event, what is planned, and what is not sent."""

from flask import render_template
from flask.typing import ResponseReturnValue

from csd_events.core.access import event_staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.events.models import Event
from csd_events.events.queries import find_last_change
from csd_events.events.rules import State as EventState
from csd_events.outbox import queries as outbox
from csd_events.outbox.words import mail_line
from csd_events.registrations import queries
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import (
    Planned,
    Reader,
    Sitting,
    State,
    leads_called,
    plan_after,
    plan_for,
)
from csd_events.registrations.service import NOTICE_KINDS
from csd_events.registrations.staff_views.blueprint import bp
from csd_events.registrations.words import KIND_WORDS, PlanLine, plan_lines


@bp.get("/registrations/<int:registration_id>/mails")
@event_staff_required()
def registration_mails(registration_id: int) -> ResponseReturnValue:
    session = db.session()
    registration = queries.get(session, registration_id)
    event = registration.event
    mails = outbox.list_about(
        session, feature="registration", subject_ids=[registration_id]
    )
    keys = {mail.key for mail in mails}
    return render_template(
        "registrations/staff/mails.html",
        event=event,
        registration=registration,
        mails=[mail_line(mail, KIND_WORDS) for mail in mails],
        plan=[
            *_notice(registration),
            *plan_lines(registration, event, _plan(registration, event), keys),
        ],
    )


def _notice(registration: Registration) -> list[PlanLine]:
    """Say what is still to be told of the event, of which no mail is written yet."""
    change = find_last_change(db.session(), registration.event_id)
    knows = registration.state is not State.CANCELLED and not registration.is_pending
    if change is None or change.told_at or change.undone_at or not knows:
        return []
    if change.kind not in NOTICE_KINDS:
        return []
    words = str(KIND_WORDS[NOTICE_KINDS[change.kind]])
    return [PlanLine(words=words, goes_at=change.leaves_at, why_not=None)]


def _plan(registration: Registration, event: Event) -> list[Planned]:
    person = registration.person
    reader = Reader(
        state=registration.state,
        confirmed_at=registration.confirmed_at,
        wants=person.wants_reminders,
        switched_off=registration.reminders_off,
    )
    called_off = event.state is EventState.CANCELLED
    plan = plan_for(
        reader,
        [Sitting(s.id, s.starts_at, s.announced_at) for s in event.sessions],
        leads_called(event.reminders),
        now(),
        called_off=called_off,
    )
    if event.starts_at is None or event.over_at is None:
        return plan
    after = plan_after(
        reader,
        event.over_at,
        event.zone,
        now(),
        called_off=called_off,
        wanted=event.follows_up,
    )
    return [*plan, after]
