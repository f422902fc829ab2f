"""What the columns of a file of organizations may hold."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from csd_events.core.text import fold


class Column(StrEnum):
    """What a column of a file may hold."""

    NAME = "name"
    NUMBER = "number"
    KIND = "kind"
    STATE = "state"
    POPULATION = "population"
    PARENT = "parent"
    MEMBERSHIP_TYPE = "membership_type"
    MEMBER_FROM = "member_from"
    MEMBER_UNTIL = "member_until"
    FULL_NAME = "full_name"
    EMAIL = "email"
    POSITION = "position"
    FROM = "from"
    UNTIL = "until"
    CONTACT = "contact"


#: Headings by which we know a column, folded, without signs; what our own pages call it
#: is among them.
SPELLINGS: Mapping[Column, Sequence[str]] = {
    Column.NAME: (
        "organization", "organization name", "organisation", "jurisdiction", "agency",
        "municipality", "local government", "employer", "company",
    ),
    Column.NUMBER: (
        "member number", "member no", "membership number", "member id", "number",
        "organization number", "organization id", "external id", "id",
    ),
    Column.KIND: ("kind", "type", "jurisdiction type", "organization type"),
    Column.STATE: ("state", "st", "province", "state or province"),
    Column.POPULATION: ("population", "pop", "residents", "population class"),
    Column.PARENT: ("parent", "parent organization", "belongs to", "part of"),
    Column.MEMBERSHIP_TYPE: (
        "membership type", "membership", "member type", "membership level",
    ),
    Column.MEMBER_FROM: (
        "member from", "member since", "membership start", "membership from",
        "membership start date",
    ),
    Column.MEMBER_UNTIL: (
        "member until", "member through", "membership end", "membership until",
        "expires", "expiration date", "membership end date", "paid through",
    ),
    Column.FULL_NAME: (
        "full name", "name of the person", "name", "person", "contact name",
        "employee", "person s name",
    ),
    Column.EMAIL: (
        "email", "e mail", "email address", "email address of the person", "address",
        "mail",
    ),
    Column.POSITION: ("position", "title", "job title", "role"),
    Column.FROM: (
        "from", "at the organization from", "since", "start", "start date",
        "employed since",
    ),
    Column.UNTIL: (
        "until", "at the organization until", "end", "end date", "through", "left on",
    ),
    Column.CONTACT: (
        "contact", "contact yes or no", "is contact", "primary contact", "main contact",
    ),
}  # fmt: skip


def guess_columns(headings: Sequence[str]) -> dict[int, Column]:
    """Say what the columns of a file hold, as far as their headings tell."""
    known = [re.sub(r"[^a-z0-9]+", " ", fold(each)).strip() for each in headings]
    found: dict[int, Column] = {}
    for column, spellings in SPELLINGS.items():
        for spelling in spellings:
            if spelling in known and known.index(spelling) not in found:
                found[known.index(spelling)] = column
                break
    return dict(sorted(found.items()))
