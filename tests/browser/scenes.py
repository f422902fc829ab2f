"""A program with an event in every state, and people at each of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from csd_events.accounts import queries as accounts
from csd_events.accounts import service as asked
from csd_events.accounts.models import Account, MailedLink, Person
from csd_events.accounts.service import Asking
from csd_events.announcements import service as announcements
from csd_events.announcements.models import Announcement, Recipient, Subscription
from csd_events.association.models import Association
from csd_events.billing import queries as billing_queries
from csd_events.billing import service as billing
from csd_events.billing.service import Received
from csd_events.core.files import FileStore
from csd_events.core.tables import Table, TableLine, read_table
from csd_events.core.time import to_wall
from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events import service as event_service
from csd_events.events.models import (
    Conference,
    Event,
    Partner,
    Presenter,
    Program,
)
from csd_events.events.rules import (
    Audience,
    ConferenceDraft,
    Kind,
    OfferDraft,
    ProgramDraft,
    SessionDraft,
)
from csd_events.imports.rules import AT_WORK, RunState
from csd_events.library import queries as library
from csd_events.library import service as library_service
from csd_events.library.models import LibraryImport, SavedItem
from csd_events.library.rules.publishing import PublicationDraft, PublicationKind
from csd_events.library.rules.searching import EntryKind
from csd_events.library.service import Desk, Told, Upload
from csd_events.organizations.models import (
    Affiliation,
    ImportRun,
    Membership,
    MembershipType,
    Organization,
)
from csd_events.organizations.rules import Column
from csd_events.organizations.service import importing
from csd_events.outbox import service as outbox
from csd_events.outbox.models import MailWords, OutboxMessage
from csd_events.outbox.reports import Failure
from csd_events.outbox.rules import State as MailState
from csd_events.registrations import service as registrations
from csd_events.registrations.models import (
    Handover,
    OpeningWish,
    Registration,
    RegistrationGroup,
    Selection,
)
from csd_events.registrations.queries import ListFilters
from csd_events.registrations.rules import (
    Deed,
    Newcomer,
    Said,
    State,
    Work,
    receipt_version,
)
from csd_events.registrations.service import importing as list_importing
from csd_events.registrations.service.importing import Matched
from csd_events.seeds import service as seeds
from csd_events.worksheets import service as worksheets
from csd_events.worksheets.rules import ITEMS
from csd_events.worksheets.service import Beginning
from tests import announcing
from tests.asking import ALL_ANSWERS, ONE_OF_EACH, make_asking
from tests.browser.group_scenes import colleagues
from tests.browser.planning_scenes import planning
from tests.browser.stage_scenes import on_stage
from tests.factories import (
    CHEAP,
    DAY,
    HOUR,
    LONG_AGO,
    NOON,
    PASSWORD,
    make_account,
    make_event,
    make_party,
    make_person,
    make_registration,
    make_wish,
    writing,
)
from tests.mailing import queue_sent
from tests.rosters import fill, make_city

#: Who may look, by the name a test gives them.
PEOPLE = {
    "member": "member@example.org",
    "account": "guest-account@example.org",
    "staff": "staff@example.org",
}
LONG_WORDS = """# A day for maps

Hello {name},

three things to **bring**:

