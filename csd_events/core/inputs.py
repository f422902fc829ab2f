"""Fields and lists of rows for forms of staff: dates, choices, addresses on the web.

Each keeps the words typed, so that a form can always show them again, and gives
their meaning beside. And the form of what others may save meanwhile: what two of
one thing say differently, and what is wrong with one, beside the fields it is about.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
)

from csd_events.core.fields import OneLineField, ZoneField
from csd_events.core.forms import SessionForm
from csd_events.core.pages import read_id
from csd_events.core.words import lazy_gettext as _

FIRST_YEAR, LAST_YEAR = 1900, 2199
#: Nobody types more rows than this into one form.
MOST_ROWS = 40
#: Fields whose words say nothing to a person who compares.
SILENT = (
    "csrf_token", "version", "zone_change", "offer_id", "session_id", "left_out",
    "question_id",
)  # fmt: skip


def say(field: Field, words: object) -> None:
    """Put a message beside a field that has been checked."""
    field.errors = [*field.errors, str(words)]


class KeptForm(SessionForm):
    """A form of something that others may save meanwhile."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version that the form showed; 0 if it names none."""
        return read_id(self.version.data) or 0


def named_field(form: Any, name: str, _problem: StrEnum) -> Field:
    """Find the field of a name; of a date its first box."""
    field: Field = form[name]
    return field.form.month if isinstance(field, FormField) else field


def show_problems(
    form: Any,
    problems: Mapping[str, StrEnum],
    words: Callable[[str, StrEnum], object],
    find: Callable[[Any, str, StrEnum], Field] = named_field,
) -> None:
    """Put each problem beside the field it is about.

    Args:
        form: As it was checked.
        problems: By the name that a service gives the field.
        words: What to say of a name and a problem.
        find: The field that the service means.
    """
    for name, problem in problems.items():
        say(find(form, name, problem), words(name, problem))
    for field in form:
        if isinstance(field, Rows):
            field.gather_errors()


class BoxesField(SelectMultipleField):
    """Boxes to tick; where they are many, in groups."""

    def __init__(self, label: str | None = None, **others: Any) -> None:
        others.setdefault("invalid_choice_message", _("Choose from the list"))
        super().__init__(label, **others)

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.data or ()))


class ChoiceField(SelectField):
    """A list to choose one from, with words of ours for anything else."""

    def __init__(
        self, label: str | None = None, *, choices: Mapping[Any, object], **others: Any
    ) -> None:
        others.setdefault("invalid_choice_message", _("Choose one from the list"))
        known = {str(value): str(words) for value, words in choices.items()}
        super().__init__(label, choices=known, **others)


def put_first(field: ZoneField, zone: str) -> None:
    """Move a zone to the top of its list."""
    known = field.choices
    if isinstance(known, dict) and zone in known:
        field.choices = {zone: known[zone], **known}
    if not field.data:
        field.data = zone


class HttpsField(OneLineField):
    """An address on the web that is reached safely."""

    def __init__(self, label: str | None = None, **others: Any) -> None:
        super().__init__(label, max_length=2000, **others)

    def clean(self, raw: str) -> str:
        words = super().clean(raw)
        scheme, colon, rest = words.partition("://")
        return f"{scheme.lower()}{colon}{rest}"

    def objection(self) -> str | None:
        found = super().objection()
        if found is not None or not self.data or self.leads_somewhere():
            return found
        return str(_("Enter an address that begins with https://"))

    def leads_somewhere(self) -> bool:
        return _is_https(self.data)


