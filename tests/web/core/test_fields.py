"""What the shared fields make of what people type."""

from collections.abc import Iterator
from types import MappingProxyType

import pytest
from flask import Flask
from flask_babel import lazy_gettext as lazy
from werkzeug.datastructures import MultiDict
from wtforms import Form

from csd_events.core.fields import (
    EmailField,
    OneLineField,
    OptionalSelectField,
    TextField,
    ZoneField,
)


class SampleForm(Form):
    """One field of each kind; only the name is required."""

    name = OneLineField("Full name", required="Enter your full name", max_length=12)
    email = EmailField("Email address")
    note = TextField("Note", max_length=20)
    area = OptionalSelectField(
        "Service area",
        choices=lambda: MappingProxyType({"Safety": {"fire": lazy("Fire")}}),
        blank=lazy("Not decided yet"),
    )
    state = OptionalSelectField("State", choices={"NC": "North Carolina"})


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def filled(**typed: str) -> SampleForm:
    form = SampleForm(MultiDict({"name": "Ada Sample", **typed}))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada   Sample ", "Ada Sample"),
        ("Ada\tSample", "Ada Sample"),
        ("Zoe\N{COMBINING DIAERESIS}", "Zoë"),
        ("Nguyễn Ánh", "Nguyễn Ánh"),
        ("李小龍", "李小龍"),
    ],
)
def test_a_name_is_kept_as_it_is_spelled(typed: str, kept: str) -> None:
    form = filled(name=typed)
    assert (form.errors, form.name.data) == ({}, kept)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Enter your full name"),
        ("  ", "Enter your full name"),
        ("Ada Sample of", "Full name must be 12 characters or fewer"),
    ],
)
def test_a_name_of_the_wrong_shape_is_refused_in_plain_words(
    typed: str, words: str
) -> None:
    assert filled(name=typed).errors == {"name": [words]}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ada\0", "Ada"),
        ("Ada\r\nBcc", "AdaBcc"),
        ("A\x1bda", "Ada"),
        ("A\ud800da", "Ada"),
        ("Ad\ufffd", "Ad\ufffd"),  # what stands for bytes that were no UTF-8
    ],
)
def test_a_control_character_is_refused_and_not_shown_again(
    typed: str, shown: str
) -> None:
    form = filled(name=typed)
    words = "Full name holds a character that cannot be shown. Type it again"
    assert form.errors == {"name": [words]}
    assert form.name.data == shown


@pytest.mark.parametrize("typed", ["\u200b", " \u2060 ", "\u00a0\u200d"])
def test_a_name_that_nobody_can_see_is_none(typed: str) -> None:
    form = filled(name=typed)
    assert (form.name.data, form.name.errors) == ("", ["Enter your full name"])


def test_lines_of_a_text_are_kept_and_its_control_characters_refused() -> None:
    assert filled(note="One\r\n\r\nTwo\rThree ").note.data == "One\n\nTwo\nThree"
    assert list(filled(note="One\0").errors) == ["note"]
    assert filled(note="x" * 21).errors == {
        "note": ["Note must be 20 characters or fewer"]
    }


@pytest.mark.parametrize(
    "typed",
    ["ada@example.org", " ADA+forum@Example.ORG ", "o'neil@münchen.example.org", ""],
)
def test_an_address_that_a_server_can_take_is_kept(typed: str) -> None:
    form = filled(email=typed)
    assert (form.errors, form.email.data) == ({}, typed.strip())


def test_an_address_that_a_browser_has_coded_is_kept_as_it_was_typed() -> None:
    """Browsers send the domain of an address in ASCII, whatever was typed."""
    assert filled(email="ada@xn--mnchen-3ya.de").email.data == "ada@münchen.de"
    unreadable = "ada@xn--zzzzzzzz.example.org"
    assert filled(email=unreadable).email.data == unreadable


@pytest.mark.parametrize(
    "typed",
    [
        "ada",
        "ada@",
        "@example.org",
        "a b@example.org",
        "ada@example",
        "a@b@example.org",
    ],
)
def test_an_address_of_the_wrong_shape_is_shown_the_right_one(typed: str) -> None:
    words = "Enter an email address in the format name@example.org"
    assert filled(email=typed).errors == {"email": [words]}


def test_letters_that_mail_servers_refuse_have_their_own_sentence() -> None:
    words = (
        "Enter an address with plain letters before the @: most mail servers "
        "cannot take others"
    )
    assert filled(email="renée@example.org").errors == {"email": [words]}


def test_an_address_is_no_longer_than_mail_allows() -> None:
    words = "Email address must be 254 characters or fewer"
    assert filled(email="a" * 250 + "@example.org").errors == {"email": [words]}


@pytest.mark.parametrize(
    ("typed", "kept"), [({}, None), ({"area": ""}, None), ({"area": "fire"}, "fire")]
)
def test_nothing_need_be_chosen(typed: dict[str, str], kept: str | None) -> None:
    form = filled(**typed)
    assert (form.errors, form.area.data) == ({}, kept)


def test_no_choice_stands_before_the_groups() -> None:
    groups = [
        (group, [(choice[0], choice[1]) for choice in choices])
        for group, choices in filled().area.iter_groups()
    ]
    assert groups == [
        (None, [("", "Not decided yet")]),
        ("Safety", [("fire", "Fire")]),
    ]


@pytest.mark.parametrize("field", ["area", "state"])
def test_what_is_not_in_the_list_is_refused(field: str) -> None:
    assert filled(**{field: "x\0"}).errors == {field: ["Choose one from the list"]}


def test_a_field_that_was_not_sent_is_empty_and_not_what_was_there_before() -> None:
    form = SampleForm(MultiDict({"email": ""}), data={"name": "Ada Sample"})
    form.validate()
    assert form.errors == {"name": ["Enter your full name"]}


def test_a_zone_is_chosen_by_words_and_one_chosen_before_stays_in_the_list() -> None:
    class ZoneForm(Form):
        zone = ZoneField("Time zone")

    form = ZoneForm(data={"zone": "Europe/Paris"})
    words = {choice[0]: choice[1] for choice in form.zone.iter_choices()}

    assert words["America/New_York"] == "Eastern (New York)"
    assert words["Europe/Paris"] == "Central European (Paris)"
    assert (words["UTC"], words["Pacific/Guam"]) == ("UTC", "Guam")
    assert "Asia/Nowhere" not in words


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "", "Asia/Tokyo"])
def test_a_zone_that_is_not_in_the_list_is_refused(zone: str) -> None:
    class ZoneForm(Form):
        zone = ZoneField("Time zone")

    form = ZoneForm(MultiDict({"zone": zone}), data={"zone": "UTC"})
    form.validate()
    assert form.errors == {"zone": ["Choose one from the list"]}
