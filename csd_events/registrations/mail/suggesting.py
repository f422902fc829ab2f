"""Which case study suits a registrant."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from csd_events.accounts import queries as accounts
from csd_events.core.time import to_wall
from csd_events.core.web import external_url
from csd_events.events.models import Event
from csd_events.library.rules import CaseLine
from csd_events.matching import service as matching
from csd_events.matching.rules import Profile, worksheet_area
from csd_events.organizations import queries as organizations
from csd_events.registrations.models import Registration


def profile_of(session: Session, registration: Registration, now: datetime) -> Profile:
    """Say what we know of a registrant that a case study can be matched to.

    What they prefer counts where the form said nothing, and only once the address is
    known to be theirs.
    """
    day = to_wall(now, registration.event.zone).date()
    known = organizations.profile_of(session, registration.person_id, day)
    person = registration.person
    preferred: tuple[str, ...] = ()
    form = None
    if person.email_confirmed_at is not None:
        form = person.preferred_form
        if not registration.service_area:
            preferred = accounts.list_areas(session, person.id)
    return Profile(
        areas=(registration.service_area,) if registration.service_area else preferred,
        form=form,
        cls=known.population_class if known else None,
        state=registration.us_state or (known.state if known else None),
        type=known.kind if known else None,
    )


def best_case(
    session: Session, registration: Registration, event: Event, *, now: datetime
) -> CaseLine | None:
    """Find the one case study to name to a registrant."""
    return prepare(session, registration, event, now=now)[0]


def prepare(
    session: Session, registration: Registration, event: Event, *, now: datetime
) -> tuple[CaseLine | None, str | None]:
    """Find the one case study for a registrant, and what their worksheet is about."""
    profile, about = profile_of(session, registration, now), matching.about(event)
    found = matching.recommend_at(session, profile, event, now=now)
    return found.first, worksheet_area(profile, about)


def linked(case: CaseLine | None) -> dict[str, Any] | None:
    """Show a case study with its address, as a mail does."""
    if case is None:
        return None
    return {
        "title": case.title,
        "place_words": case.place_words,
        "reasons": case.reasons,
        "confidence": case.confidence,
        "confidence_note": case.confidence_note,
        "vendor_is_underwriter": case.vendor_is_underwriter,
        "underwriter": case.underwriter,
        "url": external_url("library.case_study", case_id=case.id),
    }
