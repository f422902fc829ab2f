"""What a group comes to, as a file to print and to pass on."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from csd_events.library import service as library
from tests.billing import structure_of, words_of
from tests.colleagues import (
    EXAMPLE,
    NAMES,
    begin_talk,
    code_on,
    four_hand_in,
    join,
    open_group,
)
from tests.factories import make_event, writing

pytestmark = pytest.mark.usefixtures("now", "session")
TASK = {"what": "What the lease says", "who": "The clerk", "due": "June 30"}


@pytest.fixture
def group(client: FlaskClient) -> str:
    return open_group(client)


def file_of(client: FlaskClient, address: str) -> bytes:
    answer = client.get(f"{address}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return bytes(answer.data)


def talked(client: FlaskClient, group: str) -> list[str]:
    """Let four answer, settle two questions and write down what to find out."""
    sheets = four_hand_in(client, group)
    begin_talk(client, group)
    for item, grade, note in (("C6", "1", "For this year"), ("C2", "unknown", "")):
        client.post(f"{group}/questions/{item}", data={"grade": grade, "note": note})
    client.post(f"{group}/tasks", data=TASK | {"item": "S1"})
    return sheets


def test_the_file_says_what_the_page_says(
    client: FlaskClient, session: Session
) -> None:
    with writing(session):
        library.import_cases(session, library.built_in_document())
    event = make_event(session, title="Sharing dispatch")
    group = open_group(client, event=str(event.id))
    talked(client, group)
    said = words_of(file_of(client, f"{group}/result"))
    for part in (
        "911 dispatch, Town of Ashfield",
        "At Sharing dispatch.",
        "4 worksheets, side by side.",
        "15 on a scale from 7 to 21: Some things help, some do not",
        "One person's score: lowest 13, highest 16.",
        "Unions and employee relations: Strong opposition, or an agreement that rules "
        "it out (For this year)",
        "S1: What the lease says · The clerk · June 30",
        "Not known yet: Possible private partners",
        "Next steps",
        "Agree who finds out what by when, and when you meet again.",
        "C6 · Unions and employee relations Split",
        "Settled: Strong opposition, or an agreement that rules it out (For this year)",
        "To find out first: Possible private partners",
        "Keep the service in-house",
        "The same service. Service: 911 dispatch, which you chose",
    ):
        assert part in said


def test_its_parts_are_read_in_the_order_of_the_page(
    client: FlaskClient, group: str
) -> None:
    talked(client, group)
    said = words_of(file_of(client, f"{group}/result"))
    headings = [
        "The service",
        "The community",
        "What you settled",
        "To find out",
        "Next steps",
        "In the order of talk",
        *(f"{item} · " for item in EXAMPLE["talk_in_this_order"]),
        "Which form of sharing",
    ]
    places = [said.index(heading) for heading in headings[5:]]
    assert places == sorted(places)
    found = [said.index(heading) for heading in headings[:6]]
    assert found == sorted(found)


def test_a_screen_reader_finds_its_title_language_headings_and_lists(
    client: FlaskClient, group: str
) -> None:
    talked(client, group)
    file = file_of(client, f"{group}/result")
    root: Any = PdfReader(io.BytesIO(file)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    info = PdfReader(io.BytesIO(file)).metadata
    assert info is not None
    assert info.title == "911 dispatch, Town of Ashfield"
    assert b"pdfuaid" in file
    found = structure_of(file)
    assert found.count("/H1") == 1
    assert found.count("/H2") == 7
    assert found.count("/H3") == 14 + 6
    assert found.count("/L") >= 14


def test_no_name_of_who_answered_and_no_link_is_in_it(
    client: FlaskClient, group: str
) -> None:
    sheets = talked(client, group)
    secrets = [path.rpartition("/")[2] for path in (group, *sheets)]
    for address in (f"{group}/result", f"{sheets[0]}/group"):
        file = file_of(client, address)
        said = words_of(file)
        assert [name for name in NAMES if name and name in said] == []
        assert [each for each in secrets if each in said or each.encode() in file] == []


def test_with_two_worksheets_there_is_no_file_and_the_page_says_why(
    client: FlaskClient, group: str
) -> None:
    code = code_on(client, group)
    for _ in range(2):
        client.post(f"{join(client, code)}/hand-in", data={"S1": "1"})
    answer = client.get(f"{group}/result.pdf")
    assert (answer.status_code, answer.location) == (303, f"{group}/result")
    assert ".pdf" not in client.get(f"{group}/result").text


def test_who_has_not_handed_in_or_waits_for_the_talk_gets_no_file(
    client: FlaskClient, group: str
) -> None:
    sheet, *_ = four_hand_in(client, group)
    late = join(client, code_on(client, group))
    for each in (sheet, late):
        answer = client.get(f"{each}/group.pdf")
        assert (answer.status_code, answer.location) == (303, f"{each}/talk")
    begin_talk(client, group)
    assert file_of(client, f"{sheet}/group")
    assert client.get(f"{late}/group.pdf").status_code == 303


def test_words_of_a_group_are_printed_as_they_were_typed(
    client: FlaskClient,
) -> None:
    group = open_group(client, community="#strong[*Ashfield*] <script>")
    four_hand_in(client, group)
    client.post(f"{group}/tasks", data={"what": "= No heading $x$ @here"})
    said = words_of(file_of(client, f"{group}/result"))
    assert "#strong[*Ashfield*] <script>" in said
    assert "= No heading $x$ @here" in said