class DateBoxes(Form):
    """A date as three boxes.

    Attributes:
        is_no_day: Whether what they hold is none, in words that fit every date.
    """

    is_no_day = False
    month = OneLineField(_("Month"))
    day = OneLineField(_("Day"))
    year = OneLineField(_("Year"))

    @property
    def is_blank(self) -> bool:
        return not (self.month.data or self.day.data or self.year.data)

    @property
    def on(self) -> date | None:
        """The day, or None where there is none like that."""
        parts = [part.data or "" for part in (self.year, self.month, self.day)]
        if not all(re.fullmatch("[0-9]{1,4}", part) for part in parts):
            return None
        try:
            return date(*(int(part) for part in parts))
        except ValueError:
            return None

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.is_blank:
            return True
        self.is_no_day = True
        if self.on is None:
            say(self.month, _("There is no such day. Check month, day and year"))
        elif not FIRST_YEAR <= self.on.year <= LAST_YEAR:
            say(self.year, _("Enter the year with four digits, such as 2026"))
        else:
            self.is_no_day = False
        return not self.errors


def boxes_of(day: date | None) -> dict[str, str]:
    """Return what the three boxes of a date hold."""
    if day is None:
        return {}
    return {"month": str(day.month), "day": str(day.day), "year": str(day.year)}


class Rows(FieldList):  # type: ignore[type-arg]  # generic in its stubs alone
    """A list of rows that can grow, up to a limit."""

    max_entries: int

    def __init__(
        self,
        row: Any,
        label: str | None = None,
        *,
        most: int = MOST_ROWS,
        **others: Any,
    ) -> None:
        super().__init__(row, label, max_entries=most, **others)

    def another(self) -> None:
        """Add an empty row, if there may be one more."""
        if len(self.entries) < self.max_entries:
            self.append_entry()

    @property
    def chosen(self) -> tuple[str, ...]:
        """What was typed or chosen in its rows, each once."""
        return tuple(dict.fromkeys(each.data for each in self if each.data))

    def are_different(self, *names: str) -> bool:
        """Say beside each row that repeats another that it does.

        Args:
            names: Of the fields that tell rows apart; the first is the name of each.
        """
        seen: set[tuple[Any, ...]] = set()
        different = True
        for row in self.entries:
            who = tuple(row.form[name].data for name in names)
            if who[0] and who in seen:
                say(row.form[names[0]], _("%(name)s stands here twice", name=who[0]))
                different = False
            seen.add(who)
        self.gather_errors()
        return different

    def gather_errors(self) -> None:
        """Take up what was said beside its rows after they had been checked."""
        found = [entry.errors for entry in self.entries]
        self.errors: Sequence[Any] = found if any(found) else []

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """Read the numbers of rows; a name no browser makes is no row."""
        for name in formdata:
            found = re.fullmatch(rf"{re.escape(prefix)}-([0-9]{{1,4}})(?:-.+)?", name)
            if found:
                yield int(found[1])


def overtaken(form: KeptForm, saved: KeptForm) -> list[tuple[str, str]]:
    """Let a form be sent again that somebody was faster than; list what they saved."""
    form.version.data = saved.version.data
    return differences(form, saved)


def differences(form: Form, saved: Form) -> list[tuple[str, str]]:
    """List what is saved otherwise than typed: the field, and what is saved."""
    return [
        (_label(field), words_of(saved[field.short_name]))
        for field in form
        if field.short_name not in SILENT
        and words_of(field) != words_of(saved[field.short_name])
    ]


def words_of(field: Field) -> str:
    """Write what a field holds as a person would read it."""
    if isinstance(field, FormField):
        if getattr(field.form, "is_blank", False):
            return ""  # whatever an empty row begins with
        parts = [words_of(each) for each in field.form if each.short_name not in SILENT]
        return " ".join(part for part in parts if part)
    if isinstance(field, FieldList):
        return "; ".join(words for each in field if (words := words_of(each)))
    if isinstance(field, SelectField):
        choices = field.iter_choices()
        chosen = [str(label) for value, label, is_set, _ in choices if is_set and value]
        return ", ".join(chosen)
    if isinstance(field, BooleanField):
        return str(_("yes") if field.data else _("no"))
    return str(field.data or "")


def _label(field: Field) -> str:
    return str(field.label.text)


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        known = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return parts.scheme == "https" and known and not re.search(r"[\s<>\"\\]", address)
