"""One person as staff see them: who they are, what they have, what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.accounts import queries as accounts
from csd_events.accounts.words import returned_words
from csd_events.association.mail import speaker
from csd_events.audit.words import ChangeLine, Names, history_lines
from csd_events.core.access import Role, current_person, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.pages import read_id
from csd_events.core.time import day_words, to_wall
from csd_events.core.words import gettext as _
from csd_events.home import queries
from csd_events.home.queries import (
    Happened,
    PersonFacts,
    Place,
    Registered,
    What,
)
from csd_events.home.staff_views.blueprint import bp
from csd_events.home.staff_views.wording import role_words
from csd_events.organizations import queries as organizations
from csd_events.organizations.words import last_day_words, standing_words
from csd_events.outbox.staff_views import mail_kinds
from csd_events.outbox.words import kind_words, mail_line
from csd_events.registrations.rules import refuse_resending

MOST_REGISTRATIONS = 200
NEWEST_MAILS = 20
SHOWN, MOST_SHOWN = 30, 960  # of what happened; the way on shows four times as many


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """An organization somebody belongs to, with the days in words."""

    organization: str
    position: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HappenedLine:
    """One thing that happened, as staff read it."""

    at: datetime
    what: str
    who: str | None
    about: str | None
    url: str | None
    changes: Sequence[ChangeLine]


@bp.get("/people/<int:person_id>")
@staff_required
def person(person_id: int) -> ResponseReturnValue:
    session, at = db.session(), now()
    zone = speaker(session, now=at).zone
    facts = queries.get_person(session, person_id)
    standing = organizations.standing(session, person_id, to_wall(at, zone).date())
    held = queries.list_registrations(session, person_id, limit=MOST_REGISTRATIONS)
    returned = accounts.find_mark(session, facts.email)
    mails = queries.list_mails_to(session, facts.email, limit=NEWEST_MAILS)
    shown = min(max(read_id(request.args.get("shown")) or SHOWN, SHOWN), MOST_SHOWN)
    happened = queries.list_happened(session, facts, limit=shown + 1)
    return render_template(
        "home/staff/person.html",
        person=facts,
        role_words=role_words(facts.role),
        has_role=facts.role not in (None, Role.NONE),
        member_words=standing_words(standing, own=False),
        member_until=last_day_words(standing),
        places=[_place_line(each) for each in queries.list_places(session, person_id)],
        upcoming=sorted((each for each in held if each.is_upcoming(at)), key=_start),
        past=[each for each in held if not each.is_upcoming(at)],
        is_cut=len(held) == MOST_REGISTRATIONS,
        resendable={each.id for each in held if _is_resendable(each, at)},
        mails=[mail_line(mail, mail_kinds()) for mail in mails],
        returned_words=returned_words(returned, zone) if returned else None,
        happened=_happened_lines(happened[:shown], zone),
        more_url=_more(person_id, shown) if len(happened) > shown else None,
        roles=_roles(facts),
        why_no_role=_why_no_role(facts),
        form=FlaskForm(),
    )


def _place_line(place: Place) -> PlaceLine:
    since = day_words(place.from_on)
    if place.until_on is None:
        words = _("since %(day)s", day=since)
    else:
        words = _("%(day)s to %(last)s", day=since, last=day_words(place.until_on))
    return PlaceLine(place.organization, place.position, words)


def _start(each: Registered) -> tuple[bool, datetime]:
    """Order by start; what has none comes last."""
    return each.starts_at is None, each.starts_at or each.registered_at


def _is_resendable(each: Registered, at: datetime) -> bool:
    refusal = refuse_resending(
        each.state,
        over_at=each.over_at,
        cancelled_at=each.cancelled_at,
        on_demand=each.starts_at is None,
        now=at,
    )
    return refusal is None


def _more(person_id: int, shown: int) -> str | None:
    if shown >= MOST_SHOWN:
        return None
    return url_for(".person", person_id=person_id, shown=min(4 * shown, MOST_SHOWN))


def _happened_lines(happened: Sequence[Happened], zone: str) -> list[HappenedLine]:
    entries = [each.entry for each in happened if each.entry is not None]
    names = queries.name_things(db.session(), entries)
    return [_happened_line(each, zone, names) for each in happened]


def _happened_line(each: Happened, zone: str, names: Names) -> HappenedLine:
    if each.entry is not None:
        (line,) = history_lines([each.entry], zone=zone, names=names)
        return HappenedLine(
            at=each.at,
            what=line.what,
            who=line.who,
            about=each.title,
            url=_event_url(each.event_id),
            changes=line.changes,
        )
    of_mail = each.mail_id is not None
    about = kind_words(each.mail_kind, mail_kinds()) if each.mail_kind else each.title
    url = url_for("outbox_staff.show", message_id=each.mail_id) if of_mail else None
    return HappenedLine(
        at=each.at,
        what=_what_words(each.what),
        who=None,
        about=about,
        url=url or _event_url(each.event_id),
        changes=[],
    )


def _event_url(event_id: int | None) -> str | None:
    return url_for(".event", event_id=event_id) if event_id else None


def _what_words(what: What) -> str:
    words: dict[What, str] = {
        What.REGISTERED: _("Registered"),
        What.MAILED: _("Mail sent"),
        What.NOT_DELIVERED: _("Mail could not be delivered"),
        What.CAME_BACK: _("Mail that went, and came back"),
        What.JOINED: _("Joined"),
        What.CONFIRMED_ADDRESS: _("Confirmed the address"),
        What.GOT_ACCOUNT: _("Account made"),
        What.FIRST_SEEN: _("First known to us"),
    }
    return words[what]


def _roles(facts: PersonFacts) -> list[tuple[str, str]]:
    """List the roles that whoever looks may give, as words and addresses."""
    viewer = current_person()
    if viewer is None or viewer.role is not Role.ADMINISTRATOR or facts.role is None:
        return []
    choices = {Role.NONE: _("Take the role away")}
    if facts.email_confirmed_at is not None:
        choices |= {
            Role.REPORTS: _("Let read reports"),
            Role.CHECK_IN: _("Let work at the door"),
            Role.SCHEDULER: _("Make a scheduler"),
            Role.ADMINISTRATOR: _("Make an administrator"),
        }
    return [
        (words, url_for("accounts_staff.role", person_id=facts.id, role=role.value))
        for role, words in reversed(choices.items())
        if role is not facts.role
    ]


def _why_no_role(facts: PersonFacts) -> str | None:
    """Say what keeps somebody from being given a role; None if nothing does."""
    if facts.account_id is None:
        return str(_("Only a person with an account can work as staff."))
    if facts.email_confirmed_at is None:
        return str(_("Nobody has shown yet that this address is theirs."))
    return None
