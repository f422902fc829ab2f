"""Which part of the worksheet is offered, by stage, to the letter."""

import pytest

from csd_events.topics.catalogue import STAGES
from csd_events.worksheets.rules import Line, Offer, Part, offer

ONE, TWO = Offer(Part.ONE), Offer(Part.TWO)
FIRST = Offer(Part.ONE, Line.PART_ONE_FIRST)
TODAY = Offer(Part.ONE, Line.AS_IT_IS_TODAY)
#: Without both scores, and with them.
OFFERED = {
    None: (ONE, ONE),
    "exploring": (ONE, ONE),
    "deciding whether": (ONE, ONE),
    "choosing a form": (FIRST, TWO),
    "setting up": (FIRST, TWO),
    "running": (TODAY, TODAY),
    "reconsidering": (TODAY, TODAY),
}


@pytest.mark.parametrize("stage", OFFERED)
def test_each_stage_is_offered_its_part(stage: str | None) -> None:
    found = tuple(offer(stage, has_scores=each) for each in (False, True))
    assert found == OFFERED[stage]


def test_every_stage_there_is_has_its_part() -> None:
    assert set(OFFERED) == {None, *STAGES}
