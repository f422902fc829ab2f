"""What a worksheet comes to, as a file to print and to pass on.

Nothing in it is a link to the worksheet: whoever has that changes the answers.
"""

from collections.abc import Sequence
from pathlib import Path

from csd_events.core.printing import printed
from csd_events.core.words import gettext as _
from csd_events.core.words import locale_name
from csd_events.library.rules import CaseLine
from csd_events.worksheets.queries import Task
from csd_events.worksheets.words import (
    AnswerLine,
    FormLine,
    GroupOutcome,
    Outcome,
    Range,
    SideLine,
    SpreadLine,
    group_limits_words,
    limits_words,
    part_one_first,
    people_words,
    range_words,
    unknown_words,
)

ALONE = Path(__file__).with_name("result.typ")
TOGETHER = Path(__file__).with_name("group_result.typ")


def pdf(outcome: Outcome, cases: Sequence[CaseLine], *, author: str) -> bytes:
    """Print what a worksheet comes to, with the case studies that fit it."""
    part_two = _("In a fixed order, not ranked. The rules are our own reasoning.")
    words = _shared(outcome, cases, author, part_two) | {
        "lead": _("Something to talk through: no total, and no yes or no."),
        "sides": [_side(side, None) for side in outcome.sides],
        "limits": limits_words(),
        "to_find_out": list(outcome.to_find_out),
        "answers_heading": _("The answers"),
        "columns": [_("Question"), _("Answer")],
        "answers": [_answer(line) for side in outcome.answers for line in side],
    }
    return printed(ALONE, words)


def group_pdf(
    outcome: GroupOutcome,
    tasks: Sequence[Task],
    cases: Sequence[CaseLine],
    *,
    event_title: str,
    author: str,
) -> bytes:
    """Print what a group comes to; nobody's name who answered is in it.

    Args:
        outcome: What it comes to.
        tasks: What it wants to find out, in its own words.
        cases: The case studies that fit it.
        event_title: Where it met; empty where at no event.
        author: Who prints it.
    """
    part_two = _(
        "From what you settled, and the middle answer where you did not. In a fixed "
        "order, not ranked. The rules are our own reasoning."
    )
    words = _shared(outcome, cases, author, part_two) | {
        "event": _at(event_title),
        "lead": people_words(outcome.people),
        "sides": [_side(side, found) for side, found in outcome.sides],
        "limits": group_limits_words(),
        "nothing": _("Nothing yet."),
        "settled_heading": _("What you settled"),
        "settled": [_settled(*each) for each in outcome.settled],
        "to_find_out": [*map(_task, tasks), *_not_known(outcome)],
        "order_heading": _("In the order of talk"),
        "lines": [_line(line) for line in outcome.lines],
    }
    return printed(TOGETHER, words)


def _shared(
    outcome: Outcome | GroupOutcome,
    cases: Sequence[CaseLine],
    author: str,
    forms_note: str,
) -> dict[str, object]:
    """Say what the file of one person and that of a group have in common."""
    return {
        "lang": locale_name().partition("_")[0],
        "title": outcome.title,
        "author": author,
        "reading": outcome.reading or "",
        "find_out_heading": _("To find out"),
        "steps_heading": _("Next steps"),
        "steps": list(outcome.steps),
        "forms_heading": _("Which form of sharing"),
        "forms_note": forms_note if outcome.forms else part_one_first(),
        "forms": _forms(outcome.forms) if outcome.forms else [],
        "cases_heading": _("Case studies for this worksheet"),
        "cases": [_case(case) for case in cases],
    }


def _side(side: SideLine, found: Range | None) -> dict[str, object]:
    return {
        "heading": side.heading,
        "shown": side.shown or "",
        "at": side.at,
        "words": side.words,
        "range": range_words(found) if found else "",
        "stretches": [
            {"start": each.start, "width": each.width, "holds": each.holds}
            for each in side.stretches
        ],
    }


def _at(event_title: str) -> str:
    return _("At %(event)s.", event=event_title) if event_title else ""


def _settled(name: str, answer: str, note: str) -> str:
    words = _("%(name)s: %(answer)s", name=name, answer=answer)
    return f"{words} ({note})" if note else words


def _task(task: Task) -> str:
    about = f"{task.item}: " if task.item else ""
    return about + " · ".join(filter(None, [task.what, task.who, task.due]))


def _not_known(outcome: GroupOutcome) -> list[str]:
    names = "; ".join(outcome.to_find_out)
    return [_("Not known yet: %(names)s", names=names)] if names else []


def _line(line: SpreadLine) -> dict[str, object]:
    answers = [_count(each.people, each.words) for each in line.answers]
    if line.unknown:
        answers.append(_count(line.unknown, unknown_words()))
    settled = ""
    if line.settled is not None:
        note = f" ({line.note})" if line.note else ""
        settled = _("Settled: %(words)s", words=line.settled + note)
    return {
        "heading": f"{line.item} · {line.name}",
        "kind": line.words,
        "answers": answers,
        "settled": settled,
        "dots": [
            {"at": each.at, "size": each.size, "people": each.people}
            for each in line.dots
        ],
    }


def _count(people: int, words: str) -> str:
    return _("%(people)s: %(words)s", people=people, words=words)


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
