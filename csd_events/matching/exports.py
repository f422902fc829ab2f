"""What a worksheet comes to, as a file to print and to pass on.

Nothing in it is a link to the worksheet: whoever has that changes the answers.
"""

from collections.abc import Sequence
from pathlib import Path

from csd_events.core.printing import printed
from csd_events.core.words import gettext as _
from csd_events.core.words import locale_name
from csd_events.library.rules import CaseLine
from csd_events.worksheets.words import (
    AnswerLine,
    FormLine,
    Outcome,
    SideLine,
    limits_words,
    part_one_first,
)

TEMPLATE = Path(__file__).with_name("result.typ")


def pdf(outcome: Outcome, cases: Sequence[CaseLine], *, author: str) -> bytes:
    """Print what a worksheet comes to, with the case studies that fit it."""
    return printed(TEMPLATE, _words(outcome, cases, author))


def _words(
    outcome: Outcome, cases: Sequence[CaseLine], author: str
) -> dict[str, object]:
    part_two = _("In a fixed order, not ranked. The rules are our own reasoning.")
    return {
        "lang": locale_name().partition("_")[0],
        "title": outcome.title,
        "author": author,
        "lead": _("Something to talk through: no total, and no yes or no."),
        "sides": [_side(side) for side in outcome.sides],
        "reading": outcome.reading or "",
        "limits": limits_words(),
        "find_out_heading": _("To find out"),
        "to_find_out": list(outcome.to_find_out),
        "forms_heading": _("Which form of sharing"),
        "forms_note": part_two if outcome.forms else part_one_first(),
        "forms": _forms(outcome.forms) if outcome.forms else [],
        "cases_heading": _("Case studies for this worksheet"),
        "cases": [_case(case) for case in cases],
        "answers_heading": _("The answers"),
        "columns": [_("Question"), _("Answer")],
        "answers": [_answer(line) for side in outcome.answers for line in side],
    }


def _side(side: SideLine) -> dict[str, object]:
    return {
        "heading": side.heading,
        "shown": side.shown or "",
        "at": side.at,
        "words": side.words,
        "stretches": [
            {"start": each.start, "width": each.width, "holds": each.holds}
            for each in side.stretches
        ],
    }


def _forms(forms: Sequence[FormLine]) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = [
        {
            "name": line.form.name,
            "wording": line.wording,
            "plain": line.form.plain,
            "said": _said(line),
        }
        for line in forms
    ]
    in_house: dict[str, object] = {
        "name": _("Keep the service in-house"),
        "wording": "",
        "plain": _("Always a real choice. It has no gate and no count."),
        "said": [],
    }
    return [*lines, in_house]


def _said(line: FormLine) -> list[str]:
    said = [line.gate] if line.gate else []
    if line.to_find_out:
        names = "; ".join(line.to_find_out)
        said.append(_("To find out first: %(names)s", names=names))
    said += [_("Reason: %(words)s", words=each.say) for each in line.reasons]
    return said + [_("Caution: %(words)s", words=each.say) for each in line.cautions]


def _case(case: CaseLine) -> dict[str, str]:
    return {
        "title": case.title,
        "place": case.place_words,
        "reasons": ". ".join([str(case.heading), *map(str, case.reasons)]),
    }


def _answer(line: AnswerLine) -> list[str]:
    return [f"{line.item} · {line.name}", line.words]
