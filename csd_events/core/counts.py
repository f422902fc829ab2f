"""Numbers of things as people type them."""

import re
from typing import Any

from csd_events.core.fields import OneLineField
from csd_events.core.words import lazy_gettext as _

_COUNT = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")
HIGHEST_COUNT = 100_000


class CountField(OneLineField):
    """A whole number, or nothing where there is no limit.

    Args:
        least: The smallest number that makes sense here.
        most: The largest.
    """

    def __init__(
        self,
        label: str | None = None,
        *,
        least: int,
        most: int = HIGHEST_COUNT,
        **others: Any,
    ) -> None:
        super().__init__(label, **others)
        self._least, self._most = least, most

    @property
    def number(self) -> int | None:
        found = _COUNT.fullmatch(self.data)
        if found is None or len(self.data) > len(f"{HIGHEST_COUNT:,}"):
            return None
        return int(self.data.replace(",", ""))

    def objection(self) -> str | None:
        found = super().objection()
        if found is not None or not self.data:
            return found
        number = self.number
        if number is None or not self._least <= number <= self._most:
            words = _(
                "%(label)s must be a whole number from %(least)s to %(most)s",
                label=self.label.text,
                least=self._least,
                most=f"{self._most:,}",
            )
            return str(words)
        return None
