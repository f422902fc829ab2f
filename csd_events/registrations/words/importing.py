"""Imports of registrations and presenters as staff read them."""

from collections.abc import Mapping
from typing import Any

from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.imports.rules import Outcome
from csd_events.registrations.rules import FileColumn, LineFlaw

FILE_COLUMN_WORDS = {
    FileColumn.FULL_NAME: lazy_gettext("Full name"),
    FileColumn.FIRST_NAME: lazy_gettext("First name, where the full name is not given"),
    FileColumn.LAST_NAME: lazy_gettext("Last name, where the full name is not given"),
    FileColumn.EMAIL: lazy_gettext("Email"),
    FileColumn.ORGANIZATION: lazy_gettext("Organization"),
    FileColumn.US_STATE: lazy_gettext("U.S. state"),
    FileColumn.STANDING: lazy_gettext("Confirmed or waiting"),
    FileColumn.OFFER: lazy_gettext("Offer"),
    FileColumn.TITLE: lazy_gettext("Job title"),
    FileColumn.ABOUT: lazy_gettext("Biography"),
    FileColumn.TELEPHONE: lazy_gettext("Telephone"),
}
OUTCOMES = {
    Outcome.NEW: lazy_gettext("New"),
    Outcome.CHANGED: lazy_gettext("Changed"),
    Outcome.UNCHANGED: lazy_gettext("Unchanged"),
    Outcome.PROBLEM: lazy_gettext("Problems"),
}


def line_words(outcome: Outcome | None, facts: Mapping[str, Any]) -> str:
    """Say what a line does, or what is wrong with it."""
    if outcome is Outcome.PROBLEM:
        flaws = [_flaw_words(each) for each in (facts, *facts.get("more", ()))]
        return "; ".join(dict.fromkeys(flaws))  # two cells may have the same
    if facts.get("there"):
        return str(_("Registered already: stays as it is"))
    if facts.get("waits"):
        return str(_("Joins the waiting list"))
    changes = [
        f"{FILE_COLUMN_WORDS[FileColumn(name)]}: {before} → {after}"
        for name, (before, after) in facts.get("changes", {}).items()
    ]
    if outcome is Outcome.NEW and not changes:
        return str(_("Taken in as the file says"))
    return "; ".join(changes)


def kept_words(why: str) -> str:
    """Say why a line was not taken back."""
    words = {
        "acted": _("Somebody has done something with it since: it stays."),
        "mailed": _("A mail about it has left: it stays."),
        "gone": _("It is cancelled or gone already, or the event is over."),
    }
    return str(words[why]) if why in words else ""


def _flaw_words(facts: Mapping[str, Any]) -> str:
    value, line = facts.get("value", ""), facts.get("line")
    words = {
        LineFlaw.NO_NAME: _("There is no name"),
        LineFlaw.NO_EMAIL: _("There is no email address"),
        LineFlaw.EMAIL: _("“%(value)s” is no email address", value=value),
        LineFlaw.TOO_LONG: _("This is too long: %(value)s", value=value[:60]),
        LineFlaw.UNREADABLE: _("A character on this line cannot be read"),
        LineFlaw.FORMULA: _(
            "%(value)s: the spreadsheet's formula finds nothing", value=value
        ),
        LineFlaw.US_STATE: _("“%(value)s” is no U.S. state", value=value),
        LineFlaw.STANDING: _(
            "“%(value)s” is neither confirmed nor waiting", value=value
        ),
        LineFlaw.CANCELLED: _("Cancelled: nobody is registered to be cancelled"),
        LineFlaw.OFFER: _("The event has no offer “%(value)s”", value=value),
        LineFlaw.ANSWER: _("The question does not take this: %(value)s", value=value),
        LineFlaw.TWICE: _("Line %(line)s says the same person", line=line)
        if line
        else _("Was registered meanwhile: %(value)s", value=value),
        LineFlaw.BEYOND: _(
            "“%(value)s” stands to the right of the last heading", value=value
        ),
        LineFlaw.OVER: _("The event took nobody any more"),
    }
    return str(words[LineFlaw(facts["flaw"])])
