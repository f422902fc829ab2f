"""What people save of the library for themselves, with a note."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from csd_events.accounts import service as accounts
from csd_events.accounts.models import Account
from csd_events.library import queries, service
from csd_events.library.models import CaseStudy, SavedItem
from csd_events.library.rules.searching import EntryKind, SearchFilters
from csd_events.library.service import Desk, built_in_document, import_cases
from tests.desk import errors_in, fields_of, said
from tests.factories import NOON, PASSWORD, make_account, writing
from tests.library import look_again, make_desk, make_publication
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("now")

CASE = "/library/case-studies/dakota-911"
SAVE = "/library/save/case_study/dakota-911"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return make_desk(Path(app.config["FILES_FOLDER"]))


@pytest.fixture
def account(session: Session) -> Account:
    import_cases(session, built_in_document())
    session.commit()
    return make_account(session)


@pytest.fixture
def browser(app: Flask, account: Account) -> FlaskClient:
    return app.test_client(user=account)


def saved(session: Session) -> list[tuple[str, str]]:
    look_again(session)
    rows = session.scalars(select(SavedItem).order_by(SavedItem.id))
    found = [(row.key, row.note) for row in rows]
    session.rollback()
    return found


def keep(session: Session, person_id: int, key: str, note: str = "") -> int:
    with writing(session):
        what = EntryKind.CASE_STUDY, key
        return service.save_item(session, person_id, what, note=note, now=NOON).id


def test_one_press_saves_and_comes_back_to_where_one_was(
    browser: FlaskClient, session: Session
) -> None:
    page = browser.get(CASE).text
    assert f'action="{SAVE}?next=' in page
    answer = browser.post(f"{SAVE}?next={CASE}", data=fields_of(page))
    assert (answer.status_code, answer.headers["Location"]) == (303, CASE)
    assert said(browser, answer) == ["Saved. It is on your page, under Saved."]
    assert saved(session) == [("dakota-911", "")]
    assert "Saved." in browser.get(CASE).text
    browser.post(f"{SAVE}?next={CASE}", data=fields_of(page))  # pressed twice
    assert saved(session) == [("dakota-911", "")]
    assert 'href="/me/library"' in browser.get("/me").text


def test_each_kind_and_what_a_search_finds_can_be_saved(
    browser: FlaskClient, session: Session, desk: Desk
) -> None:
    make_publication(session, desk)
    with writing(session):
        service.reindex(session)
    token = fields_of(browser.get(CASE).text)
    for path, kind, key in (
        ("/library/publications/sharing-a-mower", "publication", "sharing-a-mower"),
        ("/library/bibliography/b16", "citation", "b16"),
        ("/library/search?q=trust&kind=statement", "statement", None),
    ):
        text = browser.get(path).text
        assert f'action="/library/save/{kind}/{key or ""}' in text
    found = queries.search(session, SearchFilters(words="trust")).items[0]
    session.rollback()
    path = f"/library/save/{found.kind}/{found.key}"
    answer = browser.post(f"{path}?next=/library/search?q%3Dtrust", data=token)
    assert answer.headers["Location"] == "/library/search?q=trust"
    assert saved(session) == [(found.key, "")]


def test_a_visitor_reads_that_it_needs_an_account_and_comes_back(
    app: Flask, account: Account, session: Session
) -> None:
    visitor = app.test_client()
    page = visitor.get(CASE)
    assert f'href="{SAVE}?next=' in page.text
    assert "csrf_token" not in page.text
    assert "Set-Cookie" not in page.headers  # its page is kept for others
    asked = visitor.get(f"{SAVE}?next={CASE}")
    assert "Saving needs an account" in asked.text
    assert f'href="{CASE}"' in asked.text
    assert "/sign-in?next=/library/save/case_study/dakota-911" in asked.text
    sign_in = visitor.get(f"/sign-in?next={SAVE}?next%3D{CASE}")
    typed = fields_of(sign_in.text)
    typed |= {"email": account.person.email, "password": PASSWORD}
    answer = visitor.post("/sign-in", data=typed)
    assert answer.headers["Location"] == f"{SAVE}?next={CASE}"
    form = visitor.get(answer.headers["Location"])
    data = fields_of(form.text) | {"note": "Ask them."}
    done = visitor.post(answer.headers["Location"], data=data)
    assert done.headers["Location"] == CASE
    assert saved(session) == [("dakota-911", "Ask them.")]


def test_nobody_is_led_away_from_the_site(browser: FlaskClient) -> None:
    token = fields_of(browser.get(CASE).text)
    answer = browser.post(f"{SAVE}?next=https://example.org/", data=token)
    assert answer.headers["Location"] == CASE
    answer = browser.post(f"{SAVE}?next=//example.org/", data=token)
    assert answer.headers["Location"] == CASE


@pytest.mark.parametrize(
    "path",
    ["/library/save/case_study/nobody", "/library/save/mood/dakota-911"],
)
def test_what_is_not_in_the_library_cannot_be_saved(
    browser: FlaskClient, path: str
) -> None:
    assert browser.get(path).status_code == 404


def test_a_note_is_written_changed_and_taken_away(
    browser: FlaskClient, account: Account, session: Session
) -> None:
    item = keep(session, account.person_id, "dakota-911", "First")
    page = browser.get("/me/library").text
    assert "First" in page
    path = f"/me/library/{item}"
    typed = fields_of(browser.get(path).text)
    assert typed["note"] == "First"
    too_long = browser.post(path, data=typed | {"note": "x" * 2001})
    assert too_long.status_code == 422
    assert len(errors_in(too_long)) == 1
    browser.post(path, data=typed | {"note": "Second\nline"})
    assert saved(session) == [("dakota-911", "Second\nline")]
    answer = browser.post(
        f"{path}/drop", data=fields_of(browser.get(CASE).text) or typed
    )
    assert said(browser, answer) == ["Taken away, with your note."]
    assert saved(session) == []
    assert "You have saved nothing yet." in browser.get("/me/library").text


def test_what_is_saved_is_its_owner_s_alone(
    app: Flask, account: Account, browser: FlaskClient, session: Session
) -> None:
    item = keep(session, account.person_id, "dakota-911", "Mine alone")
    other = app.test_client(user=make_account(session))
    token = fields_of(other.get(CASE).text)
    assert "Mine alone" not in other.get("/me/library").text
    path = f"/me/library/{item}"
    assert other.get(path).status_code == 404
    assert other.post(path, data=token | {"note": "x"}).status_code == 404
    assert other.post(f"{path}/drop", data=token).status_code == 404
    assert app.test_client().get("/me/library").status_code == 401
    assert saved(session) == [("dakota-911", "Mine alone")]


def test_what_was_retired_stays_with_its_title_and_note(
    browser: FlaskClient, account: Account, session: Session, desk: Desk
) -> None:
    keep(session, account.person_id, "dakota-911", "Ask them.")
    with writing(session):
        row = session.get_one(CaseStudy, "dakota-911")
        title = row.title
        service.retire_case(session, row.number, desk)
    page = browser.get("/me/library").text
    assert f'href="{CASE}"' not in page
    assert "It is no longer in the library. Your note stays." in page
    assert "Ask them." in page
    assert title.split(",")[0] in page


def test_closing_the_account_forgets_what_was_saved(
    account: Account, session: Session
) -> None:
    keep(session, account.person_id, "dakota-911", "Ask them.")
    with writing(session):
        accounts.close_account(session, account.person_id, now=NOON)
    assert saved(session) == []


def test_the_database_keeps_a_thing_once_for_an_account(
    account: Account, session: Session
) -> None:
    keep(session, account.person_id, "dakota-911")
    twice = SavedItem(
        account_id=account.id,
        kind=EntryKind.CASE_STUDY,
        key="dakota-911",
        title="Twice",
        saved_at=NOON,
    )
    with pytest.raises(IntegrityError), writing(session):
        session.add(twice)
    session.rollback()
    assert session.scalar(select(func.count(SavedItem.id))) == 1


def test_a_list_of_many_asks_as_often_as_one_of_few_and_goes_on(
    app: Flask, browser: FlaskClient, account: Account, session: Session
) -> None:
    ids = [case.id for case in queries.list_cases(session)]
    session.rollback()
    keep(session, account.person_id, ids[0])
    browser.get("/me/library")
    with counted(app) as few:
        browser.get("/me/library")
    for key in ids[1:30]:
        keep(session, account.person_id, key)
    with counted(app) as many:
        page = browser.get("/me/library").text
    assert len(few) == len(many) <= 4
    assert "Earlier ones" in page
    with counted(app) as found:
        browser.get("/library/search?q=fire")
    assert len(found) <= 6
