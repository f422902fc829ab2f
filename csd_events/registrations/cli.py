"""``flask registrations``: what the program also does by itself, by hand or cron."""

import click

from csd_events.core.clock import now
from csd_events.core.commands import Commands
from csd_events.core.db import db, transaction
from csd_events.registrations import service

registrations_cli = Commands("registrations", help="Reminders, and counting places.")


@registrations_cli.command("remind")
def remind() -> None:
    """Queue the reminders that are due. Safe to repeat."""
    with transaction() as session:
        queued = service.queue_reminders(session, now=now())
    click.echo(f"Reminders queued: {queued}")


@registrations_cli.command("check")
def check() -> None:
    """Compare counters, and invoices, with the registrations they are about."""
    session = db.session()
    counters, charges = service.check_counters(session), service.check_charges(session)
    for line in [*counters, *charges]:
        click.echo(line)
    if counters or charges:
        words = f"Counters that differ: {len(counters)}; invoices: {len(charges)}"
        raise click.ClickException(words)
    click.echo("Every counter and every invoice agrees with its registrations.")
