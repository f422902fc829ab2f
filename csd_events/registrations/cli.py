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
    """Compare the counters of places with the registrations they count."""
    differences = service.check_counters(db.session())
    for line in differences:
        click.echo(line)
    if differences:
        raise click.ClickException(f"Counters that differ: {len(differences)}")
    click.echo("Every counter agrees with its registrations.")
