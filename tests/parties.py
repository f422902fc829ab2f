"""Somebody who registers colleagues, without a screen."""

from collections.abc import Mapping, Sequence

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.desk import fields_of

SENDER = {
    "full_name": "Dana Sample",
    "email": "dana@example.org",
    "organization": "Town of Sample",
}


def rows_of(people: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Fill the rows of the form: names and addresses."""
    typed = {}
    for number, (name, email) in enumerate(people):
        typed[f"colleagues-{number}-full_name"] = name
        typed[f"colleagues-{number}-email"] = email
    return typed


def people(number: int, *, first: int = 1) -> list[tuple[str, str]]:
    """Name some people whom nobody knows yet."""
    some = range(first, first + number)
    return [(f"Colleague {n}", f"colleague{n}@example.org") for n in some]


def path_to(slug: str) -> str:
    return f"/events/{slug}/register/colleagues"


def open_party(client: FlaskClient, slug: str) -> dict[str, str]:
    """Open the form; return what it holds."""
    page = client.get(path_to(slug))
    assert page.status_code == 200, page.text
    return fields_of(page.text)


def send_party(
    client: FlaskClient,
    slug: str,
    rows: Sequence[tuple[str, str]],
    *,
    form: Mapping[str, str] | None = None,
    others: Mapping[str, str] | None = None,
    **typed: str,
) -> TestResponse:
    """Fill in and send the form, by a guest unless somebody is signed in.

    Args:
        others: What is typed into fields whose names are no words of ours.
    """
    form = form if form is not None else open_party(client, slug)
    own = SENDER if "full_name" in form else {}
    data = {**form, **own, **rows_of(rows), **(others or {}), **typed}
    return client.post(path_to(slug), data=data)
