"""Questions of an event, written by their ids: answers follow their own."""

from collections.abc import Sequence

from csd_events.events.models import Event, EventQuestion
from csd_events.events.rules import Problem, QuestionDraft, question_problem


def write_questions(
    event: Event, drafts: Sequence[QuestionDraft]
) -> dict[str, Problem]:
    """Bring the questions of an event up to date, in the order given.

    Return what is wrong with them, by the number of a draft in ``questions-``, or by
    the id in ``question-`` of one that was taken out. What was answered stays, as the
    kind of question it was.
    """
    known = {row.id: row for row in event.questions}
    rows, problems = [], {}
    for position, draft in enumerate(drafts):
        row = known.pop(draft.id, None) if draft.id else None
        was = row.kind if row is not None and row.answered else None
        problem = question_problem(draft, was)
        if problem is not None:
            problems[f"questions-{position}"] = problem
        rows.append(_written(row or EventQuestion(answered=False), draft, position))
    for row in known.values():
        if row.answered:
            problems[f"question-{row.id}"] = Problem.QUESTION_ANSWERED
    if not problems:
        event.questions[:] = rows
        event.has_questions = bool(rows)
    return problems


def _written(row: EventQuestion, draft: QuestionDraft, position: int) -> EventQuestion:
    row.position, row.kind, row.label = position, draft.kind, draft.label
    row.help, row.choices = draft.help, list(draft.choices)
    row.required, row.active = draft.required, draft.active
    row.for_presenters = draft.for_presenters
    return row
