"""Whatever staff change of what belongs to events is signed, with before and after."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.core.access import Role
from csd_events.events import service as events
from csd_events.events.models import Partner, Presenter
from csd_events.events.rules import Contributor, ProgramDraft
from csd_events.events.rules import Role as Part
from csd_events.organizations.models import (
    Affiliation,
    Membership,
    MembershipType,
    Organization,
)
from csd_events.organizations.service.recording import keys_of
from tests.desk import fields_of, send
from tests.factories import (
    NOON,
    make_account,
    make_conference,
    make_event,
    make_person,
    writing,
)
from tests.library import make_citation, make_desk, make_publication
from tests.visitors import hidden_on

pytestmark = pytest.mark.usefixtures("now")

Place = Callable[[Session], str]
JUNE = {"month": "6", "day": "10", "year": "2030"}
SPEAKERS = [Contributor(role=Part.PRESENTER, name=name) for name in ("Ada", "Ada B.")]
BACKERS = [Contributor(role=Part.UNDERWRITER, name=name) for name in ("Acme", "Acm")]


def boxes(name: str) -> dict[str, str]:
    return {f"{name}-{part}": words for part, words in JUNE.items()}


def stored(session: Session, row: Any) -> int:
    """Keep a row and return its id."""
    session.add(row)
    session.commit()
    made: int = row.id
    return made


def city(session: Session) -> int:
    return stored(session, Organization(name="Sampleton", **keys_of("Sampleton", None)))


def place_held(session: Session) -> str:
    organization, person = city(session), make_person(session)
    held = Affiliation(
        organization_id=organization,
        person_id=person.id,
        position="Clerk",
        from_on=date(2030, 1, 1),
    )
    return f"/staff/organizations/{organization}/people/{stored(session, held)}"


def membership(session: Session) -> str:
    lasts = {"from_on": date(2030, 1, 1), "until_on": date(2030, 12, 31)}
    row = Membership(organization_id=city(session), **lasts)
    return f"/staff/memberships/{stored(session, row)}"


def membership_type(session: Session) -> str:
    given = {"for_organizations": True, "for_people": False, "is_active": True}
    row = MembershipType(name="City", name_key="city", months=12, **given)
    return f"/staff/membership-types/{stored(session, row)}"


def program(session: Session) -> str:
    with writing(session):
        draft = ProgramDraft(name="Sharing", summary="Old words.")
        made = events.create_program(session, draft, now=NOON)
    return f"/staff/programs/{made}/edit"


def draft_event(session: Session) -> str:
    return f"/staff/events/{make_event(session, draft=True).id}/kind"


def named(session: Session, kind: type[Presenter] | type[Partner], deed: str) -> str:
    make_event(session, contributors=[*SPEAKERS, *BACKERS])
    second = session.scalars(select(kind.id).order_by(kind.id.desc())).first()
    folder = "presenters" if kind is Presenter else "partners"
    return f"/staff/{folder}/{second}/{deed}"


def work(session: Session) -> str:
    return f"/staff/library/bibliography/{make_citation(session).id}"


#: The page, what is typed into it, the action the trail shows, and what it says.
FORMS: Mapping[str, tuple[Place, dict[str, Any], str, dict[str, Any]]] = {
    "kind of an event": (
        draft_event,
        {"wanted": "training"},
        "event.saved",
        {"kind": ["webinar", "training"]},
    ),
    "new conference": (
        lambda _session: "/staff/conferences/new",
        {"name": "Annual", "place": "Lakeview", "zone": "America/Chicago"}
        | boxes("first_on")
        | boxes("last_on"),
        "conference.created",
        {"place": [None, "Lakeview"], "first_on": [None, "2030-06-10"]},
    ),
    "conference": (
        lambda session: f"/staff/conferences/{make_conference(session)}/edit",
        {"booth": "Booth 2"},
        "conference.saved",
        {"booth": ["", "Booth 2"]},
    ),
    "new program": (
        lambda _session: "/staff/programs/new",
        {"name": "Sharing"},
        "program.created",
        {"name": [None, "Sharing"]},
    ),
    "program": (
        program,
        {"summary": "New words."},
        "program.saved",
        {"summary": ["Old words.", "New words."]},
    ),
    "presenter": (
        lambda session: named(session, Presenter, "edit"),
        {"title": "Mayor"},
        "presenter.saved",
        {"title": ["", "Mayor"]},
    ),
    "partner": (
        lambda session: named(session, Partner, "edit"),
        {"website": "https://acme.example.org"},
        "partner.saved",
        {"website": [None, "https://acme.example.org"]},
    ),
    "new work": (
        lambda _session: "/staff/library/bibliography/new",
        {"title": "Costs", "publication": "Journal", "topics": ["cost"]},
        "citation.added",
        {"title": [None, "Costs"]},
    ),
    "work": (
        work,
        {"year": "2016"},
        "citation.saved",
        {"year": [2015, 2016]},
    ),
    "new organization": (
        lambda _session: "/staff/organizations/new",
        {"name": "Sampleton"},
        "organization.created",
        {"name": [None, "Sampleton"]},
    ),
    "organization": (
        lambda session: f"/staff/organizations/{city(session)}/edit",
        {"external_id": "A-7"},
        "organization.saved",
        {"external_id": [None, "A-7"]},
    ),
    "new place in an organization": (
        lambda session: f"/staff/organizations/{city(session)}/people/new",
        {"email": "ada@example.org", "full_name": "Ada", "position": "Clerk"},
        "affiliation.recorded",
        {"position": [None, "Clerk"]},
    ),
    "place in an organization": (
        place_held,
        {"position": "City Manager"},
        "affiliation.saved",
        {"position": ["Clerk", "City Manager"]},
    ),
    "new membership": (
        lambda session: f"/staff/memberships/new?organization={city(session)}",
        boxes("first_on") | boxes("last_on"),
        "membership.recorded",
        {"from_on": "2030-06-10"},
    ),
    "membership": (
        membership,
        boxes("first_on"),
        "membership.saved",
        {"from_on": ["2030-01-01", "2030-06-10"]},
    ),
    "new kind of membership": (
        lambda _session: "/staff/membership-types/new",
        {"name": "County", "months": "12", "for_organizations": "y"},
        "membership_type.created",
        {"name": [None, "County"]},
    ),
    "kind of membership": (
        membership_type,
        {"months": "6"},
        "membership_type.saved",
        {"months": [12, 6]},
    ),
}


def told(session: Session) -> AuditEntry:
    """Return what the trail says last."""
    session.rollback()
    latest = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalars(latest).one()


@pytest.mark.parametrize("name", FORMS)
def test_what_a_form_changes_is_signed_with_before_and_after(
    app: Flask, session: Session, name: str
) -> None:
    place, typed, action, wanted = FORMS[name]
    scheduler = make_account(session, role=Role.SCHEDULER)
    answer = send(app.test_client(user=scheduler), place(session), typed)
    assert answer.status_code == 303
    entry = told(session)
    seen = {field: entry.changes.get(field) for field in wanted}
    assert (entry.action, entry.actor_id, seen) == (
        action,
        scheduler.person_id,
        wanted,
    )


@pytest.mark.parametrize("kind", [Presenter, Partner])
def test_who_made_two_of_one_stands_in_the_trail(
    app: Flask, session: Session, kind: type[Presenter] | type[Partner]
) -> None:
    scheduler = make_account(session, role=Role.SCHEDULER)
    path = named(session, kind, "merge")
    kept = session.scalars(select(kind.id).order_by(kind.id)).first()
    send(app.test_client(user=scheduler), path, {"into": str(kept)})
    entry = told(session)
    assert (entry.action, entry.actor_id) == (
        f"{kind.__name__.lower()}.merged",
        scheduler.person_id,
    )


def press(browser: FlaskClient, page: str, path: str, **typed: str) -> None:
    token = hidden_on(browser.get(page), "csrf_token")
    assert browser.post(path, data={"csrf_token": token} | typed).status_code == 303


def test_the_list_of_a_conference_is_counted_and_signed_and_names_nobody(
    app: Flask, session: Session
) -> None:
    scheduler = make_account(session, role=Role.SCHEDULER)
    browser = app.test_client(user=scheduler)
    page = f"/staff/conferences/{make_conference(session)}/addresses"
    token = fields_of(browser.get(page).text)["csrf_token"]
    typed = {"csrf_token": token, "mode": "add", "listed": "ada@example.org"}
    checked = browser.post(f"{page}/check", data=typed)
    browser.post(page, data=fields_of(checked.text))
    added = told(session)
    press(browser, page, f"{page}/remove", email_key="ada@example.org")
    removed = told(session)
    assert [(each.actor_id, each.changes) for each in (added, removed)] == [
        (scheduler.person_id, {"addresses": [0, 1]}),
        (scheduler.person_id, {"addresses": [1, 0]}),
    ]


def test_what_is_retired_and_brought_back_is_signed(
    app: Flask, session: Session
) -> None:
    scheduler = make_account(session, role=Role.SCHEDULER)
    browser = app.test_client(user=scheduler)
    desk = make_desk(Path(app.config["FILES_FOLDER"]))
    published = make_publication(session, desk)
    book = f"/staff/library/publications/{published.id}"
    paper = work(session)
    before = told(session).id
    for page in (book, paper):
        if page == book:
            send(browser, f"{page}/retire")
        else:
            press(browser, page, f"{page}/retire")
        press(browser, page, f"{page}/bring-back")
    session.rollback()
    later = select(AuditEntry).where(AuditEntry.id > before).order_by(AuditEntry.id)
    assert [(each.action, each.actor_id) for each in session.scalars(later)] == [
        (f"{kind}.{deed}", scheduler.person_id)
        for kind in ("publication", "citation")
        for deed in ("retired", "brought_back")
    ]
