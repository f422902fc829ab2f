"""What counts as the same address, who may sign in and how long a link holds."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address

from csd_events.core.text import KEY_LENGTH, domain_key, fold

FAILURES_COUNT_FOR = timedelta(minutes=15)
FAILURES_AN_ADDRESS = 5
FAILURES_A_NETWORK = 20

#: Mails with a link to one address within any hour, and requests from one network
#: within an hour of the clock: more than a whole city hall behind one address sends.
LINKS_AN_ADDRESS = 3
LINKS_A_NETWORK = 600

LONGEST_PATH = 500  # characters of a page to go on to
PASSWORD_SHORTEST, PASSWORD_LONGEST = 12, 200  # characters
DIFFERENT_CHARACTERS = 5

MOST_AREAS = 3  # that somebody may prefer
#: How `network_of` names this machine.
LOOPBACK = ("127.", "::/64")
_WITHIN_NAMES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}-]")


class Refusal(StrEnum):
    """Why someone is not signed in, or an account stays as it is."""

    WRONG = "wrong"  # this address and password do not belong together
    LOCKED = "locked"  # too many wrong tries of late
    BUSY = "busy"  # too many are signing in at this moment
    HAS_ACCOUNT = "has_account"
    SAME_ADDRESS = "same_address"
    LAST_ADMINISTRATOR = "last_administrator"
    NO_ADMINISTRATOR = "no_administrator"  # who grants a role has none to grant
    NOT_CONFIRMED = "not_confirmed"  # nobody has shown that the address is theirs


class PasswordFlaw(StrEnum):
    """What is wrong with a password someone chose."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_PLAIN = "too_plain"
    IS_THE_ADDRESS = "is_the_address"


class LinkKind(StrEnum):
    """What a mailed link is for. Each has a purpose of the same name in its MAC."""

    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    RESET = "reset"
    NEW_ADDRESS = "new_address"
    NOT_ME = "not_me"


class LinkState(StrEnum):
    """How a mailed link stands."""

    OPEN = "open"
    USED = "used"
    REPLACED = "replaced"  # by a newer one, or by what made it dangerous
    ENDED = "ended"


_HOUR, _THREE_DAYS = timedelta(hours=1), timedelta(days=3)
LASTS = {
    LinkKind.SIGN_UP: _THREE_DAYS,
    LinkKind.SIGN_IN: _HOUR,
    LinkKind.RESET: _HOUR,
    LinkKind.NEW_ADDRESS: _THREE_DAYS,
    LinkKind.NOT_ME: _THREE_DAYS,
}


def link_state(
    kind: LinkKind,
    *,
    created_at: datetime,
    ends_at: datetime,
    used_at: datetime | None,
    now: datetime,
) -> LinkState:
    """Say how a mailed link stands.

    Args:
        kind: How long it was to hold.
        ends_at: Earlier than that if something else took its place.
    """
    if used_at is not None:
        return LinkState.USED
    if now < ends_at:
        return LinkState.OPEN
    replaced = ends_at < created_at + LASTS[kind]
    return LinkState.REPLACED if replaced else LinkState.ENDED


def email_key(address: str) -> str:
    """Bring an address to the form by which people are told apart.

    Trimmed and composed (NFC), the domain in lower-case IDNA, the part before the @
    without case; ``+tag`` is kept, since only its owner knows whether it matters.
    Any text has a key: what is an address is the forms' affair.
    """
    composed = unicodedata.normalize("NFC", address.strip())
    local, at, domain = composed.rpartition("@")
    return unicodedata.normalize("NFC", local.casefold()) + at + domain_key(domain)


def name_key(full_name: str) -> str:
    """Bring a name to what lists of people are sorted and searched by.

    No accents, no case, and a space wherever a part of a name may begin, so that
    *Ánh-Sample O'Dell* is found by any of its parts.
    """
    return _WITHIN_NAMES.sub(" ", fold(full_name))[:KEY_LENGTH]


def network_of(address: str) -> str:
    """Name the network that tries are counted for: an address, of IPv6 the /64.

    Whoever has one address of IPv6 has the other 18 quintillion beside it.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def counted_network(address: str) -> str | None:
    """Name the network that requests are counted for; None for this machine itself."""
    network = network_of(address)
    return None if network.startswith(LOOPBACK) else network or None


def is_locked_out(*, address_failures: int, network_failures: int) -> bool:
    """Tell whether one more try is one too many.

    Args:
        address_failures: Wrong tries for this address in FAILURES_COUNT_FOR.
        network_failures: Wrong tries from this network in the same time.
    """
    return (
        address_failures >= FAILURES_AN_ADDRESS
        or network_failures >= FAILURES_A_NETWORK
    )


def password_flaw(password: str, *, email: str) -> PasswordFlaw | None:
    """Say what is wrong with a new password; None if nothing is.

    Length is what counts. No rule asks for signs or capitals: they make passwords
    that people write down.
    """
    if len(password) < PASSWORD_SHORTEST:
        return PasswordFlaw.TOO_SHORT
    if len(password) > PASSWORD_LONGEST:
        return PasswordFlaw.TOO_LONG
    if len(set(password)) < DIFFERENT_CHARACTERS:
        return PasswordFlaw.TOO_PLAIN
    if email_key(password) == email_key(email):
        return PasswordFlaw.IS_THE_ADDRESS
    return None


def local_path(target: str) -> str:
    r"""Return a path of this site to go on to; empty for anything else.

    Browsers take ``//host``, ``/\host`` and a tab in between for another site. No
    page of ours has an address longer than LONGEST_PATH.
    """
    if len(target) <= LONGEST_PATH and re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", target):
        return target
    return ""


def session_parts(user_id: str) -> tuple[int, int] | None:
    """Read account and session version out of ``<account>.<version>``."""
    found = re.fullmatch(r"([0-9]{1,18})\.([0-9]{1,9})", user_id)
    return (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What somebody prefers. None and empty both mean *not said*.

    Attributes:
        areas: Service areas, the first choice first.
        form: Form of arrangement.
        stage: Where they are on the way to one.
        zone: IANA name; None for what their device says.
    """

    areas: tuple[str, ...] = ()
    form: str | None = None
    stage: str | None = None
    zone: str | None = None
    wants_reminders: bool = True


def preferred_areas(chosen: Iterable[str | None]) -> tuple[str, ...]:
    """Keep what was chosen, in its order, each once; gaps close."""
    return tuple(dict.fromkeys(area for area in chosen if area))[:MOST_AREAS]
