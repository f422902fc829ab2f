"""Accounts and their mails as people and staff read them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from csd_events.accounts.rules import (
    DIFFERENT_CHARACTERS,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    LinkKind,
    LinkState,
    PasswordFlaw,
    Preferences,
)
from csd_events.core.time import month_day, to_wall
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.outbox.queries import Returned
from csd_events.outbox.words import came_back_words
from csd_events.topics.catalogue import FORMS, STAGES, WHOLE_GOVERNMENT
from csd_events.topics.rules import AREAS

#: What each kind of mail is called.
KIND_WORDS = {
    "accounts.address_asked": lazy_gettext("Change of address asked for"),
    "accounts.address_changed": lazy_gettext("Address of an account changed"),
    "accounts.closed": lazy_gettext("Account closed"),
    "accounts.known": lazy_gettext("Sign-up, has an account"),
    "accounts.new_address": lazy_gettext("New address to confirm"),
    "accounts.password_changed": lazy_gettext("Password changed"),
    "accounts.reset": lazy_gettext("New password"),
    "accounts.sign_in": lazy_gettext("Link to sign in"),
    "accounts.sign_up": lazy_gettext("Sign-up"),
    "accounts.unknown": lazy_gettext("Sign-in, no account"),
}


def returned_words(returned: Returned, zone: str) -> str:
    """Tell the owner of an address that mail to it came back."""
    return _(
        "Mail to %(address)s came back on %(date)s: %(why)s.",
        address=returned.address,
        date=month_day(to_wall(returned.taken_at, zone).date()),
        why=came_back_words(returned.reason),
    )


def flaw_words(flaw: PasswordFlaw) -> str:
    """Say what is wrong with a password, and what is asked for."""
    words = {
        PasswordFlaw.TOO_SHORT: _(
            "Use %(least)s characters or more: a few words are good",
            least=PASSWORD_SHORTEST,
        ),
        PasswordFlaw.TOO_LONG: _(
            "Use %(most)s characters or fewer", most=PASSWORD_LONGEST
        ),
        PasswordFlaw.TOO_PLAIN: _(
            "Use %(least)s different characters or more", least=DIFFERENT_CHARACTERS
        ),
        PasswordFlaw.IS_THE_ADDRESS: _("Choose something other than your address"),
    }
    return words[flaw]


def ended_words(kind: LinkKind, state: LinkState) -> tuple[str, str]:
    """Say why a link does nothing any more: a heading, and a sentence."""
    if state is LinkState.USED:
        return _("This link has been used"), _("A link of this kind works once.")
    if state is LinkState.REPLACED:
        return (
            _("This link has ended"),
            _("Something newer has taken its place: look for a later mail."),
        )
    days = kind in {LinkKind.SIGN_UP, LinkKind.NEW_ADDRESS, LinkKind.NOT_ME}
    return (
        _("This link has ended"),
        _("It held for three days.") if days else _("It held for an hour."),
    )


@dataclass(frozen=True, slots=True)
class InPassing:
    """Something asked where it helps, answered by one of some buttons."""

    name: str
    question: str
    why: str
    answers: Mapping[str, str]


def to_ask(known: Preferences, about: Collection[str] = ()) -> InPassing | None:
    """Choose what to ask of who told us no more than this; None where all is known.

    Args:
        about: The service areas that are spoken of where it is asked.
    """
    services = {area: AREAS[area] for area in about if area != WHOLE_GOVERNMENT}
    if services and not known.areas:
        return InPassing(
            "area",
            _("Which service are you looking at?"),
            _("Case studies and events about it come first in what we suggest."),
            services,
        )
    if known.stage is None:
        return InPassing(
            "stage",
            _("Where are you with it?"),
            _("It decides which part of the decision tool we offer you."),
            STAGES,
        )
    if known.form is None:
        return InPassing(
            "form",
            _("Which form are you thinking of?"),
            _("Case studies of that form come first in what we suggest."),
            FORMS,
        )
    return None
