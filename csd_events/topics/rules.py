"""Looking things up in the vocabulary. An unknown id is shown as it is."""

from csd_events.topics.catalogue import (
    CENSUS_DIVISIONS,
    FORMS,
    POPULATION_CLASSES,
    PROVINCES,
    SERVICE_FAMILIES,
    STATES,
)

#: Service areas and families by id, in the order of the catalogue.
AREAS = {
    area: name for _, areas in SERVICE_FAMILIES.values() for area, name in areas.items()
}
FAMILIES = {family: name for family, (name, _) in SERVICE_FAMILIES.items()}

_FAMILY_OF = {
    area: family for family, (_, areas) in SERVICE_FAMILIES.items() for area in areas
}
_DIVISION_OF = {
    state: division for division, states in CENSUS_DIVISIONS.items() for state in states
}
_CLASS_ORDER = {name: position for position, name in enumerate(POPULATION_CLASSES)}


def area_name(area: str) -> str:
    return AREAS.get(area, area)


def family_name(family: str) -> str:
    return FAMILIES.get(family, family)


def form_name(form: str) -> str:
    return FORMS.get(form, form)


def topic_name(topic: str) -> str:
    return topic.replace("_", " ")


def place_name(code: str) -> str:
    """Name a state or province by its postal code."""
    return STATES.get(code) or PROVINCES.get(code, code)


def areas_in(family: str) -> tuple[str, ...]:
    _, areas = SERVICE_FAMILIES.get(family, ("", {}))
    return tuple(areas)


def areas_by_family() -> dict[str, dict[str, str]]:
    """Return what there is to choose: service areas under their family's name."""
    return {
        name: {area: AREAS[area] for area in areas_in(family)}
        for family, name in FAMILIES.items()
    }


def family_of(area: str) -> str | None:
    return _FAMILY_OF.get(area)


def division_of(state: str) -> str | None:
    """Find the Census division of a state; provinces and territories have none."""
    return _DIVISION_OF.get(state)


def class_distance(one: str | None, other: str | None) -> int | None:
    """Count the steps between two population classes; None if either is unknown."""
    if one not in _CLASS_ORDER or other not in _CLASS_ORDER:
        return None
    return abs(_CLASS_ORDER[one] - _CLASS_ORDER[other])