- a map of your county
- [the worksheet](https://example.org/worksheet)
- Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle

{events_link}
"""
LONG_NAME = "Maximiliane Featherstonehaugh-Cholmondeley"
TODAY = date(2030, 5, 1)
EASTERN = "America/New_York"
OWN_WORDS = """\
# {starts}

See you there. [Come in here]({join_link}), or [look at your
registration]({registration_link}).

{details}

{way_back}"""

SignIn = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """What the addresses of pages are filled with, and who may look at them."""

    values: Mapping[str, str | int]
    people: Mapping[str, Account]


def build(app: Flask, session: Session) -> Scene:
    """Set the scene: the sample program, and what it has no event for."""
    with writing(session):
        seeds.load(session, password_hash=CHEAP.hash(PASSWORD), now=NOON)
    books = _books(session, FileStore(app.config["FILES_FOLDER"]))
    people = {who: accounts.get_account(session, PEOPLE[who]) for who in PEOPLE}
    people["plain"] = make_account(session, full_name=LONG_NAME, password_hash=None)
    people["plain"].person.zone = "America/Denver"
    people["lapsed"] = _lapsed_member(session)
    session.commit()
    _events_without_people(session)
    places = _places(session, people["member"])
    values = _links(app, places) | {
        "receipt": _receipt(app, session, "sharing-dispatch")
    }
    values["maybe_waiting"] = _receipt(app, session, "full")
    values |= books
    values |= {
        "receipt_requested": _receipt(app, session, "asked"),
        "receipt_compared": _receipt(app, session, "agreements-that-hold"),
        "asked": places["requested"].event_id,
        "request": places["requested"].id,
        "paid": places["offered"].event_id,
        "promised": places["offered"].id,
        "queued": places["waiting"].id,
        "called_off": places["off"].event_id,
        "asks": places["asking"].event_id,
        "nobody_asked": places["taken"].event_id,
        "receipt_film": _receipt(app, session, "first-conversation"),
        "receipt_priced": _receipt(app, session, "dear"),
    }
    values |= _groups(app, session, people["member"]) | _money(session, places)
    training = events.get_by_slug(session, "managing-shared-services")
    values["training"] = training.id
    values |= _going_on(app, session) | _wishes(app, session) | on_stage(app, session)
    values["event"] = _with_words_of_its_own(session, people["staff"])
    values["full"] = events.get_by_slug(session, "full").id
    values["draft"] = make_event(session, slug="draft", draft=True).id
    values |= _mailed_links(app, session, people)
    values |= {who: people[who].person_id for who in ("member", "staff")}
    values["guest"] = places["unconfirmed"].person_id
    values["long_name"] = make_person(session, full_name="Rechtsschutz" * 16).id
    values |= _belongings(session) | _worksheets(app, session, people["member"])
    values |= _organizations(session, people["staff"]) | _chosen(
        session, places["waiting"].event_id
    )
    values |= _crowd(session, people["member"]) | _announcements(app, session)
    values |= (
        _mails(session, people["lapsed"].person_id)
        | _saved(session, people["member"].person_id)
        | planning(app, session, people["staff"], people["member"])
    )
    return Scene(values, people)


def _mails(session: Session, person_id: int) -> dict[str, int]:
    """Let the mail to one person come back."""
    first = session.scalars(select(func.min(OutboxMessage.id))).one()
    address = session.get_one(Person, person_id).email
    (mail,) = queue_sent(session, address)
    with writing(session):
        full = Failure(mail.message_id, "5.2.2", "552 5.2.2 mailbox over its quota")
        outbox.take(session, full, now=NOON)
    return {"mail": first, "mail_back": mail.id, "unreachable": person_id}


def _worksheets(app: Flask, session: Session, who: Account) -> dict[str, str | int]:
    """Begin worksheets: one of nobody's, untouched, and two answered, of an account."""
    dispatch = Beginning(service_area="dispatch_911", community="Town of " + "Lake" * 9)
    pool = Beginning(service_area="parks_recreation", person_id=who.person_id)
    with writing(session):
        empty = worksheets.begin(session, dispatch, now=NOON)
        answered = worksheets.begin(session, pool, now=NOON)
        again = worksheets.begin(session, pool, now=NOON)
        given: dict[str, int | None] = dict.fromkeys(ITEMS, 2)
        given |= {"S1": 1, "C1": 3, "C2": None, "C4": 3}
        worksheets.answer(session, answered.id, given, now=NOON)
        worksheets.answer(session, again.id, given | {"S2": 3}, now=NOON)
    with app.app_context():
        values: dict[str, str | int] = {
            "sheet": links().token(Purpose.WORKSHEET, empty.id, 1),
            "answered": links().token(Purpose.WORKSHEET, answered.id, 1),
            "first_sheet": answered.id,
            "second_sheet": again.id,
        }
    return values | colleagues(app, session, who.person_id)


def _with_words_of_its_own(session: Session, who: Account) -> int:
    """Give the reminders of an event words that none of the others have."""
    event_id = events.get_by_slug(session, "sharing-dispatch").id
    row = MailWords(
        kind="registration.reminder",
        event_id=event_id,
        subject="{starts}: {event}",
        body=OWN_WORDS,
        version=1,
        saved_at=NOON,
        saved_by=who.person_id,
    )
    everywhere = MailWords(
        kind="registration.lapsed",
        subject="{event}",
        body=OWN_WORDS,
        version=1,
        saved_at=NOON,
        saved_by=who.person_id,
    )
    session.add_all([row, everywhere])
    session.commit()
    return event_id


def _announcements(app: Flask, session: Session) -> dict[str, str | int]:
    """Let an announcement be at every stage, and somebody want no more of a list."""
    event = events.get_by_slug(session, "sharing-dispatch")
    lonely = events.get_by_slug(session, "not-open")
    announcing.make_crowd(session, 30)
    session.execute(update(Association).values(announcements_a_week=14))
    session.commit()
    sent = {
        each: announcing.write(app, subject=f"What we learned: {each}")
        for each in ("waiting", "leaving", "paused", "stopped", "gone")
    }
    at_once = NOON + timedelta(minutes=5)
    moments = {each: announcing.send(app, sent[each]) for each in sent}
    with announcing.acting(app) as inside:
        waits = update(Announcement).where(Announcement.id == sent["waiting"])
        inside.execute(waits.values(leaves_at=at_once + DAY))
    assert set(moments.values()) == {at_once}
    announcing.leave(app, now=at_once)
    with announcing.acting(app) as inside:
        announcements.pause(inside, sent["paused"], now=at_once, actor_id=None)
        announcements.stop(inside, sent["stopped"], now=at_once, actor_id=None)
        theirs = select(Recipient.id).where(Recipient.announcement_id == sent["gone"])
        went = update(OutboxMessage).where(
            OutboxMessage.kind == "announcement.members",
            OutboxMessage.subject_id.in_(theirs),
        )
        inside.execute(went.values(state=MailState.SENT, sent_at=at_once))
    values: dict[str, str | int] = {f"announced_{n}": i for n, i in sent.items()}
    values["announced_draft"] = announcing.write(app, body=LONG_WORDS)
    values["announced_event"] = announcing.write(app, event, subject="Bring a map")
    values["announced_nobody"] = announcing.write(app, lonely)
    session.rollback()
    first, second = session.scalars(
        select(Subscription).order_by(Subscription.id).limit(2)
    )
    second.unsubscribed_at = NOON
    session.commit()
    with app.app_context():
        for name, row in (("subscribed", first), ("unsubscribed", second)):
            values[name] = links().token(Purpose.UNSUBSCRIBE, row.id, 1)
    return values


def _lapsed_member(session: Session) -> Account:
    account = make_account(session, password_hash=None)
    ended = {"from_on": date(2029, 1, 1), "until_on": date(2030, 4, 30)}
    session.add(Membership(person_id=account.person_id, **ended))
    return account


def _books(session: Session, store: FileStore) -> dict[str, str | int]:
    """Bring out publications, retire one, and leave one a draft without a file."""
    desk = Desk(store=store, now=NOON, today=TODAY)
    with writing(session):
        seeds.load_publications(session, desk)
        book = library.get_publication(session, "sharing-public-safety")
        draft = PublicationDraft(
            kind=PublicationKind.SLIDES,
            title="Slides that are not ready",
            summary="A draft.",
            look_again_on=TODAY,
        )
        made = library_service.add_publication(session, draft, None, desk)
        old = PublicationDraft(
            kind=PublicationKind.OTHER,
            title="An earlier paper",
            summary="It no longer holds.",
            published_on=TODAY,
        )
        upload = Upload(file=BytesIO(b"Old words."), name="old.txt")
        gone = library_service.add_publication(session, old, upload, desk)
        library_service.retire(session, gone.id, desk, successor_id=book.id)
        retired = library.get_citation(session, "b52").id
        library_service.retire_citation(session, retired, now=NOON, actor_id=None)
        cases = {case.id: case for case in library.list_cases(session)}
        due, gone_case = cases["concord-dispatch"], cases["troy-building"]
        due.look_again_on = TODAY
        library_service.retire_case(session, gone_case.number, desk)
        told = Told("It ended.\nThe county runs it.", "reader@example.org")
        library_service.tell(
            session, "dakota-911", told, now=NOON, network_address=None
        )
    current = book.current
    assert current is not None
    return _files_of_the_library(session) | {
        "book": book.id,
        "book_file": current.file_id,
        "draft_book": made.id,
        "draft_slug": made.slug,
        "gone_book": gone.id,
        "gone_slug": gone.slug,
        "work": library.get_citation(session, "b16").id,
        "retired_work": retired,
        "case": cases["dakota-911"].number,
        "due": due.number,
        "retired_case": gone_case.number,
        "retired_case_id": gone_case.id,
    }


def _files_of_the_library(session: Session) -> dict[str, str | int]:
    """Send a file that would change something, one that did, and one with mistakes."""
    document: dict[str, Any] = library_service.built_in_document()
    document["bibliography"] = [
        {**each, "year": 2031} for each in document["bibliography"][:3]
    ]
    wrong = {"case_studies": [{**document["case_studies"][0], "form": "a handshake"}]}
    ids: dict[str, str | int] = {}
    for name, said in (("import", document), ("done", document), ("wrong", wrong)):
        report, problems = library_service.try_import(session, said)
        session.rollback()
        with writing(session):
            ids[f"library_{name}"] = library_service.keep_import(
                session,
                said,
                library_service.as_kept(report, problems),
                file_name=f"{name}.json",
                now=NOON,
                actor_id=None,
            )
    with writing(session):
        done = int(ids["library_done"])
        session.get_one(LibraryImport, done).done_at = NOON
    return ids


def _saved(session: Session, person_id: int) -> dict[str, str | int]:
    """Save two things, of which one is retired by then."""
    note = "Ask them what became of it.\nBefore the budget."
    with writing(session):
        first = library_service.save_item(
            session,
            person_id,
            (EntryKind.CASE_STUDY, "dakota-911"),
            note=note,
            now=NOON,
        )
        session.add(
            SavedItem(
                account_id=first.account_id,
                kind=EntryKind.CITATION,
                key="b52",
                title="A work that was taken out",
                note="",
                saved_at=NOON,
            )
        )
    return {"saved": first.id}


def _belongings(session: Session) -> dict[str, str | int]:
    """Add what the sample program lacks, and return the ids that addresses need."""
    sample = session.scalars(
        select(Conference.id).where(Conference.slug == "sample-annual-conference")
    ).one()
    long_word = "Donaudampfschifffahrtsgesellschaft" * 2
    empty = ConferenceDraft(
        name=long_word,
        first_on=TODAY,
        last_on=TODAY,
        place=long_word,
        zone="UTC",
        published=True,
    )
    with writing(session):
        event_service.create_conference(session, empty, slug="empty", now=NOON)
        draft = replace(empty, name="Unpublished", published=False)
        unseen = event_service.create_conference(session, draft, now=NOON)
        lonely = ProgramDraft(name="A program without events")
        event_service.create_program(session, lonely, slug="empty", now=NOON)
        keys = ("member@example.org", f"{long_word.lower()}@example.org")
        event_service.save_addresses(session, sample, keys, replace=False, now=NOON)
    requiring = events.get_by_slug(session, "agreements-that-hold")
    make_registration(session, requiring, full_name="Not Listed")
    return {
        "conference": sample,
        "unseen": unseen,
        "program": session.scalars(select(func.min(Program.id))).one(),
        "presenter": session.scalars(select(func.min(Presenter.id))).one(),
        "partner": session.scalars(select(func.min(Partner.id))).one(),
        "requiring": requiring.id,
    }


def _events_without_people(session: Session) -> None:
    offers = {
        "last-day": OfferDraft(closes_on=TODAY),
        "not-open": OfferDraft(opens_on=date(2030, 5, 5)),
        "closed": OfferDraft(closes_on=date(2030, 4, 20)),
        "members-only": OfferDraft(audience=Audience.MEMBERS),
        "invited": OfferDraft(audience=Audience.INVITED, code="CHIEFS-24"),
    }
    cheaper = OfferDraft(audience=Audience.MEMBERS, price_cents=2500)
    dearer = OfferDraft(audience=Audience.OTHERS, price_cents=4900)
    make_event(session, slug="dearer", title=_title("dearer"), offers=[cheaper, dearer])
    for slug, offer in offers.items():
        make_event(session, slug=slug, title=_title(slug), offers=[offer])
    long_word = "Donaudampfschifffahrtsgesellschaft" * 2
    make_event(session, slug="long-word", title=long_word, summary=long_word * 3)


def _places(session: Session, member: Account) -> dict[str, Registration]:
    """Give people places at events, and return them by what is special to each."""
    dispatch = events.get_by_slug(session, "sharing-dispatch")
    full = _event(session, "full", capacity=1)
    over = _event(session, "over", starts_at=NOON - 10 * DAY)
    held: dict[str, Any] = {
        "person_id": member.person_id,
        "full_name": member.full_name,
    }
    places = {
        "at_forum": make_registration(
            session,
            events.get_by_slug(session, "fire-together"),
            **held,
            email=member.email,
        ),
        "registered": make_registration(session, dispatch, **held, email=member.email),
        "unconfirmed": make_registration(session, dispatch, full_name="Nguyễn Thị Ánh"),
        "taken": make_registration(session, full),
        "waiting": make_registration(session, full, **held, email=member.email),
        "over": make_registration(session, over, at=LONG_AGO),
        "open": make_registration(
            session, _event(session, "live", starts_at=NOON + HOUR / 2)
        ),
        "cancelled": make_registration(session, dispatch),
        "unlisted": make_registration(
            session,
            events.get_by_slug(session, "agreements-that-hold"),
            **held,
            email=member.email,
        ),
        "film": make_registration(
            session,
            events.get_by_slug(session, "first-conversation"),
            **held,
            email=member.email,
        ),
        "running": make_registration(session, _running(session), at=NOON - 2 * DAY),
        "off": make_registration(session, _event(session, "called-off")),
        **_answering(session, held | {"email": member.email}),
        **_held_places(session, held | {"email": member.email}),
    }
    make_registration(session, _event(session, "full-up", capacity=1, waiting_limit=0))
    with writing(session):
        registrations.cancel(session, places["cancelled"].id, now=NOON)
        registrations.cancel_event(
            session,
            places["off"].event_id,
            note="The hall is flooded. We look for another one.",
            now=NOON,
        )
    assert places["waiting"].state is State.WAITING
    return places


def _answering(session: Session, who: dict[str, Any]) -> dict[str, Registration]:
    """Let one event ask something of each kind, and another ask all of it."""
    asks = make_asking(session, slug="asks", title=_title("asks"))
    given = {each.id: ALL_ANSWERS[each.label] for each in asks.questions}
    needs = "Live captions, and a seat from which I see the interpreter."
    said = Said(given, needs)
    required = (replace(each, required=True) for each in ONE_OF_EACH)
    make_asking(session, *required, slug="asks-all", title=_title("asks-all"))
    return {"asking": make_registration(session, asks, **who, said=said)}


def _held_places(session: Session, who: dict[str, Any]) -> dict[str, Registration]:
    """Let a request wait for an answer, one be declined, and a place be offered."""
    asked = _event(session, "asked", needs_approval=True)
    paid = _event(session, "paid", capacity=1, offers=[OfferDraft(price_cents=4900)])
    first = make_registration(session, paid)
    places = {
        "requested": make_registration(session, asked, **who),
        "declined": make_registration(session, asked, full_name="Bo Sample"),
        "offered": make_registration(session, paid, **who),
    }
    make_registration(session, asked, full_name=LONG_NAME)
    places |= _charged(session)
    note = "This one is for fire chiefs. The webinar in June is for everybody."
    with writing(session):
        registrations.decline(
            session, places["declined"].id, note=note, now=NOON, actor_id=None
        )
        registrations.cancel(session, first.id, now=NOON)
    return places


def _going_on(app: Flask, session: Session) -> dict[str, str | int]:
    """Let places go on to somebody else and back, and return the links to them."""
    going = _event(session, "going")
    made = {
        name: make_registration(session, going, full_name=LONG_NAME)
        for name in ("replaced", "readdressed", "returned", "too_late", "passing")
    }
    paid = _event(session, "for-money", offers=[OfferDraft(price_cents=4900)])
    made["unpaid"] = make_registration(session, paid)
    values = _links(app, made)
    by = registrations.By()
    kept: dict[str, Handover] = {}
    with writing(session):
        for name in ("replaced", "returned", "too_late"):
            who = Newcomer(
                full_name="Bo", email=f"{name}@example.org", organization="Town"
            )
            registrations.replace(session, made[name].id, who, now=NOON, by=by)
        to = "readdressed@example.org"
        registrations.correct_address(
            session, made["readdressed"].id, to, now=NOON, by=by
        )
        for each in session.scalars(select(Handover)):
            name = next(n for n in made if made[n].id == each.registration_id)
            kept[name] = each
        registrations.take_place_back(session, kept["returned"].id, now=NOON)
        kept["too_late"].ends_at = NOON - HOUR
    links = app.extensions["csd_links"]
    for name, each in kept.items():
        token = links.token(Purpose.HANDOVER, each.id, each.version)
        values[f"keep_{name}"] = token
    return values


def _wishes(app: Flask, session: Session) -> dict[str, str | int]:
    """Let somebody ask to hear of an opening, and somebody else confirm it."""
    with writing(session):
        for name in ("asked", "confirmed"):
            email = f"{name}@example.org"
            registrations.ask_for_opening(session, "not-open", email, now=NOON)
        wishes = {each.email: each for each in session.scalars(select(OpeningWish))}
        told = wishes["confirmed@example.org"]
        registrations.confirm_wish(session, told.id, now=NOON)
    links = app.extensions["csd_links"]
    return {
        f"wish_{email.partition('@')[0]}": links.token(
            Purpose.WISH, wish.id, wish.version
        )
        for email, wish in wishes.items()
    } | {"wish_gone": links.token(Purpose.WISH, 10**6, 1)}


def _charged(session: Session) -> dict[str, Registration]:
    """Let invoices be open, paid in part, and paid and credited."""
    priced = [OfferDraft(price_cents=4900)]
    dear = _event(session, "dear", offers=priced)
    whose: dict[str, Any] = {"organization": "Donaudampfschifffahrtsgesellschaft" * 2}
    typed: dict[str, Any] = {
        "purchase_order": "PO-2030-771",
        "bill_to": "Finance\nRoom 2, City Hall",
    }
    places = {
        "charged": make_registration(session, dear, full_name=LONG_NAME, **typed),
        "credited": make_registration(session, dear, **whose),
        "owing": make_registration(session, dear),
    }
    numbers = {}
    for name in ("owing", "credited"):
        invoice = billing_queries.find_open(session, places[name].id)
        assert invoice is not None
        numbers[name] = invoice.id
    with writing(session):
        for cents, name in ((2000, "owing"), (4900, "credited")):
            received = Received(
                cents=cents, paid_on=TODAY, reference="check 7", nonce=name
            )
            billing.record_payment(
                session, numbers[name], received, now=NOON, actor_id=None
            )
        registrations.cancel(session, places["credited"].id, now=NOON)
    return places


def _money(
    session: Session, places: Mapping[str, Registration]
) -> dict[str, str | int]:
    """Name the event that costs something, and the invoices of its people."""
    numbers: dict[str, str | int] = {
        f"{name}_invoice": billing_queries.list_accounts(session, places[name].id)[
            0
        ].invoice.number
        for name in ("charged", "credited", "owing")
    }
    charged = places["charged"]
    return numbers | {"dear": charged.event_id, "dearest": charged.id}


def _running(session: Session) -> Event:
    """A program whose first session is over and whose second begins in an hour."""
    walls = [to_wall(NOON + each, EASTERN) for each in (-DAY, HOUR / 2, 7 * DAY)]
    sittings = [
        SessionDraft(
            title=f"Part {number}",
            wall_start=wall,
            wall_end=wall + HOUR,
            zone=EASTERN,
            place="Room 5" if number == 3 else "",
        )
        for number, wall in enumerate(walls, start=1)
    ]
    return _event(session, "running", kind=Kind.TRAINING, sessions=sittings)


FILE = (
    "Organization,Kind,State,Member from,Member until,Full name,Email,Contact\n"
    "Village of Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch,village,"
    "OH,,,Nguyễn Thị Ánh,anh@example.org,no\n"
    "City of Sampleton,town,NC,,,,,\n"
    "Town of Nowhere,castle,NC,,,,,\n"
)


def _organizations(session: Session, staff: Account) -> dict[str, str | int]:
    """Find the sample city, and let imports be in every state."""
    city = session.scalars(
        select(Organization.id).where(Organization.name == "City of Sampleton")
    ).one()
    stay = select(Affiliation.id).where(Affiliation.organization_id == city)
    values: dict[str, str | int] = {
        "city": city,
        "stay": session.scalars(stay).one(),
        "person": staff.person_id,
        "membership": session.scalars(select(func.min(Membership.id))).one(),
        "membership_type": session.scalars(select(MembershipType.id)).one(),
    }
    table = read_table(BytesIO(FILE.encode()))
    for state in ("matching", "comparing", "ready", "failed", "undone", "done"):
        with writing(session):
            run_id = importing.take_in(
                session, table, file_name=f"{state}.csv", now=NOON
            )
        if state != "matching":
            _go_on_to(session, run_id, state)
        values[f"import_{state}"] = run_id
    return values


def _crowd(session: Session, contact: Account) -> dict[str, str | int]:
    """Make an organization whose every list is longer than a page."""
    many = [f"{number:02}" for number in range(60)]
    crowd = make_city(session, "Authority of many departments")
    fill(session, crowd, [f"{LONG_NAME} {each}" for each in many])
    fill(session, crowd, [f"Left {each}" for each in many], until=date(2029, 1, 1))
    for each in many:
        make_city(session, f"Department {each}", crowd)
    days = {"organization_id": crowd, "from_on": TODAY, "until_on": TODAY}
    session.execute(insert(Membership), [days] * len(many))
    session.add(
        Affiliation(
            organization_id=crowd,
            person_id=contact.person_id,
            from_on=TODAY,
            is_contact=True,
        )
    )
    session.commit()
    on = select(Affiliation.id).where(Affiliation.organization_id == crowd)
    last = on.join(Person).order_by(Person.name_key.desc()).limit(1)
    left = last.where(Affiliation.until_on.is_not(None)).offset(20)
    return {
        "crowd": crowd,
        "last": session.scalars(last.where(Affiliation.is_contact)).one(),
        "left": session.scalars(left).one(),
    }


def _go_on_to(session: Session, run_id: int, state: str) -> None:
    """Take an import as far as it is to be looked at."""
    run = session.get_one(ImportRun, run_id)
    columns = {int(key): Column(value) for key, value in run.columns.items()}
    with writing(session):
        importing.match_columns(session, run_id, columns)
    if state == "comparing":
        return
    _work(session, run_id)
    if state == "ready":
        return
    with writing(session):
        importing.confirm(session, run_id, now=NOON)
        if state == "failed":
            run = session.get_one(ImportRun, run_id)
            run.state, run.note = RunState.FAILED, "ValueError"
            return
    _work(session, run_id)
    if state == "done":
        with writing(session):
            run = session.get_one(ImportRun, run_id)
            run.counts = run.counts | {"touched": ["City of Sampleton"]}
        return
    with writing(session):
        importing.undo(session, run_id)
    _work(session, run_id)


def _work(session: Session, run_id: int) -> None:
    while True:
        with writing(session):
            if importing.work_on(session, run_id, now=NOON).state not in AT_WORK:
                return


def _event(session: Session, slug: str, **given: Any) -> Event:
    return make_event(session, slug=slug, title=_title(slug), **given)


def _mailed_links(
    app: Flask, session: Session, people: Mapping[str, Account]
) -> dict[str, str]:
    """Let links be mailed, one of each kind and state, and return their tokens."""
    member, account = people["member"], people["account"]
    ids: dict[str, int] = {}

    def newest() -> int:
        last = select(func.max(MailedLink.id))
        return session.scalars(last).one()

    with writing(session):
        asking = Asking(email="new@example.org", full_name=LONG_NAME)
        asked.ask_to_sign_up(session, asking, now=NOON)
        ids["sign_up"] = newest()
        asked.ask_to_sign_in(session, Asking(email=account.email), now=NOON)
        ids["used"] = newest()
        asked.sign_in_by_link(session, ids["used"], now=NOON)
        asked.ask_to_sign_in(session, Asking(email=account.email), now=NOON)
        ids["sign_in"] = newest()
        asked.ask_to_reset(session, Asking(email=account.email), now=NOON)
        ids["reset"] = newest()
        guest = Asking(email="visitor@example.org")
        asked.ask_for_address(session, member.person_id, guest, now=NOON)
        ids["new_address"] = newest()
        taken = Asking(email=member.email)
        asked.ask_for_address(session, account.person_id, taken, now=NOON)
        ids["taken_address"] = newest()
        old = {"not_me": "old@example.org", "taken_back": member.email}
        for name, address in old.items():
            asked.tell_old_address(session, account.person_id, address, now=NOON)
            ids[name] = newest()
    links = app.extensions["csd_links"]
    rows = {name: session.get_one(MailedLink, number) for name, number in ids.items()}
    return {
        name: links.token(Purpose(row.kind.value), row.id, row.version)
        for name, row in rows.items()
    }


def _title(slug: str) -> str:
    return f"An event for tests: {slug.replace('-', ' ')}"


def _links(app: Flask, places: Mapping[str, Registration]) -> dict[str, str | int]:
    links, found = app.extensions["csd_links"], {}
    for name, place in places.items():
        version = place.link_version
        found[name] = links.token(Purpose.REGISTRATION, place.id, version)
        found[f"join_{name}"] = links.token(Purpose.JOIN, place.id, version)
    return found


def _receipt(app: Flask, session: Session, slug: str) -> str:
    wish = make_wish(events.get_by_slug(session, slug), email="visitor@example.org")
    with writing(session):
        outcome = registrations.register(session, wish, now=NOON)
    token: str = app.extensions["csd_links"].token(
        Purpose.RECEIPT, outcome.receipt_id, receipt_version(NOON)
    )
    return token


def _groups(app: Flask, session: Session, member: Account) -> dict[str, str]:
    """Let colleagues be registered by who is signed in, and by who is not."""
    event = _event(session, "party", capacity=4, offers=[OfferDraft(price_cents=4900)])
    off = _event(session, "party-off")
    own = {"full_name": member.full_name, "email": member.email}
    links = app.extensions["csd_links"]
    parties = {
        "mine": make_party(event, people=2, person_id=member.person_id, **own),
        "asked": make_party(event, people=3, full_name=LONG_NAME),
        "lapsed": make_party(event, people=1),
        "off": make_party(off, people=1, person_id=member.person_id, **own),
    }
    found = {}
    for name, party in parties.items():
        with writing(session):
            made = registrations.register_party(session, party, now=NOON).group_id
            if name == "lapsed":
                session.get_one(RegistrationGroup, made).held_until = NOON
        found[f"group_{name}"] = links.token(Purpose.GROUP, made, 1)
        version = receipt_version(NOON)
        found[f"sent_{name}"] = links.token(Purpose.GROUP_RECEIPT, made, version)
    with writing(session):
        registrations.cancel_event(session, off.id, note="", now=NOON)
    found["feed"] = links.token(Purpose.FEED, member.id, member.feed_version)
    return found


def session_cookie(app: Flask, server: str, account: object) -> Any:
    """Return what the browser of somebody who has signed in sends."""
    client = app.test_client(user=account)
    client.get("/")
    with client.session_transaction() as session:
        session.permanent = True
    cookie = client.get_cookie("session", app.config["SERVER_NAME"])
    assert cookie is not None
    return {"name": "session", "value": cookie.value, "url": server}


def _chosen(session: Session, event_id: int) -> dict[str, int]:
    """People of an event whom staff chose, and files of people at each stage."""
    found = {"choosing": event_id}
    everyone = ListFilters()
    with writing(session):
        for name, deed in (("cancelling", Deed.CANCEL), ("moving_over", Deed.MOVE)):
            found[name] = registrations.choose(
                session, event_id, deed, everyone, now=NOON, actor_id=None
            )
        gone = ListFilters(state=State.CANCELLED)
        found["was_cancelled"] = registrations.choose(
            session, event_id, Deed.CANCEL, gone, now=NOON, actor_id=None
        )
        done = session.get_one(Selection, found["was_cancelled"])
        done.known, done.work = max(done.known, 1), Work.DONE
        lines = [TableLine(2, ["Ada Sample", "ada@example.org"]), TableLine(3, ["Bo"])]
        for name, of in (("list_file", event_id), ("presenter_file", None)):
            found[name] = list_importing.take_in(
                session,
                Table(["Name", "Email"], lines),
                file_name="people.csv",
                event_id=of,
                now=NOON,
                actor_id=None,
            )
        offer = events.get_row(session, event_id).offers[0].id
        for name in ("list_ready", "list_undone"):
            found[name] = list_importing.take_in(
                session,
                Table(["Name", "Email"], lines),
                file_name="people.csv",
                event_id=event_id,
                now=NOON,
                actor_id=None,
            )
            given = Matched(columns={"full_name": 0, "email": 1}, offer_id=offer)
            list_importing.match_columns(session, found[name], given)
            for _ in range(2):
                list_importing.work_on(session, found[name], now=NOON)
        list_importing.confirm(session, found["list_undone"], now=NOON)
        for _ in range(2):
            list_importing.work_on(session, found["list_undone"], now=NOON)
        list_importing.undo(session, found["list_undone"])
        for _ in range(2):
            list_importing.work_on(session, found["list_undone"], now=NOON)
    return found
