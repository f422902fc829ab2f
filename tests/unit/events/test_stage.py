"""Naming those on stage, and who stands behind an event."""

from hypothesis import given
from hypothesis import strategies as st

from csd_events.events.models import Contribution, Partner, Presenter
from csd_events.events.rules import Role
from csd_events.events.words import stage_words, support_words, together
from csd_events.events.words.stage import MOST_NAMED
from csd_events.library.rules import vendor_among

NAMES = st.lists(st.text("abcdef", min_size=3), min_size=1, max_size=20, unique=True)


def on_stage(name: str, role: Role = Role.PRESENTER) -> Contribution:
    return Contribution(role=role, presenter=Presenter(full_name=name))


def behind(name: str, role: Role) -> Contribution:
    return Contribution(role=role, partner=Partner(name=name))


@given(NAMES)
def test_the_first_names_are_said_and_the_others_counted(names: list[str]) -> None:
    words = together(names)
    assert [name for name in names[:MOST_NAMED] if name not in words] == []
    left = len(names) - MOST_NAMED
    assert words.endswith(f"{left} others" if left > 0 else names[-1])


def test_each_is_named_once_and_a_moderator_as_one() -> None:
    people = [on_stage("Ada"), on_stage("Ada"), on_stage("Ben", Role.MODERATOR)]
    assert stage_words(people) == "With Ada and Ben (moderator)."
    assert stage_words([]) == ""


def test_who_makes_it_with_us_stands_before_who_pays() -> None:
    behind_it = [
        behind("One Company", Role.UNDERWRITER),
        behind("A League", Role.CO_PRODUCER),
        behind("Two Company", Role.UNDERWRITER),
    ]
    assert support_words(behind_it) == (
        "Produced together with A League. With support from One Company and "
        "Two Company."
    )
    assert support_words([on_stage("Ada")]) == ""


def test_a_vendor_is_known_by_its_whole_name_however_it_is_written() -> None:
    said = "The first vendor, CH2M HILL, also paid for the program."
    assert vendor_among(said, ["Other Inc.", "Ch2m Hill"]) == "Ch2m Hill"
    assert vendor_among(said, ["CH2M"]) == "CH2M"
    assert vendor_among(said, ["H2M Hill", "Hillside", "vend"]) is None
    assert vendor_among("", ["CH2M HILL"]) is None
