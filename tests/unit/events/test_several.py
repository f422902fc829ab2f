"""The same change made of several events."""

from datetime import datetime, time

from csd_events.events.rules import Contributor, EventDraft, Role, SessionDraft
from csd_events.events.rules.several import SameChange
from tests.factories import make_draft

START = datetime(2030, 5, 11, 8)  # noqa: DTZ001 - what a clock shows


def only_session(**given: object) -> SessionDraft:
    session = SessionDraft(wall_start=START, zone="UTC", id=7)
    for name, value in given.items():
        object.__setattr__(session, name, value)
    return session


def draft_of(session: SessionDraft) -> EventDraft:
    return make_draft(sessions=[session])


def test_a_place_and_a_link_of_its_own_give_way_to_the_same_for_all() -> None:
    draft = draft_of(only_session(place="Room 2", platform_url="https://a.example.org"))
    values = {"place": "Hall", "platform_url": "https://b.example.org"}
    changed = SameChange(values=values).of(draft, ())
    (session,) = changed.sessions
    assert (session.place, session.platform_url) == ("", None)
    assert (changed.place, changed.platform_url) == tuple(values.values())


def test_a_time_of_day_moves_what_has_not_begun_and_keeps_its_day() -> None:
    change = SameChange(values={}, starts_at=time(9), ends_at=time(10))
    (moved,) = change.of(draft_of(only_session()), ()).sessions
    assert (moved.wall_start, moved.wall_end) == (
        START.replace(hour=9),
        START.replace(hour=10),
    )
    (stays,) = change.of(draft_of(only_session()), {7}).sessions
    assert stays.wall_start == START


def test_other_presenters_leave_the_partners() -> None:
    partner = Contributor(role=Role.UNDERWRITER, name="Sample Fund")
    before = Contributor(role=Role.PRESENTER, name="Ada Sample")
    after = Contributor(role=Role.PRESENTER, name="Bea Sample")
    draft = make_draft(contributors=[before, partner])
    changed = SameChange(values={}, presenters=[after]).of(draft, ())
    assert list(changed.contributors) == [after, partner]
