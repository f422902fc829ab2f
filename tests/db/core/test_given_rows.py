"""Rows of ours that travel as one value come out as they went in."""

from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from csd_events.core.db import given_rows
from csd_events.organizations.models import ImportThing
from csd_events.organizations.rules import Step

COLUMNS = cast("Table", ImportThing.__table__).c
#: No database keeps a NUL in text, nor half of a pair; imports refuse both.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
SAID = st.dictionaries(TEXTS, TEXTS | st.none() | st.booleans() | st.integers(0, 99))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "line": st.integers(1, 2**31 - 1),
            "step": st.sampled_from(Step),
            "key": TEXTS,
            "is_news": st.booleans(),
            "row_id": st.none() | st.integers(1, 2**53),
            "said": SAID,
            "before": st.none() | SAID,
        }
    ),
    min_size=1,
    max_size=20,
)


@given(rows=ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_given_to_a_statement_is_what_it_reads(
    session: Session, rows: list[dict[str, Any]]
) -> None:
    table = given_rows(session, [COLUMNS[name] for name in rows[0]], rows)
    read = session.execute(select(table)).mappings().all()
    assert [dict(row) for row in read] == rows
