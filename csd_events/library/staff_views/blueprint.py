"""The blueprint of these pages, and what all of them do."""

from enum import StrEnum

from flask import Blueprint, url_for

from csd_events.association import queries as association
from csd_events.core.access import current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.files import stored_files
from csd_events.core.pages import FilterGroup, filter_group
from csd_events.core.words import gettext as _
from csd_events.library.rules.media import MOST_BYTES
from csd_events.library.rules.publishing import Problem
from csd_events.library.service import Desk

bp = Blueprint("library_staff", __name__, url_prefix="/staff/library")

#: A file, and the words that come with it.
MOST_OF_A_REQUEST = MOST_BYTES + 2 * 1024 * 1024
MOST_MEGABYTES = MOST_BYTES // 1024 // 1024


def parts(current: str) -> FilterGroup:
    """Return the links between the parts that staff keep."""
    links = [
        (_("Publications"), "library_staff.index"),
        (_("Case studies"), "library_staff.case_studies"),
        (_("Bibliography"), "library_staff.bibliography"),
        (_("To look at again"), "library_staff.due"),
        (_("What became of it"), "library_staff.notes"),
        (_("Suggestions"), "matching_staff.suggestions"),
        (_("What is used"), "matching_staff.using"),
        (_("Files in and out"), "library_staff.exchange"),
    ]
    return filter_group(_("Part"), links, chosen=current, url=url_for)


def desk() -> Desk:
    """Say who works here, when, and where the files go."""
    at = now()
    return Desk(
        store=stored_files(),
        now=at,
        today=association.today(db.session(), at),
        actor_id=current_person_id(),
    )


def problem_words(_name: str, problem: StrEnum) -> str:
    """Say what is wrong with a field."""
    words: dict[Problem, str] = {
        Problem.NOT_YET: _("Enter today or an earlier day; empty is a draft"),
        Problem.NO_FILE: _(
            "Nothing is published without a file. Leave this empty and add a file first"
        ),
        Problem.LOOKED_BEFORE: _("Enter a day after the one it is published on"),
        Problem.TOO_LARGE: _(
            "This file is too large: %(number)s MB is the most. Choose a smaller one",
            number=MOST_MEGABYTES,
        ),
        Problem.EMPTY: _("This file is empty. Choose another one"),
        Problem.UNKNOWN_TYPE: _(
            "We do not take what is in this file. Choose a PDF, EPUB, Word, Excel or "
            "PowerPoint file without macros, or plain text"
        ),
        Problem.NOTE_MISSING: _("Say what changed, for those who have the last one"),
        Problem.SAME_FILE: _("This is the file of the current version. Choose another"),
        Problem.ITSELF: _("Choose another publication than this one"),
    }
    return str(words[Problem(problem)])
