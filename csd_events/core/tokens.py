"""Lasting links that nobody can guess, and references for the telephone.

A lasting link is ``base64url(id ‖ first 16 bytes of HMAC-SHA256(key, purpose ‖ id
‖ version))``. Nothing secret is stored; raising the row's version ends every link
made before. The purpose is part of the MAC, so one kind of link opens no other.

Links that are used once are made alike: their version is drawn, and their row knows
whether they were used.
"""

import hashlib
import hmac
import re
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import cast

from flask import current_app

ID_BYTES, MAC_BYTES = 8, 16
TOKEN_CHARACTERS = 32  # 24 bytes in base64, which needs no padding
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_CHARACTERS}}}")
#: As long as a token, for mails that staff look at: opens nothing.
DEAD = "this-link-is-dead-in-a-test-mail"
_are_dead: ContextVar[bool] = ContextVar("links are dead", default=False)
REFERENCES_BEGIN = "CSD-"
REFERENCE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 O 1 I


class Purpose(StrEnum):
    """What a link opens."""

    REGISTRATION = "registration"
    RECEIPT = "receipt"
    GROUP = "group"
    GROUP_RECEIPT = "group_receipt"
    JOIN = "join"
    SIGN_UP = "sign_up"
    SIGN_IN = "sign_in"
    RESET = "reset"
    NEW_ADDRESS = "new_address"
    NOT_ME = "not_me"
    HANDOVER = "handover"
    WISH = "wish"
    FEED = "feed"
    UNSUBSCRIBE = "unsubscribe"
    PRESENTER = "presenter"
    PRESENTER_FEED = "presenter_feed"
    WORKSHEET = "worksheet"
    WORKSHEET_GROUP = "worksheet_group"
    WORKSHEET_SCREEN = "worksheet_screen"


class Links:
    """Makes and checks lasting links.

    Args:
        secrets: The secret that signs, then older ones whose links still open.
    """

    def __init__(self, secrets: Sequence[str | bytes]) -> None:
        raw = (s.encode() if isinstance(s, str) else s for s in secrets)
        self._keys = [
            hmac.digest(s, b"csd-events lasting links", "sha256") for s in raw
        ]

    def token(self, purpose: Purpose, row_id: int, version: int) -> str:
        packed = struct.pack(">Q", row_id)
        mac = _mac(self._keys[0], purpose, packed, version)
        return urlsafe_b64encode(packed + mac).decode()

    def matches(self, token: str, purpose: Purpose, version: int) -> bool:
        """Tell whether a token is one we made for this purpose and version."""
        raw = _decode(token)
        if raw is None:
            return False
        packed, mac = raw[:ID_BYTES], raw[ID_BYTES:]
        made = (_mac(key, purpose, packed, version) for key in self._keys)
        return any(hmac.compare_digest(mac, each) for each in made)

    def matched_before(self, token: str, purpose: Purpose, version: int) -> bool:
        """Tell whether a token is one we made before the version rose to this."""
        return any(self.matches(token, purpose, past) for past in range(1, version))


def row_id(token: str) -> int | None:
    """Read which row a token speaks of. Says nothing about whether it is ours."""
    raw = _decode(token)
    if raw is None:
        return None
    (number,) = struct.unpack(">Q", raw[:ID_BYTES])
    return cast("int", number) if number < 2**63 else None


class _DeadLinks(Links):
    """Makes tokens that open nothing, and knows none."""

    def token(self, purpose: Purpose, row_id: int, version: int) -> str:
        return DEAD


_DEAD_LINKS = _DeadLinks([])


def links() -> Links:
    """Return the running application's links."""
    if _are_dead.get():
        return _DEAD_LINKS
    return cast("Links", current_app.extensions["csd_links"])


@contextmanager
def dead_links() -> Iterator[None]:
    """Make every link that opens nothing, as long as the block lasts.

    What staff are shown of a mail goes by here, so that nothing in it is a secret.
    """
    token = _are_dead.set(True)
    try:
        yield
    finally:
        _are_dead.reset(token)


def new_version() -> int:
    """Draw a version for a link that is used once: an id given twice opens nothing."""
    return secrets.randbits(63)


def new_reference() -> str:
    """Draw a reference such as ``CSD-7K4F-2Q9M``: easy to say, opens nothing."""
    drawn = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{REFERENCES_BEGIN}{drawn[:4]}-{drawn[4:]}"


def _mac(key: bytes, purpose: Purpose, packed: bytes, version: int) -> bytes:
    message = b"\0".join([purpose.value.encode(), packed, str(version).encode()])
    return hmac.new(key, message, hashlib.sha256).digest()[:MAC_BYTES]


def _decode(token: str) -> bytes | None:
    # Asked of the characters first: the decoder passes over those it does not know.
    return urlsafe_b64decode(token) if _TOKEN.fullmatch(token) else None
