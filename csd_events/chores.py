"""What recurs and what is done in pieces, for the outbox, which knows none of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.announcements import queries as announcement_queries
from csd_events.announcements import service as announcements
from csd_events.core.db import db, transaction
from csd_events.core.files import stored_files
from csd_events.core.pagecache import forget_pages
from csd_events.events import queries as event_queries
from csd_events.events import service as events
from csd_events.imports import queries as import_queries
from csd_events.imports import service as imports
from csd_events.imports.models import Run
from csd_events.library import service as library
from csd_events.organizations.models import ImportRun
from csd_events.organizations.service import importing
from csd_events.outbox import service as outbox
from csd_events.registrations import queries as registration_queries
from csd_events.registrations import service as registrations
from csd_events.registrations.models import ListImport
from csd_events.registrations.service import importing as list_importing
from csd_events.worksheets import service as worksheets

#: Of an import, about half a second's work.
PIECES_A_TURN = 4
#: Of those whom staff chose together, likewise.
PEOPLE_A_TURN = 25


def _piece_by_piece(
    is_any: Callable[..., bool], work: Callable[..., bool], pieces: int = PIECES_A_TURN
) -> Callable[[datetime], None]:
    """Make an errand of a service: a look, then some units of work."""

    def errand(at: datetime) -> None:
        reading = db.session()
        waiting = is_any(reading, now=at)
        reading.rollback()
        for _ in range(pieces if waiting else 0):
            with transaction() as session:
                if not work(session, now=at):
                    return

    return errand


def _tell_of_cancellations(at: datetime) -> None:
    """Tell people of what was called off a while ago; look before writing."""
    reading = db.session()
    waiting = registration_queries.has_untold_cancellation(reading, now=at)
    reading.rollback()
    if waiting:
        with transaction() as session:
            registrations.tell_of_cancellations(session, now=at)


def _publish_what_is_due(at: datetime) -> None:
    """Publish drafts whose moment has come; look before writing."""
    reading = db.session()
    waiting = event_queries.is_any_due(reading, now=at)
    reading.rollback()
    if waiting:
        with transaction() as session:
            events.publish_due(session, now=at)
        forget_pages()


def _sweep_files(session: Session, *, now: datetime) -> None:
    pictures = event_queries.list_pictures(session)
    library.sweep_files(session, store=stored_files(), now=now, others=pictures)


def _in_a_transaction(do: Callable[..., object]) -> Callable[[datetime], None]:
    """Make a chore of a service: one unit of work, told the time."""

    def chore(at: datetime) -> None:
        with transaction() as session:
            do(session, now=at)

    return chore


def _forget_old(kind: type[Run]) -> Callable[..., None]:
    return partial(imports.forget_old, kind=kind)


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: A name, how often, and what to do.
CHORES = [
    (name, every, _in_a_transaction(do))
    for name, every, do in [
        ("reminders", _MINUTE, registrations.queue_reminders),
        ("follow-ups", _MINUTE, registrations.queue_follow_ups),
        ("held places", _MINUTE, registrations.let_lapse),
        ("openings", _MINUTE, registrations.tell_of_openings),
        ("wishes", _HOUR, registrations.forget_wishes),
        ("listed people", _MINUTE, registrations.let_in),
        ("receipts", _HOUR, registrations.forget_old_receipts),
        ("needs", _HOUR, registrations.forget_old_needs),
        ("counters", _DAY, registrations.report_counters),
        ("selections", _HOUR, registrations.forget_old_selections),
        ("lists", _HOUR, _forget_old(ListImport)),
        ("files", _DAY, _sweep_files),
        ("bodies", _HOUR, outbox.forget_old_bodies),
        ("trials", _HOUR, outbox.forget_old_trials),
        ("failures", _HOUR, accounts.forget_old_failures),
        ("typed", _HOUR, accounts.forget_old_typed),
        ("links", _HOUR, accounts.forget_old_links),
        ("imports", _HOUR, _forget_old(ImportRun)),
        ("library", _HOUR, library.forget_imports),
        ("worksheets", _HOUR, worksheets.forget_old),
        ("groups", _HOUR, worksheets.forget_groups),
        ("uses", _HOUR, library.forget_old_uses),
    ]
]
#: A name, and what is looked after at every turn.
ERRANDS = [
    (
        "imports",
        _piece_by_piece(
            partial(import_queries.is_any_at_work, kind=ImportRun), importing.work
        ),
    ),
    ("cancellations", _tell_of_cancellations),
    (
        "announcements",
        _piece_by_piece(announcement_queries.is_any_leaving, announcements.work),
    ),
    (
        "lists",
        _piece_by_piece(
            partial(import_queries.is_any_at_work, kind=ListImport), list_importing.work
        ),
    ),
    (
        "selections",
        _piece_by_piece(
            registration_queries.is_any_at_work, registrations.work, PEOPLE_A_TURN
        ),
    ),
    ("publishing", _publish_what_is_due),
]
