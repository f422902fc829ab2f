"""Events that are repeated, postponed, planned and put away, for a browser to see."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account
from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.rules import clash_key
from csd_events.events.service import Repeat
from csd_events.registrations import service as registrations
from tests.factories import DAY, HOUR, NOON, make_event, make_registration, writing

WEEK = timedelta(days=7)
WHY = "The hall is flooded. We look for another one, and know more in two weeks."


def planning(
    app: Flask, session: Session, staff: Account, member: Account
) -> dict[str, str | int]:
    """Set the scene of what is planned, and of what has no date for now."""
    off = make_event(session, slug="put-off", title="Sharing a crime laboratory")
    late = make_event(session, slug="late", title="Who pays for training?")
    place = make_registration(
        session,
        off,
        person_id=member.person_id,
        full_name=member.full_name,
        email=member.email,
    )
    make_registration(session, late)
    weekly = make_event(session, slug="weekly", title="Office hours on shared services")
    start = weekly.sessions[0].wall_start
    make_registration(session, weekly)
    old = make_event(session, slug="old", starts_at=NOON - 40 * DAY)
    bare = make_event(session, slug="bare", draft=True, summary="", title="Not ready")
    soon = make_event(session, slug="soon", draft=True, title="To be published")
    typed = make_event(session, slug="typed", draft=True, title="Half written")
    with writing(session):
        series = event_service.repeat(
            session,
            weekly.id,
            Repeat(
                starts=[start + WEEK, start + 2 * WEEK], way_in=None, nonce="drawn once"
            ),
            now=NOON,
            actor_id=staff.person_id,
        )
        for event_id, at in ((bare.id, NOON - HOUR), (soon.id, NOON + DAY)):
            event_service.plan_publishing(
                session, event_id, at, now=NOON - DAY, actor_id=None
            )
        event_service.publish_due(session, now=NOON)
        event_service.archive(session, old.id, now=NOON, actor_id=None)
        registrations.postpone_event(session, off.id, note=WHY, now=NOON - DAY)
        registrations.tell_of_cancellations(session, now=NOON - HOUR)
        registrations.postpone_event(session, late.id, note=WHY, now=NOON)
        accounts.keep_typed(
            session,
            staff.person_id,
            f"/staff/events/{typed.id}/edit",
            [("version", "9"), ("title", "Half a tit")],
            now=NOON - HOUR,
        )
    with app.app_context():
        token = links().token(Purpose.REGISTRATION, place.id, place.link_version)
        door = links().token(Purpose.JOIN, place.id, place.link_version)
    return {
        "put_off": off.id,
        "put_off_late": late.id,
        "put_off_token": token,
        "put_off_door": door,
        "weekly": weekly.id,
        "series": series,
        "archived": old.id,
        "not_published": bare.id,
        "planned": soon.id,
        "half_typed": typed.id,
        "known_clash": known_clash(session, staff),
    }


def known_clash(session: Session, staff: Account) -> int:
    """Write three drafts for one audience; the clash of two is left as it is."""
    one, _other, _third = (
        make_event(
            session,
            slug=f"libraries-{number}",
            draft=True,
            title=f"Sharing a library, part {number}",
            areas=["libraries"],
        )
        for number in range(3)
    )
    session.expire_all()
    found = events.list_meetings(session, events.slots_of(events.get(session, one.id)))
    key = clash_key(found[0], found[0].clashes[0])
    with writing(session):
        event_service.leave_clash(
            session, one.id, key, now=NOON, actor_id=staff.person_id
        )
    return one.id
