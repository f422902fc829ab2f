"""Fields that several features share, with sentences of our own.

They check shape alone. What comes out is trimmed, in composed form (NFC) and free
of control characters even where it was refused, so a form can always show again
what was typed.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from email_validator import EmailNotValidError, validate_email
from markupsafe import Markup, escape
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from csd_events.core.text import (
    UNREADABLE,
    has_control_characters,
    is_blank,
    one_line,
    shown_address,
)
from csd_events.core.words import gettext as _
from csd_events.core.words import locale_name
from csd_events.core.zones import common_zones, is_zone, zone_words

ADDRESS_LENGTH = 254  # what a mail server takes at most (RFC 5321)

#: Words by value, or by the name of a group the words by value in it.
Choices = Mapping[str, str | Mapping[str, str]]


class OneLineField(StringField):
    """A name, a title, a subject: one line, without control characters.

    Args:
        required: What to say when it is left empty; None where it may be.
        max_length: In characters.
    """

    data: str
    line_breaks = ""

    def __init__(
        self,
        label: str | None = None,
        *,
        required: str | None = None,
        max_length: int = 200,
        **others: Any,
    ) -> None:
        super().__init__(label, **others)
        self.max_length = max_length
        self._required = required
        self._readable = True
        if required is not None:
            self.flags.required = True

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        raw = valuelist[0].strip() if valuelist else ""
        allowed = f"{self.line_breaks}\t"
        self._readable = UNREADABLE not in raw and not has_control_characters(
            raw, allow=allowed
        )
        if not self._readable:
            raw = "".join(c for c in raw if _is_shown(c, allowed))
        self.data = "" if is_blank(raw) else self.clean(raw)

    def process_data(self, value: str | None) -> None:
        self.data = value or ""

    def clean(self, raw: str) -> str:
        return one_line(raw)

    def pre_validate(self, form: BaseForm) -> None:
        words = self.objection()
        if words is not None or not self.data:
            raise StopValidation(str(words or ""))

    def objection(self) -> str | None:
        """Say what is wrong with the shape; None if nothing is."""
        if not self._readable:
            return _unreadable(self)
        if not self.data:
            return self._required
        if len(self.data) > self.max_length:
            return _too_long(self, self.max_length)
        return None


class TextField(OneLineField, TextAreaField):
    """Words of several lines. Ends of lines come out as one character each."""

    line_breaks = "\r\n"

    def __init__(
        self, label: str | None = None, *, max_length: int = 20_000, **others: Any
    ) -> None:
        super().__init__(label, max_length=max_length, **others)

    def clean(self, raw: str) -> str:
        text = raw.replace("\r\n", "\n").replace("\r", "\n")
        return unicodedata.normalize("NFC", text).strip()


class EmailField(OneLineField):
    """A mail address that most servers can take: plain before the @."""

    def __init__(
        self, label: str | None = None, *, required: str | None = None, **others: Any
    ) -> None:
        others.setdefault("max_length", ADDRESS_LENGTH)
        super().__init__(label, required=required, **others)

    def clean(self, raw: str) -> str:
        return shown_address(super().clean(raw))

    def objection(self) -> str | None:
        return super().objection() or (
            address_objection(self.data) if self.data else None
        )


class OptionalSelectField(SelectField):
    """A list to choose one from, or none: ``data`` is then None.

    Args:
        choices: What there is to choose; a function, which is called once, where
            that takes a while.
        blank: The words that stand for no choice.
    """

    data: str | None

    def __init__(
        self,
        label: str | None = None,
        *,
        choices: Choices | Callable[[], Choices],
        blank: str = "",
        **others: Any,
    ) -> None:
        known = (
            _called(choices, str(blank), locale_name())
            if callable(choices)
            else _with_blank(choices, str(blank))
        )
        super().__init__(label, choices=known, coerce=_chosen, **others)
        self._blank = blank

    def offer(self, known: Choices) -> None:
        """Say what there is to choose where only a form that is made can know."""
        self.choices = _with_blank(known, str(self._blank))

    def pre_validate(self, form: BaseForm) -> None:
        if (self.data or "") not in _values(_choices(self)):
            raise StopValidation(_("Choose one from the list"))


class ZoneField(SelectField):
    """A time zone: the ones people here live in, and whichever was chosen before."""

    def __init__(self, label: str | None = None, **others: Any) -> None:
        others.setdefault("invalid_choice_message", _("Choose one from the list"))
        super().__init__(label, **others)
        self.choices = common_zones()

    def process_data(self, value: str | None) -> None:
        super().process_data(value)
        if value and is_zone(value) and isinstance(self.choices, dict):
            self.choices.setdefault(value, zone_words(value))


def options(field: SelectField) -> Markup:
    """Write the choices of a list: a page may hold a hundred, a template is slow."""
    known = _choices(field)
    written = known.written if isinstance(known, Called) else _write(known)
    chosen = f'<option value="{escape(str(field.data or ""))}"'
    # Each part was escaped.
    return Markup(written.replace(f"{chosen}>", f"{chosen} selected>", 1))  # noqa: S704


def _write(known: Choices) -> str:
    return "".join(
        f'<optgroup label="{escape(value)}">{_write(words)}</optgroup>'
        if isinstance(words, Mapping)
        else f'<option value="{escape(value)}">{escape(words)}</option>\n'
        for value, words in known.items()
    )


class Called(dict[str, Any]):
    """What there is to choose, the same for everybody who reads a language."""

    def __init__(self, known: Choices) -> None:
        super().__init__(known)
        self.written = _write(known)


@cache
def _called(choices: Callable[[], Choices], blank: str, _locale: str) -> Called:
    """Call for what there is to choose, once for each language."""
    return Called(_with_blank(choices(), blank))


def _with_blank(known: Choices, blank: str) -> dict[str, str | dict[str, str]]:
    """Put no choice before the others, as the plain words that WTForms reads."""
    return {"": blank} | {
        value: (
            {inner: str(label) for inner, label in words.items()}
            if isinstance(words, Mapping)
            else str(words)
        )
        for value, words in known.items()
    }


def _choices(field: SelectField) -> Choices:
    """Return what there is to choose: every list of ours is given as a mapping."""
    return cast("Choices", field.choices)


def _values(choices: Choices) -> set[str]:
    """Return all there is to choose, whatever its group."""
    values: set[str] = set()
    for value, words in choices.items():
        values |= set(words) if isinstance(words, Mapping) else {value}
    return values


def address_objection(address: str) -> str | None:
    """Say what keeps a mail address from being one we can write to."""
    local, _at, _domain = address.rpartition("@")
    if not local.isascii():
        return str(
            _(
                "Enter an address with plain letters before the @: most mail "
                "servers cannot take others"
            )
        )
    try:
        validate_email(address, allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError:
        return str(_("Enter an email address in the format name@example.org"))
    return None


def _is_shown(character: str, allowed: str) -> bool:
    return character in allowed or not has_control_characters(character)


def _chosen(value: object) -> str | None:
    return str(value) if value else None


def _unreadable(field: Field) -> str:
    words: str = _(
        "%(label)s holds a character that cannot be shown. Type it again",
        label=field.label.text,
    )
    return words


def _too_long(field: Field, most: int) -> str:
    words: str = _(
        "%(label)s must be %(most)s characters or fewer",
        label=field.label.text,
        most=most,
    )
    return words
