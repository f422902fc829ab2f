"""References as files, read back by readers that others wrote."""

import json
import unicodedata
from datetime import date
from typing import Any

import pytest
import rispy
from hypothesis import example, given
from hypothesis import strategies as st
from pybtex.database import parse_string
from pybtex.richtext import Text

from csd_events.core.text import one_line
from csd_events.library.rules.citing import Author, Journal
from csd_events.library.rules.references import Reference, bibtex, csl, ris

#: Letters of Europe and signs of ASCII. What the reader leaves as LaTeX writes it, and
#: quotes and dashes, of which LaTeX makes other signs, are tried apart.
WORDS = st.text(
    st.characters(
        max_codepoint=0x17F,
        categories=["Lu", "Ll", "Nd", "Po", "Sm", "Sc", "Sk", "Zs"],
        exclude_characters="`'\"${}^",
    ),
    min_size=1,
    max_size=30,
).filter(lambda words: bool(one_line(words)))


def make(**given: Any) -> Reference:
    defaults: dict[str, Any] = {
        "key": "b16",
        "words": "Brown, T. L. (2005). Costs.",
        "authors": (Author("Brown", "T. L."), Author("Nuñez", "Müller M.")),
        "title": "Costs & benefits: 50% of 1_000 in C# \\ ~",
        "year": 2005,
        "journal": Journal(title="Policy & Law", volume="28", issue="3", page="1-26"),
        "doi": "10.1/x_y",
        "url": "https://example.org/a_b%20c?d=e&f=~g#{h}",
        "note": "Read.",
    }
    return Reference(**defaults | given)


def of_bibtex(reference: Reference) -> tuple[Any, dict[str, str]]:
    """Read an entry, and its fields as LaTeX would print them."""
    (entry,) = parse_string(bibtex(reference), "bibtex").entries.values()
    return entry, {n: str(Text.from_latex(v)) for n, v in entry.fields.items()}


def of_ris(*references: Reference) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rispy.loads("".join(map(ris, references)))
    return found


def test_an_article_is_read_by_a_reader_of_bibtex() -> None:
    entry, fields = of_bibtex(make())
    assert (entry.key, entry.type) == ("b16", "article")
    assert fields["title"] == make().title
    assert (fields["journal"], fields["pages"]) == ("Policy & Law", "1\u201326")
    assert (fields["volume"], fields["number"], fields["year"]) == ("28", "3", "2005")
    assert entry.fields["url"] == "https://example.org/a_b%20c?d=e&f=~g#%7Bh%7D"
    assert entry.fields["doi"] == "10.1/x_y"
    assert r"Costs \& benefits: 50\% of 1\_000 in C\#" in bibtex(make())
    people = [
        " ".join(
            map(str, who.rich_first_names + who.rich_middle_names + who.rich_last_names)
        )
        for who in entry.persons["author"]
    ]
    assert people == ["T. L. Brown", "Müller M. Nuñez"]


@pytest.mark.parametrize(
    "name", ["City of Cañon & Partners", "U.S. Agency and Council, Inc.", "ICMA"]
)
def test_a_body_is_one_author_and_no_name_of_a_person(name: str) -> None:
    reference = make(authors=(Author(name),), journal=None, publisher="The city")
    entry, fields = of_bibtex(reference)
    (body,) = entry.persons["author"]
    assert (body.first_names, str(Text(*body.rich_last_names))) == ([], name)
    assert (entry.type, fields["howpublished"]) == ("misc", "The city")
    assert of_ris(reference)[0]["authors"] == [name]
    assert csl(reference)["author"] == [{"literal": name}]


@given(title=WORDS, family=WORDS)
@example(title="ÅØÆåøæßłŁœŒ", family="Ōšęňőū í ĵ")
def test_every_letter_comes_back_from_bibtex(title: str, family: str) -> None:
    body = Author(family)
    entry, fields = of_bibtex(make(title=title, authors=(body,), journal=None))
    assert plain(fields["title"]) == plain(title)
    (author,) = entry.persons["author"]
    assert plain(str(Text(*author.rich_last_names))) == plain(family)


def test_bibtex_is_ascii_where_latex_has_a_way_to_write_it() -> None:
    title = "“Cañon\u2019s” naïve \u2013 2 — Łódź"
    written = bibtex(make(title=title, authors=()))
    assert written.isascii()
    assert r"{{``Ca{\~n}on's'' na{\"\i}ve -- 2 --- {\L}{\'o}d{\'z}}}" in written
    assert r"{{\$1 \{of\} 2\textasciicircum{}3}}" in bibtex(make(title="$1 {of} 2^3"))
    assert "日本" in bibtex(make(title="日本"))


def plain(words: str) -> str:
    """Compose letters and take any space for a space."""
    return " ".join(unicodedata.normalize("NFC", words).split())


def test_a_file_of_several_is_read_by_a_reader_of_ris() -> None:
    page = make(
        key="dakota-911",
        authors=(Author("Association, of Governments"),),
        journal=None,
        publisher="Association",
        year=None,
        doi=None,
        title="Two\nlines",
        read_on=date(2030, 5, 1),
    )
    first, second = of_ris(make(), page)
    assert first == {
        "type_of_reference": "JOUR",
        "id": "b16",
        "authors": ["Brown, T. L.", "Nuñez, Müller M."],
        "title": make().title,
        "year": "2005",
        "secondary_title": "Policy & Law",
        "volume": "28",
        "number": "3",
        "start_page": "1",
        "end_page": "26",
        "doi": "10.1/x_y",
        "urls": [make().url],
        "notes": ["Read."],
    }
    assert second["type_of_reference"] == "GEN"
    assert (second["title"], second["publisher"]) == ("Two lines", "Association")
    assert second["access_date"] == "2030/05/01"
    assert "year" not in second


@given(WORDS)
def test_every_letter_comes_back_from_ris(title: str) -> None:
    (found,) = of_ris(make(title=title))
    assert plain(found["title"]) == plain(title)


def test_csl_leaves_out_what_is_not_known() -> None:
    bare = make(authors=(), year=None, journal=None, doi=None, url=None, note="")
    assert csl(bare) == {"id": "b16", "type": "document", "title": bare.title}
    read = json.loads(json.dumps(csl(make(read_on=date(2030, 5, 1)))))
    assert read["accessed"] == {"date-parts": [[2030, 5, 1]]}
    assert read["author"][1] == {"family": "Nuñez", "given": "Müller M."}


def test_an_article_without_pages_says_none() -> None:
    journal = Journal(title="Policy", volume="1", issue="2", page=None)
    assert "pages" not in of_bibtex(make(journal=journal))[1]
    assert "start_page" not in of_ris(make(journal=journal))[0]
