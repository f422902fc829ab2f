"""Sending somebody the link of their worksheet."""

from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.accounts.rules import email_key
from csd_events.core import limits
from csd_events.core.errors import TooManyError
from csd_events.outbox import service as outbox
from csd_events.worksheets.rules import LINK_MAIL, LINKS_A_NETWORK, LINKS_AN_ADDRESS


def send_link(
    session: Session,
    worksheet_id: int,
    email: str,
    *,
    now: datetime,
    network_address: str | None,
) -> None:
    """Mail the link of a worksheet to an address, three times an hour at most.

    It is answered alike however often the address was written to.

    Raises:
        TooManyError: Too many were sent from one network address.
    """
    if network_address:
        asked = limits.count(
            session, what="worksheet link", who=network_address, now=now
        )
        if asked > LINKS_A_NETWORK:
            raise TooManyError("links of worksheets from one network address")
    who = email_key(email)
    times = limits.count(session, what="worksheet link", who=who, now=now)
    if times > LINKS_AN_ADDRESS:
        return
    hour = limits.hour_of(now)
    outbox.enqueue(
        session,
        key=f"{LINK_MAIL}:{worksheet_id}:{hour:%Y%m%d%H}:{times}:{who}",
        kind=LINK_MAIL,
        subject_id=worksheet_id,
        to_address=email,
        due_at=now,
        now=now,
    )
