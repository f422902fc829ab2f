"""One registration with its whole story: a page, and a drawer beside the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.audit.words import ChangeLine, Names, history_lines
from csd_events.billing import queries as billing
from csd_events.billing.words import account_line
from csd_events.core.access import event_staff_required, schedules
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.time import to_wall
from csd_events.core.words import gettext as _
from csd_events.events import queries as events
from csd_events.home import queries
from csd_events.home.queries import Happened, Registrant, What
from csd_events.home.staff_views.blueprint import bp
from csd_events.outbox.staff_views import mail_kinds
from csd_events.outbox.words import MailLine, kind_words, mail_line
from csd_events.registrations import queries as registrations
from csd_events.registrations.rules import State, may_cancel
from csd_events.registrations.words import answer_lines, offer_words
from csd_events.topics.rules import area_name


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One thing that happened with a registration, as staff read it."""

    at: datetime
    what: str
    who: str | None = None
    url: str | None = None
    mail: MailLine | None = None
    changes: Sequence[ChangeLine] = ()


@bp.get("/registrations/<int:registration_id>")
@event_staff_required()
def registration(registration_id: int) -> ResponseReturnValue:
    session, at = db.session(), now()
    found = queries.get_registrant(session, registration_id)
    event = events.get_row(session, found.event.id)
    mine = found.registration
    accounts = billing.list_accounts(session, mine.id)
    answers = registrations.list_answers(session, [mine.id]).get(mine.id, ())
    story = queries.list_story(session, mine, accounts)
    today = to_wall(at, event.zone).date()
    return render_template(
        "home/staff/registration.html",
        registration=mine,
        event=event,
        email=found.email,
        rank=_rank(mine.id, event.id) if mine.state is State.WAITING else None,
        facts=_facts(found, offer_words(event, at=at).get(str(mine.offer_id), "")),
        answers=answer_lines(answers),
        invoices=[account_line(each, today) for each in accounts],
        story=_lines(story, event.zone),
        is_pending=mine.is_pending,
        may_change=mine.state is not State.CANCELLED
        and may_cancel(event.over_at, event.cancelled_at, at),
    )


def _rank(registration_id: int, event_id: int) -> int | None:
    ranks = registrations.ranks_waiting(db.session(), event_id)
    return ranks.get(registration_id)


def _facts(found: Registrant, offer: str) -> list[tuple[str, str]]:
    """List what the registration says; what it does not say is left out."""
    mine = found.registration
    told = [
        (_("Organization"), mine.organization),
        (_("U.S. state"), mine.us_state),
        (_("Service"), area_name(mine.service_area) if mine.service_area else None),
        (_("Offer"), offer),
        (_("Purchase order"), mine.purchase_order),
        (_("Registered by"), found.sender),
        (_("How they came"), mine.via),
        (_("What they were told when it was declined"), mine.decline_note),
    ]
    return [(label, words) for label, words in told if words]


def _lines(story: Sequence[Happened], zone: str) -> list[StoryLine]:
    entries = [each.entry for each in story if each.entry is not None]
    names = queries.name_things(db.session(), entries)
    return [_line(each, zone, names) for each in story]


def _line(each: Happened, zone: str, names: Names) -> StoryLine:
    if each.entry is not None:
        (line,) = history_lines([each.entry], zone=zone, names=names)
        return StoryLine(at=each.at, what=line.what, who=line.who, changes=line.changes)
    if each.mail is not None:
        mail_id = each.mail.id
        url = url_for("outbox_staff.show", message_id=mail_id) if schedules() else None
        return StoryLine(
            at=each.at,
            what=_("Mail: %(kind)s", kind=kind_words(each.mail.kind, mail_kinds())),
            url=url,
            mail=mail_line(each.mail, mail_kinds()),
        )
    joined = each.what is What.JOINED
    return StoryLine(at=each.at, what=_("Joined") if joined else _("Registered"))
