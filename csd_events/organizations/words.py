"""Organizations, memberships and imports in the words of pages and commands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from csd_events.core.time import day_words
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.imports.rules import Outcome
from csd_events.organizations.rules import (
    Column,
    MembershipFact,
    Problem,
    Refusal,
    Standing,
)
from csd_events.topics.catalogue import JURISDICTION_TYPES, POPULATION_CLASSES
from csd_events.topics.rules import place_name

COLUMN_WORDS = {
    Column.NAME: lazy_gettext("Organization"),
    Column.NUMBER: lazy_gettext("Member number"),
    Column.KIND: lazy_gettext("Kind"),
    Column.STATE: lazy_gettext("State"),
    Column.POPULATION: lazy_gettext("Population"),
    Column.PARENT: lazy_gettext("Parent organization"),
    Column.MEMBERSHIP_TYPE: lazy_gettext("Membership type"),
    Column.MEMBER_FROM: lazy_gettext("Member from"),
    Column.MEMBER_UNTIL: lazy_gettext("Member until"),
    Column.FULL_NAME: lazy_gettext("Name of the person"),
    Column.EMAIL: lazy_gettext("Email address of the person"),
    Column.POSITION: lazy_gettext("Position"),
    Column.FROM: lazy_gettext("At the organization from"),
    Column.UNTIL: lazy_gettext("At the organization until"),
    Column.CONTACT: lazy_gettext("Contact (yes or no)"),
}
OUTCOME_WORDS = {
    Outcome.NEW: lazy_gettext("New"),
    Outcome.CHANGED: lazy_gettext("Changed"),
    Outcome.UNCHANGED: lazy_gettext("Unchanged"),
    Outcome.PROBLEM: lazy_gettext("Problem"),
}
#: A thing and a field of it, as `service.importing` names them, in words.
FIELD_WORDS = {
    ("organization", "name"): COLUMN_WORDS[Column.NAME],
    ("organization", "external_id"): COLUMN_WORDS[Column.NUMBER],
    ("organization", "kind"): COLUMN_WORDS[Column.KIND],
    ("organization", "state"): COLUMN_WORDS[Column.STATE],
    ("organization", "population_class"): COLUMN_WORDS[Column.POPULATION],
    ("parent", "parent"): COLUMN_WORDS[Column.PARENT],
    ("person", "full_name"): COLUMN_WORDS[Column.FULL_NAME],
    ("person", "email"): COLUMN_WORDS[Column.EMAIL],
    ("affiliation", "position"): COLUMN_WORDS[Column.POSITION],
    ("affiliation", "from_on"): COLUMN_WORDS[Column.FROM],
    ("affiliation", "until_on"): COLUMN_WORDS[Column.UNTIL],
    ("affiliation", "is_contact"): lazy_gettext("Contact"),
    ("membership", "type_id"): COLUMN_WORDS[Column.MEMBERSHIP_TYPE],
    ("membership", "from_on"): COLUMN_WORDS[Column.MEMBER_FROM],
    ("membership", "until_on"): COLUMN_WORDS[Column.MEMBER_UNTIL],
}
_PROBLEMS = {
    Problem.NOTHING: lazy_gettext(
        "Nothing on this line stands in a column that is used."
    ),
    Problem.UNREADABLE: lazy_gettext(
        "“%(column)s” holds a character that cannot be read. Save the file as UTF-8 "
        "and upload it again."
    ),
    Problem.FORMULA: lazy_gettext(
        "“%(column)s” holds %(value)s: the spreadsheet's formula finds nothing. Put "
        "the value there, and upload the file again."
    ),
    Problem.BEYOND: lazy_gettext(
        "“%(value)s” stands to the right of the last heading. If it belongs to the "
        "cell before it, put quotation marks around both; if it is a column of its "
        "own, give that a heading."
    ),
    Problem.TOO_LONG: lazy_gettext("“%(column)s” is longer than 200 characters."),
    Problem.KIND: lazy_gettext(
        "“%(value)s” is no kind of organization we know. Use one of: %(kinds)s."
    ),
    Problem.STATE: lazy_gettext(
        "“%(value)s” is no state. Write its name or its two letters."
    ),
    Problem.POPULATION: lazy_gettext(
        "“%(value)s” is no population. Write a number, such as 25,000."
    ),
    Problem.DAY: lazy_gettext(
        "“%(value)s” in “%(column)s” is no date. Write it as 2026-10-31 or 10/31/2026."
    ),
    Problem.YES_OR_NO: lazy_gettext(
        "“%(value)s” in “%(column)s” is neither yes nor no."
    ),
    Problem.EMAIL: lazy_gettext(
        "“%(value)s” is no email address in the format name@example.org."
    ),
    Problem.NO_NAME: lazy_gettext(
        "No organization has this member number yet. Add its name to the line."
    ),
    Problem.NO_FULL_NAME: lazy_gettext(
        "%(value)s is new to us. Add a name to the line."
    ),
    Problem.NO_EMAIL: lazy_gettext(
        "The line speaks of a person, but has no email address."
    ),
    Problem.NO_ORGANIZATION: lazy_gettext("The line names no organization."),
    Problem.MEMBER_FROM_MISSING: lazy_gettext(
        "The line speaks of a membership. Say from which day: “Member from” is empty."
    ),
    Problem.MEMBER_UNTIL_MISSING: lazy_gettext(
        "Say until which day the membership lasts, or which type it is of."
    ),
    Problem.ENDS_FIRST: lazy_gettext(
        "“%(column)s” (%(value)s) is before its first day."
    ),
    Problem.TYPE_UNKNOWN: lazy_gettext(
        "There is no membership type “%(value)s”. Add it under Membership types first."
    ),
    Problem.TYPE_NOT_FOR: lazy_gettext(
        "The membership type “%(value)s” is not offered to this kind of member."
    ),
    Problem.STATE_MISSING: lazy_gettext(
        "Several organizations are called “%(value)s”. Add the state."
    ),
    Problem.NUMBER_IS_OTHERS: lazy_gettext(
        "Member number %(value)s belongs to an organization with another name. If it "
        "has a new name, change that on its page first."
    ),
    Problem.OTHER_NUMBER: lazy_gettext(
        "This organization is on record with another member number than %(value)s."
    ),
    Problem.PARENT_UNKNOWN: lazy_gettext(
        "There is no organization “%(value)s” to stand under. Put its own line above "
        "this one."
    ),
    Problem.PARENT_IS_BELOW: lazy_gettext(
        "“%(value)s” stands under this organization already, so it cannot be its "
        "parent."
    ),
    Problem.SAYS_OTHERWISE: lazy_gettext(
        "Line %(line)s says otherwise about the same: %(column)s."
    ),
}
_REFUSALS = {
    Refusal.NAME_TAKEN: lazy_gettext(
        "There is an organization with this name in this state already"
    ),
    Refusal.NUMBER_TAKEN: lazy_gettext("Another organization has this member number"),
    Refusal.PARENT_UNKNOWN: lazy_gettext("There is no organization of that name"),
    Refusal.PARENT_IS_BELOW: lazy_gettext(
        "That organization stands under this one, so it cannot be its parent"
    ),
    Refusal.TYPE_TAKEN: lazy_gettext(
        "There is a membership type with this name already"
    ),
    Refusal.BEING_UNDONE: lazy_gettext(
        "Nothing was imported: another import is being undone. Wait until that is "
        "done, and press Import again"
    ),
    Refusal.COMPARED_WITH_GONE: lazy_gettext(
        "Nothing was imported: some of what this file was compared with is gone. "
        "Compare it again under “Choose other columns”"
    ),
    Refusal.ALREADY_THERE: lazy_gettext(
        "This person is on record here from that day already"
    ),
}


def refusal_words(refusal: Refusal) -> str:
    return str(_REFUSALS[refusal])


def kind_words(kind: str) -> str:
    """Name a kind of organization: ``School district``."""
    return f"{kind[:1].upper()}{kind[1:]}"


def kinds() -> dict[str, str]:
    return {kind: kind_words(kind) for kind in JURISDICTION_TYPES}


def populations() -> dict[str, str]:
    return {name: words for name, (words, _least) in POPULATION_CLASSES.items()}


def population_words(name: str) -> str:
    """Write a class of population: ``25,000 to 49,999``."""
    return populations().get(name, name)


def problem_words(facts: Mapping[str, Any]) -> str:
    """Say all that is wrong with a line, by the facts kept with it."""
    return " ".join(_problem_words(each) for each in (facts, *facts.get("more", ())))


def _problem_words(facts: Mapping[str, Any]) -> str:
    column = facts["column"]
    return str(_PROBLEMS[Problem(facts["problem"])]) % {
        "column": COLUMN_WORDS[Column(column)] if column else "",
        "value": facts["value"],
        "line": facts["line"],
        "kinds": ", ".join(JURISDICTION_TYPES),
    }


def change_words(facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Write what a line would change: what it is, before and after."""
    return [
        (str(FIELD_WORDS[thing, field]), _value(field, before), _value(field, after))
        for thing, field, before, after in facts.get("changes", ())
        if (thing, field) in FIELD_WORDS
    ]


def _value(field: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if field in {"from_on", "until_on"}:
        return day_words(date.fromisoformat(value))
    if field == "is_contact":
        return _("yes") if value else _("no")
    if field == "state":
        return place_name(value)
    if field == "population_class":
        return population_words(value)
    return str(value)


def standing_words(standing: Standing, *, own: bool) -> str | None:
    """Say that somebody is a member, and by what; None if they are not.

    Args:
        standing: As it is on the day.
        own: Whether the reader is who it is about.
    """
    if standing.through is None:
        return None
    if standing.organization is not None:
        words = _("Member with %(organization)s", organization=standing.organization)
    else:
        words = _("Member in your own name") if own else _("Member in their own name")
    return str(words)


def ended_words(ended: MembershipFact) -> str:
    """Tell somebody when the last of their memberships ended."""
    day = day_words(ended.last_on)
    if ended.organization is None:
        return str(_("Your membership ended on %(date)s.", date=day))
    return str(
        _(
            "Your membership through %(organization)s ended on %(date)s.",
            organization=ended.organization,
            date=day,
        )
    )


def last_day_words(standing: Standing) -> str | None:
    """Say the last day of a standing; None where it has none."""
    last = standing.last_on
    return None if last in {None, date.max} else day_words(last)
