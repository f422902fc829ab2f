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
    """Compare counters, invoices and lists with the registrations they are about."""
    session = db.session()
    counters, charges = service.check_counters(session), service.check_charges(session)
    unlisted = service.check_unlisted(session)
    for line in [*counters, *charges, *unlisted]:
        click.echo(line)
    if counters or charges or unlisted:
        differ = f"{len(counters)}; invoices: {len(charges)}; lists: {len(unlisted)}"
        raise click.ClickException(f"Counters that differ: {differ}")
    click.echo("Every counter, invoice and list agrees with its registrations.")
