"""Citing works of others."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csd_events.library.rules.citing import (
    UNDATED,
    Author,
    Journal,
    Work,
    authors_of,
    citation,
    decade_of,
    decades_of,
    doi_of,
    journal_of,
)
from csd_events.library.service import built_in_document


def work(**given: Any) -> Work:
    defaults: dict[str, Any] = {
        "authors": "Andrew, S. A.",
        "year": 2009,
        "title": "Regional Integration",
        "publication": "Urban Affairs Review 44(3), 378-402",
    }
    return Work(**defaults | given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {},
            "Andrew, S. A. (2009). Regional Integration. "
            "Urban Affairs Review 44(3), 378-402.",
        ),
        (
            {"authors": "Bel, G., and Warner, M. E."},
            "Bel, G., and Warner, M. E. (2009). Regional Integration. "
            "Urban Affairs Review 44(3), 378-402.",
        ),
        (
            {"authors": "Brown, T., Potoski, M., and Van Slyke, D."},
            "Brown, T., Potoski, M., and Van Slyke, D. (2009). Regional Integration. "
            "Urban Affairs Review 44(3), 378-402.",
        ),
        (
            {"authors": "Homsy, G., Qian, B., Wang, Y., and Warner, M."},
            "Homsy, G., and others (2009). Regional Integration. "
            "Urban Affairs Review 44(3), 378-402.",
        ),
        (
            {"year": None},
            "Andrew, S. A. (no date). Regional Integration. "
            "Urban Affairs Review 44(3), 378-402.",
        ),
        (
            {"authors": ""},
            "Regional Integration. (2009). Urban Affairs Review 44(3), 378-402.",
        ),
        (
            {"title": "Fad or Future?", "publication": "ICMA"},
            "Andrew, S. A. (2009). Fad or Future? ICMA.",
        ),
        (
            {"authors": "National Association of Counties", "publication": "NACo."},
            "National Association of Counties (2009). Regional Integration. NACo.",
        ),
    ],
)
def test_a_citation_names_authors_year_title_and_publication(
    given: dict[str, Any], words: str
) -> None:
    assert citation(work(**given)) == words


@pytest.mark.parametrize(
    ("words", "authors"),
    [
        ("O'Leary, R., and Vij, N.", [("O'Leary", "R."), ("Vij", "N.")]),
        ("Zeemering, E. S.", [("Zeemering", "E. S.")]),
        ("Thurmaier, K., and eight other contributors", [("Thurmaier", "K.")]),
        ("Holzer, M., Fry, J., and others", [("Holzer", "M."), ("Fry", "J.")]),
        (
            "Thurmaier, K. (ed.), with Peters, D., and Rapp, C.",
            [("Thurmaier", "K."), ("Peters", "D."), ("Rapp", "C.")],
        ),
        ("Metropolitan Mayors Caucus", [("Metropolitan Mayors Caucus", "")]),
        (
            "Center for Solutions (Ackerman, S., and Feinn, W.)",
            [("Center for Solutions (Ackerman, S., and Feinn, W.)", "")],
        ),
        ("others", [("others", "")]),
        ("", []),
    ],
)
def test_authors_are_told_apart_and_bodies_stay_whole(
    words: str, authors: list[tuple[str, str]]
) -> None:
    assert authors_of(words) == tuple(Author(*each) for each in authors)


@given(st.text(alphabet="Ab, .()and\u00e9", max_size=60))
def test_whatever_stands_for_authors_is_read_and_named(words: str) -> None:
    found = authors_of(words)
    assert bool(found) == bool(words.strip())
    assert all(author.family in words for author in found)


@given(st.builds(work, year=st.none() | st.integers(1600, 2200)))
def test_a_citation_holds_its_title_and_year(given: Work) -> None:
    words = citation(given)
    assert given.title in words
    assert (str(given.year) if given.year else "no date") in words


@pytest.mark.parametrize(
    ("publication", "journal"),
    [
        (
            "Urban Affairs Review 44(3), 378-402",
            Journal(
                title="Urban Affairs Review", volume="44", issue="3", page="378-402"
            ),
        ),
        (
            "PM Magazine 96(7), August 2014",
            Journal(title="PM Magazine", volume="96", issue="7", page=None),
        ),
        ("Georgetown University Press", None),
        ("Public Administration, March 2015, doi 10.1111/padm.12104", None),
    ],
)
def test_a_journal_is_known_by_volume_and_issue(
    publication: str, journal: Journal | None
) -> None:
    assert journal_of(publication) == journal


def test_a_doi_is_found_where_one_is_named() -> None:
    named = "Public Administration, March 2015, doi 10.1111/padm.12104"
    assert (doi_of(named), doi_of("ICMA")) == ("10.1111/padm.12104", None)


def test_decades_are_listed_latest_first_and_the_undated_last() -> None:
    assert decades_of([1967, None, 2014, 2010, 1999]) == [2010, 1990, 1960, UNDATED]
    assert (decade_of(2009), decade_of(None)) == (2000, UNDATED)


def test_every_entry_of_the_program_has_a_citation_of_its_own() -> None:
    names = ("authors", "year", "title", "publication")
    cited = {
        citation(Work(**{name: entry.get(name) for name in names}))
        for entry in built_in_document()["bibliography"]
    }
    assert len(cited) == 52
