"""Work in the background makes way for who waits for a page."""

from threading import Event, Thread

import pytest
from flask import Flask

from csd_events.core.visitors import init_visitors, make_way

MOMENT = 0.01  # seconds
LONG = 10.0


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    init_visitors(app)
    return app


def test_nobody_waits_and_nothing_makes_way() -> None:
    assert make_way(LONG) is True


def test_while_somebody_waits_for_a_page_nothing_goes_on(app: Flask) -> None:
    met = []

    def view() -> str:
        met.append(make_way(MOMENT))
        return ""

    app.add_url_rule("/", view_func=view)
    app.test_client().get("/")
    assert (met, make_way(MOMENT)) == ([False], True)


def test_what_makes_way_goes_on_as_soon_as_the_page_is_there(app: Flask) -> None:
    inside, may_end = Event(), Event()
    ended: list[bool] = []

    def view() -> str:
        inside.set()
        may_end.wait(LONG)
        return ""

    app.add_url_rule("/", view_func=view)
    visitor = Thread(target=app.test_client().get, args=("/",))
    visitor.start()
    assert inside.wait(LONG)
    worker = Thread(target=lambda: ended.append(make_way(LONG)))
    worker.start()
    may_end.set()
    for each in (visitor, worker):
        each.join(LONG)
    assert ended == [True]


def test_a_page_that_fails_lets_others_go_on(app: Flask) -> None:
    def view() -> str:
        raise ValueError("broken")

    app.add_url_rule("/", view_func=view)
    assert app.test_client().get("/").status_code == 500
    assert make_way(MOMENT) is True
