"""Password hashes: argon2id with the application's parameters, a few at a time.

A check costs 20 ms of a processor and 19 MiB. So that nobody can stop the site by
asking for many, a process makes two at a time; the rest wait a little.
"""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import BoundedSemaphore
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

CHECKS_AT_A_TIME = 2
LONGEST_WAIT = 3.0  # seconds


class BusyError(Exception):
    """Too many passwords are being checked at this moment; ask again soon."""


class Passwords:
    """Makes and checks hashes.

    Args:
        memory_kib: Memory of one hash, in KiB.
        time_cost: Passes over it.
        lanes: Threads of one hash.
        longest_wait: How long a check waits for its turn, in seconds.
    """

    def __init__(
        self,
        *,
        memory_kib: int,
        time_cost: int,
        lanes: int,
        longest_wait: float = LONGEST_WAIT,
    ) -> None:
        self._hasher = PasswordHasher(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=lanes
        )
        self._turns = BoundedSemaphore(CHECKS_AT_A_TIME)
        self._longest_wait = longest_wait

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold one of the places in which passwords are checked.

        Raises:
            BusyError: None came free in time.
        """
        if not self._turns.acquire(timeout=self._longest_wait):
            raise BusyError
        try:
            yield
        finally:
            self._turns.release()

    def hash(self, password: str) -> str:
        return self._hasher.hash(_composed(password))

    def matches(self, password: str, kept: str | None) -> bool:
        """Tell whether a password belongs to a hash, in the same time without one.

        Args:
            password: As typed.
            kept: The hash; None where there is no account to compare with.
        """
        nobodys = self._nobodys_hash  # made before anything depends on ``kept``
        try:
            self._hasher.verify(kept or nobodys, _composed(password))
        except (VerificationError, InvalidHashError):
            return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _nobodys_hash(self) -> str:
        return self._hasher.hash("nobody's")


def passwords() -> Passwords:
    """Return the running application's way with passwords."""
    kept, settings = current_app.extensions, current_app.config
    if "csd_passwords" not in kept:
        made = Passwords(
            memory_kib=settings["ARGON2_MEMORY_KIB"],
            time_cost=settings["ARGON2_TIME"],
            lanes=settings["ARGON2_LANES"],
        )
        kept.setdefault("csd_passwords", made)
    return cast("Passwords", kept["csd_passwords"])


def _composed(password: str) -> bytes:
    """Bring letters to one form: keyboards differ in how they send an accent."""
    return unicodedata.normalize("NFC", password).encode(errors="surrogatepass")
