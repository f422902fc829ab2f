"""The blueprint, and what its pages share."""

from flask import Blueprint

from csd_events.core.db import db
from csd_events.core.tokens import Purpose, links
from csd_events.worksheets import queries
from csd_events.worksheets.models import Worksheet

bp = Blueprint("worksheets", __name__)


def opened(token: str) -> Worksheet:
    """Return the worksheet that a link opens.

    Raises:
        NotFoundError: The link is not ours, or the worksheet is gone.
        EndedError: Its owner has ended the link.
    """
    return queries.get_by_link(db.session(), links(), token)


def token_of(worksheet: Worksheet) -> str:
    return links().token(Purpose.WORKSHEET, worksheet.id, worksheet.link_version)
