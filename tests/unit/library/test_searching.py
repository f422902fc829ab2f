"""What is shown of what was found: hits marked, and the words around them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.core.search import MOST_WORDS, asked_words, words_of
from csd_events.library.rules.searching import (
    SHOWN,
    Piece,
    SearchFilters,
    excerpt,
    marked,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Cañon City\u2019s public-private pact",
            "canon citys public private pact",
        ),
        ("Montréal & Straße №5", "montreal strasse no5"),
        ("9-1-1 (dispatch)", "9 1 1 dispatch"),
        ("_ % \0 ^", ""),
    ],
)
def test_words_are_kept_apart_without_marks_and_accents(text: str, words: str) -> None:
    assert words_of(text) == words


def test_words_that_stand_in_every_text_are_not_looked_for() -> None:
    asked = asked_words("AND the Fire -x ^ fire OR district")
    assert asked == ["fire", "x", "district"]
    assert asked_words("to be or not to be") == []
    assert len(asked_words(" ".join(f"w{n}" for n in range(50)))) == MOST_WORDS


@pytest.mark.parametrize(
    ("text", "words", "hits"),
    [
        ("Three cities share", ["city", "sharing"], ["cities", "share"]),
        ("Cañon CITY", ["canon", "cities"], ["Cañon", "CITY"]),
        ("The city's fire-fighters", ["citys", "fire"], ["city's", "fire"]),
        ("Can\u0303on", ["canon"], ["Cañon"]),
        ("Consolidated dispatch", ["consolidation"], ["Consolidated"]),
        ("Nothing here", ["zebra"], []),
        ("fire", [], []),
    ],
)
def test_hits_are_marked_in_whatever_number_or_case(
    text: str, words: list[str], hits: list[str]
) -> None:
    assert [piece.words for piece in marked(text, words) if piece.is_hit] == hits


def test_an_excerpt_stands_around_the_first_hit() -> None:
    text = f"{'before ' * 60}a shared engine {'after ' * 60}"
    pieces = excerpt(text, ["engines"])
    words = "".join(piece.words for piece in pieces)
    assert words.startswith("… before")
    assert words.endswith("after …")
    assert Piece("engine", is_hit=True) in pieces
    assert len(words) <= SHOWN + 4


def test_an_excerpt_without_a_hit_is_the_beginning() -> None:
    assert excerpt("Short and whole.", ["zebra"]) == (Piece("Short and whole."),)
    long = "".join(piece.words for piece in excerpt("word " * 100, []))
    assert (long[:4], long[-6:]) == ("word", "word …")
    assert excerpt("", []) == ()
    assert excerpt("x" * 500, [])[0].words == "x" * SHOWN + " …"


@given(st.text(max_size=400), st.lists(st.text(max_size=8), max_size=4))
def test_marking_loses_no_letter(text: str, words: list[str]) -> None:
    whole = "".join(piece.words for piece in marked(text, words))
    assert whole == unicodedata.normalize("NFC", text)
    assert excerpt(text, words) is not None


def test_filters_that_ask_for_nothing_say_so() -> None:
    assert not SearchFilters().asks
    assert SearchFilters(words="fire").asks
    assert SearchFilters(state="MN").asks
