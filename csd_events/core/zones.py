"""Zones, and what people call them."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from babel.dates import get_timezone_location, get_timezone_name

from csd_events.core.words import locale_name

MINUTE = timedelta(minutes=1)
#: Zones that the tables of names do not know, and whose names and clocks they share.
NAMED_LIKE = {
    "America/Indiana/Indianapolis": "America/New_York",
    "America/Kentucky/Louisville": "America/New_York",
}

#: Whose clock people mean by a brief name.
MEANT_BY = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "AT": "America/Halifax",
    "AKT": "America/Anchorage",
}

#: Where the association's people live, in the order of a list to choose from.
COMMON_ZONES = (
    "America/New_York",
    "America/Toronto",
    "America/Chicago",
    "America/Winnipeg",
    "America/Regina",
    "America/Denver",
    "America/Edmonton",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Vancouver",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Halifax",
    "America/Puerto_Rico",
    "America/St_Johns",
    "Pacific/Guam",
    "UTC",
)


def is_zone(name: str) -> bool:
    """Tell whether a name is an IANA zone we know."""
    return name in _zones()


def zone_short(instant: datetime, zone: str) -> str:
    """Name a zone briefly: ``ET`` where people say so, else its distance to UTC.

    Where a zone goes by a name but not by its clock, as Phoenix in summer does not by
    Mountain Time, the name would mislead.
    """
    short = zone_name(zone, "short", locale_name())
    meant = ZoneInfo(MEANT_BY.get(short, zone))
    same = (
        instant.astimezone(meant).utcoffset()
        == instant.astimezone(ZoneInfo(zone)).utcoffset()
    )
    return short if short.isupper() and same else offset_words(instant, zone)


def offset_words(instant: datetime, zone: str) -> str:
    """Write how far a zone is from UTC: ``UTC-4`` with a minus sign."""
    offset = instant.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = abs(offset) // MINUTE
    if not minutes:
        return "UTC"
    sign = "+" if offset > timedelta() else "\N{MINUS SIGN}"
    hours, rest = divmod(minutes, 60)
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def zone_words(zone: str) -> str:
    """Name a zone for a list to choose from: ``Eastern (New York)``."""
    locale = locale_name()
    name = zone_name(zone, "long", locale)
    city = get_timezone_location(ZoneInfo(zone), locale=locale, return_city=True)
    city = city.rpartition("/")[2]  # the tables say "Indiana/Indianapolis"
    return f"{name} ({city})" if name and city and name != city else name or zone


@lru_cache(maxsize=1024)
def zone_name(zone: str, width: Literal["short", "long"], locale: str) -> str:
    """Name a zone without a season, as ``ET`` or ``Eastern``; empty if unknown."""
    known = ZoneInfo(NAMED_LIKE.get(zone, zone))
    name = get_timezone_name(known, width=width, zone_variant="generic", locale=locale)
    return "" if "(" in name else name.removesuffix(" Time")


def common_zones() -> dict[str, str]:
    """Return what there is to choose: the zones people here live in."""
    return {zone: zone_words(zone) for zone in COMMON_ZONES}


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
