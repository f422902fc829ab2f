"""What we write to people about their account, when it goes.

The links in these mails are secrets: their words are never kept, see
``outbox.rules.PRIVATE_FEATURES``.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.accounts.models import MailedLink, Person
from csd_events.accounts.queries import state_of
from csd_events.accounts.rules import LinkKind, LinkState
from csd_events.accounts.words import KIND_WORDS
from csd_events.association.mail import speaker
from csd_events.core.time import local_time
from csd_events.core.tokens import Purpose, links
from csd_events.core.web import external_url
from csd_events.core.words import gettext as _
from csd_events.outbox.mail import both_sides
from csd_events.outbox.message import Due, Message, Skip

__all__ = ["KIND_WORDS", "SUBJECTS", "compose"]

#: Where each kind of link leads.
PAGES = {
    LinkKind.SIGN_UP: "accounts.finish_sign_up",
    LinkKind.SIGN_IN: "accounts.sign_in_by_link",
    LinkKind.RESET: "accounts.reset",
    LinkKind.NEW_ADDRESS: "registrations.new_address",
    LinkKind.NOT_ME: "registrations.not_me",
}
#: By kind of outbox row.
SUBJECTS: dict[str, Callable[[], str]] = {
    "accounts.address_asked": lambda: _("Somebody asked to change your address"),
    "accounts.address_changed": lambda: _("Your address was changed"),
    "accounts.closed": lambda: _("Your account is closed"),
    "accounts.known": lambda: _("You have an account already"),
    "accounts.new_address": lambda: _("Confirm your new address"),
    "accounts.password_changed": lambda: _("Your password was changed"),
    "accounts.reset": lambda: _("Choose a new password"),
    "accounts.sign_in": lambda: _("Your link to sign in"),
    "accounts.sign_up": lambda: _("Finish your account"),
    "accounts.unknown": lambda: _("There is no account for this address"),
}
#: Mails without a link of their own. Their key ends with the instant they tell of.
OF_PEOPLE = {"accounts.closed", "accounts.password_changed"}
#: What is still true when its link is not.
NOTICES = {"accounts.address_asked", "accounts.unknown"}


def compose(session: Session, due: Due, now: datetime) -> Message | Skip:
    """Write the mail a row stands for, or say why it is not sent any more."""
    if due.kind in OF_PEOPLE:
        return _write(session, due, session.get(Person, due.subject_id), now)
    link = session.get(MailedLink, due.subject_id)
    if link is None:
        return Skip("its link ended long ago")
    if due.kind == "accounts.address_asked" and link.used_at:
        return Skip("the address had changed before this went; another mail says so")
    holds = state_of(session, link, now=now) is LinkState.OPEN
    if not holds and due.kind not in NOTICES:
        return Skip("its link had been used, or had ended, before this went")
    known = session.get(Person, link.person_id) if link.person_id else None
    return _write(session, due, known, now, link)


def _write(
    session: Session,
    due: Due,
    person: Person | None,
    now: datetime,
    link: MailedLink | None = None,
) -> Message:
    association = speaker(session, now=now)
    subject = SUBJECTS[due.kind]()
    # A name that a stranger typed is no greeting; a person's own is.
    greeting = person.full_name if person and due.kind not in TO_STRANGERS else None
    words = {
        "association": association,
        "heading": subject,
        "greeting_name": greeting,
        "email": due.to_address,
        "links": _links(link),
        "when_words": _when(due, person, association.zone),
    }
    text, html = both_sides(due.kind.replace(".", "/"), words)
    return Message(
        to_address=due.to_address,
        to_name=greeting or "",
        from_address=association.sender_address,
        from_name=association.name,
        reply_to=association.reply_address,
        subject=subject,
        text=text,
        html=html,
    )


def _when(due: Due, person: Person | None, zone: str) -> str:
    """Say when it happened, on the reader's clock; nothing for mails with a link."""
    if due.kind not in OF_PEOPLE:
        return ""
    at = datetime.fromisoformat(due.key.split(":", 2)[2])
    return local_time(at, (person.zone if person else None) or zone)


#: Mails to an address that may not be the person's.
TO_STRANGERS = {"accounts.new_address", "accounts.sign_up", "accounts.unknown"}


def _links(link: MailedLink | None) -> dict[str, str]:
    """Return the links of a mail, all of which open a page and change nothing."""
    found = {
        "events": external_url("home.events"),
        # Without the page to go on to: whoever asked may be no friend of the reader.
        "sign_up": external_url("accounts.sign_up"),
        "reset": external_url("accounts.forgotten"),
    }
    if link is not None:
        token = links().token(Purpose(link.kind.value), link.id, link.version)
        found["own"] = external_url(PAGES[link.kind], token=token)
    return found
