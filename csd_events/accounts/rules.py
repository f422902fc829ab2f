"""What counts as the same address, who may try to sign in, what a password needs."""

import re
import unicodedata
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv6Address, IPv6Network, ip_address

import idna

from csd_events.core.text import KEY_LENGTH, fold

FAILURES_COUNT_FOR = timedelta(minutes=15)
FAILURES_AN_ADDRESS = 5
FAILURES_A_NETWORK = 20

PASSWORD_SHORTEST, PASSWORD_LONGEST = 12, 200  # characters
DIFFERENT_CHARACTERS = 5

_WITHIN_NAMES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}-]")


class Refusal(StrEnum):
    """Why someone is not signed in, or an account stays as it is."""

    WRONG = "wrong"  # this address and password do not belong together
    LOCKED = "locked"  # too many wrong tries of late
    BUSY = "busy"  # too many are signing in at this moment
    HAS_ACCOUNT = "has_account"
    LAST_ADMINISTRATOR = "last_administrator"
    NO_ADMINISTRATOR = "no_administrator"  # who grants a role has none to grant
    NOT_CONFIRMED = "not_confirmed"  # nobody has shown that the address is theirs


class PasswordFlaw(StrEnum):
    """What is wrong with a password someone chose."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_PLAIN = "too_plain"
    IS_THE_ADDRESS = "is_the_address"


def email_key(address: str) -> str:
    """Bring an address to the form by which people are told apart.

    Trimmed and composed (NFC), the domain in lower-case IDNA, the part before the @
    without case; ``+tag`` is kept, since only its owner knows whether it matters.
    Any text has a key: what is an address is the forms' affair.
    """
    composed = unicodedata.normalize("NFC", address.strip())
    local, at, domain = composed.rpartition("@")
    return unicodedata.normalize("NFC", local.casefold()) + at + _domain_key(domain)


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

    Browsers take ``//host``, ``/\host`` and a tab in between for another site.
    """
    if re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", target):
        return target
    return ""


def session_parts(user_id: str) -> tuple[int, int] | None:
    """Read account and session version out of ``<account>.<version>``."""
    found = re.fullmatch(r"([0-9]{1,18})\.([0-9]{1,9})", user_id)
    return (int(found[1]), int(found[2])) if found else None


def _domain_key(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode().lower()
    except idna.IDNAError:
        return unicodedata.normalize("NFC", domain.casefold())
