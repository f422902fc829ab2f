"""What fits which format, and what is dropped when one becomes another."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.rules import (
    Contributor,
    EventDraft,
    Format,
    Kind,
    Problem,
    Role,
    SessionDraft,
    dropped,
    format_of,
    lacking,
    lost_sessions,
    reshaped,
)

ZONE, OWN = "America/New_York", "https://a.example.org"
ADA = Contributor(role=Role.PRESENTER, name="Ada Sample")
BOB = Contributor(role=Role.PRESENTER, name="Bob Sample")


def sitting(day: int, **given: Any) -> SessionDraft:
    start = datetime(2030, 5, day, 9)  # noqa: DTZ001 - a clock on the wall
    return SessionDraft(id=day, wall_start=start, zone=ZONE, **given)


PROGRAM = EventDraft(
    title="A program",
    kind=Kind.TRAINING,
    zone=ZONE,
    sessions=[
        sitting(
            1, place="Room 1", platform_url="https://a.example.org", contributors=[BOB]
        ),
        sitting(2),
    ],
    contributors=[ADA],
    place="Town hall",
    capacity=0,
    completes_after=1,
    prerequisites=[7],
)


@pytest.mark.parametrize("each", Format)
def test_a_format_is_known_again_by_its_kind_and_by_being_on_demand(
    each: Format,
) -> None:
    assert format_of(each.kind, on_demand=each is Format.ON_DEMAND) is each


def test_a_program_made_a_webinar_drops_its_rooms_rules_and_later_sessions() -> None:
    assert dropped(PROGRAM, Format.WEBINAR) == [
        "place",
        "completes_after",
        "prerequisites",
    ]
    assert lost_sessions(PROGRAM, Format.WEBINAR) == 1
    made = reshaped(PROGRAM, Format.WEBINAR)
    assert made.format is Format.WEBINAR
    assert made.sessions == [sitting(1)]
    # What was the session's own is the event's now.
    assert (made.platform_url, made.contributors) == (
        "https://a.example.org",
        [ADA, BOB],
    )
    assert (made.place, made.capacity, made.title) == ("", 0, "A program")


def test_who_presents_the_program_and_its_first_session_stands_once() -> None:
    both = replace(
        PROGRAM, sessions=[replace(PROGRAM.sessions[0], contributors=[ADA, BOB])]
    )
    assert reshaped(both, Format.WEBINAR).contributors == [ADA, BOB]


def test_a_program_made_a_forum_keeps_its_room() -> None:
    made = reshaped(PROGRAM, Format.FORUM)
    assert [each.place for each in made.sessions] == ["Room 1"]
    assert made.place == "Town hall"


def test_a_forum_made_another_kind_requires_no_conference() -> None:
    forum = replace(
        reshaped(PROGRAM, Format.FORUM), conference_id=3, requires_conference=True
    )
    assert dropped(forum, Format.TRAINING) == ["conference_id", "requires_conference"]
    made = reshaped(forum, Format.TRAINING)
    assert (made.conference_id, made.requires_conference) == (None, False)


def test_what_is_watched_on_demand_has_no_time_and_no_limit() -> None:
    assert lost_sessions(PROGRAM, Format.ON_DEMAND) == 2
    made = reshaped(PROGRAM, Format.ON_DEMAND)
    assert (made.format, made.sessions, made.capacity) == (Format.ON_DEMAND, (), None)
    assert made.contributors == [ADA, BOB]


@given(st.sampled_from(Format), st.sampled_from(Format))
def test_nothing_that_does_not_fit_is_left(one: Format, other: Format) -> None:
    made = reshaped(reshaped(PROGRAM, one), other)
    assert (made.format, dropped(made, other), lost_sessions(made, other)) == (
        other,
        [],
        0,
    )


def test_the_same_format_changes_nothing() -> None:
    assert reshaped(PROGRAM, Format.TRAINING) == PROGRAM


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Format.WEBINAR, ["summary", "offers", "starts", "platform_url"]),
        (Format.ON_DEMAND, ["summary", "offers", "recording_url"]),
        (Format.FORUM, ["summary", "offers", "starts", "conference_id"]),
        (Format.TRAINING, ["summary", "offers", "starts", "platform_url"]),
    ],
)
def test_each_format_needs_what_people_need_of_it(
    wanted: Format, names: list[str]
) -> None:
    assert list(lacking(wanted, set())) == names
    assert lacking(wanted, set(names)) == {}
    assert lacking(wanted, set(names[1:])) == {"summary": Problem.NO_SUMMARY}
