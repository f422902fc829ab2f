"""A date in a form: three boxes, as people write it down."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import Field, Form

from csd_events.core.fields import OneLineField
from csd_events.core.words import lazy_gettext as _

FIRST_YEAR, LAST_YEAR = 1900, 2199


def say(field: Field, words: object) -> None:
    """Put a message beside a field that has been checked."""
    field.errors = [*field.errors, str(words)]


class DateBoxes(Form):
    """A date as three boxes."""

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
        if self.on is None:
            say(self.month, _("There is no such day. Check month, day and year"))
        elif not FIRST_YEAR <= self.on.year <= LAST_YEAR:
            say(self.year, _("Enter the year with four digits, such as 2026"))
        return not self.errors


def boxes_of(day: date | None) -> dict[str, str]:
    """Return what the three boxes of a date hold."""
    if day is None:
        return {}
    return {"month": str(day.month), "day": str(day.day), "year": str(day.year)}
