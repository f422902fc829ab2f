"""The rules against an independent reading of them, on invented people and cases."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from csd_events.library.rules import Outcome
from csd_events.library.service import built_in_document
from csd_events.matching.rules import Case, Library, match
from csd_events.matching.rules.data import as_data, read_input
from csd_events.topics.catalogue import (
    FORMS,
    JURISDICTION_TYPES,
    POPULATION_CLASSES,
    PROVINCES,
    STATES,
    TOPICS,
)
from csd_events.topics.rules import AREAS
from tests.unit.matching import second_reading

BUILT_IN = built_in_document()["case_studies"]
BUILT_IN_IDS = [case["id"] for case in BUILT_IN]

areas = st.sampled_from([*AREAS, "no_such_area"])
states = st.sampled_from([*STATES, *PROVINCES, "XX"])


def perhaps(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def profiles(draw: st.DrawFn) -> dict[str, Any]:
    """Any profile; every key may be missing, empty or null."""
    every = {
        "areas": perhaps(st.lists(areas, max_size=5)),
        "form": perhaps(st.sampled_from(["", *FORMS])),
        "cls": perhaps(st.sampled_from(["", "many", *POPULATION_CLASSES])),
        "state": perhaps(states),
        "type": perhaps(st.sampled_from(JURISDICTION_TYPES)),
        "topics": perhaps(st.lists(st.sampled_from(TOPICS), max_size=6)),
    }
    return draw(st.fixed_dictionaries({}, optional=every))


def sessions(case_ids: list[str]) -> st.SearchStrategy[dict[str, Any] | None]:
    every = {
        "areas": perhaps(st.lists(areas, max_size=5)),
        "pinned": perhaps(
            st.lists(st.sampled_from([*case_ids, "no-such-case"]), max_size=7)
        ),
    }
    return perhaps(st.fixed_dictionaries({}, optional=every))


limits = st.sampled_from([None, 3])
invented_cases = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from([f"case-{n}" for n in range(20)]),
            "title": st.sampled_from(["A shared pump", "Two towns", "YMCA", "a tower"]),
            "service_areas": st.lists(
                st.sampled_from(list(AREAS)[:9]), min_size=1, max_size=3, unique=True
            ),
            "form": st.sampled_from(list(FORMS)),
            "population_class": perhaps(st.sampled_from(list(POPULATION_CLASSES))),
            "partner_classes": st.lists(
                st.sampled_from(list(POPULATION_CLASSES)), max_size=2
            ),
            "country": st.sampled_from(["US", "US", "CA"]),
            "state": perhaps(states),
            "lead_jurisdiction_type": st.sampled_from(JURISDICTION_TYPES),
            "topics": st.lists(st.sampled_from(TOPICS), max_size=5, unique=True),
            "year_started": perhaps(st.integers(1990, 1993)),
            "outcome": st.sampled_from([outcome.value for outcome in Outcome]),
        }
    ),
    max_size=14,
    unique_by=lambda case: str(case["id"]),
)


def library_of(cases: list[dict[str, Any]]) -> Library:
    return Library(
        Case(
            id=case["id"],
            title=case["title"],
            areas=tuple(case["service_areas"]),
            form=case["form"],
            classes=tuple(
                filter(None, [case["population_class"], *case["partner_classes"]])
            ),
            country=case["country"],
            state=case["state"],
            type=case["lead_jurisdiction_type"],
            topics=tuple(case["topics"]),
            year_started=case["year_started"],
            outcome=case["outcome"],
        )
        for case in cases
    )


BUILT_IN_LIBRARY = library_of(BUILT_IN)


def first_reading(
    given_input: dict[str, Any], library: Library, limit: int | None
) -> dict[str, object]:
    profile, session = read_input(given_input)
    return as_data(match(profile, session, library, limit=limit))


@settings(max_examples=300)
@given(profile=profiles(), session=sessions(BUILT_IN_IDS), limit=limits)
def test_two_readings_of_the_rules_agree_on_our_cases(
    profile: dict[str, Any], session: dict[str, Any] | None, limit: int | None
) -> None:
    first = first_reading(
        {"profile": profile, "session": session}, BUILT_IN_LIBRARY, limit
    )
    assert first == second_reading.recommend(profile, session, BUILT_IN, limit=limit)


@settings(max_examples=300)
@given(
    profile=profiles(),
    session=sessions([f"case-{n}" for n in range(20)]),
    cases=invented_cases,
    limit=limits,
)
def test_two_readings_of_the_rules_agree_on_invented_cases(
    profile: dict[str, Any],
    session: dict[str, Any] | None,
    cases: list[dict[str, Any]],
    limit: int | None,
) -> None:
    first = first_reading(
        {"profile": profile, "session": session}, library_of(cases), limit
    )
    assert first == second_reading.recommend(profile, session, cases, limit=limit)
