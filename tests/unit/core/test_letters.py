"""Markdown as the two sides of a mail."""

import pytest

from csd_events.core.letters import html_side, text_side

WORDS = """\
# You are registered

Hello *Sam*,
your place is **booked**. [See your registration](https://e.org/r)

- bring `notes`
- [Can you not come?](https://e.org/c)

3. third
4. fourth

> quoted
> twice

***

Write to <help@example.org>, or look at <https://e.org/>.
"""


def test_the_text_side_reads_as_if_typed() -> None:
    assert (
        text_side(WORDS)
        == """\
You are registered

Hello Sam,
your place is booked. See your registration: https://e.org/r

- bring notes
- Can you not come? https://e.org/c

3. third
4. fourth

> quoted
> twice

* * *

Write to help@example.org, or look at https://e.org/."""
    )


def test_the_html_side_keeps_the_heading_and_only_safe_links() -> None:
    words = "# One\n\n[a](https://e.org/) [b](javascript:alert) <b>c</b>"

    assert html_side(words) == (
        '<h1>One</h1>\n<p><a href="https://e.org/">a</a> '
        "[b](javascript:alert) &lt;b&gt;c&lt;/b&gt;</p>\n"
    )


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("- a\n  - b\n  - c\n- d", "- a\n  - b\n  - c\n\n- d"),
        ("- a\n\n- b\n\n  more", "- a\n\n- b\n\n  more"),
        ("> - a\n> - b", "> - a\n> - b"),
        ("|a|b|\n|-|-|\n|1|2|\n\nend", "a | b\n1 | 2\n\nend"),
        ("```\nx = 1\n\ny\n```", "x = 1\n\ny"),
        ("a  \nb", "a\nb"),
        ("[](https://e.org/)", "https://e.org/"),
        ("![a view](https://e.org/x.png) there", "a view there"),
        ("[**bold** words](https://e.org/)", "bold words: https://e.org/"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("", ""),
    ],
)
def test_what_staff_may_write_has_a_text_side(words: str, text: str) -> None:
    assert text_side(words) == text
