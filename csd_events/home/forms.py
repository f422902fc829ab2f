"""What part of the audit trail somebody wants to read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form

from csd_events.core.fields import OneLineField, OptionalSelectField
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext


class DayField(OneLineField):
    """A day as browsers send it: ``2030-05-01``."""

    def objection(self) -> str | None:
        if self.data and self.day is None:
            return str(_("Enter a day with year, month and day, such as 2030-05-01"))
        return super().objection()

    @property
    def day(self) -> date | None:
        try:
            return date.fromisoformat(self.data)
        except ValueError:
            return None


class TrailForm(Form):
    """Who did it, to what kind of thing, from which day through which.

    Args:
        people: Names by id.
        kinds: Words by kind.
    """

    by = OptionalSelectField(
        lazy_gettext("Done by"), choices=dict, blank=lazy_gettext("Anybody")
    )
    kind = OptionalSelectField(
        lazy_gettext("About"), choices=dict, blank=lazy_gettext("Anything")
    )
    since = DayField(lazy_gettext("From"))
    through = DayField(lazy_gettext("Through"))

    def __init__(
        self,
        formdata: MultiDict[str, str],
        *,
        people: Mapping[str, str],
        kinds: Mapping[str, str],
    ) -> None:
        super().__init__(formdata)
        self.by.offer(people)
        self.kind.offer(kinds)

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        since, through = self.since.day, self.through.day
        if good and since and through and through < since:
            words = _("The last day comes before the first")
            self.through.errors = [words]
            return False
        return good
