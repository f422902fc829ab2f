"""A text in a text, as either database looks for it."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from csd_events.core.search import holds

TEXTS = st.text(st.sampled_from("aAbBé\u0301%_\\'\"/ \N{GRINNING FACE}"), max_size=8)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(TEXTS, TEXTS)
@example("Town of Sample", "")
@example("100% of it", "%")
@example("a_b", "a.b")
def test_a_text_holds_another_as_python_says_and_no_sign_means_anything(
    session: Session, text: str, words: str
) -> None:
    found = session.scalar(select(holds(literal(text), words)))
    assert bool(found) is (words in text)
