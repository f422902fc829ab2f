"""People that nobody is, at addresses that nobody has."""

from itertools import product

from csd_events.outbox.rules import BULK_DOMAIN

NOBODY = f"@{BULK_DOMAIN}"
FIRST = (
    "Ada", "Alice", "Amir", "Ana", "Ben", "Carla", "Chen", "Dana", "Diego", "Ed",
    "Elena", "Femi", "Gina", "Hana", "Ivan", "Jo", "Kai", "Lena", "Leo", "Lin",
    "Luis", "Maya", "Mia", "Nora", "Omar", "Paul", "Priya", "Rosa", "Sam", "Tara",
    "Uma", "Yusuf",
)  # fmt: skip
LAST = (
    "Alder", "Beech", "Birch", "Brook", "Cedar", "Clay", "Cliff", "Dale", "Elm",
    "Fern", "Field", "Ford", "Glen", "Grove", "Heath", "Hill", "Lake", "Lane",
    "Marsh", "Meadow", "Mill", "Moss", "Oak", "Pine", "Pond", "Reed", "Ridge",
    "Rivers", "Shaw", "Stone", "Thorn", "Vale", "Wells", "Wood",
)  # fmt: skip
KINDS = ("City of", "Town of", "Village of", "County of")
PLACES = (
    "Ashfield", "Bridgeton", "Clearwater", "Dunmore", "Eastlake", "Fairview",
    "Greenhill", "Highpoint", "Ironwood", "Kingsport", "Lakeside", "Milltown",
    "Northfield", "Oakdale", "Pinecrest", "Riverside", "Springdale", "Westbrook",
)  # fmt: skip
STATES = (
    "CA", "CO", "FL", "IL", "MI", "MN", "NC", "NY", "OH", "PA", "TX", "VA", "WA",
)  # fmt: skip
_NAMES = [f"{first} {last}" for first, last in product(FIRST, LAST)]
_HOMES = [f"{kind} {place}" for kind, place in product(KINDS, PLACES)]


def address(number: int) -> str:
    return f"person-{number:07}{NOBODY}"


def full_name(number: int) -> str:
    return _NAMES[number * 31 % len(_NAMES)]


def home(number: int) -> tuple[str, str]:
    """Return where somebody works, and in which state."""
    return _HOMES[number * 7 % len(_HOMES)], STATES[number % len(STATES)]
