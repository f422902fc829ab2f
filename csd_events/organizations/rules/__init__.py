"""Decisions about organizations and memberships. Pure: values in, a value out."""

from csd_events.organizations.rules.columns import Column, guess_columns
from csd_events.organizations.rules.lines import (
    Line,
    LineError,
    Problem,
    read_day,
    read_line,
)
from csd_events.organizations.rules.naming import (
    NAME_LENGTH,
    Refusal,
    makes_a_cycle,
    name_key,
    organization_key,
    population_class_of,
    read_kind,
    read_population,
    read_state,
    split_place,
)
from csd_events.organizations.rules.runs import PIECE, Step
from csd_events.organizations.rules.standing import (
    NO_MEMBER,
    MembershipFact,
    Standing,
    Term,
    Through,
    is_member,
    last_day,
    last_ended,
    overlaps,
    same_stay,
)

__all__ = [
    "NAME_LENGTH",
    "NO_MEMBER",
    "PIECE",
    "Column",
    "Line",
    "LineError",
    "MembershipFact",
    "Problem",
    "Refusal",
    "Standing",
    "Step",
    "Term",
    "Through",
    "guess_columns",
    "is_member",
    "last_day",
    "last_ended",
    "makes_a_cycle",
    "name_key",
    "organization_key",
    "overlaps",
    "population_class_of",
    "read_day",
    "read_kind",
    "read_line",
    "read_population",
    "read_state",
    "same_stay",
    "split_place",
]
