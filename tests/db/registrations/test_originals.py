"""The words that mails have from us: sound, and complete for every reader."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.accounts import mail as accounts
from csd_events.accounts.models import Person
from csd_events.events import mail as on_stage
from csd_events.events.models import Event
from csd_events.events.rules import Kind, OfferDraft
from csd_events.outbox.mail import faulty_links
from csd_events.outbox.message import Words
from csd_events.outbox.rules import EVERY_WAY, check_words
from csd_events.outbox.service import TRIAL
from csd_events.registrations import mail, service
from csd_events.registrations.mail import SAMPLE, Trial, list_examples, write_trial
from csd_events.registrations.models import Handover, Registration, RegistrationGroup
from csd_events.registrations.rules import Newcomer
from csd_events.registrations.service import By
from csd_events.registrations.words import PLACE_WORDS
from csd_events.worksheets import mail as worksheets
from tests.factories import (
    NOON,
    make_conference,
    make_event,
    make_party,
    make_person,
    make_registration,
    writing,
)

PARTS = (mail, accounts, on_stage, worksheets)
WORDINGS = {kind: each for part in PARTS for kind, each in part.WORDINGS.items()}
KIND_WORDS = {kind: each for part in PARTS for kind, each in part.KIND_WORDS.items()}


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.fixture
def me(session: Session) -> Person:
    return make_person(session, email="dana@example.org")


def trial(kind: str, event: Event, me: Person, reader: str = SAMPLE) -> Trial:
    wording = WORDINGS[kind]
    lines = sorted(name for name in wording.values if not name.endswith("link"))
    words = Words(
        subject=" ".join(f"{{{name}}}" for name in lines),
        body="\n\n".join(f"{{{name}}}" for name in sorted(wording.names)),
    )
    return Trial(kind=kind, words=words, event_id=event.id, reader=reader, me=me)


def test_every_mail_has_words_that_staff_may_change() -> None:
    """Details sent again say what the mail about the present state says."""
    composed = set(mail.COMPOSERS) - {TRIAL, "registration.details"}
    assert set(mail.WORDINGS) == composed
    assert set(WORDINGS) <= set(KIND_WORDS)


@pytest.mark.parametrize("kind", WORDINGS)
def test_the_original_words_pass_what_those_of_staff_must_pass(kind: str) -> None:
    wording = WORDINGS[kind]
    assert check_words(wording.original, wording, joining=EVERY_WAY) == {}
    assert faulty_links(wording.original.body) == []


def test_staff_read_what_stands_for_each_name_and_for_no_other() -> None:
    names = {name for wording in WORDINGS.values() for name in wording.names}
    assert set(PLACE_WORDS) == names


@pytest.mark.parametrize("kind", WORDINGS)
def test_each_name_of_a_kind_stands_for_something_before_anybody_registers(
    session: Session, me: Person, kind: str
) -> None:
    event = make_event(session, offers=[OfferDraft(price_cents=4900)])
    tried = trial(kind, event, me)

    message = write_trial(session, tried, NOON)
    names = list_examples(session, tried, sorted(WORDINGS[kind].names), NOON)

    assert message is not None
    assert "{" not in message.subject + message.text
    assert "None" not in message.subject + message.text
    assert set(names) == WORDINGS[kind].names
    assert "this-link-is-dead-in-a-test-mail" in message.text or kind in OF_NO_SECRET
    assert session.scalars(select(Registration.id)).all() == []


#: Their links are the same for everybody.
OF_NO_SECRET = {
    "accounts.address_asked",
    "accounts.closed",
    "accounts.password_changed",
    "accounts.unknown",
    "group.lapsed",
    "handovers.returned",
    "wishes.opened",
}


def test_what_is_shown_is_somebodys_who_is_there(session: Session, me: Person) -> None:
    event = make_event(session, capacity=1)
    made = make_registration(session, event, full_name="Ada Sample")
    with writing(session):
        service.register_party(session, make_party(event), now=NOON)
    newcomer = Newcomer(full_name="Cy", email="cy@example.org", organization="Town")
    with writing(session):
        service.replace(session, made.id, newcomer, now=NOON, by=By())
    session.expire_all()
    readers = mail.list_readers(session, "registration.confirmed", event.id)

    assert (readers[0].full_name, readers[0].registration_id) == ("Cy", made.id)
    group = session.scalars(select(RegistrationGroup)).one()
    handover = session.scalars(select(Handover)).one()
    for kind, name in [
        ("group.asked", group.full_name),
        ("handovers.replaced", handover.full_name),
    ]:
        message = write_trial(session, trial(kind, event, me), NOON)
        assert message is not None
        assert name in message.text


@pytest.mark.parametrize("kind", mail.WRITERS)
def test_an_event_of_any_sort_can_be_shown_in_any_kind_of_mail(
    session: Session, me: Person, kind: str
) -> None:
    if kind not in WORDINGS:
        return
    film = make_event(
        session,
        slug="film",
        on_demand=True,
        sessions=[],
        platform_url=None,
        recording_url="https://watch.example.org/film",
        offers=[OfferDraft(closes_on=date(2030, 12, 31))],
    )
    forum = make_event(
        session,
        slug="forum",
        kind=Kind.FORUM,
        conference_id=make_conference(session),
        requires_conference=True,
        platform_url=None,
        place="Room 6",
    )
    shown = [
        write_trial(session, trial(kind, each, me), NOON) for each in (film, forum)
    ]
    texts = [message.text for message in shown if message]
    assert len(texts) == 2
    assert ("/join/" in texts[0]) == ("join_link" in WORDINGS[kind].values)
    assert "/join/" not in texts[1]
