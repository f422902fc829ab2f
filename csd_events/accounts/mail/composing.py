"""Composing the mails about accounts, from what is true when they go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.accounts.mail.originals import WORDINGS
from csd_events.accounts.models import MailedLink, Person
from csd_events.accounts.queries import state_of
from csd_events.accounts.rules import LinkKind, LinkState
from csd_events.association.mail import speaker
from csd_events.core.time import local_time
from csd_events.core.tokens import DEAD, Purpose, links
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.outbox.mail import Sheet, Value, part, write
from csd_events.outbox.message import Due, Message, Skip, Words

#: Where each kind of link leads.
PAGES = {
    LinkKind.SIGN_UP: "accounts.finish_sign_up",
    LinkKind.SIGN_IN: "accounts.sign_in_by_link",
    LinkKind.RESET: "accounts.reset",
    LinkKind.NEW_ADDRESS: "registrations.new_address",
    LinkKind.NOT_ME: "registrations.not_me",
}
#: What stands on the button, by kind of outbox row.
BUTTONS: dict[str, Callable[[], str]] = {
    "accounts.address_asked": lambda: _("Choose a new password"),
    "accounts.address_changed": lambda: _("This was not me"),
    "accounts.closed": lambda: _("See what is on"),
    "accounts.known": lambda: _("Sign in"),
    "accounts.new_address": lambda: _("Confirm this address"),
    "accounts.password_changed": lambda: _("It was not me: choose another password"),
    "accounts.reset": lambda: _("Choose a new password"),
    "accounts.sign_in": lambda: _("Sign in"),
    "accounts.sign_up": lambda: _("Finish your account"),
    "accounts.unknown": lambda: _("Sign up"),
}
#: The pages that buttons open which have no link of their own.
PAGES_OF_ALL = {
    "events_link": "home.events",
    # Without the page to go on to: whoever asked may be no friend of the reader.
    "sign_up_link": "accounts.sign_up",
    "reset_link": "accounts.forgotten",
}
#: Where the link of a kind leads.
LINK_KINDS = {
    "accounts.address_changed": LinkKind.NOT_ME,
    "accounts.known": LinkKind.SIGN_IN,
    "accounts.new_address": LinkKind.NEW_ADDRESS,
    "accounts.reset": LinkKind.RESET,
    "accounts.sign_in": LinkKind.SIGN_IN,
    "accounts.sign_up": LinkKind.SIGN_UP,
}
#: Mails without a link of their own. Their key ends with the instant they tell of.
OF_PEOPLE = {"accounts.closed", "accounts.password_changed"}
#: What is still true when its link is not.
NOTICES = {"accounts.address_asked", "accounts.unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLetter:
    """What a mail about an account is written from.

    Attributes:
        greeting: A name to greet; a name that a stranger typed is none.
        page: Where a link of its own leads; empty for none.
        when: On the reader's clock, where it tells of an instant.
        words: Tried instead of those in force.
    """

    kind: str
    to_address: str
    greeting: str
    page: str = ""
    when: str = ""
    words: Words | None = None


def compose(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write the mail a row stands for, or say why it is not sent any more."""
    if due.kind in OF_PEOPLE:
        return _compose(session, due, session.get(Person, due.subject_id), now)
    link = session.get(MailedLink, due.subject_id)
    if link is None:
        return Skip("its link ended long ago")
    if due.kind == "accounts.address_asked" and link.used_at:
        return Skip("the address had changed before this went; another mail says so")
    holds = state_of(session, link, now=now) is LinkState.OPEN
    if not holds and due.kind not in NOTICES:
        return Skip("its link had been used, or had ended, before this went")
    known = session.get(Person, link.person_id) if link.person_id else None
    return _compose(session, due, known, now, link)


def _compose(
    session: Session,
    due: Due,
    person: Person | None,
    now: datetime,
    link: MailedLink | None = None,
) -> Message:
    page = ""
    if link is not None:
        token = links().token(Purpose(link.kind.value), link.id, link.version)
        page = external_url(PAGES[link.kind], token=token)
    letter = AccountLetter(
        kind=due.kind,
        to_address=due.to_address,
        greeting=_greeting(due.kind, person),
        page=page,
        when=_when(due, person, speaker(session, now=now).zone),
    )
    return write_letter(session, letter, now)


def write_trial(
    session: Session, kind: str, words: Words, me: Person, *, now: datetime
) -> Message:
    """Write such a mail for staff to see: their own, with a link that opens nothing."""
    link = LINK_KINDS.get(kind)
    zone = me.zone or speaker(session, now=now).zone
    letter = AccountLetter(
        kind=kind,
        to_address=me.email,
        greeting=_greeting(kind, me),
        page=external_url(PAGES[link], token=DEAD) if link else "",
        when=local_time(now, zone) if kind in OF_PEOPLE else "",
        words=words,
    )
    return write_letter(session, letter, now)


def _greeting(kind: str, person: Person | None) -> str:
    return person.full_name if person and kind not in TO_STRANGERS else ""


def write_letter(session: Session, letter: AccountLetter, now: datetime) -> Message:
    """Write the mail about an account."""
    association, wording = speaker(session, now=now), WORDINGS[letter.kind]
    addresses = {name: external_url(page) for name, page in PAGES_OF_ALL.items()}
    addresses["link"] = letter.page
    (opened,) = (name for name in addresses if name in wording.values)
    hello = _("Hello %(name)s,", name=letter.greeting) if letter.greeting else ""
    values: dict[str, Value] = {
        "association": association.name,
        "button": lambda: part("button", addresses[opened], BUTTONS[letter.kind]()),
        "email": letter.to_address,
        "greeting": hello,
        "name": letter.greeting or letter.to_address,
        "when": letter.when,
        opened: addresses[opened],
    }
    sheet = Sheet(
        kind=letter.kind,
        wording=wording,
        event_id=None,
        to_address=letter.to_address,
        to_name=letter.greeting,
        association=association,
        values=values,
        preheader=association.name,
        why=_why(letter),
        words=letter.words,
    )
    return write(session, sheet)


def _why(letter: AccountLetter) -> str:
    if letter.kind in TO_HOLDERS:
        return _(
            "You get this mail because %(email)s is the address of an account here.",
            email=letter.to_address,
        )
    if letter.kind in TO_FORMER:
        return _(
            "You get this mail because %(email)s was the address of an account here.",
            email=letter.to_address,
        )
    return _(
        "You get this mail because somebody typed %(email)s on our pages. If that was "
        "not you, leave it: without the link nothing happens.",
        email=letter.to_address,
    )


def _when(due: Due, person: Person | None, zone: str) -> str:
    """Say when it happened, on the reader's clock; nothing for mails with a link."""
    if due.kind not in OF_PEOPLE:
        return ""
    at = datetime.fromisoformat(due.key.split(":", 2)[2])
    return local_time(at, (person.zone if person else None) or zone)


#: Mails to an address that may not be the person's.
TO_STRANGERS = {"accounts.new_address", "accounts.sign_up", "accounts.unknown"}
#: Mails to the address of an account, and to one that was.
TO_HOLDERS = {"accounts.address_asked", "accounts.password_changed"}
TO_FORMER = {"accounts.address_changed", "accounts.closed"}
