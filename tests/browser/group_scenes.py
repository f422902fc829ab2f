"""Groups with a worksheet, at every stage."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from csd_events.core.tokens import Purpose, links
from csd_events.worksheets import service
from csd_events.worksheets.models import Worksheet, WorksheetGroup
from csd_events.worksheets.service import Joining, Opening, Settled, ToFindOut
from tests.colleagues import EXAMPLE
from tests.factories import NOON, writing

NAMES = ("Ada Sample", "Maximiliane Featherstonehaugh-Cholmondeley", "", "D" * 80)
WORDS = "Donaudampfschifffahrtsgesellschaft"


@dataclass(frozen=True, slots=True)
class Grouped:
    """A group, and the worksheets of those in it."""

    group: WorksheetGroup
    sheets: Sequence[Worksheet]


def colleagues(app: Flask, session: Session, person_id: int) -> dict[str, str]:
    """Open groups, and return the tokens that their pages want."""
    with writing(session):
        scenes = {
            "new": _opened(session, handed_in=0),
            "few": _opened(session, handed_in=2),
            "ready": _opened(session, handed_in=4, person_id=person_id),
            "begun": _begun(session),
            "talk": _talking(session),
            "over": _over(session),
            "over_few": _over(session, handed_in=1),
        }
        values = {"code": scenes["new"].group.code or ""}
    with app.app_context():
        for name, each in scenes.items():
            of_group = each.group.id, each.group.link_version
            lead, screen = Purpose.WORKSHEET_GROUP, Purpose.WORKSHEET_SCREEN
            values[f"lead_{name}"] = links().token(lead, *of_group)
            values[f"screen_{name}"] = links().token(screen, *of_group)
            values[f"first_{name}"] = _token(each.sheets[0])
            values[f"last_{name}"] = _token(each.sheets[-1])
    return values


def _token(sheet: Worksheet) -> str:
    return links().token(Purpose.WORKSHEET, sheet.id, sheet.link_version)


def _opened(
    session: Session, *, handed_in: int, person_id: int | None = None
) -> Grouped:
    """Let four join, and some of them hand in; one more is still answering."""
    opening = Opening(
        service_area="dispatch_911",
        community="Town of " + "Lake" * 9,
        person_id=person_id,
    )
    group = service.open_group(session, opening, now=NOON)
    sheets = [
        service.join(
            session, group.id, Joining(name=name, once=f"once-{number}"), now=NOON
        )
        for number, name in enumerate((*NAMES, "Eve Sample"))
    ]
    given = list(EXAMPLE["answers"].values())[:handed_in]
    for sheet, answers in zip(sheets, given, strict=False):
        service.hand_in(session, sheet.id, answers, now=NOON)
    return Grouped(group, sheets)


def _begun(session: Session) -> Grouped:
    made = _opened(session, handed_in=4)
    service.begin_talk(session, made.group.id, now=NOON)
    return made


def _talking(session: Session) -> Grouped:
    made = _begun(session)
    group_id = made.group.id
    service.show(session, group_id, "C3", now=NOON)
    for settled in (
        Settled(item="C3", grade=2, note=f"As of May. {WORDS}"),
        Settled(item="S5", grade=None),
    ):
        service.settle(session, group_id, settled, now=NOON)
    for task in (
        ToFindOut(item="C3", what=f"What {WORDS} says", who="Ada", due="June 30"),
        ToFindOut(item=None, what="What it costs today"),
    ):
        service.add_task(session, group_id, task, now=NOON)
    return made


def _over(session: Session, *, handed_in: int = 4) -> Grouped:
    made = _talking(session) if handed_in > 2 else _opened(session, handed_in=1)
    service.close(session, made.group.id, now=NOON)
    return made
