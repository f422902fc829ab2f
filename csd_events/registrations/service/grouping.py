"""Registering colleagues: one form, several people, one lock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.rules import email_key
from csd_events.accounts.service import Met
from csd_events.core.errors import EndedError, RefusedError
from csd_events.events import queries as events
from csd_events.events.queries import Ledger
from csd_events.registrations import rules
from csd_events.registrations.models import GroupEntry, RegistrationGroup
from csd_events.registrations.rules import (
    Colleague,
    GroupOutcome,
    Party,
    Refusal,
    State,
    Wish,
)
from csd_events.registrations.service.belonging import Belonging, belonging_of
from csd_events.registrations.service.informing import tell_colleagues
from csd_events.registrations.service.keeping import find_all_before
from csd_events.registrations.service.offering import offer_for, refuse_off
from csd_events.registrations.service.pending import make_way
from csd_events.registrations.service.registering import count_form, refuse_guesses
from csd_events.registrations.service.seating import Guest, Made, write_all
from csd_events.registrations.service.telling import tell_sender
from csd_events.registrations.service.waiting import seats_of

ENTRIES = cast("Table", GroupEntry.__table__)
#: How long a sender gets no summary while rows of their form are still to be mended.
SUMMARY_WAITS = timedelta(minutes=10)


def register_party(
    session: Session, party: Party, *, now: datetime, is_whole: bool = True
) -> GroupOutcome:
    """Register several people by one form; each is told by a mail of their own.

    Those who fit get places in the order of the form, the others wait in it. Of a
    sender who is not signed in nobody is told yet: their places are kept until the
    sender has pressed the button in a mail of theirs. The same form again registers
    whoever it did not register before.

    Args:
        session: To write in.
        party: Who, for which event, by whom.
        now: The instant the request arrived.
        is_whole: Whether nothing of the form is left to be mended.

    Raises:
        NotFoundError: No such event.
        EndedError: What this form began is done, or somebody else began it.
        RefusedError: The event is called off.
        TooManyError: Too many people, or wrong codes, from one network address.
    """
    event = events.lock_ledger(session, party.slug)
    refuse_off(event.state)
    group = find_group(session, party.nonce)
    if group is not None and not _goes_on(group, party, now):
        raise EndedError("form")
    there = _keys_in(session, group)
    asked = {
        index: each
        for index, each in enumerate(party.colleagues)
        if email_key(each.email) not in there
    }
    if not asked:
        return GroupOutcome(group.id if group else None, {})
    _refuse_too_many(session, party, len(asked), now)
    met = _meet(session, party, asked.values(), now)
    guests, refused = _guests(session, party, event, asked, met, now)
    event, guests = _make_way(session, party, event, guests, now)
    guests = _seat(event, guests, refused)
    if not guests:
        return GroupOutcome(group.id if group else None, refused)
    if group is None:
        group = _new_group(session, party, event, met, now)
    made = write_all(session, group, event, guests, now=now)
    _keep_entries(session, group, made, already=len(there))
    whole = is_whole and not refused
    _tell(session, group, made, len(there) + len(made), whole=whole, now=now)
    return GroupOutcome(group.id, refused)


def find_group(session: Session, nonce: str) -> RegistrationGroup | None:
    """Find what a form has led to already."""
    sent = select(RegistrationGroup).where(RegistrationGroup.nonce == nonce)
    return session.scalar(sent.execution_options(populate_existing=True))


def _goes_on(group: RegistrationGroup, party: Party, now: datetime) -> bool:
    """Tell whether more people may come into a group: its sender is the same.

    Who is signed in is known; of anyone else the form is, until the button is pressed.
    """
    if party.person_id is not None:
        return group.sender_id == party.person_id and group.held_until is None
    until = group.held_until
    return group.confirmed_at is None and until is not None and now < until


def _keys_in(session: Session, group: RegistrationGroup | None) -> Collection[str]:
    """List whom a group has registered already, by the keys of their addresses."""
    if group is None:
        return ()
    keys = select(GroupEntry.email_key).where(GroupEntry.group_id == group.id)
    return session.scalars(keys).all()


def _refuse_too_many(
    session: Session, party: Party, people: int, now: datetime
) -> None:
    if party.network_address:
        count_form(session, party.network_address, now, people=people)
    refuse_guesses(session, wish_of(party), now)


def wish_of(party: Party, colleague: Colleague | None = None) -> Wish:
    """Say what a form asks for of one colleague, or of its sender."""
    of = colleague or party
    return Wish(
        slug=party.slug,
        full_name=of.full_name,
        email=of.email,
        organization=of.organization,
        opened_at=party.opened_at,
        offer_id=party.offer_id,
        code=party.code,
        purchase_order=party.purchase_order,
        bill_to=party.bill_to,
        nonce=None if party.person_id else party.nonce,
        person_id=None if colleague else party.person_id,
        network_address=party.network_address,
    )


def _meet(
    session: Session, party: Party, asked: Collection[Colleague], now: datetime
) -> dict[str, Met]:
    """Find everybody, and a sender who is not signed in."""
    names = {each.email: each.full_name for each in asked}
    if party.person_id is None:
        names[party.email] = party.full_name
    return accounts.meet_all(session, names, now=now)


def _guests(
    session: Session,
    party: Party,
    event: Ledger,
    asked: Mapping[int, Colleague],
    met: Mapping[str, Met],
    now: datetime,
) -> tuple[list[Guest], dict[int, Refusal]]:
    """Find what is open to each, and what they have already; say of whom it is not."""
    people = {index: met[email_key(each.email)] for index, each in asked.items()}
    ids = [each.person_id for each in people.values()]
    before = find_all_before(session, event_id=event.id, person_ids=ids)
    belonging = belonging_of(session, party.person_id, event, ids, now=now)
    proven = party.person_id is not None
    guests, refused = [], {}
    for index, who in people.items():
        wish, had = wish_of(party, asked[index]), before.get(who.person_id)
        try:
            offer = offer_for(event, wish, now=now, **_facts(belonging, who, wish))
        except RefusedError as error:
            refused[index] = Refusal(error.reason)
            continue
        known = had is not None and (had.is_kept or (had.is_pending and not proven))
        guests.append(Guest(index, wish, who, offer, had, known))
    return guests, refused


def _facts(belonging: Belonging, who: Met, wish: Wish) -> dict[str, bool]:
    """Say what an offer asks of somebody whom another registers."""
    return {
        "member": who.person_id in belonging.members,
        "colleague": belonging.is_colleague(wish.organization),
    }


def _make_way(
    session: Session, party: Party, event: Ledger, guests: list[Guest], now: datetime
) -> tuple[Ledger, list[Guest]]:
    """Take back what unproven senders keep for people whom a proven one registers."""
    theirs = [g.before.id for g in guests if g.before and g.before.is_pending]
    if party.person_id is None or not theirs:
        return event, guests
    make_way(session, theirs, event_id=event.id, now=now)
    event = events.lock_ledger(session, party.slug)
    offers = {offer.id: offer for offer in event.offers}
    return event, [replace(guest, offer=offers[guest.offer.id]) for guest in guests]


def _seat(
    event: Ledger, guests: Sequence[Guest], refused: dict[int, Refusal]
) -> list[Guest]:
    """Give places and numbers in the queue, in the order of the form."""
    left = {o.id: None if o.quota is None else o.quota - o.taken for o in event.offers}
    wanted = [(guest.offer.id, not guest.is_known) for guest in guests]
    places = rules.seat_party(seats_of(event), left, wanted)
    seated, position = [], event.next_position
    for guest, place in zip(guests, places, strict=True):
        if isinstance(place, Refusal):
            refused[guest.index] = place
            continue
        waits = place is State.WAITING and not guest.is_known
        number = position if waits else None
        position += waits
        seated.append(replace(guest, place=place, position=number))
    return seated


def _new_group(
    session: Session,
    party: Party,
    event: Ledger,
    met: Mapping[str, Met],
    now: datetime,
) -> RegistrationGroup:
    sender_id, until = party.person_id, None
    if sender_id is None:
        sender_id = met[email_key(party.email)].person_id
        until = rules.sender_until(event.starts_at, now)
    group = RegistrationGroup(
        nonce=party.nonce,
        event_id=event.id,
        sender_id=sender_id,
        full_name=party.full_name,
        email=party.email,
        organization=party.organization,
        sent_at=now,
        held_until=until,
        confirmed_at=now if until is None else None,
    )
    session.add(group)
    session.flush()
    return group


def _keep_entries(
    session: Session, group: RegistrationGroup, made: Sequence[Made], *, already: int
) -> None:
    """Write down the rows of the form, for the sender's page."""
    rows = [
        {
            "group_id": group.id,
            "number": number,
            "registration_id": each.registration_id,
            "told": each.told,
            "email_key": email_key(each.guest.wish.email),
            "full_name": each.guest.wish.full_name,
            "email": each.guest.wish.email,
            "organization": each.guest.wish.organization,
            "offer_id": each.guest.offer.id,
            "price_cents": each.guest.offer.price_cents,
            "currency": each.guest.offer.currency,
        }
        for number, each in enumerate(made, start=already + 1)
    ]
    session.execute(insert(ENTRIES), rows)


def _tell(
    session: Session,
    group: RegistrationGroup,
    made: Sequence[Made],
    people: int,
    *,
    whole: bool,
    now: datetime,
) -> None:
    """Tell everybody, or ask a sender who is not signed in whether they are to be."""
    if group.confirmed_at is None:
        tell_sender(session, group, "group.asked", now=now)
        return
    tell_colleagues(session, group, [each.as_told for each in made], now=now)
    due_at = now if whole else now + SUMMARY_WAITS
    tell_sender(
        session, group, "group.summary", occasion=people, due_at=due_at, now=now
    )
