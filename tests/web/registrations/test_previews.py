"""What staff see of a mail before it goes is what its reader gets, of every kind."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from csd_events.accounts import mail as account_mail
from csd_events.accounts.mail import write_trial as write_account_trial
from csd_events.accounts.mail.composing import OF_PEOPLE
from csd_events.accounts.models import MailedLink, Person
from csd_events.accounts.rules import LinkKind
from csd_events.core.tokens import DEAD, dead_links
from csd_events.outbox.message import Words
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.transport import Envelope
from csd_events.registrations import service
from csd_events.registrations.mail import SAMPLE, WRITERS, Trial, write_trial
from csd_events.registrations.rules import Newcomer
from csd_events.registrations.service import By
from tests.db.registrations.test_originals import WORDINGS
from tests.factories import (
    NOON,
    PASSWORD,
    make_account,
    make_event,
    make_person,
    make_registration,
    writing,
)
from tests.letters import deliver, side
from tests.mailbox import newest_link, submit
from tests.web.registrations.test_mails import every_mail

pytestmark = pytest.mark.usefixtures("now")
TOKEN = r"(?<=/)[\w-]{32}(?=[\s/\"<,.]|$)"
#: What a sample says of what is somebody's own: of whom nothing is known yet.
SAMPLES = {
    "worksheets.link": ("Police", "Fire and emergency medical"),
    "worksheets.group_link": ("Police", "Fire and emergency medical"),
}
Read = tuple[str, str, str]


@dataclass
class Looking:
    """Takes mails as a server does, and looks at a preview of each at that moment."""

    session: Session
    sent: list[EmailMessage] = field(default_factory=list)
    pairs: list[tuple[str, Read, Read]] = field(default_factory=list)

    @contextmanager
    def open(self) -> Iterator["Looking"]:
        yield self

    def send(self, mail: EmailMessage, envelope: Envelope) -> str:
        self.sent.append(mail)
        with Session(self.session.get_bind()) as own:
            named = str(mail["Message-ID"])[1:].partition("@")[0]
            of_id = select(OutboxMessage).where(OutboxMessage.message_id == named)
            row = own.scalars(of_id).one()
            if row.kind in WORDINGS:
                seen = preview(own, row, _reader(own, row))
                self.pairs.append((row.kind, _sent(row.kind, mail), seen))
        return "250 seen"

    @property
    def different(self) -> list[tuple[str, Read, Read]]:
        return [each for each in self.pairs if each[1] != each[2]]


def preview(session: Session, row: OutboxMessage, reader: Person) -> Read:
    """Read what staff are shown of a mail of this kind, for this reader."""
    trial = Trial(
        kind=row.kind,
        words=WORDINGS[row.kind].original,
        event_id=row.event_id,
        reader=str(row.subject_id) if row.kind in WRITERS else SAMPLE,
        me=reader,
    )
    message = write_trial(session, trial, NOON)
    assert message is not None
    return _plain(message.subject, message.text, message.html)


def _reader(session: Session, row: OutboxMessage) -> Person:
    """Return whose mail it is; somebody unsaved, where it goes to no person."""
    if row.kind.startswith("accounts."):
        person_id: int | None = row.subject_id
        if row.kind not in OF_PEOPLE:
            person_id = session.get_one(MailedLink, row.subject_id).person_id
        if person_id is None:  # nobody whom we know
            return Person(id=0, email=row.to_address, full_name="", zone=None)
        person = session.get_one(Person, person_id)
        session.expunge(person)
        person.email = row.to_address  # which the account had before
        return person
    theirs = select(Person).where(Person.email == row.to_address)
    unknown = Person(id=0, email=row.to_address, full_name="", zone=None)
    return session.scalar(theirs) or unknown


def _sent(kind: str, mail: EmailMessage) -> Read:
    own, sample = SAMPLES.get(kind, ("", ""))
    both = [side(mail, each) for each in ("text/plain", "text/html")]
    words = [each.replace(own, sample) if own else each for each in both]
    return _plain(str(mail["Subject"]).replace(own, sample), *words)


def _plain(subject: str, text: str, html: str) -> Read:
    """Take out what no preview has: secrets, and the number of who was merged."""
    one, other = (
        re.sub(TOKEN, DEAD, re.sub(r"reference CSD-[\w-]+", "", each)).rstrip()
        for each in (text, html)
    )
    return subject, one, other


@pytest.fixture
def looking(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> Looking:
    made = Looking(session)
    monkeypatch.setitem(app.extensions, "csd_transport", made)
    return made


def test_preview_of_every_kind_equals_what_is_really_sent_all_placeholders_filled(
    app: Flask, session: Session, looking: Looking
) -> None:
    """Acceptance 41. Of places that went on it shows the last; see below."""
    every_mail(app, session)
    different = {each[0] for each in looking.different}
    assert different <= {"handovers.replaced", "handovers.readdressed"}
    kinds = {kind for kind, *_ in looking.pairs}
    assert set(WORDINGS) - kinds - set(account_mail.WORDINGS) == set()
    for _kind, sent, _seen in looking.pairs:
        assert "{" not in "".join(sent[:2])


def test_preview_of_a_place_that_went_on_equals_what_who_had_it_is_sent(
    app: Flask, session: Session, looking: Looking
) -> None:
    one, other = (make_registration(session, make_event(session)) for _ in range(2))
    deliver(app)
    newcomer = Newcomer(full_name="Bo", email="bo@example.org", organization="Town")
    with writing(session):
        service.replace(session, one.id, newcomer, now=NOON, by=By())
        service.correct_address(session, other.id, "cy@example.org", now=NOON, by=By())
    deliver(app)
    kinds = {kind for kind, *_ in looking.pairs}
    assert kinds >= {"handovers.replaced", "handovers.readdressed"}
    assert looking.different == []


@pytest.mark.parametrize("zone", [None, "America/Denver"])
def test_preview_of_every_mail_about_an_account_equals_what_is_really_sent(
    app: Flask,
    client: FlaskClient,
    session: Session,
    looking: Looking,
    zone: str | None,
) -> None:
    """To an address that is known, to one that is not, and to one that was."""
    ada, nobody = {"email": "ada@example.org"}, {"email": "nobody@example.org"}
    me = make_account(session, full_name="Ada Sample", **ada)
    with writing(session):
        session.execute(
            update(Person).where(Person.id == me.person_id).values(zone=zone)
        )
    for typed in (ada, nobody):
        for path in ("/sign-up", "/sign-in/link", "/sign-in/forgotten"):
            submit(client, path, {"full_name": "Ada Sample", **typed})
            deliver(app)
    own, new = app.test_client(user=me), "four words are good"
    another = {"email": "b@example.org", "present": PASSWORD}
    submit(own, "/me/account/address", another)
    deliver(app)
    token = newest_link(app, session, LinkKind.NEW_ADDRESS)
    submit(own, f"/account/address/{token}")
    deliver(app)
    submit(own, "/me/account/password", {"present": PASSWORD, "password": new})
    deliver(app)
    submit(own, "/me/account/close", {"present": new})
    deliver(app)

    assert {kind for kind, *_ in looking.pairs} == set(account_mail.WORDINGS)
    assert looking.different == []
    for _kind, sent, _seen in looking.pairs:
        assert "{" not in "".join(sent[:2])


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        ("accounts.address_changed", f"/account/not-me/{DEAD}"),
        ("accounts.known", f"/sign-in/link/{DEAD}"),
        ("accounts.new_address", f"/account/address/{DEAD}"),
        ("accounts.reset", f"/sign-in/forgotten/{DEAD}"),
        ("accounts.sign_in", f"/sign-in/link/{DEAD}"),
        ("accounts.sign_up", f"/sign-up/{DEAD}"),
    ],
)
def test_the_preview_of_a_mail_about_an_account_leads_where_the_mail_does(
    app: Flask, session: Session, kind: str, where: str
) -> None:
    """And greets whom it greets: nobody, where the address may be a stranger's."""
    me = make_person(session, email="dana@example.org", full_name="Dana Sample")
    words = Words("", "{greeting}\n\n{link}")
    with app.test_request_context(), dead_links():
        message = write_account_trial(session, kind, words, me, now=NOON)
    assert f"http://csd.test{where}" in message.text
    strangers = {"accounts.new_address", "accounts.sign_up"}
    assert ("Hello Dana Sample," in message.text) == (kind not in strangers)
