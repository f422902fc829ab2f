"""Lines out of a spreadsheet, a list or a mail program become people."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csd_events.registrations.rules import Pasted, read_pasted, write_pasted

ADA = Pasted("Ada Sample", "ada@example.org")


@pytest.mark.parametrize(
    "line",
    [
        "Ada Sample\tada@example.org",
        "Ada Sample;ada@example.org",
        "Ada Sample, ada@example.org",
        "Ada Sample ada@example.org",
        "Ada Sample <ada@example.org>",
        '"Ada Sample" <ada@example.org>',
        "Ada\tSample\tada@example.org",
        "ada@example.org\tAda Sample",
        "ada@example.org Ada Sample",
        "  Ada Sample \t ada@example.org \r",
    ],
)
def test_name_and_address_are_read_however_they_are_kept_apart(line: str) -> None:
    assert read_pasted(line) == [ADA]


def test_what_follows_the_address_is_the_organization() -> None:
    with_town = Pasted("Ada Sample", "ada@example.org", "Town of Sample")
    assert read_pasted("Ada Sample\tada@example.org\tTown of Sample") == [with_town]
    assert read_pasted("ada@example.org;Ada Sample;Town of Sample") == [with_town]
    assert read_pasted("Ada Sample <ada@example.org>, Town of Sample") == [with_town]


def test_an_address_alone_lacks_its_name_and_a_name_its_address() -> None:
    assert read_pasted("ada@example.org") == [Pasted(email="ada@example.org")]
    assert read_pasted("<ada@example.org>") == [Pasted(email="ada@example.org")]
    assert read_pasted("Ada Sample") == [Pasted(full_name="Ada Sample")]


def test_headings_and_empty_lines_are_nobody() -> None:
    assert read_pasted("Name\tEmail\n\nAda Sample\tada@example.org\n \n") == [ADA]


def test_one_line_of_a_mail_program_holds_several_people() -> None:
    line = "Ada Sample <ada@example.org>; Bo <bo@example.org>, Cy <cy@example.org>"
    assert read_pasted(line) == [
        ADA,
        Pasted("Bo", "bo@example.org"),
        Pasted("Cy", "cy@example.org"),
    ]


def test_people_of_a_mail_program_need_no_brackets_nor_the_same_separator() -> None:
    line = "bo@example.org; Ada Sample <ada@example.org>; cy@example.org"
    assert read_pasted(line) == [
        Pasted(email="bo@example.org"),
        ADA,
        Pasted(email="cy@example.org"),
    ]
    twice = "'ada@example.org' <ada@example.org>, bo@example.org<mailto:bo@example.org>"
    assert read_pasted(twice) == [
        Pasted(email="ada@example.org"),
        Pasted(email="bo@example.org"),
    ]


def test_a_quoted_name_before_an_address_in_brackets_is_turned_around() -> None:
    line = 'Jörg <j@example.org>; Max <m@example.org>, "Nagy, Éva" <e@example.org>'
    assert read_pasted(line) == [
        Pasted("Jörg", "j@example.org"),
        Pasted("Max", "m@example.org"),
        Pasted("Éva Nagy", "e@example.org"),
    ]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Nagy, Éva <e@example.org>", "Nagy, Éva"),
        ('"Éva Nagy, AICP" <e@example.org>', "Éva Nagy, AICP"),
        ('"Nagy, Éva, AICP" <e@example.org>', "Nagy, Éva, AICP"),
        ('"Éva Nagy, Jr." <e@example.org>', "Éva Nagy, Jr."),
        ('"Nagy, Éva";e@example.org', "Nagy, Éva"),
    ],
)
def test_any_other_name_with_a_comma_stays_as_it_is_written(
    line: str, name: str
) -> None:
    assert read_pasted(line) == [Pasted(name, "e@example.org")]


def test_a_cell_in_quotes_may_hold_quotes_separators_and_ends_of_lines() -> None:
    line = '"Groß, Jörg";joerg@example.org;"Amt für ""Straßen"""'
    joerg = Pasted("Groß, Jörg", "joerg@example.org", 'Amt für "Straßen"')
    assert read_pasted(line) == [joerg]
    broken = 'Bo\tbo@example.org\n"Ada\nSample"\tada@example.org\tTown'
    ada = Pasted("Ada Sample", "ada@example.org", "Town")
    assert read_pasted(broken) == [Pasted("Bo", "bo@example.org"), ada]


