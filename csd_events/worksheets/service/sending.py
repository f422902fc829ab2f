"""Sending somebody the link of their worksheet, or of the group that they lead."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.accounts.rules import email_key
from csd_events.core import limits
from csd_events.core.errors import TooManyError
from csd_events.outbox import service as outbox
from csd_events.worksheets.rules import (
    GROUP_LINK_MAIL,
    LINK_MAIL,
    LINKS_A_NETWORK,
    LINKS_AN_ADDRESS,
)

WHAT = "worksheet link"


@dataclass(frozen=True, slots=True)
class Sending:
    """An address that asks for a link, and where it was asked from.

    Attributes:
        network_address: None where that is not counted.
    """

    email: str
    network_address: str | None


def send_link(
    session: Session, worksheet_id: int, sending: Sending, *, now: datetime
) -> None:
    """Mail the link of a worksheet to an address, three times an hour at most.

    It is answered alike however often the address was written to.

    Raises:
        TooManyError: Too many were sent from one network address.
    """
    _send(session, LINK_MAIL, worksheet_id, sending, now)


def send_group_link(
    session: Session, group_id: int, sending: Sending, *, now: datetime
) -> None:
    """Mail the link of who leads a group; counted together with those of worksheets.

    Raises:
        TooManyError: Too many were sent from one network address.
    """
    _send(session, GROUP_LINK_MAIL, group_id, sending, now)


def _send(
    session: Session, kind: str, subject_id: int, sending: Sending, now: datetime
) -> None:
    if (network := sending.network_address) is not None:
        asked = limits.count(session, what=WHAT, who=network, now=now)
        if asked > LINKS_A_NETWORK:
            raise TooManyError("links of worksheets from one network address")
    who = email_key(sending.email)
    times = limits.count(session, what=WHAT, who=who, now=now)
    if times > LINKS_AN_ADDRESS:
        return
    hour = limits.hour_of(now)
    outbox.enqueue(
        session,
        key=f"{kind}:{subject_id}:{hour:%Y%m%d%H}:{times}:{who}",
        kind=kind,
        subject_id=subject_id,
        to_address=sending.email,
        due_at=now,
        now=now,
    )
