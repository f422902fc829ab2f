"""The association as a value, and its words in Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from csd_events.association.rules import literal, may_come_from
from csd_events.core.text import markdown

SIGNS = st.text("ab *_`[]<>()#+-.!&\\|~^:1", min_size=1, max_size=20)


@given(SIGNS)
def test_a_name_is_shown_as_it_is_written(words: str) -> None:
    inner = str(escape(words.strip())).replace("&#34;", '"').replace("&#39;", "'")
    shown = f"x{inner}x"
    assert markdown(f"x{literal(words.strip())}x") == f"<p>{shown}</p>\n"


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("desk@csd.test", True),
        ("Desk@CSD.Test", True),
        ("desk@mail.csd.test", False),
        ("desk@example.org", False),
    ],
)
def test_mail_comes_from_the_domain_that_the_server_was_set_up_with(
    address: str,
    may: bool,  # noqa: FBT001 - a case
) -> None:
    assert may_come_from(address, "events@csd.test") is may


def test_a_domain_is_the_same_in_letters_and_in_ascii() -> None:
    assert may_come_from("post@münchen.example", "mail@xn--mnchen-3ya.example")
