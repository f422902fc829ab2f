"""Events that can be watched, as the library's search finds them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.events import queries as events
from csd_events.events import service
from csd_events.events.models import Event
from csd_events.events.queries import as_saved
from csd_events.events.rules import Contributor, Role
from csd_events.library import queries
from csd_events.library import service as library
from csd_events.library.models import LibraryEntry
from csd_events.library.rules.searching import EntryKind, SearchFilters
from tests.factories import NOON, make_event, writing

WATCH = "https://watch.example.org/zucchini"
LATER = NOON + timedelta(days=1)


def recorded(session: Session, **given: Any) -> Event:
    return make_event(
        session,
        slug="zucchini",
        title="Zucchini together",
        summary="What three towns grew.",
        recording_url=WATCH,
        **given,
    )


def found(session: Session, words: str) -> list[str]:
    session.rollback()
    asked = SearchFilters(words=words, kind=EntryKind.RECORDING)
    keys = [row.key for row in queries.search(session, asked).items]
    session.rollback()
    return keys


def save(session: Session, event: Event, **changes: Any) -> None:
    session.rollback()
    with writing(session):
        row = events.get(session, event.id)
        draft = replace(as_saved(row), **changes)
        service.update(session, row.id, draft, version=row.version, now=NOON)


def test_a_recording_is_found_by_its_words_people_and_services(
    session: Session,
) -> None:
    recorded(
        session,
        areas=["parks_recreation"],
        contributors=[Contributor(name="Pat Gardener", role=Role.PRESENTER)],
    )
    for words in ("zucchini", "towns", "gardener", "parks"):
        assert found(session, words) == ["zucchini"]
    facets = queries.search(session, SearchFilters(words="zucchini")).facets
    assert facets["kind"] == {"recording": 1}
    (row,) = session.scalars(select(LibraryEntry))
    assert row.byline.startswith("Pat Gardener")
    assert WATCH not in "".join([row.body, row.body_words, row.byline])


def test_what_cannot_be_watched_is_not_found_and_a_draft_neither(
    session: Session,
) -> None:
    make_event(session, title="Zucchini in a room")
    make_event(session, title="Zucchini draft", draft=True, recording_url=WATCH)
    assert found(session, "zucchini") == []
    session.rollback()
    assert session.scalars(select(LibraryEntry.id)).all() == []


def test_what_is_on_demand_is_found(session: Session) -> None:
    make_event(
        session,
        slug="any-time",
        title="Zucchini",
        on_demand=True,
        sessions=[],
        recording_url=WATCH,
    )
    assert found(session, "zucchini") == ["any-time"]


def test_a_change_is_found_and_a_recording_taken_away_is_not(
    session: Session,
) -> None:
    event = recorded(session)
    save(session, event, title="Pumpkins together")
    assert found(session, "zucchini") == []
    assert found(session, "pumpkin") == ["zucchini"]
    save(session, event, recording_url=None)
    assert found(session, "pumpkin") == []
    save(session, event, recording_url=WATCH)
    assert found(session, "pumpkin") == ["zucchini"]


def test_a_cancelled_event_is_not_found_and_comes_back(session: Session) -> None:
    event = recorded(session)
    session.rollback()
    with writing(session):
        service.mark_cancelled(session, event.id, note="", now=NOON)
    assert found(session, "zucchini") == []
    with writing(session):
        row = events.get(session, event.id)
        sessions = [{"id": e.id, "sequence": e.sequence} for e in row.sessions]
        before = {"sessions": sessions}
        service.put_standing_back(session, row, before, now=LATER, actor_id=None)
    assert found(session, "zucchini") == ["zucchini"]


def test_an_index_written_anew_finds_recordings_as_the_services_left_them(
    app: Flask, session: Session
) -> None:
    recorded(session)
    make_event(session, title="Zucchini in a room")
    rows = select(LibraryEntry.key, LibraryEntry.byline, LibraryEntry.body_words)
    rows = rows.where(LibraryEntry.kind == EntryKind.RECORDING)
    before = session.execute(rows).all()
    session.rollback()
    with writing(session):
        library.reindex(session)  # by whoever knows no events
    assert session.execute(rows).all() == before
    session.rollback()
    with writing(session):
        library.reindex(session, others=app.extensions["csd_findable"])
    assert session.execute(rows).all() == before
    session.rollback()


@pytest.mark.usefixtures("now")
def test_what_was_found_leads_to_the_event(
    client: FlaskClient, session: Session
) -> None:
    recorded(session)
    page = client.get("/library/search?q=zucchini&kind=recording").text
    assert 'href="/events/zucchini"' in page
    assert "Recording (1)" in page
