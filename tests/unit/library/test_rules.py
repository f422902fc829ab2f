"""How a case study is shown."""

import pytest

from csd_events.library.rules import is_case_id, place_words, region_words


@pytest.mark.parametrize(
    ("text", "could_be"),
    [
        ("heartland-fire", True),
        ("dakota-911", True),
        ("", False),
        ("Heartland", False),
        ("two--hyphens", False),
        ("one-", False),
        ("nul\0", False),
        ("line\n", False),
        ("ärger", False),
        ("a" * 80, True),
        ("a" * 81, False),
    ],
)
def test_what_could_name_a_case(text: str, *, could_be: bool) -> None:
    assert is_case_id(text) is could_be


@pytest.mark.parametrize(
    ("country", "state", "words"),
    [
        ("US", "NC", "North Carolina"),
        ("US", None, "United States"),
        ("CA", "ON", "Ontario, Canada"),
        ("CA", None, "Canada"),
        ("NZ", None, "NZ"),
    ],
)
def test_a_region_is_named_in_full(country: str, state: str | None, words: str) -> None:
    assert region_words(country, state) == words


@pytest.mark.parametrize(
    ("jurisdictions", "words"),
    [
        (["Troy"], "Troy, Michigan"),
        (["Troy", "Clawson"], "Troy, Clawson, Michigan"),
        (["Troy", "Clawson", "Royal Oak"], "Troy, Clawson and others, Michigan"),
    ],
)
def test_many_partners_are_not_all_named_on_a_card(
    jurisdictions: list[str], words: str
) -> None:
    assert place_words(jurisdictions, "US", "MI") == words
