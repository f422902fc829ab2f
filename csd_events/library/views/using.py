"""Counting what people of which communities read and look for.

Nothing of a person is kept, and nothing of who is not signed in: their pages come from
memory. A count is a log of reading, so it is written by a GET; see record 0057.
"""

import logging
from collections.abc import Collection

from flask import request
from sqlalchemy.exc import OperationalError

from csd_events.association import queries as association
from csd_events.core.access import current_person
from csd_events.core.clock import now
from csd_events.core.db import db, transaction, waited_in_vain
from csd_events.library import service
from csd_events.library.rules.using import Use
from csd_events.organizations import queries as organizations

_log = logging.getLogger(__name__)
#: Whoever turns a page looks for nothing new.
_TURNS = {"after", "before", "page"}


def note_use(use: Use, subjects: Collection[str]) -> None:
    """Count for the community of who is signed in; call it before a view reads."""
    person = current_person()
    if person is None or person.is_staff or not subjects or _TURNS & set(request.args):
        return
    session = db.session()
    day = association.today(session, now())
    community = organizations.community_of(session, person.person_id, day)
    if community is None:
        return
    try:
        with transaction() as writes:
            service.note_use(writes, use, subjects, organization_id=community, day=day)
    except OperationalError as error:
        if not waited_in_vain(error):
            raise
        _log.info("a use of the library was not counted: the database was busy")
