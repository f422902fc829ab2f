"""`flask start-up` and `flask demo`: a database to start with."""

from collections.abc import Iterator, Sequence

import click
from flask import current_app
from flask.cli import with_appcontext

from csd_events.core.clock import now
from csd_events.core.commands import Commands, database_in_one_line
from csd_events.core.db import db, transaction
from csd_events.core.files import stored_files
from csd_events.core.migrations import upgrade
from csd_events.core.passwords import passwords
from csd_events.core.schema import is_migrated
from csd_events.core.time import to_wall
from csd_events.library import service as library
from csd_events.library.service import Desk
from csd_events.seeds import rules, service
from csd_events.seeds.rules import BulkEvent

demo_cli = Commands("demo", help="The sample program. In development only.")

PEOPLE_AT_ONCE = 10_000
#: A batch is closed when it holds so many; one large event may hold more.
REGISTRATIONS_AT_ONCE, EVENTS_AT_ONCE = 10_000, 200
#: How many events one person goes to, roughly.
EVENTS_A_PERSON = 4


@click.command("start-up")
@with_appcontext
def start_up() -> None:
    """Get the database ready, and say how to sign in."""
    with database_in_one_line():
        _start_up()


def _start_up() -> None:
    ready = is_migrated(db.session())
    db.session().rollback()
    if not ready:
        click.echo("Bringing the database up to date.")
        upgrade()
    if current_app.config["DEVELOPMENT"]:
        if service.is_new(db.session()):
            click.echo("First start: loading the sample program.")
            _load()
        _say_sign_ins()
    _keep_searchable()


def _keep_searchable() -> None:
    """Write anew what the library's search looks at, where a new version asks it."""
    if not library.is_indexed(db.session()):
        with transaction() as session:
            library.reindex(session, others=current_app.extensions["csd_findable"])


@demo_cli.command("load")
def load() -> None:
    """Load the sample program. Safe to repeat."""
    _refuse_in_production()
    added = _load()
    if not added:
        click.echo("The sample program is there already; nothing was changed.")


@demo_cli.command("sign-ins")
def sign_ins() -> None:
    """Print the sample sign-ins."""
    _refuse_in_production()
    _say_sign_ins()


@demo_cli.command("bulk")
@click.option("--events", type=click.IntRange(1, 100_000), required=True)
@click.option("--registrations", type=click.IntRange(0, 10_000_000), required=True)
def bulk(events: int, registrations: int) -> None:
    """Fill the database with a believable volume, as a year leaves behind.

    Stopping it leaves whole events, so does anything else that ends it.
    """
    _refuse_in_production()
    at = now()
    after = service.last_number(db.session())
    plan = list(rules.year(events, registrations, today=at.date(), after=after))
    largest = max(each.people for each in plan)
    people = _enough_people(max(largest, registrations // EVENTS_A_PERSON))
    order = service.BulkOrder(people, at)
    written = 0
    for batch in _batches(plan):
        with transaction() as session:
            service.write_events(session, batch, order)
        written += sum(each.people for each in batch)
        click.echo(f"{written:,} of {registrations:,} registrations")
    click.echo(f"Wrote {events:,} events with {registrations:,} registrations.")


def _load() -> list[str]:
    hashed = passwords().hash(current_app.config["SAMPLE_PASSWORD"])
    with transaction() as session:
        at = now()
        added = service.load(session, password_hash=hashed, now=at)
        today = to_wall(at, rules.ASSOCIATION["zone"]).date()
        desk = Desk(store=stored_files(), now=at, today=today)
        added += service.load_publications(session, desk)
    for words in added:
        click.echo(f"  {words}")
    return added


def _say_sign_ins() -> None:
    password = current_app.config["SAMPLE_PASSWORD"]
    click.echo(f"Sample sign-ins, all with the password {password}")
    for person in rules.PEOPLE:
        click.echo(f"  {person.email}")


def _refuse_in_production() -> None:
    if not current_app.config["DEVELOPMENT"]:
        raise click.ClickException(
            "Samples are for development: set CSD_ENV=development."
        )


def _enough_people(wanted: int) -> Sequence[tuple[int, str]]:
    """Write the people that are still missing, and return who is at hand."""
    there = len(service.list_people(db.session()))
    for first in range(there, wanted, PEOPLE_AT_ONCE):
        with transaction() as session:
            count = min(PEOPLE_AT_ONCE, wanted - first)
            service.write_people(session, count, now=now())
        click.echo(f"{first + count:,} of {wanted:,} people")
    return service.list_people(db.session())


def _batches(plan: Sequence[BulkEvent]) -> Iterator[Sequence[BulkEvent]]:
    batch: list[BulkEvent] = []
    for each in plan:
        batch.append(each)
        people = sum(one.people for one in batch)
        if people >= REGISTRATIONS_AT_ONCE or len(batch) >= EVENTS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
