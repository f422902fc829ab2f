"""What research says."""

from csd_events.library.rules.document import read_document
from csd_events.library.rules.summary import SUMMARY, Status
from csd_events.library.service import built_in_document
from csd_events.worksheets.service.instruments import instrument


def test_each_of_the_fourteen_factors_says_something_from_named_sources() -> None:
    known = {source.id for source in SUMMARY.sources}
    said = [*SUMMARY.first, *SUMMARY.tool, *SUMMARY.corrections]
    said += [each for factor in SUMMARY.factors for each in factor.statements]
    assert all(each.sources and known.issuperset(each.sources) for each in said)
    assert {source for each in said for source in each.sources} == known


def test_the_factors_are_those_of_the_decision_tool_with_the_same_labels() -> None:
    tool = [
        (factor.id, factor.name, factor.dimension, factor.direction_status)
        for factor in instrument().factors
    ]
    summary = [
        (factor.id, factor.name, factor.dimension, factor.statements[-1].status.value)
        for factor in SUMMARY.factors
    ]
    assert summary == tool


def test_four_directions_were_found_and_ten_are_our_own_reasoning() -> None:
    ways = [factor.statements[-1].status for factor in SUMMARY.factors]
    assert (ways.count(Status.VERIFIED), ways.count(Status.DERIVED)) == (4, 10)


def test_a_source_that_is_in_the_bibliography_leads_there() -> None:
    entries = read_document(built_in_document(), known_sources=()).citations
    by_address = {entry.address: entry.id for entry in entries}
    assert {s.id: s.citation for s in SUMMARY.sources} == {
        s.id: by_address.get(s.address) for s in SUMMARY.sources
    }
