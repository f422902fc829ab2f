"""Words with places to fill."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.core.placeholders import (
    Problem,
    ProblemKind,
    UnfilledError,
    fill_markdown,
    fill_text,
    names_in,
    problems,
)
from csd_events.core.text import markdown

LINK = "https://events.example.org/registrations/AbC_d-*e(f)"


def html(words: str, **values: str) -> str:
    return str(markdown(fill_markdown(words, values))).strip()


def test_names_are_listed_once_in_their_order() -> None:
    assert names_in("{b} and {a}, {b}; {{c}} is none") == ["b", "a"]


def test_doubled_braces_stand_for_braces() -> None:
    assert fill_text("{{name}} is {name}", {"name": "Sam"}) == "{name} is Sam"


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("Each has one. {none} Who had one keeps it.", "Each has one. Who had one"),
        ("{none} Keep it.", "Keep it."),
        ("First.\n{none} Then.", "First.\nThen."),
        ("A {none} {none} b", "A b"),
        ("A{none} b", "A b"),
        ("A {some} b", "A x b"),
    ],
)
def test_what_has_nothing_to_say_leaves_no_second_space(words: str, read: str) -> None:
    values = {"none": "", "some": "x"}

    assert fill_text(words, values).startswith(read)
    assert fill_markdown(words, values).startswith(read)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("{evnet}", Problem(ProblemKind.UNKNOWN, "evnet", "event")),
        ("{Event}", Problem(ProblemKind.UNKNOWN, "Event", "event")),
        ("{ event }", Problem(ProblemKind.UNKNOWN, " event ", "event")),
        ("{zzz}", Problem(ProblemKind.UNKNOWN, "zzz")),
        ("{}", Problem(ProblemKind.UNKNOWN, "")),
        ("{event.title}", Problem(ProblemKind.UNKNOWN, "event.title", "event")),
        ("{event!r}", Problem(ProblemKind.UNKNOWN, "event!r", "event")),
        ("at {event", Problem(ProblemKind.UNCLOSED, "{event")),
        ("event} it is\nnow", Problem(ProblemKind.UNCLOSED, "} it is")),
        ("{event\n}", Problem(ProblemKind.UNCLOSED, "{event")),
    ],
)
def test_what_cannot_be_filled_is_named_with_the_nearest_name(
    words: str, problem: Problem
) -> None:
    found = problems(words, known={"event", "when"})

    assert found[0] == problem


def test_each_thing_is_said_once() -> None:
    found = problems("{a} {x} {x}", known={"a", "b"})

    assert found == [Problem(ProblemKind.UNKNOWN, "x")]


def test_a_name_between_doubled_braces_is_none() -> None:
    assert (problems("{{link}}", known=()), names_in("{{link}}")) == ([], [])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Hello\n{details}\nbye", []),
        ("   {details}  \r\n", []),
        ("{details}.", [Problem(ProblemKind.NOT_ALONE, "details")]),
        ("- {details}", [Problem(ProblemKind.NOT_ALONE, "details")]),
        ("    {details}", [Problem(ProblemKind.NOT_ALONE, "details")]),
        ("{details}\nsee {details}", [Problem(ProblemKind.NOT_ALONE, "details")]),
    ],
)
def test_a_block_stands_alone_on_its_line(words: str, found: list[Problem]) -> None:
    assert problems(words, known={"details"}, blocks={"details"}) == found


@pytest.mark.parametrize("words", ["{nobody}", "{", "}", "{name", "name}", "{0}"])
def test_words_that_cannot_be_filled_are_refused(words: str) -> None:
    for fill in (fill_text, fill_markdown):
        with pytest.raises(UnfilledError):
            fill(words, {"name": "Sam"})


def test_values_are_made_one_line() -> None:
    value = {"name": " Sam\r\nBcc: everybody@example.org\t"}

    assert fill_text("Hello {name}", value) == "Hello Sam Bcc: everybody@example.org"


def test_what_a_value_holds_is_never_read_as_words() -> None:
    assert fill_text("{a}", {"a": "{b} {{", "b": "no"}) == "{b} {{"


@pytest.mark.parametrize(
    "value",
    [
        "*Sam* _of_ `the` [city](https://example.org)",
        "<https://example.org>",
        "<script>alert(1)</script>",
        "# Sam",
        "- Sam",
        "1. Sam",
        "> Sam &amp; co",
        "Sam | Kim",
        "https://example.org",
        "back\\slash",
        "{name}",
    ],
)
def test_a_value_is_no_markdown_and_makes_no_links(value: str) -> None:
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert html("{name}", name=value) == f"<p>{escaped}</p>"
    assert html("*{name}*", name=value) == f"<p><em>{escaped}</em></p>"


def test_a_link_of_ours_stays_whole_in_the_text_and_as_a_target() -> None:
    href = f'<a href="{LINK}" rel="noopener noreferrer">'

    assert html("At {own_link} now", own_link=LINK) == f"<p>At {href}{LINK}</a> now</p>"
    assert html("[Here]({own_link})", own_link=LINK) == f"<p>{href}Here</a></p>"


def test_a_link_cannot_leave_its_brackets() -> None:
    assert fill_markdown("{a_link}", {"a_link": "https://e.org/> <b\n"}) == (
        "<https://e.org/%3E%20%3Cb%0A>"
    )


@given(st.text())
def test_any_words_without_problems_can_be_filled(words: str) -> None:
    if problems(words, known=()):
        with pytest.raises(UnfilledError):
            fill_text(words, {})
    else:
        filled = fill_text(words, {})
        assert filled.replace("{", "{{").replace("}", "}}") == words
