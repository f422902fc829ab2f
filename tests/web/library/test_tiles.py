"""The page of the case studies by state."""

import re
from collections import Counter

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.library.service import built_in_document, import_cases
from tests.factories import writing


def test_the_map_and_the_table_say_how_many_cases_each_state_has(
    client: FlaskClient, session: Session
) -> None:
    with writing(session):
        import_cases(session, built_in_document())
    html = re.sub(r"\s+", " ", client.get("/library/map").text)
    states = Counter(case["state"] for case in built_in_document()["case_studies"])
    elsewhere = states.pop(None)
    tiles = re.findall(
        r'<a href="/library/case-studies\?state=(\w\w)" aria-label="[^"]+: (\d+) case',
        html,
    )
    table = re.findall(
        r'state=(\w\w)">[^<]+</a> </th> <td class="number">(\d+)</td>', html
    )
    assert {code: int(number) for code, number in tiles} == states
    assert {code: int(number) for code, number in table} == states
    assert 'aria-label="New York: 14 case studies"' in html
    assert 'aria-label="Ontario: 1 case study"' in html
    assert elsewhere == 1
    assert "1 case study is of no single state." in html


def test_a_tile_leads_to_the_cases_of_its_state(
    client: FlaskClient, session: Session
) -> None:
    with writing(session):
        import_cases(session, built_in_document())
    html = client.get("/library/case-studies?state=NY").text
    assert "14 case studies" in html
    assert 'href="/library/map"' in html


def test_a_map_of_nothing_has_no_link(client: FlaskClient, session: Session) -> None:
    assert "case-studies?state=" not in client.get("/library/map").text
