"""What the form of an event offers to choose from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from csd_events.core import fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What there is to choose on the form of an event.

    Attributes:
        zone_first: The zone that stands first in the list.
        cases: Titles of case studies by id, to pin.
        works: Titles of publications and works by name, in groups.
        programs: Names by id.
        needs_program: Whether one of them must be chosen.
        conferences: Names by id.
        find_event: Finds an event by the last part of its address.
        find_zone: Finds the zone of a conference by its id.
    """

    zone_first: str
    cases: Mapping[str, str]
    works: fields.Choices
    programs: Mapping[str, str]
    needs_program: bool
    conferences: Mapping[str, str]
    find_event: Callable[[str], int | None]
    find_zone: Callable[[int | None], str | None]
