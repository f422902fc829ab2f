"""Addresses of events that are saved at the same moment."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.events import service
from csd_events.events.models import EventSlug
from tests.factories import NOON, make_draft
from tests.together import together

STAFF = 4


def test_events_of_one_title_saved_at_once_get_addresses_of_their_own(
    app: Flask, session: Session
) -> None:
    def save() -> None:
        with transaction() as own:
            service.create(own, make_draft(title="Soil sampling"), now=NOON)

    assert together(app, *[save] * STAFF) == []
    slugs = session.scalars(select(EventSlug.slug).order_by(EventSlug.slug)).all()
    assert slugs == [
        "soil-sampling",
        "soil-sampling-2",
        "soil-sampling-3",
        "soil-sampling-4",
    ]
