"""Each rule of matching by itself, its edges, and the examples of the catalogue."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.library.service import built_in_document
from csd_events.matching.rules import (
    REGISTERED_LIMIT,
    Case,
    Levels,
    Library,
    Profile,
    Recommendation,
    Session,
    match,
    worksheet_area,
)
from csd_events.matching.rules.data import as_data, read_input
from csd_events.topics.rules import AREAS
from tests.unit.matching.test_second_reading import BUILT_IN_LIBRARY

EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text("utf-8"))
ASK = "Tell us which service you are looking at and we can suggest something to read."
NO_CAUTION = "We hold no account of a similar arrangement that ended or was disputed."


def make_case(name: str, **others: Any) -> Case:
    """A police case of two towns in Ohio, in place when reported."""
    usual: dict[str, Any] = {
        "title": f"The case of {name}",
        "areas": ("police",),
        "form": "public_public_horizontal",
        "classes": ("2.5k-10k",),
        "country": "US",
        "state": "OH",
        "type": "town",
        "topics": (),
        "year_started": 2010,
        "outcome": "in place when reported",
    }
    return Case(id=name, **usual | others)


def police(**others: Any) -> Profile:
    return Profile(areas=("police",), **others)


def listed(
    *cases: Case,
    profile: Profile | None = None,
    session: Session | None = None,
    limit: int | None = None,
) -> list[tuple[str, str]]:
    """Return headings and cases as a person would see them."""
    found = match(profile or police(), session, Library(cases), limit=limit)
    return [(one.heading, one.case) for one in found.result]


def only(case: Case, profile: Profile, session: Session | None = None) -> Levels:
    """Return the levels of a case, which is pinned so that it is always listed."""
    session = session or Session()
    pinned = Session(areas=session.areas, pinned=(case.id,))
    (found,) = match(profile, pinned, Library([case]), limit=None).result
    return found.levels


def why(
    case: Case, profile: Profile, session: Session | None = None
) -> tuple[str, ...]:
    (found,) = match(profile, session, Library([case]), limit=None).result
    return found.reasons


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_the_examples_of_the_catalogue_come_out_to_the_letter(
    example: dict[str, Any],
) -> None:
    profile, session = read_input(example)
    answer = as_data(match(profile, session, BUILT_IN_LIBRARY, limit=None))
    expected = {"result": example["result"], "note": example["note"]}
    assert json.dumps(answer) == json.dumps(expected)


# Levels


@pytest.mark.parametrize(
    ("areas", "level"),
    [
        (("libraries", "police"), 2),  # whichever place it has, in either list
        (("animal_services",), 1),
        (("libraries",), 0),
        (("libraries", "fire_ems"), 1),  # of any area used
    ],
)
def test_service_is_an_area_in_common_or_one_of_its_family(
    areas: tuple[str, ...], level: int
) -> None:
    case = make_case("one", areas=("dispatch_911", "police"))
    assert only(case, Profile(areas=areas)).service == level


@pytest.mark.parametrize(
    ("form", "level"),
    [
        (None, 0),
        ("consolidation_regionalization", 2),
        ("public_public_vertical", 1),
        ("public_private", 0),
    ],
)
def test_consolidation_counts_as_between_governments(
    form: str | None, level: int
) -> None:
    case = make_case("one", form="consolidation_regionalization")
    assert only(case, Profile(form=form)).form == level


def test_equal_forms_that_are_not_between_governments_are_the_same() -> None:
    case = make_case("one", form="public_private")
    assert only(case, Profile(form="public_private")).form == 2
    assert only(case, Profile(form="public_nonprofit")).form == 0


@pytest.mark.parametrize(
    ("areas", "level"),
    [(("police",), 1), (("fire_ems", "police"), 0), (("dispatch_911",), 0), ((), 0)],
)
def test_only_a_first_choice_makes_a_main_subject(
    areas: tuple[str, ...], level: int
) -> None:
    case = make_case("one", areas=("police", "dispatch_911"))
    assert only(case, Profile(areas=areas)).main_subject == level


def test_the_first_choice_may_be_the_session_s() -> None:
    session = Session(areas=("police", "fire_ems"))
    assert only(make_case("one"), Profile(), session).main_subject == 1


@pytest.mark.parametrize(
    ("cls", "level"),
    [
        ("under 2.5k", 0),
        ("2.5k-10k", 1),
        ("10k-25k", 2),
        ("50k-100k", 1),  # one class from the nearest partner
        ("500k+", 0),
        (None, 0),
        ("a village", 0),
    ],
)
def test_size_is_measured_to_the_nearest_partner(cls: str | None, level: int) -> None:
    case = make_case("one", classes=("10k-25k", "25k-50k"))
    assert only(case, Profile(cls=cls)).size == level


def test_a_case_of_unknown_size_is_close_to_nobody() -> None:
    assert only(make_case("one", classes=()), Profile(cls="500k+")).size == 0


@pytest.mark.parametrize(
    ("case", "state", "level"),
    [
        ({"state": "OH"}, "OH", 2),
        ({"state": "OH"}, "MI", 1),
        ({"state": "OH"}, "KY", 0),
        ({"state": "OH"}, None, 0),
        ({"state": None}, "OH", 0),
        ({"state": "PR"}, "GU", 0),  # neither is in a division
        ({"state": "PR"}, "PR", 2),
        ({"state": "ON", "country": "CA"}, "ON", 0),
        ({"state": "WA", "country": "CA"}, "OR", 0),
    ],
)
def test_place_counts_within_the_united_states(
    case: dict[str, Any], state: str | None, level: int
) -> None:
    assert only(make_case("one", **case), Profile(state=state)).place == level


@pytest.mark.parametrize(
    ("theirs", "mine", "level"),
    [
        ("town", "town", 1),
        ("town", "city", 0),
        ("town", "Town", 0),
        (None, None, 0),
        ("other", "other", 0),
        ("nonprofit", "nonprofit", 0),
        ("firm", "firm", 0),
        ("university", "university", 0),
        ("tribal government", "tribal government", 1),
    ],
)
def test_kind_is_the_same_type_of_government(
    theirs: str | None, mine: str | None, level: int
) -> None:
    assert only(make_case("one", type=theirs), Profile(type=mine)).kind == level


def test_topics_are_counted_once_each_and_to_three() -> None:
    case = make_case("one", topics=("rural", "start_up", "reversal", "facilities"))
    assert only(case, Profile(topics=("rural", "rural"))).topics == 1
    assert only(case, Profile(topics=case.topics)).topics == 3


# Order


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"form": "public_private"}, {"areas": ("fire_ems", "police")}),
        ({"form": "public_public_vertical"}, {"form": "public_nonprofit"}),
        ({"classes": ("2.5k-10k",)}, {"classes": ("10k-25k",), "state": "OH"}),
        ({"state": "OH", "type": "city"}, {"state": "MI"}),
        ({"type": "town"}, {"type": "city", "topics": ("rural",)}),
        ({"topics": ("rural",)}, {"year_started": 2020}),
        ({"year_started": 2011}, {"year_started": 2010}),
        ({"year_started": 1700}, {"year_started": None}),
        ({"title": "a mast"}, {"title": "Mast"}),
    ],
)
def test_cases_are_compared_like_words_in_a_dictionary(
    better: dict[str, Any], worse: dict[str, Any]
) -> None:
    profile = police(
        form="public_private" if better.get("form") == "public_private" else None,
        cls="2.5k-10k",
        state="OH",
        type="town",
        topics=("rural",),
    )
    if better.get("form") == "public_public_vertical":
        profile = police(form="public_public_horizontal")
    plain = {"topics": ()}
    cases = make_case("z", **plain | better), make_case("a", **plain | worse)
    assert [case for _, case in listed(*cases, profile=profile)] == ["z", "a"]


def test_between_equals_the_id_decides() -> None:
    cases = [make_case(name, title="One title") for name in ("b", "c", "a")]
    assert [case for _, case in listed(*cases)] == ["a", "b", "c"]


def test_a_caution_does_not_move_a_case() -> None:
    sad = make_case("sad", outcome="ended", year_started=2020)
    assert listed(make_case("fine"), sad) == [
        ("The same service", "sad"),
        ("The same service", "fine"),
    ]


# The list


def test_five_places_and_no_sixth() -> None:
    cases = [make_case(f"case-{n}", outcome="ended") for n in range(7)]
    assert len(listed(*cases)) == 5


def test_who_has_only_registered_gets_three_besides_the_pinned() -> None:
    cases = [make_case(f"case-{n}", outcome="ended") for n in range(7)]
    session = Session(pinned=("case-6",))
    assert listed(*cases, session=session, limit=REGISTERED_LIMIT) == [
        ("Discussed in the session", "case-6"),
        ("The same service", "case-0"),
        ("The same service", "case-1"),
        ("The same service", "case-2"),
    ]


def test_pinned_cases_keep_the_session_s_order_and_are_all_shown() -> None:
    cases = [make_case(f"case-{n}", outcome="ended") for n in range(7)]
    names = tuple(f"case-{n}" for n in (6, 2, 5, 0, 1, 4))
    session = Session(pinned=(*names, "case-6", "no-such-case"))
    expected = [("Discussed in the session", name) for name in names]
    assert listed(*cases, session=session) == expected


def test_related_services_fill_the_list_to_three_only() -> None:
    related = [make_case(f"fire-{n}", areas=("fire_ems",)) for n in range(4)]
    assert listed(make_case("same"), *related) == [
        ("The same service", "same"),
        ("A related service", "fire-0"),
        ("A related service", "fire-1"),
    ]


def test_other_services_of_the_same_form_come_last_and_to_three() -> None:
    other = [make_case(f"book-{n}", areas=("libraries",)) for n in range(4)]
    fire = make_case("fire", areas=("fire_ems",))
    profile = police(form="public_public_horizontal")
    assert listed(make_case("same"), fire, *other, profile=profile) == [
        ("The same service", "same"),
        ("A related service", "fire"),
        ("A different service, the same form", "book-0"),
    ]


def test_pinned_cases_count_toward_the_three() -> None:
    related = [make_case(f"fire-{n}", areas=("fire_ems",)) for n in range(4)]
    session = Session(pinned=("fire-3", "fire-2"))
    assert listed(*related, session=session) == [
        ("Discussed in the session", "fire-3"),
        ("Discussed in the session", "fire-2"),
        ("A related service", "fire-0"),
    ]


def test_size_state_kind_and_topics_alone_suggest_nothing() -> None:
    case = make_case("book", areas=("libraries",), topics=("rural",))
    profile = police(
        form="public_public_vertical",
        cls="2.5k-10k",
        state="OH",
        type="town",
        topics=("rural",),
    )
    found = match(profile, None, Library([case]), limit=None)
    assert found == Recommendation((), "We hold no account of this service yet.")


# One that did not go as hoped


@pytest.mark.parametrize("outcome", ["disputed", "ended", "renegotiated", "reversed"])
def test_one_that_did_not_go_as_hoped_takes_the_last_place(outcome: str) -> None:
    cases = [make_case(f"case-{n}") for n in range(5)]
    sad = make_case("sad", year_started=None, outcome=outcome)
    assert listed(*cases, sad)[-2:] == [
        ("The same service", "case-3"),
        ("One that did not go as hoped", "sad"),
    ]


def test_it_is_added_where_a_place_is_free_whatever_the_limit_of_three() -> None:
    related = [make_case(f"fire-{n}", areas=("fire_ems",)) for n in range(3)]
    sad = make_case(
        "sad", areas=("fire_ems",), year_started=None, outcome="ended", classes=()
    )
    profile = police(form="public_public_horizontal")
    assert listed(*related, sad, profile=profile)[2:] == [
        ("A related service", "fire-2"),
        ("One that did not go as hoped", "sad"),
    ]


def test_for_who_has_only_registered_it_takes_the_third_place() -> None:
    cases = [make_case(f"case-{n}") for n in range(4)]
    sad = make_case("sad", year_started=None, outcome="ended")
    assert listed(*cases, sad, limit=REGISTERED_LIMIT) == [
        ("The same service", "case-0"),
        ("The same service", "case-1"),
        ("One that did not go as hoped", "sad"),
    ]


def test_it_pushes_out_no_pinned_case() -> None:
    cases = [make_case(f"case-{n}") for n in range(5)]
    sad = make_case("sad", year_started=None, outcome="ended")
    session = Session(pinned=tuple(case.id for case in cases))
    assert listed(*cases, sad, session=session)[-2:] == [
        ("Discussed in the session", "case-4"),
        ("One that did not go as hoped", "sad"),
    ]


def test_a_pinned_case_that_ended_is_enough() -> None:
    cases = [make_case("fine"), make_case("sad", outcome="ended")]
    cases.append(make_case("sadder", outcome="reversed", areas=("libraries",)))
    session = Session(pinned=("sad",))
    found = match(police(), session, Library(cases), limit=None)
    assert ([one.case for one in found.result], found.note) == (["sad", "fine"], None)


@pytest.mark.parametrize(
    ("profile", "is_candidate"),
    [
        ({"form": "public_private"}, True),
        ({"cls": "10k-25k"}, True),
        ({"cls": "25k-50k"}, True),
        ({"cls": "50k-100k"}, False),
        ({}, False),
    ],
)
def test_a_related_service_needs_the_form_or_a_close_size(
    profile: dict[str, Any], *, is_candidate: bool
) -> None:
    same = [make_case(f"case-{n}") for n in range(3)]
    sad = make_case(
        "sad",
        areas=("fire_ems",),
        form="public_private",
        classes=("10k-25k",),
        outcome="disputed",
    )
    found = match(police(**profile), None, Library([*same, sad]), limit=None)
    assert (found.result[-1].case == "sad", found.note) == (
        is_candidate,
        None if is_candidate else NO_CAUTION,
    )


def test_a_similar_form_is_not_enough_for_a_caution() -> None:
    same = [make_case(f"case-{n}") for n in range(3)]
    sad = make_case("sad", areas=("fire_ems",), classes=(), outcome="disputed")
    profile = police(form="public_public_vertical")
    assert match(profile, None, Library([*same, sad]), limit=None).note == NO_CAUTION


# Notes and who speaks


def test_the_session_speaks_only_for_who_gave_no_area() -> None:
    case = make_case("one", areas=("police", "libraries"))
    session = Session(areas=("libraries",))
    assert why(case, Profile(), session) == (
        "Service: Libraries, which the session is about",
    )
    assert why(case, police(), session) == ("Service: Police, which you chose",)


def test_areas_that_do_not_exist_and_repeats_take_no_place_among_three() -> None:
    areas = ("no_such_area", "police", "police", "legal", "transit", "fire_ems")
    case = make_case("one", areas=("transit",))
    assert why(case, Profile(areas=areas)) == ("Service: Transit, which you chose",)
    fourth = make_case("two", areas=("senior_services",))
    profile = Profile(areas=(*areas[:5], "senior_services"))
    assert listed(fourth, profile=profile) == []


def test_a_profile_of_areas_that_do_not_exist_leaves_the_word_to_the_session() -> None:
    session = Session(areas=("police",))
    assert why(make_case("one"), Profile(areas=("no_such_area",)), session) == (
        "Service: Police, which the session is about",
    )


def test_without_any_area_we_ask_for_the_service_even_beside_pinned_cases() -> None:
    session = Session(pinned=("one",))
    profile = Profile(state="OH")
    found = match(profile, session, Library([make_case("one")]), limit=None)
    assert (found.note, found.result[0].reasons) == (ASK, ("Your state, OH",))


def test_legal_gets_three_of_its_family() -> None:
    found = match(Profile(areas=("legal",)), None, BUILT_IN_LIBRARY, limit=None)
    assert [one.heading for one in found.result] == ["A related service"] * 3
    assert {one.reasons for one in found.result} == {
        ("Related service: also administration and support",)
    }


def test_a_form_alone_gets_three_of_the_same_form_and_the_question() -> None:
    profile = Profile(form="public_private")
    found = match(profile, None, BUILT_IN_LIBRARY, limit=None)
    assert [one.heading for one in found.result] == [
        "A different service, the same form"
    ] * 3
    assert found.note == ASK


# Reasons


def test_every_level_above_zero_is_a_sentence_in_order() -> None:
    case = make_case("one", topics=("rural", "start_up", "exit_and_termination"))
    profile = police(
        form="public_public_horizontal",
        cls="2.5k-10k",
        state="OH",
        type="town",
        topics=("exit_and_termination", "rural"),
    )
    assert why(case, profile) == (
        "Service: Police, which you chose",
        "Same form: public-public, horizontal",
        "Same size of community",
        "Your state, OH",
        "Same kind of government: town",
        "Covers exit and termination, rural",
    )


def test_lower_levels_have_words_of_their_own() -> None:
    case = make_case("one", areas=("fire_ems", "stormwater"))
    profile = Profile(
        areas=("transit", "police"),
        form="public_public_vertical",
        cls="10k-25k",
        state="IN",
    )
    assert why(case, profile) == (
        "Related service: also public works and utilities",  # of the earliest area
        "Similar form: also between governments",
        "Close to your size",
        "Your part of the country, East North Central",
    )
    session = Session(areas=("police",))
    assert why(case, Profile(), session) == (
        "Related service: also public safety, as in the session",
    )


def test_of_several_services_in_common_the_one_put_first_is_named() -> None:
    case = make_case("one", areas=("police", "fire_ems"))
    assert why(case, Profile(areas=("fire_ems", "police"))) == (
        "Service: Fire and emergency medical, which you chose",
    )


def test_of_several_topics_the_first_three_are_named() -> None:
    topics = ("start_up", "rural", "reversal", "facilities")
    case = make_case("one", topics=tuple(sorted(topics)))
    assert why(case, police(topics=topics)) == (
        "Service: Police, which you chose",
        "Covers start up, rural, reversal",
    )


# The worksheet


@pytest.mark.parametrize(
    ("own", "of_session", "opens_for"),
    [
        (("police", "legal"), ("transit",), "police"),
        ((), ("transit",), "transit"),
        ((), (), None),
        (("whole_government", "police"), (), None),  # it asks for one service first
    ],
)
def test_the_worksheet_opens_for_the_first_choice(
    own: tuple[str, ...], of_session: tuple[str, ...], opens_for: str | None
) -> None:
    assert worksheet_area(Profile(areas=own), Session(areas=of_session)) == opens_for
    assert worksheet_area(Profile(areas=own), None) == (opens_for if own else None)


# What always holds

IDS = [case["id"] for case in built_in_document()["case_studies"]]
any_areas = st.lists(st.sampled_from(list(AREAS)), max_size=4).map(tuple)
any_pinned = st.lists(st.sampled_from(IDS), max_size=7, unique=True).map(tuple)


@given(areas=any_areas, pinned=any_pinned, limit=st.sampled_from([None, 3]))
def test_no_case_is_listed_twice_and_no_place_is_given_twice(
    areas: tuple[str, ...], pinned: tuple[str, ...], limit: int | None
) -> None:
    session = Session(pinned=pinned)
    found = match(Profile(areas=areas), session, BUILT_IN_LIBRARY, limit=limit)
    names = [one.case for one in found.result]
    assert len(set(names)) == len(names)
    assert tuple(names[: len(pinned)]) == pinned
    room = max(5 - len(pinned), 1)  # the caution is added beside five pinned ones
    assert len(names) - len(pinned) <= min(room, limit or room)


@given(areas=any_areas, pinned=any_pinned)
def test_every_case_but_a_pinned_one_comes_with_a_reason(
    areas: tuple[str, ...], pinned: tuple[str, ...]
) -> None:
    session = Session(pinned=pinned)
    found = match(Profile(areas=areas), session, BUILT_IN_LIBRARY, limit=None)
    assert all(one.reasons for one in found.result if one.case not in pinned)
