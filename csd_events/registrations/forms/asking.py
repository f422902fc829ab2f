"""What an event asks besides who comes: a field for each of its questions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from csd_events.core.fields import OneLineField, OptionalSelectField, TextField
from csd_events.core.inputs import BoxesField
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.events.rules import (
    HIGHEST_NUMBER,
    Answer,
    Question,
    QuestionKind,
    read_number,
)
from csd_events.registrations.rules import Said

LONGEST_TEXT = 4_000  # characters
YES, NO = "yes", "no"


class SaidForm(FlaskForm):
    """What every form of a registration holds beside who comes."""

    #: Its fields from the top of its page down; the questions stand at "asked".
    order: Sequence[str] = ("asked", "needs")
    #: What the event asks; see `asking`.
    questions: Sequence[Question] = ()
    needs = TextField(
        lazy_gettext("Do you need anything to take part?"), max_length=1000
    )

    def __iter__(self) -> Iterator[Field]:
        """Go through the fields as the page does, and so do those who list errors."""
        names: list[str] = []
        for name in self.order:
            asked = [field_name(each.id) for each in self.questions]
            names += asked if name == "asked" else [name]
        places = {name: place for place, name in enumerate(names)}
        fields: Iterator[Field] = super().__iter__()
        return iter(sorted(fields, key=lambda each: places.get(each.short_name, -1)))

    @property
    def asked(self) -> Iterator[tuple[Question, Field]]:
        """The questions in order, each with its field."""
        return ((each, self[field_name(each.id)]) for each in self.questions)

    @property
    def said(self) -> Said:
        """What was typed, once it was found in order."""
        read = {each.id: _answer(each, field) for each, field in self.asked}
        answers = {key: value for key, value in read.items() if value is not None}
        return Said(answers, self.needs.data)


class NumberField(OneLineField):
    """A number as people write it."""

    def __init__(self, label: str, **others: Any) -> None:
        super().__init__(label, max_length=30, **others)

    def objection(self) -> str | None:
        found = super().objection()
        if found is not None or not self.data:
            return found
        number = read_number(self.data)
        if number is None:
            return str(_("Enter a number, such as 12 or 2.5, and nothing else"))
        if abs(number) > HIGHEST_NUMBER:
            return str(_("Enter a number of at most 1,000,000,000"))
        return None


class OneField(OptionalSelectField):
    """Choices of which one is taken; where none has to be, that is one of them."""

    def __init__(self, label: str, *, required: str | None, **others: Any) -> None:
        super().__init__(label, blank=_("No answer"), **others)
        self._required = required
        if required is not None:
            self.flags.required = True

    def iter_choices(self) -> Any:
        choices = list(super().iter_choices())
        return choices[1:] if self.flags.required else choices

    def pre_validate(self, form: BaseForm) -> None:
        if self._required and not self.data:
            raise StopValidation(self._required)
        super().pre_validate(form)


class SeveralField(BoxesField):
    """Choices of which several can be taken."""

    def __init__(self, label: str, *, required: str | None, **others: Any) -> None:
        super().__init__(label, **others)
        self._required = required
        if required is not None:
            self.flags.required = True

    def pre_validate(self, form: BaseForm) -> None:
        if self._required and not self.data:
            raise StopValidation(self._required)
        super().pre_validate(form)


class ConsentField(BooleanField):
    """A box to tick by who agrees."""

    def __init__(self, label: str, *, required: str | None, **others: Any) -> None:
        super().__init__(label, **others)
        self._required = required

    def pre_validate(self, form: BaseForm) -> None:
        if self._required and not self.data:
            raise StopValidation(self._required)


Asking = TypeVar("Asking", bound=SaidForm)


def asking(
    kind: type[Asking],
    questions: Sequence[Question],
    *,
    strict: bool = True,
    given: Mapping[int, Answer] | None = None,
) -> type[Asking]:
    """Make a kind of form that asks the questions of an event, too.

    Args:
        kind: The form without them.
        questions: What the event asks.
        strict: Whether what has to be answered is; staff may not know.
        given: What was answered before: it can be chosen again, offered or not.
    """
    if not questions:
        return kind
    fields = {
        field_name(each.id): _field(each, (given or {}).get(each.id), strict=strict)
        for each in questions
    }
    make: Any = type(kind)  # a form is made by a class of its own
    asks = make(kind.__name__, (kind,), {"questions": tuple(questions), **fields})
    return cast("type[Asking]", asks)


def field_name(question_id: int) -> str:
    """Name the field of a question, as addresses and other programs know it."""
    return f"question-{question_id}"


def typed_answers(
    questions: Sequence[Question], given: Mapping[int, Answer]
) -> dict[str, Any]:
    """Return what the fields of a form hold where something was answered before."""
    return {
        field_name(each.id): _typed(each, given[each.id])
        for each in questions
        if each.id in given
    }


def _field(question: Question, given: Answer | None, *, strict: bool) -> Any:
    make = FIELDS[question.kind]
    needed = question.required and strict
    required = _required_words(question) if needed else None
    return make(question, required, given)


def _text(question: Question, required: str | None, _given: Answer | None) -> Any:
    return OneLineField(question.label, required=required)


def _long_text(question: Question, required: str | None, _given: Answer | None) -> Any:
    return TextField(question.label, required=required, max_length=LONGEST_TEXT)


def _number(question: Question, required: str | None, _given: Answer | None) -> Any:
    return NumberField(question.label, required=required)


def _one(question: Question, required: str | None, given: Answer | None) -> Any:
    chosen = [given] if isinstance(given, str) else []
    choices = {each: each for each in [*question.choices, *chosen]}
    return OneField(question.label, required=required, choices=choices)


def _several(question: Question, required: str | None, given: Answer | None) -> Any:
    chosen = given if isinstance(given, list) else []
    choices = {each: each for each in [*question.choices, *chosen]}
    return SeveralField(question.label, required=required, choices=choices)


def _yes_no(question: Question, required: str | None, _given: Answer | None) -> Any:
    choices = {YES: _("Yes"), NO: _("No")}
    return OneField(question.label, required=required, choices=choices)


def _consent(question: Question, required: str | None, _given: Answer | None) -> Any:
    return ConsentField(question.label, required=required)


FIELDS: Mapping[QuestionKind, Callable[[Question, str | None, Answer | None], Any]] = {
    QuestionKind.SHORT: _text,
    QuestionKind.LONG: _long_text,
    QuestionKind.ONE: _one,
    QuestionKind.SEVERAL: _several,
    QuestionKind.YES_NO: _yes_no,
    QuestionKind.NUMBER: _number,
    QuestionKind.CONSENT: _consent,
}


def _required_words(question: Question) -> str:
    asked = question.label
    words: dict[QuestionKind, str] = {
        QuestionKind.ONE: _("Choose an answer: %(question)s", question=asked),
        QuestionKind.SEVERAL: _(
            "Choose one answer or more: %(question)s", question=asked
        ),
        QuestionKind.YES_NO: _("Choose yes or no: %(question)s", question=asked),
        QuestionKind.NUMBER: _("Enter a number: %(question)s", question=asked),
        QuestionKind.CONSENT: _(
            "Tick the box if you agree, or you cannot take part: %(question)s",
            question=asked,
        ),
    }
    return words.get(question.kind, _("Enter an answer: %(question)s", question=asked))


def _answer(question: Question, field: Any) -> Answer | None:
    """Read a field that was found in order; None where nothing was answered."""
    if question.kind is QuestionKind.NUMBER:
        return read_number(field.data)
    if question.kind is QuestionKind.YES_NO:
        return {YES: True, NO: False}.get(field.data)
    if question.kind is QuestionKind.SEVERAL:
        return list(field.chosen) or None
    return field.data or None


def _typed(question: Question, value: Answer) -> object:
    """Write an answer as its field holds it."""
    if question.kind is QuestionKind.YES_NO:
        return YES if value else NO
    return str(value) if question.kind is QuestionKind.NUMBER else value
