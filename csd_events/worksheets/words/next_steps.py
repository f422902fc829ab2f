"""What to do next, once a worksheet or a group says where things stand."""

from collections.abc import Collection, Sequence

from csd_events.core.words import gettext as _
from csd_events.worksheets.rules import (
    Answers,
    Instrument,
    Spread,
    Together,
    Weighed,
    Wording,
)

LOWEST_GRADE = 1


def steps_alone(
    tool: Instrument, given: Answers, weighed: Sequence[Weighed]
) -> list[str]:
    """Say what one person does next: what to look at, and to ask others.

    Args:
        tool: The wording they answered.
        given: Their answers.
        weighed: The forms; empty before both sides have a score.
    """
    low = [
        factor.name for factor in tool.factors if given.get(factor.id) == LOWEST_GRADE
    ]
    steps = []
    if low:
        names = "; ".join(low)
        steps.append(_("Look first at your lowest answers: %(names)s.", names=names))
    return [
        *steps,
        *_explore(weighed),
        _("Ask colleagues to answer alone, and talk where you are furthest apart."),
    ]


def steps_together(
    tool: Instrument,
    found: Together,
    settled: Collection[str],
    weighed: Sequence[Weighed],
) -> list[str]:
    """Say what a group does next: what is open first, and that it meets again.

    Args:
        tool: The wording it answered.
        found: What its worksheets come to.
        settled: The factors that it settled.
        weighed: The forms; empty before both sides have a score.
    """
    split = {item.factor for item in found.items if item.spread is Spread.SPLIT}
    names = "; ".join(
        tool.factor(each).name
        for each in found.talk
        if each in split and each not in settled
    )
    steps = []
    if names:
        steps.append(
            _(
                "Talk again about what splits you and is not settled: %(names)s.",
                names=names,
            )
        )
    return [
        *steps,
        *_explore(weighed),
        _("Agree who finds out what by when, and when you meet again."),
    ]


def _explore(weighed: Sequence[Weighed]) -> list[str]:
    names = "; ".join(
        each.form.name for each in weighed if each.wording is Wording.FIRST
    )
    if not names:
        return []
    return [_("Read the case studies, and explore first: %(names)s.", names=names)]
