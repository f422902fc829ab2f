"""How the association speaks: with an address that answers reach."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from csd_events.association import queries
from csd_events.association.rules import AssociationView, may_come_from

#: For how long a process may show what it has read: another one may save a change.
KEPT = timedelta(seconds=5)


def speaker(session: Session, *, now: datetime) -> AssociationView:
    """Return the association with the addresses that its mail goes by.

    What its staff have left empty is the sender of the settings.
    """
    return with_addresses(queries.get(session, now=now, keep_for=KEPT))


def with_addresses(association: AssociationView) -> AssociationView:
    """Say what mail comes from, and where answers go.

    An address that this server may not send from stays where answers go.
    """
    default: str = current_app.config["MAIL_DEFAULT_SENDER"]
    wanted = association.sender_address or default
    return replace(
        association,
        sender_address=wanted if may_come_from(wanted, default) else default,
        reply_address=association.reply_address or wanted,
    )
