"""Forms that make events out of one, and that change several of them at once."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from wtforms import FormField, HiddenField

from csd_events.core.counts import CountField
from csd_events.core.fields import OneLineField, TextField
from csd_events.core.forms import SessionForm, fresh_nonce
from csd_events.core.inputs import (
    BoxesField,
    ChoiceField,
    DateBoxes,
    HttpsField,
    Rows,
    say,
)
from csd_events.core.words import lazy_gettext as _
from csd_events.events.rules import (
    MOST_AT_ONCE,
    Contributor,
    Every,
    Rhythm,
    Role,
    SameChange,
)
from csd_events.organizations.rules import read_day
from csd_events.registrations.forms.rows import PresenterRow, has_a_start
from csd_events.registrations.forms.typed import ClockField


class CopyForm(SessionForm):
    """What a copy of an event has of its own.

    Args:
        dated: Whether the event has a date, so that its copy needs one.
        timed: Whether it could have one.
    """

    nonce = HiddenField()
    title = OneLineField(_("Title"), required=_("Enter a title"))
    starts_on = FormField(DateBoxes, _("Date"))
    start_time = ClockField(_("Starts at"))
    way_in = HttpsField(_("Platform link"))

    def __init__(self, *, dated: bool, timed: bool, **others: Any) -> None:
        super().__init__(**others)
        self.nonce.data = self.nonce.data or fresh_nonce()
        self._dated = dated
        if not timed:
            del self.starts_on, self.start_time

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if "starts_on" not in self:
            return valid
        blank: bool = self.starts_on.form.is_blank and not self.start_time.data
        if blank and not self._dated:
            return valid
        return has_a_start(self) and valid

    @property
    def start(self) -> datetime | None:
        """What the clock shows at its start; None without a date."""
        day = self.starts_on.form.on if "starts_on" in self else None
        clock = self.start_time.clock if day else None
        return datetime.combine(day, clock) if day and clock else None


class DaysField(TextField):
    """Days that staff name, one a line."""

    @property
    def lines(self) -> list[str]:
        return [
            line for each in re.split(r"[\n;]", self.data) if (line := each.strip())
        ]

    @property
    def days(self) -> list[date]:
        return [day for line in self.lines if (day := read_day(line))]

    def objection(self) -> str | None:
        found = super().objection()
        unread = next((line for line in self.lines if read_day(line) is None), None)
        if found is not None or unread is None:
            return found
        words = _(
            "%(day)s is no day. Enter each on a line of its own, such as 10/31/2030",
            day=unread,
        )
        return str(words)


class RepeatForm(SessionForm):
    """By which rule an event comes again. The days it names are ticked one by one."""

    nonce = HiddenField()
    every = ChoiceField(
        _("It comes again"),
        choices={
            Every.WEEK.value: _("Every week"),
            Every.SECOND_WEEK.value: _("Every second week"),
            Every.MONTH.value: _("Every month, on the same weekday"),
            Every.PICKED.value: _("On days that I name"),
        },
        default=Every.WEEK.value,
    )
    times = CountField(_("How many more times"), least=1)
    until = FormField(DateBoxes, _("Until this day"))
    picked = DaysField(_("The days, one a line"), max_length=2000)
    way_in = HttpsField(_("Platform link"))

    @classmethod
    def opened(cls) -> "RepeatForm":
        return cls(data={"nonce": fresh_nonce()})

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid: bool = super().validate(extra_validators)
        picked = self.every.data == Every.PICKED.value
        if picked and not (self.picked.lines or self.picked.errors):
            say(self.picked, _("Enter at least one day"))
            return False
        blank = self.until.form.is_blank and not self.times.data
        if not picked and blank:
            say(self.times, _("Say how many times, or until which day"))
            return False
        return valid

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(
            every=Every(self.every.data),
            until=self.until.form.on,
            times=self.times.number,
            picked=self.picked.days,
        )

    def say_too_many(self) -> None:
        """Say beside the rule that it names more days than are made at once."""
        picked = self.every.data == Every.PICKED.value
        words = _(
            "That is more than %(most)s events, the most at once. Make fewer, and the "
            "rest afterwards from the last of them",
            most=MOST_AT_ONCE,
        )
        say(self.picked if picked else self.times, words)


def changeable() -> dict[str, str]:
    """Name what several events can be given at once."""
    words = {
        "title": _("Title"),
        "description": _("Description"),
        "time": _("Time of day and length"),
        "place": _("Place"),
        "platform_url": _("Platform link"),
        "capacity": _("Places"),
        "presenters": _("Presenters"),
    }
    return {name: str(each) for name, each in words.items()}


class SeveralForm(SessionForm):
    """What is to change of several events: each field only if its box is ticked."""

    which = BoxesField(_("Events"), choices=dict)
    fields = BoxesField(
        _("What to change"),
        choices=changeable,
    )
    title = OneLineField(_("Title"))
    description = TextField(_("Description"))
    start_time = ClockField(_("Starts at"))
    end_time = ClockField(_("Ends at"))
    place = OneLineField(_("Place"))
    platform_url = HttpsField(_("Platform link"))
    capacity = CountField(_("Places"), least=1)
    presenters = Rows(FormField(PresenterRow), min_entries=1)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        wanted = self.fields.chosen
        if not self.which.chosen:
            say(self.which, _("Tick at least one event"))
        if not wanted:
            say(self.fields, _("Tick what is to change"))
        if "title" in wanted and not (self.title.data or self.title.errors):
            say(self.title, _("Enter a title"))
        if "time" in wanted and not (self.start_time.data or self.start_time.errors):
            say(self.start_time, _("Enter the time it starts"))
        own = self.which, self.fields, self.title, self.start_time
        different = self.presenters.are_different("name", "organization")
        return valid and different and not any(field.errors for field in own)

    @property
    def change(self) -> SameChange:
        """What is to hold of each event from now on."""
        said: dict[str, Any] = {
            "title": self.title.data,
            "description": self.description.data,
            "place": self.place.data,
            "platform_url": self.platform_url.data or None,
            "capacity": self.capacity.number,
        }
        wanted = self.fields.chosen
        timed = "time" in wanted
        return SameChange(
            values={name: said[name] for name in wanted if name in said},
            starts_at=self.start_time.clock if timed else None,
            ends_at=self.end_time.clock if timed else None,
            presenters=self._people() if "presenters" in wanted else None,
        )

    def _people(self) -> list[Contributor]:
        return [
            Contributor(
                role=Role(row.form.role.data),
                name=row.form.name.data,
                title=row.form.title.data,
                organization=row.form.organization.data,
            )
            for row in self.presenters
            if row.form.name.data
        ]


class PublishAtForm(SessionForm):
    """When a draft is to be published by itself, on the clocks of its event."""

    starts_on = FormField(DateBoxes, _("Date"))
    start_time = ClockField(_("Time"))
    which = ChoiceField(
        _("The clocks show that time twice on that day. Which is meant?"),
        choices={
            "": "",
            "first": _("The first"),
            "second": _("The second, an hour on"),
        },
        default="",
    )

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.starts_on.form.is_blank:
            say(self.starts_on.form.month, _("Enter the date"))
        if not self.start_time.data:
            say(self.start_time, _("Enter the time"))
        return valid and not (self.starts_on.errors or self.start_time.errors)

    @property
    def wall(self) -> datetime:
        """What the clock shows then, of a form that was found in order."""
        day, clock = self.starts_on.form.on, self.start_time.clock
        assert day is not None  # noqa: S101 - it was found in order
        assert clock is not None  # noqa: S101 - it was found in order
        return datetime.combine(day, clock)

    @property
    def later(self) -> bool | None:
        """Which of two instants is meant; None where nobody said."""
        return self.which.data == "second" if self.which.data else None
