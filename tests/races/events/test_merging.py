"""Two presenters, each made the other at one moment."""

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from csd_events.core.db import transaction
from csd_events.core.errors import NotFoundError
from csd_events.events import service
from csd_events.events.models import Presenter
from csd_events.events.rules import Contributor, Role
from tests.factories import NOON, make_event
from tests.together import together

ROUNDS = 6


def _merging(gone: int, kept: int) -> object:
    def merge() -> None:
        with transaction() as own:
            service.merge_contributors(own, Presenter, gone, into_id=kept, now=NOON)

    return merge


def test_of_two_merges_the_other_way_round_one_is_done_and_the_other_finds_nobody(
    app: Flask, session: Session
) -> None:
    for turn in range(1, ROUNDS + 1):
        names = [f"Ada {turn}", f"Bea {turn}"]
        for name in names:
            contributor = Contributor(role=Role.PRESENTER, name=name)
            make_event(session, contributors=[contributor])
        of_turn = select(Presenter.id).where(Presenter.full_name.in_(names))
        one, other = session.scalars(of_turn.order_by(Presenter.id)).all()
        session.rollback()
        errors = together(app, _merging(one, other), _merging(other, one))
        assert [type(error) for error in errors] == [NotFoundError]
        assert session.scalar(select(func.count(Presenter.id))) == turn
        session.rollback()
