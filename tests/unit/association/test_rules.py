"""The association as a value, and its words in Markdown."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from csd_events.association.rules import literal
from csd_events.core.text import markdown

SIGNS = st.text("ab *_`[]<>()#+-.!&\\|~^:1", min_size=1, max_size=20)


@given(SIGNS)
def test_a_name_is_shown_as_it_is_written(words: str) -> None:
    inner = str(escape(words.strip())).replace("&#34;", '"').replace("&#39;", "'")
    shown = f"x{inner}x"
    assert markdown(f"x{literal(words.strip())}x") == f"<p>{shown}</p>\n"
