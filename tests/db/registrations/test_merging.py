"""A new address: what was registered under it comes along, and it can be undone."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account, MailedLink, Person
from csd_events.accounts.rules import LinkKind, email_key
from csd_events.accounts.service import Asking
from csd_events.audit.queries import list_about
from csd_events.core.access import Role
from csd_events.core.errors import EndedError, RefusedError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.organizations import service as organizations
from csd_events.organizations.models import Affiliation, Membership
from csd_events.organizations.rules import Term
from csd_events.organizations.service import NewOrganization
from csd_events.outbox.models import OutboxMessage
from csd_events.registrations import queries, service
from csd_events.registrations.models import Registration
from csd_events.registrations.rules import State
from csd_events.registrations.service import check_counters
from csd_events.worksheets import service as worksheets
from csd_events.worksheets.models import Worksheet, WorksheetGroup
from csd_events.worksheets.service import Beginning, Opening
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_account,
    make_event,
    make_person,
    make_registration,
    writing,
)
from tests.letters import deliver, entry_of

OLD, NEW = "ada@old.example.org", "Ada@new.example.org"


@pytest.fixture(autouse=True)
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def me(session: Session) -> Account:
    return make_account(session, email=OLD, full_name="Ada Sample")


@pytest.fixture
def guest(session: Session) -> Person:
    """Who registered under the new address before, without an account."""
    return make_person(session, email=NEW.lower(), email_confirmed_at=None)


def ask(session: Session, me: Account, email: str = NEW) -> int:
    with writing(session):
        accounts.ask_for_address(session, me.person_id, Asking(email=email), now=NOON)
    return link_of(session, LinkKind.NEW_ADDRESS)


def link_of(session: Session, kind: LinkKind) -> int:
    newest = select(MailedLink.id).where(MailedLink.kind == kind)
    return session.scalars(newest.order_by(MailedLink.id.desc()).limit(1)).one()


def change(session: Session, me: Account, email: str = NEW) -> None:
    link_id = ask(session, me, email)
    with writing(session):
        service.take_new_address(session, link_id, now=NOON)


def undo(session: Session) -> None:
    link_id = link_of(session, LinkKind.NOT_ME)
    with writing(session):
        service.put_address_back(session, link_id, now=NOON + HOUR)


def addresses(session: Session) -> dict[int, tuple[str, str, bool]]:
    rows = session.execute(
        select(Person.id, Person.email, Person.email_key, Person.email_confirmed_at)
    )
    return {i: (email, key, at is not None) for i, email, key, at in rows}


def held(session: Session, person_id: int) -> dict[int, State]:
    """Return how a person stands at each event."""
    own = select(Registration.event_id, Registration.state)
    rows = session.execute(own.where(Registration.person_id == person_id))
    return {row.event_id: row.state for row in rows}


def register(session: Session, event: Event, person: Person | Account) -> Registration:
    return make_registration(session, event, email=person.email)


def mails(session: Session, kind: str) -> list[str]:
    own = select(OutboxMessage.to_address).where(OutboxMessage.kind == kind)
    return list(session.scalars(own.order_by(OutboxMessage.id)))


def test_a_new_address_that_nobody_has_becomes_the_accounts(
    session: Session, me: Account
) -> None:
    change(session, me)
    assert addresses(session) == {me.person_id: (NEW, email_key(NEW), True)}
    assert mails(session, "accounts.address_asked") == [OLD]
    assert mails(session, "accounts.address_changed") == [OLD]
    session.refresh(me)
    assert me.session_version == 2


def test_links_in_the_old_mailbox_end_and_new_ones_go_for_what_is_to_come(
    session: Session, me: Account
) -> None:
    coming = register(session, make_event(session), me)
    waiting_at = make_event(session, capacity=1)
    register(session, waiting_at, make_person(session))
    waiting = register(session, waiting_at, me)
    over = make_registration(
        session,
        make_event(session, starts_at=NOON - 2 * DAY),
        email=OLD,
        at=NOON - 3 * DAY,
    )
    given_back = register(session, make_event(session), me)
    called_off = register(session, make_event(session), me)
    with writing(session):
        service.cancel(session, given_back.id, now=NOON)
        service.cancel_event(session, called_off.event_id, note="", now=NOON)

    change(session, me)

    versions = select(Registration.link_version).distinct()
    mine = versions.where(Registration.person_id == me.person_id)
    assert session.scalars(mine).all() == [2]
    about = select(OutboxMessage.subject_id, OutboxMessage.to_address).where(
        OutboxMessage.kind == "registration.details"
    )
    assert sorted(map(tuple, session.execute(about))) == sorted(
        [(coming.id, NEW), (waiting.id, NEW)]
    )
    assert over.id not in {row[0] for row in session.execute(about)}


def test_an_address_with_an_account_of_its_own_changes_nothing(
    session: Session, me: Account
) -> None:
    other = make_account(session, email=NEW)
    register(session, make_event(session), other)
    before = addresses(session), held(session, me.person_id)
    link_id = ask(session, me)

    with pytest.raises(RefusedError, match="has_account"), writing(session):
        service.take_new_address(session, link_id, now=NOON)

    assert (addresses(session), held(session, me.person_id)) == before
    link = session.get_one(MailedLink, link_id, populate_existing=True)
    assert link.used_at is None


def test_what_a_guest_registered_under_the_new_address_becomes_the_accounts(
    session: Session, me: Account, guest: Person
) -> None:
    theirs, mine = make_event(session), make_event(session)
    moved = register(session, theirs, guest)
    register(session, mine, me)

    change(session, me)

    assert held(session, me.person_id) == {
        theirs.id: State.CONFIRMED,
        mine.id: State.CONFIRMED,
    }
    assert held(session, guest.id) == {}
    found = queries.get(session, moved.id)
    assert (found.person_id, found.reference) == (me.person_id, moved.reference)
    assert sorted(mails(session, "registration.details")) == [NEW, NEW]
    assert check_counters(session) == []


def test_whoever_had_the_new_address_has_the_old_one_and_must_prove_it_anew(
    session: Session, me: Account, guest: Person
) -> None:
    guest.email_confirmed_at = NOON
    session.commit()
    change(session, me)
    assert addresses(session) == {
        me.person_id: (NEW, email_key(NEW), True),
        guest.id: (OLD, OLD, False),
    }


def two_places(
    session: Session, people: dict[str, str], wanted: list[tuple[str, State]]
) -> dict[str, Registration]:
    """Let both register at an event, in an order, and one more wait behind them."""
    taken = sum(state is State.CONFIRMED for _, state in wanted)
    event = make_event(session, capacity=max(taken, 1))
    if not taken:
        make_registration(session, event)  # somebody else has the only place
    made = {}
    for minutes, (who, state) in enumerate(wanted):
        at = NOON + minutes * HOUR / 60
        made[who] = make_registration(session, event, email=people[who], at=at)
        if state is State.CANCELLED:
            with writing(session):
                service.cancel(session, made[who].id, now=at)
    made["next"] = make_registration(session, event)
    session.expire_all()
    assert [(who, made[who].state) for who, _ in wanted] == wanted
    return made


C, W, X = State.CONFIRMED, State.WAITING, State.CANCELLED


@pytest.mark.usefixtures("now")
@pytest.mark.parametrize("first", ["mine", "theirs"])
def test_the_entry_of_the_registration_that_is_dropped_leaves_its_calendar(
    app: Flask, session: Session, me: Account, guest: Person, first: str
) -> None:
    wanted = [(first, C), ({"mine": "theirs", "theirs": "mine"}[first], C)]
    made = two_places(session, {"mine": OLD, "theirs": guest.email}, wanted)
    deliver(app)
    change(session, me)
    (mail,) = [m for m in deliver(app) if "instead of two" in str(m["Subject"])]
    entry = entry_of(mail)
    (sitting,) = events.get(session, made["theirs"].event_id).sessions
    assert mail["To"].endswith("<Ada@new.example.org>")
    assert str(entry["uid"]).split("@")[0] == f"{made['theirs'].id}-{sitting.id}-1"
    assert (str(entry["status"]), int(entry["sequence"])) == ("CANCELLED", 1)
    assert str(entry["attendee"]) == f"mailto:{NEW}"


@pytest.mark.parametrize(
    ("wanted", "best"),
    [
        ([("mine", C), ("theirs", C)], "mine"),
        ([("theirs", C), ("mine", C)], "theirs"),
        ([("mine", C), ("theirs", W)], "mine"),
        ([("theirs", C), ("mine", W)], "theirs"),
        ([("mine", W), ("theirs", W)], "mine"),
        ([("theirs", W), ("mine", W)], "theirs"),
        ([("mine", X), ("theirs", C)], "theirs"),
        ([("mine", X), ("theirs", W)], "theirs"),
        ([("theirs", X), ("mine", C)], "mine"),
        ([("mine", X), ("theirs", X)], "mine"),
    ],
)
def test_of_two_registrations_the_better_stays_and_the_next_in_line_gets_the_other(
    session: Session,
    me: Account,
    guest: Person,
    wanted: list[tuple[str, State]],
    best: str,
) -> None:
    made = two_places(session, {"mine": OLD, "theirs": guest.email}, wanted)
    kept = made[best].full_name, made[best].registered_at, made[best].state
    life = made["mine"].life

    change(session, me)
    session.expire_all()

    own, other = made["mine"], made["theirs"]
    assert (own.full_name, own.registered_at, own.state) == kept
    assert (own.person_id, other.person_id) == (me.person_id, guest.id)
    assert other.state is X
    revived = best == "theirs" and dict(wanted)["mine"] is X
    assert own.life == life + revived
    both = {state for _, state in wanted} == {C}
    assert made["next"].state is (C if both else W)
    assert check_counters(session) == []


def test_what_is_over_stays_as_it_was(
    session: Session, me: Account, guest: Person
) -> None:
    event = make_event(session, starts_at=NOON - DAY)
    for person in (me, guest):
        make_registration(session, event, email=person.email, at=NOON - 2 * DAY)
    change(session, me)
    assert held(session, me.person_id) == {event.id: State.CONFIRMED}
    assert held(session, guest.id) == {event.id: State.CONFIRMED}


def test_where_a_guest_belongs_and_is_a_member_comes_along(
    session: Session, me: Account, guest: Person
) -> None:
    with writing(session):
        town_id = organizations.create_organization(
            session, NewOrganization(name="Town of Sample"), now=NOON
        )
    days = {"from_on": date(2030, 1, 1), "until_on": date(2030, 12, 31)}
    session.add(Affiliation(person_id=guest.id, organization_id=town_id, **days))
    session.add(Membership(person_id=guest.id, **days))
    session.commit()

    change(session, me)

    assert session.scalars(select(Affiliation.person_id)).all() == [me.person_id]
    assert session.scalars(select(Membership.person_id)).all() == [me.person_id]


def test_where_both_belong_from_the_same_day_the_account_keeps_its_own(
    session: Session, me: Account, guest: Person
) -> None:
    since = Term(date(2030, 1, 1))
    with writing(session):
        town_id = organizations.create_organization(
            session, NewOrganization(name="Town of Sample"), now=NOON
        )
        for person_id, position in ((me.person_id, "Clerk"), (guest.id, "Visitor")):
            organizations.affiliate(
                session,
                person_id=person_id,
                organization_id=town_id,
                term=since,
                position=position,
                now=NOON,
            )

    change(session, me)

    kept = select(Affiliation.person_id, Affiliation.position)
    assert session.execute(kept).all() == [(me.person_id, "Clerk")]


def test_it_is_written_down_who_became_whom(
    session: Session, me: Account, guest: Person
) -> None:
    change(session, me)
    (entry,) = list_about(session, "person", me.person_id)
    assert (entry.action, entry.actor_id, entry.changes) == (
        "person.readdressed",
        me.person_id,
        {"merged_with": guest.id},
    )


def test_this_was_not_me_puts_the_address_back_and_ends_all_that_others_hold(
    session: Session, me: Account
) -> None:
    made = register(session, make_event(session), me)
    change(session, me)
    with writing(session):
        accounts.ask_to_sign_in(session, Asking(email=NEW), now=NOON)
    change(session, me, "third@example.org")
    sign_in = link_of(session, LinkKind.SIGN_IN)
    first = select(MailedLink.id).where(
        MailedLink.kind == LinkKind.NOT_ME, MailedLink.address == OLD
    )
    first_id = session.scalars(first).one()

    with writing(session):
        service.put_address_back(session, first_id, now=NOON + HOUR / 2)

    assert addresses(session)[me.person_id] == (OLD, OLD, True)
    session.refresh(me)
    assert (me.password_hash, me.session_version) == (None, 4)
    for link_id, use in [
        (sign_in, accounts.sign_in_by_link),
        (link_of(session, LinkKind.NOT_ME), service.put_address_back),
    ]:
        with pytest.raises(EndedError), writing(session):
            use(session, link_id, now=NOON + HOUR / 2)
    assert mails(session, "registration.details")[-1] == OLD
    assert queries.get(session, made.id).person_id == me.person_id


def test_an_undone_merge_gives_the_guest_their_address_again(
    session: Session, me: Account, guest: Person
) -> None:
    event = make_event(session)
    register(session, event, guest)
    change(session, me)
    undo(session)
    assert addresses(session) == {
        me.person_id: (OLD, OLD, True),
        guest.id: (NEW, email_key(NEW), False),
    }
    assert held(session, me.person_id) == {event.id: State.CONFIRMED}
    assert check_counters(session) == []


def test_an_old_address_that_has_an_account_by_now_is_not_taken_from_it(
    session: Session, me: Account
) -> None:
    change(session, me)
    make_account(session, email=OLD)
    with pytest.raises(RefusedError, match="has_account"):
        undo(session)


def test_a_new_password_calls_off_a_change_of_address_that_was_asked_for(
    session: Session, me: Account
) -> None:
    link_id = ask(session, me)
    with writing(session):
        accounts.set_password(session, me.person_id, password_hash="new", now=NOON)
    with pytest.raises(EndedError), writing(session):
        service.take_new_address(session, link_id, now=NOON)


def test_a_link_to_an_address_that_was_changed_signs_nobody_in(
    session: Session, me: Account
) -> None:
    with writing(session):
        accounts.ask_to_sign_in(session, Asking(email=OLD), now=NOON)
    link_id = link_of(session, LinkKind.SIGN_IN)
    change(session, me)
    with pytest.raises(EndedError), writing(session):
        accounts.sign_in_by_link(session, link_id, now=NOON)


def test_a_link_is_used_up_by_the_first_who_comes(
    session: Session, me: Account
) -> None:
    with writing(session):
        accounts.ask_to_sign_in(session, Asking(email=OLD), now=NOON)
    link_id = link_of(session, LinkKind.SIGN_IN)
    with writing(session):
        assert accounts.sign_in_by_link(session, link_id, now=NOON).id == me.id
    with pytest.raises(EndedError), writing(session):
        accounts.sign_in_by_link(session, link_id, now=NOON)


def test_an_account_is_closed_and_its_person_stays(
    session: Session, me: Account
) -> None:
    event = make_event(session)
    register(session, event, me)
    session.execute(update(Person).values(stage="running", wants_reminders=False))
    session.commit()
    with writing(session):
        accounts.close_account(session, me.person_id, now=NOON)

    assert session.scalars(select(Account.id)).all() == []
    assert held(session, me.person_id) == {event.id: State.CONFIRMED}
    assert mails(session, "accounts.closed") == [OLD]
    kept = session.execute(select(Person.stage, Person.wants_reminders)).one()
    assert tuple(kept) == (None, False)
    entry = list_about(session, "account", me.id)[-1]
    assert (entry.action, entry.actor_id) == ("account.closed", me.person_id)


def worksheets_of(session: Session) -> set[tuple[str, int | None, int]]:
    """Say whose each worksheet and group is, and which version its link has."""
    session.rollback()
    return {
        (kind.__name__, *row)
        for kind in (Worksheet, WorksheetGroup)
        for row in session.execute(select(kind.person_id, kind.link_version))
    }


def begin_worksheets(session: Session, person_id: int | None) -> None:
    with writing(session):
        beginning = Beginning(service_area="police", person_id=person_id)
        worksheets.begin(session, beginning, now=NOON)
        opening = Opening(service_area="police", person_id=person_id)
        worksheets.open_group(session, opening, now=NOON)


def test_worksheets_and_groups_of_both_are_one_persons_and_their_links_are_new(
    session: Session, me: Account, guest: Person
) -> None:
    for person_id in (me.person_id, guest.id, None):
        begin_worksheets(session, person_id)
    change(session, me)
    assert worksheets_of(session) == {
        ("Worksheet", me.person_id, 2),
        ("WorksheetGroup", me.person_id, 2),
        ("Worksheet", None, 1),
        ("WorksheetGroup", None, 1),
    }
    assert len(session.scalars(select(Worksheet.id)).all()) == 3
    undo(session)
    assert ("Worksheet", me.person_id, 3) in worksheets_of(session)


def test_a_closed_account_leaves_its_worksheets_and_groups_to_nobody(
    session: Session, me: Account, guest: Person
) -> None:
    for person_id in (me.person_id, guest.id):
        begin_worksheets(session, person_id)
    with writing(session):
        service.close_account(session, me.person_id, now=NOON)
    assert worksheets_of(session) == {
        ("Worksheet", None, 1),
        ("WorksheetGroup", None, 1),
        ("Worksheet", guest.id, 1),
        ("WorksheetGroup", guest.id, 1),
    }
    with writing(session):
        worksheets.forget_old(session, now=NOON + 181 * DAY)
        worksheets.forget_groups(session, now=NOON + 31 * DAY)
        worksheets.forget_groups(session, now=NOON + 181 * DAY)
    assert worksheets_of(session) == {
        ("Worksheet", guest.id, 1),
        ("WorksheetGroup", guest.id, 1),
    }


def test_the_last_administrator_cannot_close_their_account(session: Session) -> None:
    first, last = (make_account(session, role=Role.ADMINISTRATOR) for _ in range(2))
    with writing(session):
        accounts.close_account(session, first.person_id, now=NOON)
    with pytest.raises(RefusedError, match="last_administrator"), writing(session):
        accounts.close_account(session, last.person_id, now=NOON)
    assert session.scalars(select(Account.id)).all() == [last.id]


def test_an_account_closed_and_made_anew_and_closed_again_is_told_each_time(
    session: Session, me: Account
) -> None:
    """SQLite gives the id of a closed account to the next."""
    for hours in (0, 1):
        with writing(session):
            accounts.close_account(session, me.person_id, now=NOON + hours * HOUR)
        with writing(session):
            accounts.create_account(
                session,
                me.person_id,
                full_name="Ada",
                password_hash=None,
                now=NOON + hours * HOUR,
            )
    assert mails(session, "accounts.closed") == [OLD, OLD]
