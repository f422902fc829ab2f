"""Publications and their files, as people find and fetch them."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from csd_events.library import queries, service
from csd_events.library.models import Publication
from csd_events.library.rules.publishing import PublicationKind
from csd_events.library.service import Desk, Upload, built_in_document, import_cases
from tests.desk import staff_browser
from tests.factories import writing
from tests.library import make_desk, make_publication, make_upload

CONTENT = "Words about a mower, and é.\n".encode() * 100


@pytest.fixture
def desk(app: Flask) -> Desk:
    return make_desk(Path(app.config["FILES_FOLDER"]))


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, buffered=True)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def file_of(session: Session, row: Publication) -> str:
    found = queries.get_publication_by_id(session, row.id).current
    assert found is not None
    return f"/files/{found.file_id}"


def titles_on(html: str) -> list[str]:
    return re.findall(r'<h\d><a href="/library/publications/[\w-]+">(.*?)</a>', html)


def test_the_list_is_narrowed_by_kind_and_service(
    client: FlaskClient, session: Session, desk: Desk
) -> None:
    slides = PublicationKind.SLIDES
    make_publication(session, desk, title="A book", areas=("police",))
    make_publication(session, desk, title="Some slides", kind=slides)
    make_publication(session, desk, title="A draft", file=None)
    assert titles_on(page(client, "/library/publications")) == [
        "Some slides",
        "A book",
    ]
    html = page(client, "/library/publications?kind=e_book&area=police")
    assert titles_on(html) == ["A book"]
    assert "<h1>Publications: E-book, Police</h1>" in html
    assert "1 publication<" in html
    nothing = page(client, "/library/publications?kind=slides&area=police")
    assert "Nothing published fits." in nothing


@pytest.mark.parametrize("query", ["kind=film", "area=moon", "kind=film&area=moon"])
def test_a_filter_that_names_nothing_asks_for_nothing(
    client: FlaskClient, session: Session, desk: Desk, query: str
) -> None:
    """As in the catalog of events."""
    make_publication(session, desk)
    html = page(client, f"/library/publications?{query}")
    assert html == page(client, "/library/publications")


def test_a_page_that_begins_nowhere_is_not_found(
    client: FlaskClient, session: Session
) -> None:
    assert client.get("/library/publications?after=nothing").status_code == 404


def test_a_publication_shows_its_versions_and_what_changed(
    client: FlaskClient, session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk, file=CONTENT)
    with writing(session):
        upload = make_upload(b"%PDF-1.7 better", note="Now to print.")
        service.add_version(session, row.id, upload, desk)
    html = page(client, f"/library/publications/{row.slug}")
    assert "PDF, 15 bytes · version 2 of May 1, 2030" in html
    assert "New in it: Now to print." in html
    assert "May 1, 2030 · plain text, 3 kB" in html
    assert "Edit it" not in html


def test_a_publication_shows_its_cases_and_that_a_vendor_paid(
    client: FlaskClient, session: Session, desk: Desk
) -> None:
    import_cases(session, built_in_document())
    session.commit()
    paid = next(c.id for c in queries.list_cases(session) if c.vendor_is_underwriter)
    row = make_publication(session, desk, cases=(paid, "dakota-911"))
    html = page(client, f"/library/publications/{row.slug}")
    assert html.count("The vendor also paid for the ICMA program.") == 1
    assert "Eleven cities and a county build one dispatch center" in html
    assert "Sharing a mower" in page(client, "/library/case-studies/dakota-911")


def test_a_file_is_handed_out_and_never_shown(
    client: FlaskClient, session: Session, desk: Desk
) -> None:
    path = file_of(session, make_publication(session, desk, file=CONTENT))
    answer = client.get(path, buffered=True)
    assert answer.data == CONTENT
    kept = ("Content-Type", "Content-Disposition", "Cache-Control")
    assert {name: answer.headers[name] for name in kept} == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Disposition": "attachment; filename=mower.txt",
        "Cache-Control": "public, max-age=0, must-revalidate",
    }
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "Set-Cookie" not in answer.headers


def test_a_file_is_fetched_in_parts_and_not_twice(
    client: FlaskClient, session: Session, desk: Desk
) -> None:
    path = file_of(session, make_publication(session, desk, file=CONTENT))
    etag = client.get(path, buffered=True).headers["ETag"]
    part = client.get(path, headers={"Range": "bytes=10-19"}, buffered=True)
    again = client.get(path, headers={"If-None-Match": etag}, buffered=True)
    assert (part.status_code, part.data) == (206, CONTENT[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(CONTENT)}"
    assert (again.status_code, again.data) == (304, b"")


def test_a_name_of_any_letters_is_kept_as_it_is_written(
    client: FlaskClient, session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk, file=None)
    upload = Upload(file=make_upload(b"%PDF-1").file, name="Été; 李小龍.doc")
    with writing(session):
        service.add_version(session, row.id, upload, desk)
    browser = staff_browser(client.application, session)
    answer = browser.get(file_of(session, row), buffered=True)
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="Ete; .pdf"; '
        "filename*=UTF-8''%C3%89t%C3%A9%3B%20%E6%9D%8E%E5%B0%8F%E9%BE%8D.pdf"
    )


def test_a_draft_is_for_staff_alone(
    app: Flask, client: FlaskClient, session: Session, desk: Desk
) -> None:
    row = make_publication(session, desk, published_on=None)
    paths = [f"/library/publications/{row.slug}", file_of(session, row)]
    browser = staff_browser(app, session)
    assert [client.get(path, buffered=True).status_code for path in paths] == [404, 404]
    answers = [browser.get(path, buffered=True) for path in paths]
    assert [each.status_code for each in answers] == [200, 200]
    assert "Only staff see this page" in answers[0].text
    assert {each.headers["Cache-Control"] for each in answers} == {"private, no-store"}


def test_what_is_retired_says_what_to_read_instead(
    app: Flask, client: FlaskClient, session: Session, desk: Desk
) -> None:
    old, new = (make_publication(session, desk, title=t) for t in ("Old", "New one"))
    path = file_of(session, old)
    with writing(session):
        service.retire(session, old.id, desk, successor_id=new.id)
    for gone in ("/library/publications/old", path):
        answer = client.get(gone, buffered=True)
        assert (answer.status_code, titles_on(answer.text)) == (410, ["New one"])
    assert staff_browser(app, session).get(path, buffered=True).data == b"Words."


def test_a_successor_that_is_retired_too_is_not_named(
    client: FlaskClient, session: Session, desk: Desk
) -> None:
    old, new = (make_publication(session, desk, title=t) for t in ("Old", "New one"))
    with writing(session):
        service.retire(session, old.id, desk, successor_id=new.id)
        service.retire(session, new.id, desk, successor_id=None)
    answer = client.get("/library/publications/old")
    assert (answer.status_code, titles_on(answer.text)) == (410, [])


def test_a_file_that_is_not_there_is_not_found(
    client: FlaskClient, session: Session, desk: Desk
) -> None:
    path = file_of(session, make_publication(session, desk))
    for each in desk.store.folder.iterdir():
        each.unlink()
    paths = (path, "/files/999", "/files/x")
    missing = [client.get(each, buffered=True).status_code for each in paths]
    assert missing == [404, 404, 404]


def test_lists_ask_the_database_the_same_with_two_and_with_two_hundred(
    app: Flask,
    client: FlaskClient,
    session: Session,
    desk: Desk,
    statements: list[str],
) -> None:
    browser = staff_browser(app, session)
    browser.get("/staff")
    paths = {"/library/publications": client, "/staff/library": browser}
    counts: dict[str, list[int]] = {path: [] for path in paths}
    for number in (2, 200):
        with writing(session):
            there = len(queries.list_slugs(session))
        for each in range(there, number):
            make_publication(
                session, desk, title=f"Book {each}", areas=("police", "libraries")
            )
        for path, who in paths.items():
            page(who, "/library")  # reads the association, which is remembered
            statements.clear()
            page(who, path)
            counts[path].append(len(statements))
    assert counts == {path: [first, first] for path, (first, _) in counts.items()}
