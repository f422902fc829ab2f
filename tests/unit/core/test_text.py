"""Words as they come in and as they go out."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.core.text import (
    fold,
    has_control_characters,
    looks_like_an_advertisement,
    markdown,
    one_line,
    slugify,
    unbroken,
    with_addresses,
)

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "name",
    [
        "win at casino.example",
        "Visit www.",
        "WWW.EXAMPLE",
        "http://x",
        "a/b",
        "me@here",
        "J.P. Sample",
    ],
)
def test_a_name_that_could_carry_a_link_looks_like_an_advertisement(name: str) -> None:
    assert looks_like_an_advertisement(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "O'Neil",
        "Mary-Ann St. John",
        "Dr. Sample",
        "李小龍",
        "محمد",
        "A 👩🏽‍🚒",
        "Jr.",
    ],
)
def test_a_name_that_people_have_does_not(name: str) -> None:
    assert not looks_like_an_advertisement(name)


def test_control_characters_are_found_and_letters_of_any_script_are_not() -> None:
    bad = ["\0", "a\x1bb", "\x7f", "\x85", "\ud800", "a\nb", "\t"]
    assert [has_control_characters(each) for each in bad] == [True] * len(bad)
    good = ["Nguyễn", "\u200fמשה", "👩🏽‍🚒", "", " \u00a0"]
    assert [has_control_characters(each) for each in good] == [False] * len(good)
    assert not has_control_characters("a\nb\t", allow="\n\t")


@given(st.text())
def test_one_line_is_one_line_and_stays_as_it_is(typed: str) -> None:
    line = one_line(typed)
    assert len(line.splitlines()) <= 1 or has_control_characters(line)
    assert one_line(line) == line
    assert line == line.strip()


@given(st.text())
def test_a_slug_is_plain_letters_numbers_and_single_hyphens(title: str) -> None:
    slug = slugify(title)
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in slug
    assert len(slug) <= 80
    assert slug == slug.strip("-")


def test_a_slug_and_a_search_know_no_accents() -> None:
    assert slugify("Is it worth it? Réseau d'eau") == "is-it-worth-it-reseau-d-eau"
    assert fold("RÉSEAU d'eau Straße") == "reseau d'eau strasse"


def test_staffs_markdown_holds_no_html_no_script_and_no_strange_links() -> None:
    written = markdown(
        "# Head\n\n<script>x</script> [a](javascript:x) [b](https://example.org) "
        "![p](https://example.org/p.png) [c](http://example.org)"
    )
    assert "<h2>Head</h2>" in written
    assert "&lt;script&gt;" in written
    assert "<script" not in written
    assert "<img" not in written
    assert 'href="javascript' not in written
    assert 'href="http://' not in written
    assert 'href="https://example.org"' in written


def test_an_address_among_words_is_a_link_and_the_words_stay_words() -> None:
    written = with_addresses("Ask <Dana>, dana.s+x@example.org. Or ring 704 555-0100")
    assert written == (
        "Ask &lt;Dana&gt;, "
        '<a href="mailto:dana.s+x@example.org">dana.s+x@example.org</a>. '
        "Or ring 704 555-0100"
    )


@given(st.text(max_size=80))
def test_no_words_become_markup_but_addresses(words: str) -> None:
    plain = re.sub(r'<a href="mailto:([^"]+)">\1</a>', r"\1", with_addresses(words))
    assert html.unescape(plain) == words


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("USD 1,250.00 each", "USD_1,250.00_each"),
        (
            "Thursday, January 28, 2027, 3:00\N{EN DASH}4:30 pm Eastern",
            "Thursday, January_28, 2027, 3:00\N{EN DASH}4:30_pm Eastern",
        ),
        ("Thu, Nov 26, 6:08 am ET", "Thu, Nov_26, 6:08_am ET"),
        ("Free", "Free"),
    ],
)
def test_a_number_stays_on_the_line_of_the_word_beside_it(
    words: str, kept: str
) -> None:
    assert unbroken(words).replace(NO_BREAK, "_") == kept
