"""What is said of a presenter, changed by them and by staff at one moment."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.audit.models import AuditEntry
from csd_events.events.service.presenting import CORRECTED
from tests.crowd import Form, Post, by_staff
from tests.desk import fields_of, staff_browser
from tests.staging import make_stage_event, page_of, presenter_named

pytestmark = pytest.mark.usefixtures("now")
ROUNDS = 5


def test_of_a_presenter_and_staff_who_save_at_once_one_is_shown_what_the_other_said(
    app: Flask, session: Session, post: Post
) -> None:
    """Nobody's words are written over unseen; what was said before can come back."""
    make_stage_event(session)
    staff, own = staff_browser(app, session), app.test_client()
    for turn in range(1, ROUNDS + 1):
        ada = presenter_named(session)
        said, former = {name: getattr(ada, name) for name in CORRECTED}, ada.former
        about = f"{page_of(app, ada)}/about"
        typed = fields_of(own.get(about).text) | {"about": f"I lead, {turn}."}
        desk = by_staff(
            staff, f"/staff/presenters/{ada.id}/edit", about=f"She leads, {turn}."
        )
        assert post([Form(about, typed), desk]) == Counter({303: 1, 409: 1})
        ada = presenter_named(session)
        changes = session.scalars(
            select(func.count()).where(AuditEntry.subject_kind == "presenter")
        ).one()
        assert changes == turn
        if ada.about.startswith("I lead"):
            assert ada.former == (former or said)
        else:
            assert (ada.about, ada.former) == (f"She leads, {turn}.", former)
