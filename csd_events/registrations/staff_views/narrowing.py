"""The list of an event narrowed by an answer: to one of some choices, or yes or no."""

from collections.abc import Callable, Sequence

from csd_events.core.pages import FilterGroup, filter_group, read_id
from csd_events.core.words import gettext as _
from csd_events.events.rules import Question, QuestionKind
from csd_events.registrations.queries import Narrowed
from csd_events.registrations.words import answer_words

YES, NO = "yes", "no"


def read_narrowed(
    asked: Sequence[Question], question_id: str | None, answer: str | None
) -> Narrowed | None:
    """Read which answer is looked for; what no question offers asks for nothing."""
    for question in asked:
        if question.id == read_id(question_id):
            offered = _offered(question)
            return next((each for each in offered if _written(each) == answer), None)
    return None


def written(narrowed: Narrowed | None) -> tuple[int | None, str | None]:
    """Write it into an address: the question, and the answer."""
    if narrowed is None:
        return None, None
    return narrowed.question_id, _written(narrowed)


def answer_groups(
    asked: Sequence[Question],
    chosen: Narrowed | None,
    url: Callable[[Narrowed | None], str],
) -> list[FilterGroup]:
    """Offer to narrow the list by each question that has few answers."""
    return [_group(each, chosen, url) for each in asked if _offered(each)]


def _group(
    question: Question,
    chosen: Narrowed | None,
    url: Callable[[Narrowed | None], str],
) -> FilterGroup:
    own = chosen if chosen and chosen.question_id == question.id else None
    offered = [(answer_words(each.value), each) for each in _offered(question)]
    choices: list[tuple[object, Narrowed | None]] = [(_("Everyone"), None), *offered]
    return filter_group(question.label, choices, chosen=own, url=url)


def _offered(question: Question) -> list[Narrowed]:
    if question.kind is QuestionKind.ONE:
        return [Narrowed(question.id, each) for each in question.choices]
    if question.kind is QuestionKind.YES_NO:
        return [Narrowed(question.id, each) for each in (True, False)]
    return []


def _written(narrowed: Narrowed) -> str:
    if isinstance(narrowed.value, bool):
        return YES if narrowed.value else NO
    return narrowed.value
