"""The pages that presenters have of their own: their links, and what they correct."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.core.errors import RefusedError
from csd_events.events.models import Presenter
from csd_events.events.rules import LINK_MAIL, Correction, PresenterDraft
from csd_events.events.service.belongings import lock_row
from csd_events.events.service.presenters import Done, write_contributor
from csd_events.outbox import service as outbox

#: What they may change, and what is kept of before.
CORRECTED = ("title", "organization", "about")


class NotSent(StrEnum):
    """Why a presenter is not mailed a link."""

    NO_ADDRESS = "no_address"


def send_link(
    session: Session, presenter_id: int, *, now: datetime, actor_id: int | None = None
) -> str:
    """Mail a presenter the link of their page. Return the address it goes to.

    Pressed twice within a minute it goes once.

    Raises:
        NotFoundError: There is none of this id.
        RefusedError: We have no address of theirs.
    """
    row = lock_row(session, Presenter, presenter_id)
    if not row.email:
        raise RefusedError(NotSent.NO_ADDRESS)
    is_new = outbox.enqueue(
        session,
        key=f"{LINK_MAIL}:{row.id}:{row.link_version}:{now:%Y%m%d%H%M}:{row.email}",
        kind=LINK_MAIL,
        subject_id=row.id,
        to_address=row.email,
        due_at=now,
        now=now,
    )
    if is_new:
        audit.record(
            session,
            "presenter.link_sent",
            subject_id=row.id,
            actor_id=actor_id,
            now=now,
            changes={"to": [None, row.email]},
        )
    return row.email


def renew_link(
    session: Session, presenter_id: int, *, now: datetime, actor_id: int | None = None
) -> None:
    """End the link to a presenter's page and their calendar's address.

    Raises:
        NotFoundError: There is none of this id.
    """
    row = lock_row(session, Presenter, presenter_id)
    row.link_version += 1
    audit.record(
        session, "presenter.link_ended", subject_id=row.id, actor_id=actor_id, now=now
    )


def correct(
    session: Session,
    presenter_id: int,
    said: Correction,
    *,
    version: int,
    now: datetime,
) -> bool:
    """Let a presenter change what is said of them. Return whether anything changed.

    It shows at once; staff find on their desk that it did, and can put back what was
    said before the first change that they have not looked at.

    Raises:
        ProblemsError: Another presenter has this name and organization.
        StaleError: Somebody saved it after the form was opened.
    """
    row = session.get_one(Presenter, presenter_id, populate_existing=True)
    before = {name: getattr(row, name) for name in CORRECTED}
    done = Done("presenter.corrected", now)
    draft = _draft_of(row, said)
    if not write_contributor(
        session, Presenter, presenter_id, draft, version=version, done=done
    ):
        return False
    row.former = row.former or before
    row.corrected_at = now
    return True


def settle(
    session: Session,
    presenter_id: int,
    *,
    put_back: bool,
    version: int,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Say that staff have looked at what a presenter changed, or put it back.

    Again does nothing.

    Args:
        put_back: What was said before is said again.
        version: Of the presenter as staff saw them.

    Raises:
        ProblemsError: Another presenter has the former name and organization by now.
        StaleError: They, or somebody, saved it meanwhile.
    """
    row = session.get_one(Presenter, presenter_id, populate_existing=True)
    if row.former is None:
        return
    if put_back:
        done = Done("presenter.put_back", now, actor_id)
        draft = _draft_of(row, Correction(**row.former))
        write_contributor(
            session, Presenter, presenter_id, draft, version=version, done=done
        )
    else:
        lock_row(session, Presenter, presenter_id, version=version)
        audit.record(
            session,
            "presenter.looked_at",
            subject_id=presenter_id,
            actor_id=actor_id,
            now=now,
        )
    row.former = row.corrected_at = None


def _draft_of(row: Presenter, said: Correction) -> PresenterDraft:
    return PresenterDraft(
        full_name=row.full_name,
        title=said.title,
        organization=said.organization,
        about=said.about,
        email=row.email,
        telephone=row.telephone,
    )
