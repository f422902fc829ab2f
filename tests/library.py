"""Publications and works to test with. Each is valid as it comes."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from csd_events.core.files import FileStore
from csd_events.library import service
from csd_events.library.models import Citation, Publication
from csd_events.library.rules import Confidence, Outcome
from csd_events.library.rules.casework import CaseDraft, SourceDraft
from csd_events.library.rules.citing import Verification
from csd_events.library.rules.publishing import (
    CitationDraft,
    PublicationDraft,
    PublicationKind,
)
from csd_events.library.service import Desk, Upload
from tests.factories import NOON, writing

TODAY = date(2030, 5, 1)


def look_again(session: Session) -> None:
    """Let a test's session see what a browser has saved since it last looked."""
    session.rollback()
    session.expire_all()


def make_desk(folder: Path, **given: Any) -> Desk:
    defaults: dict[str, Any] = {"store": FileStore(folder), "now": NOON, "today": TODAY}
    return Desk(**defaults | given)


def make_draft(**given: Any) -> PublicationDraft:
    """An e-book that is published today."""
    defaults: dict[str, Any] = {
        "kind": PublicationKind.E_BOOK,
        "title": "Sharing a mower",
        "summary": "What two towns learned.",
        "published_on": TODAY,
    }
    return PublicationDraft(**defaults | given)


def make_upload(content: bytes = b"Words.", **given: Any) -> Upload:
    defaults: dict[str, Any] = {"file": BytesIO(content), "name": "mower.txt"}
    return Upload(**defaults | given)


def make_publication(
    session: Session, desk: Desk, *, file: bytes | None = b"Words.", **given: Any
) -> Publication:
    """A publication with one version, or a draft where `file` is None."""
    if file is None:
        given.setdefault("published_on", None)
    upload = None if file is None else make_upload(file)
    with writing(session):
        return service.add_publication(session, make_draft(**given), upload, desk)


def make_work(**given: Any) -> CitationDraft:
    defaults: dict[str, Any] = {
        "authors": "Bel, G., and Warner, M. E.",
        "year": 2015,
        "title": "Cooperation and costs",
        "publication": "Public Administration",
        "topics": ("cost",),
        "verification": Verification.PAGE,
        "address": "https://www.example.org/paper",
    }
    return CitationDraft(**defaults | given)


def make_case_draft(**given: Any) -> CaseDraft:
    """A small case study, with one source."""
    defaults: dict[str, Any] = {
        "title": "Two towns, one mower",
        "jurisdictions": ("Ashfield", "Buckland"),
        "country": "US",
        "state": "MA",
        "areas": ("fleet_equipment",),
        "form": "public_public_horizontal",
        "facts": ("They bought one mower.",),
        "outcome": Outcome.ENDED,
        "sources": (SourceDraft("A page", "https://example.org/mower", "whole page"),),
        "confidence": Confidence.MEDIUM,
        "confidence_note": "One page, by one of them.",
    }
    return CaseDraft(**defaults | given)


def make_citation(session: Session, **given: Any) -> Citation:
    with writing(session):
        return service.add_citation(
            session, make_work(**given), now=NOON, actor_id=None
        )
