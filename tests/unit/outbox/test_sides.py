"""Words that staff wrote as both sides of a mail."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from csd_events.core.placeholders import UnfilledError
from csd_events.core.text import one_line
from csd_events.outbox.mail import Block, Value, sides

LINK = "https://events.example.org/registrations/abc?a=1&b=2"
SHOWN_LINK = LINK.replace("&", "&amp;")


def part(
    text: str = "Thursday\n2:00 pm",
    html: str = "<table><tr><td>Thursday</td></tr></table>",
) -> Callable[[], Block]:
    return lambda: Block(text, Markup(html))  # noqa: S704 - written here


def test_values_enter_both_sides_escaped_for_each() -> None:
    filled = sides("Hello *{name}*,", {"name": "Sam <b> & _co_"})

    assert filled.text == "Hello Sam <b> & _co_,"
    assert filled.html == "<p>Hello <em>Sam &lt;b&gt; &amp; _co_</em>,</p>\n"


def test_a_link_is_an_address_in_the_text_and_a_target_in_the_html() -> None:
    filled = sides("[See it]({own_link}) or {own_link}", {"own_link": LINK})

    assert filled.text == f"See it: {LINK} or {LINK}"
    assert filled.html == (
        f'<p><a href="{SHOWN_LINK}">See it</a> or '
        f'<a href="{SHOWN_LINK}">{SHOWN_LINK}</a></p>\n'
    )


def test_a_block_takes_the_place_of_its_line() -> None:
    filled = sides("Hello\n{details}\nBye", {"details": part()})

    assert filled.text == "Hello\n\nThursday\n2:00 pm\n\nBye"
    assert filled.html == (
        "<p>Hello</p>\n<table><tr><td>Thursday</td></tr></table>\n<p>Bye</p>\n"
    )


def test_a_value_that_stands_alone_is_a_paragraph() -> None:
    assert sides("{name}", {"name": "A & B"}).html == "<p>A &amp; B</p>\n"


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("a\n\n{details}\n\nb", "a\n\nb"),
        ("a\n{details}\nb", "a\n\nb"),
        ("a\n\n{name}\n\nb", "a\n\nb"),
        ("a\n\nIf online, [join]({join_link}) at {when}.\n\nb", "a\n\nb"),
        ("- a\n- [join]({join_link})\n- b", "- a\n- b"),
        ("- [join]({join_link})\n\nb", "b"),
        ("a {name} b", "a  b"),
    ],
)
def test_what_has_nothing_to_say_leaves_nothing_behind(words: str, left: str) -> None:
    values: dict[str, Value] = {
        "details": part("", ""),
        "name": "",
        "join_link": "",
        "when": "now",
    }

    filled = sides(words, values)

    assert filled.text == left
    assert "<p></p>" not in filled.html
    assert "href" not in filled.html


def test_a_block_is_written_only_where_it_is_named() -> None:
    def unwanted() -> Block:
        raise AssertionError

    assert sides("a", {"details": unwanted}).text == "a"


def test_the_same_words_serve_readers_with_more_and_with_less_to_say() -> None:
    words = "{details}\n\n[Join]({join_link})"

    online = sides(words, {"details": part("x", "x"), "join_link": LINK})
    there = sides(words, {"details": part("y", "y"), "join_link": ""})
    again = sides(words, {"details": part("z", "z"), "join_link": LINK})

    assert online.text == f"x\n\nJoin: {LINK}"
    assert there.text == "y"
    assert again.text == f"z\n\nJoin: {LINK}"


@pytest.mark.parametrize("words", ["{nobody}", "{name", "}"])
def test_words_that_cannot_be_filled_are_refused(words: str) -> None:
    with pytest.raises(UnfilledError):
        sides(words, {"name": "Sam"})


@given(st.text(min_size=1))
def test_any_value_is_shown_as_it_was_typed(value: str) -> None:
    shown = one_line(value)
    filled = sides("a{name}b", {"name": value})

    assert filled.text == f"a{shown}b"
    assert filled.html == f"<p>a{escape(shown)}b</p>\n"
