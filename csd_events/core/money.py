"""Amounts of money as people type them, kept in hundredths."""

import re

from csd_events.core.fields import OneLineField
from csd_events.core.words import lazy_gettext as _

_PRICE = re.compile(r"\$?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{2}))?")
HIGHEST_PRICE = 100_000_00  # in cents


def read_price(typed: str) -> int | None:
    """Read dollars, ``25`` or ``$1,250.00``, as cents; None for anything else."""
    found = _PRICE.fullmatch(typed.strip())
    if found is None or len(found[1]) > len(str(HIGHEST_PRICE)):
        return None
    return int(found[1].replace(",", "")) * 100 + int(found[2] or 0)


def write_price(cents: int) -> str:
    """Write cents as dollars: ``25``, ``12.50``."""
    dollars, rest = divmod(cents, 100)
    return f"{dollars}.{rest:02}" if rest else str(dollars)


class PriceField(OneLineField):
    """A price in dollars."""

    unread = _("Enter a price in dollars, such as 25 or 25.00")
    too_high = _("Enter a price of at most 100,000 dollars")

    @property
    def cents(self) -> int | None:
        return read_price(self.data)

    def objection(self) -> str | None:
        found = super().objection()
        if found is not None or not self.data:
            return found
        if self.cents is None:
            return str(self.unread)
        if self.cents > HIGHEST_PRICE:
            return str(self.too_high)
        return None


class AmountField(PriceField):
    """What was paid, in dollars."""

    unread = _("Enter an amount in dollars, such as 25 or 25.00")
    too_high = _("Enter an amount of at most 100,000 dollars")