def test_a_quote_that_nothing_closes_takes_nobody_along() -> None:
    text = '"Ada Sample;ada@example.org\n"Bo;bo@example.org'
    assert read_pasted(text) == [ADA, Pasted("Bo", "bo@example.org")]


@pytest.mark.parametrize(
    "sheet",
    [
        "Name;E-Mail;Amt\nAda Sample;ada@example.org;Town, NY",
        "Vorname;Nachname;E-Mail;Amt\nAda;Sample;ada@example.org;Town, NY",
        "Email,First name,Last name,Organization\n"
        'ada@example.org,Ada,Sample,"Town, NY"',
        "Email\tlast_name\tfirst_name\tOrganization\n"
        "ada@example.org\tSample\tAda\tTown, NY",
        "#,Name,Job,Email:,Phone,City\n"
        "1,Ada Sample,Manager,ada@example.org,555,Town,NY",
    ],
)
def test_a_heading_says_what_stands_in_each_column(sheet: str) -> None:
    assert read_pasted(sheet) == [Pasted("Ada Sample", "ada@example.org", "Town, NY")]


def test_what_does_not_fit_the_heading_is_read_without_it() -> None:
    sheet = (
        "Name,Email,Organization\n"
        "Bo Sample <bo@example.org>\n"
        "cy@example.org,Cy\n"
        ",dee@example.org,Town\n"
        "Eve,eve at example.org"
    )
    assert read_pasted(sheet) == [
        Pasted("Bo Sample", "bo@example.org"),
        Pasted("Cy", "cy@example.org"),
        Pasted("", "dee@example.org", "Town"),
        Pasted("Eve", "eve at example.org"),
    ]


names = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1)
addresses = st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.org", fullmatch=True)


@given(people=st.lists(st.tuples(names, addresses), max_size=60))
def test_a_sheet_of_two_columns_is_read_whole_and_in_order(
    people: list[tuple[str, str]],
) -> None:
    sheet = "\n".join("\t".join(person) for person in people)
    assert read_pasted(sheet) == [Pasted(*person) for person in people]


@given(text=st.text())
def test_whatever_is_pasted_is_read_without_an_error(text: str) -> None:
    assert all(any((p.full_name, p.email, p.organization)) or p == Pasted()
               for p in read_pasted(text))  # fmt: skip


noise = st.text(" \t\n,;<>()\"'abÉ", max_size=12)
between = st.sampled_from([" ", "\t", ";", ",", "\n", "<", ">"])


@given(
    heading=st.sampled_from(["", "Name\tEmail\n", "Email,First name,Last name,City\n"]),
    addressed=st.lists(st.tuples(noise, between, addresses, between), max_size=12),
)
def test_every_address_makes_one_person_whatever_stands_around_it(
    heading: str, addressed: list[tuple[str, str, str, str]]
) -> None:
    numbered = [
        f"{before}{left}n{number}.{address}{right}"
        for number, (before, left, address, right) in enumerate(addressed)
    ]
    wanted = [f"n{number}.{each[2]}" for number, each in enumerate(addressed)]
    found = read_pasted(heading + "".join(numbered))
    assert [each.email for each in found if "@" in each.email] == wanted


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(text=st.one_of(words, st.lists(noise | addresses).map("".join)))
@example("';'")  # two quotes, which are nobody's name
def test_who_is_written_is_read_again_as_the_same(text: str) -> None:
    found = read_pasted(text)
    assert read_pasted(write_pasted(found)) == found
