"""What a worksheet comes to, as a file to print and to pass on."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.library import service as library
from tests.billing import structure_of, words_of
from tests.factories import writing
from tests.web.worksheets.test_sheet import TWO_TOWNS, begin

pytestmark = pytest.mark.usefixtures("now", "session")


def test_the_file_says_what_the_page_says(
    client: FlaskClient, session: Session
) -> None:
    with writing(session):
        library.import_cases(session, library.built_in_document())
    sheet = begin(client)
    client.post(sheet, data=TWO_TOWNS | {"C5": "unknown"})
    answer = client.get(f"{sheet}/result.pdf")
    assert answer.mimetype == "application/pdf"
    said = words_of(answer.data)
    for part in (
        "911 dispatch, Town of Ashfield",
        "15 on a scale from 7 to 21: Some things help, some do not",
        "To find out",
        "Fiscal and economic health",
        "Worth exploring first",
        "Reason: Few or no firms would compete; other governments fill that gap.",
        "Caution: Nearly all the cost is staff time, where size saves less.",
        "It needs more than one firm that would make an offer.",
        "Keep the service in-house",
        "The same service. Service: 911 dispatch, which you chose",
        "S1 · Asset specificity Hardly any of it",
        "C5 · Fiscal and economic health We do not know yet",
    ):
        assert part in said


def test_a_screen_reader_finds_its_headings_lists_and_table(
    client: FlaskClient,
) -> None:
    sheet = begin(client)
    client.post(sheet, data=TWO_TOWNS)
    found = structure_of(client.get(f"{sheet}/result.pdf").data)
    assert found.count("/H1") == 1
    assert found.count("/H2") == 5
    assert found.count("/H3") == 6
    assert found.count("/TH") == 2
    assert "/L" in found


def test_nothing_in_it_opens_the_worksheet(client: FlaskClient) -> None:
    sheet = begin(client)
    token = sheet.rpartition("/")[2]
    answer = client.get(f"{sheet}/result.pdf")
    assert token not in words_of(answer.data)
    assert token.encode() not in answer.data


def test_a_worksheet_without_answers_is_printed_too(client: FlaskClient) -> None:
    sheet = begin(client, community="李小龍 & #strong[*Ashfield*]")
    said = words_of(client.get(f"{sheet}/result.pdf").data)
    assert "No score yet: 0 of 7 questions have an answer, and 5 are needed." in said
    assert "#strong[*Ashfield*]" in said
    assert "Some letters of this document cannot be shown here." in said
