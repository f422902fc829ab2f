"""Until when answers can change, and who never sees them."""

from datetime import timedelta

import pytest

from csd_events.registrations.rules import Said, Wish, may_answer
from tests.factories import DAY, NOON

A_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("starts_at", "over_at", "cancelled_at", "may"),
    [
        (NOON + A_SECOND, NOON + DAY, None, True),
        (NOON, NOON + DAY, None, False),
        (None, None, None, True),
        (None, NOON + A_SECOND, None, True),
        (None, NOON, None, False),
        (NOON + DAY, NOON + DAY, NOON - DAY, False),
    ],
)
def test_answers_can_change_until_the_event_starts(
    starts_at: object, over_at: object, cancelled_at: object, *, may: bool
) -> None:
    assert may_answer(starts_at, over_at, cancelled_at, NOON) is may  # type: ignore[arg-type]


def test_what_somebody_needs_stands_in_no_description_of_their_form() -> None:
    said = Said({1: "an answer"}, "an interpreter")
    wish = Wish(
        slug="talk",
        full_name="Ada",
        email="ada@example.org",
        organization="",
        opened_at=NOON,
        said=said,
    )
    assert (repr(said), "interpreter" in repr(wish)) == ("Said()", False)
