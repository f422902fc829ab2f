"""``flask accounts``: who may work at the staff desk."""

import sys

import click
from sqlalchemy.orm import Session

from csd_events.accounts import queries, service
from csd_events.accounts.rules import (
    DIFFERENT_CHARACTERS,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    PasswordFlaw,
    Refusal,
    password_flaw,
)
from csd_events.core.access import Role
from csd_events.core.clock import now
from csd_events.core.commands import Commands
from csd_events.core.db import db, transaction
from csd_events.core.errors import RefusedError
from csd_events.core.fields import address_objection
from csd_events.core.passwords import passwords
from csd_events.core.text import has_control_characters, one_line

accounts_cli = Commands("accounts", help="Accounts and what they may do.")

STAFF_ROLES = [role.value for role in Role if role not in {Role.NONE, Role.PROGRAM}]
FLAWS = {
    PasswordFlaw.TOO_SHORT: f"A password needs {PASSWORD_SHORTEST} characters or more.",
    PasswordFlaw.TOO_LONG: f"A password has at most {PASSWORD_LONGEST} characters.",
    PasswordFlaw.TOO_PLAIN: (
        f"A password needs {DIFFERENT_CHARACTERS} different characters or more."
    ),
    PasswordFlaw.IS_THE_ADDRESS: "The address itself is no password.",
}
CALLED = {Role.SCHEDULER: "a scheduler", Role.ADMINISTRATOR: "an administrator"}
REFUSALS = {
    Refusal.HAS_ACCOUNT: "Somebody has just made that account; run the command again.",
    Refusal.LAST_ADMINISTRATOR: (
        "This is the last administrator; make somebody else one first."
    ),
    Refusal.NOT_CONFIRMED: (
        "Nobody has confirmed this address yet: its owner signs in by mail first."
    ),
}


@accounts_cli.command("make-staff")
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice(STAFF_ROLES),
    help="What they may do; without it the first one becomes administrator.",
)
@click.option("--name", help="Full name, for a new account; asked for if not given.")
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password of a new account from standard input.",
)
def make_staff(
    email: str,
    role: str | None,
    name: str | None,
    password_stdin: bool,  # noqa: FBT001 - click calls it
) -> None:
    """Let the person with this address work at the staff desk."""
    email = email.strip()
    objection = address_objection(email)
    if objection is not None:
        raise click.ClickException(objection)
    new = queries.find_account(db.session(), email) is None
    given = _ask_for(email, name, from_input=password_stdin) if new else None
    try:
        with transaction() as session:
            if given is not None:
                _create(session, email, *given)
            made = _promote(session, email, Role(role) if role else None)
    except RefusedError as error:
        raise click.ClickException(REFUSALS[Refusal(error.reason)]) from error
    click.echo(f"{email} is {CALLED[made]} now.")


def _ask_for(email: str, name: str | None, *, from_input: bool) -> tuple[str, str]:
    """Return the name of a new account and the hash of its password."""
    if from_input and name is None:
        raise click.ClickException("With --password-stdin, give --name too.")
    if name is None:
        name = click.prompt("Full name")
    name = name.strip()
    if not name or has_control_characters(name):
        raise click.ClickException("A name is one line of ordinary letters.")
    if from_input:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    flaw = password_flaw(password, email=email)
    if flaw is not None:
        raise click.ClickException(FLAWS[flaw])
    return one_line(name), passwords().hash(password)


def _create(session: Session, email: str, name: str, password_hash: str) -> None:
    """Make an account, for an address that the operator vouches for."""
    person_id = service.find_or_create_person(
        session, email=email, full_name=name, now=now()
    )
    service.confirm_address(session, person_id, now=now())
    service.create_account(
        session, person_id, full_name=name, password_hash=password_hash, now=now()
    )


def _promote(session: Session, email: str, asked: Role | None) -> Role:
    account = queries.get_account(session, email)
    role = asked or _usual_role(session, account.role)
    service.grant_role(session, account.id, role, now=now())
    return role


def _usual_role(session: Session, present: Role) -> Role:
    if not queries.has_administrator(session):
        return Role.ADMINISTRATOR
    return Role.SCHEDULER if present is Role.NONE else present
