"""Somebody on stage with a picture and a page of their own; one without anything."""

from io import BytesIO

from flask import Flask
from sqlalchemy.orm import Session

from csd_events.core.files import FileStore
from csd_events.core.tokens import Purpose, links
from csd_events.events import queries as events
from csd_events.events import service
from csd_events.events.models import Presenter
from csd_events.events.rules import Correction, QuestionDraft, QuestionKind
from csd_events.events.service import Portrait
from csd_events.registrations.rules import Said
from tests.factories import DAY, NOON, make_registration, writing
from tests.staging import ADA, BEN, drawn, make_stage_event, presenter_named

LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwe"


def on_stage(app: Flask, session: Session) -> dict[str, str | int]:
    """Put people on stage, and return what their pages want."""
    asked = QuestionDraft(
        kind=QuestionKind.LONG, label="What would you ask?", for_presenters=True
    )
    event = make_stage_event(
        session,
        slug="staged",
        title="On stage",
        starts_at=NOON + 45 * DAY,
        description="1. Welcome\n2. What it cost\n3. Your questions",
        contributors=[ADA, BEN],
        questions=[asked],
        contact="Dana Sample, dana@example.org",
    )
    (question,) = (each.id for each in events.get(session, event.id).questions)
    for words in ("Who pays for the training of dispatchers?", LONG * 3):
        make_registration(session, event, said=Said({question: words}))
    for _ in range(5):
        make_registration(session, event, us_state="OH")
    ada, ben = presenter_named(session), presenter_named(session, "Ben Sample")
    with writing(session):
        portrait = Portrait(file=BytesIO(drawn()), alt="A drawing, red and blue")
        store = FileStore(app.config["FILES_FOLDER"])
        service.save_picture(session, ada.id, portrait, store=store, now=NOON)
        said = Correction(
            title="Fire chief", organization=ADA.organization, about="Leads *many*."
        )
        service.correct(session, ada.id, said, version=1, now=NOON)
    with writing(session):
        service.send_link(session, ada.id, now=NOON)
        lonely = Presenter(
            slug="lonely",
            full_name="Lonely Sample",
            name_key="lonely sample",
            title="",
            organization="",
        )
        session.add(lonely)
        session.flush()
        lonely_id = lonely.id
    pictured = presenter_named(session).picture or ""
    with app.app_context():
        token = links().token
        return {
            "presenting": token(Purpose.PRESENTER, ada.id, 1),
            "presenting_nothing": token(Purpose.PRESENTER, lonely_id, 1),
            "presenting_feed": token(Purpose.PRESENTER_FEED, ben.id, 1),
            "pictured": ada.id,
            "picture": pictured,
            "staged": event.id,
        }
