"""A file that can be no instrument says why, in one line for each mistake."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from csd_events.worksheets.rules import InvalidInstrumentError, read_instrument
from csd_events.worksheets.service.instruments import CURRENT, FOLDER, instrument

WHOLE = json.loads((FOLDER / f"{CURRENT}.json").read_text("utf-8"))
Change = Callable[[dict[str, Any]], object]


def problems(change: Change) -> tuple[str, ...]:
    given = copy.deepcopy(WHOLE)
    change(given)
    with pytest.raises(InvalidInstrumentError) as caught:
        read_instrument(given)
    return caught.value.problems


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda p: p.stem)
def test_every_wording_that_the_program_brings_is_in_order(path: Any) -> None:
    assert instrument(path.stem).version == path.stem


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.pop("name"), "the file: name must be text"),
        (lambda d: d.update(version="new"), "the file: version has the wrong form"),
        (lambda d: d.update(bands=None), "the file: bands must be a list"),
        (lambda d: d.update(dialogue=3), "the file: dialogue: must be an object"),
        (
            lambda d: d["dialogue"].update(steps=[1]),
            "the file: dialogue: steps must be a list of texts",
        ),
        (
            lambda d: d["factors"][0]["answers"].pop("2"),
            "the file: factors 1: answers: 2 must be text",
        ),
        (
            lambda d: d["factors"].reverse(),
            "factors: must be S1, S2, S3, S4, S5, S6, S7, C1, C2, C3, C4, C5, C6, "
            "C7, in this order",
        ),
        (
            lambda d: d["factors"][0].update(dimension="community"),
            "factor S1: is about the service, by its letter",
        ),
        (
            lambda d: d["factors"][0]["sources"].append("nowhere"),
            "the file: factors 1: source nowhere is not among the sources",
        ),
        (
            lambda d: d["sources"]["bel-warner"].update(address="javascript:x"),
            "the file: sources: bel-warner: address has the wrong form",
        ),
        (
            lambda d: d["readiness"].pop(),
            "readiness: must be R1, R2, R3, R4, R5, in this order",
        ),
        (
            lambda d: d.update(minimum_answered=8),
            "the file: minimum_answered must be a number from 1 to 7",
        ),
        (
            lambda d: d["bands"][0].update({"from": 8}),
            "bands: must begin at 7 and rise",
        ),
        (lambda d: d["bands"].reverse(), "bands: must begin at 7 and rise"),
        (
            lambda d: d["readings"].pop(),
            "readings: must say something for each pair of bands, once",
        ),
        (
            lambda d: d["forms"].pop(),
            "forms: must be public_public_horizontal, public_public_vertical, "
            "consolidation_regionalization, public_private, public_nonprofit, in this "
            "order",
        ),
        (
            lambda d: d["forms"][0]["gate"][0].update(at_least=4),
            "the file: forms 1: gate 1: at_least must be a number from 1 to 3",
        ),
        (
            lambda d: d["forms"][0]["rules"][0].update(effect="maybe"),
            "the file: forms 1: rules 1: effect must be one of reason, caution",
        ),
        (
            lambda d: d["forms"][0]["rules"][0].update(derived="no"),
            "the file: forms 1: rules 1: derived must be true or false",
        ),
        (
            lambda d: d["topics_of_low_answers"].update(S9="trust_building"),
            "the file: topics_of_low_answers: S9 is not known",
        ),
    ],
)
def test_each_mistake_is_said_with_its_place(change: Change, words: str) -> None:
    assert words in problems(change)


def test_all_mistakes_are_said_at_once() -> None:
    def change(given: dict[str, Any]) -> None:
        given["name"] = " "
        given["factors"][3]["question"] = ""

    assert problems(change) == (
        "the file: name must be text",
        "the file: factors 4: question must be text",
    )


def test_something_else_than_an_object_is_no_instrument() -> None:
    with pytest.raises(InvalidInstrumentError) as caught:
        read_instrument([])
    assert caught.value.problems[0] == "the file: must be an object"
