"""Fields and rows of the forms of an event."""

import re
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, Form, FormField, HiddenField

from csd_events.core.counts import CountField
from csd_events.core.fields import OneLineField, OptionalSelectField, TextField
from csd_events.core.inputs import ChoiceField, DateBoxes, HttpsField, say
from csd_events.core.money import PriceField
from csd_events.core.words import lazy_gettext as _
from csd_events.core.zones import common_zones, is_zone, zone_words
from csd_events.events.rules import Audience, QuestionKind, Role, code_of
from csd_events.registrations.forms.typed import ClockField

#: So that nobody finds the code of an invitation by trying.
SHORTEST_CODE = 6
_ADDRESS = re.compile(r"(?:https?://[^/\s]+)?(?:/\S*)?/events/([a-z0-9-]+)/?")


class OwnZoneField(OptionalSelectField):
    """The zone of one session, where it differs from the event's."""

    def __init__(self, label: str | None = None, **others: Any) -> None:
        blank = _("The same as the event's")
        super().__init__(label, choices=common_zones, blank=blank, **others)

    def process_data(self, value: str | None) -> None:
        super().process_data(value)
        self._take_up()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self._take_up()

    def _take_up(self) -> None:
        """Let the list hold the zone that was chosen, if there is one of that name."""
        known = self.choices
        if self.data and is_zone(self.data) and isinstance(known, dict):
            self.choices = {**known, self.data: zone_words(self.data)}


class OfferRow(Form):
    """A price for an audience from a day through a day. No price: no row."""

    offer_id = HiddenField()
    audience = ChoiceField(
        _("For"),
        choices={
            Audience.EVERYONE.value: _("Everyone"),
            Audience.MEMBERS.value: _("Members"),
            Audience.COLLEAGUES.value: _("Members and their colleagues"),
            Audience.OTHERS.value: _("Others"),
            Audience.INVITED.value: _("Whoever has a code"),
        },
        default=Audience.EVERYONE.value,
    )
    price = PriceField(_("Price"))
    opens_on = FormField(DateBoxes, _("First day"))
    closes_on = FormField(DateBoxes, _("Last day"))
    quota = CountField(_("Places at this price"), least=0)
    code = OneLineField(_("Code of the invitation"), max_length=40)

    def called(self, number: int) -> str:
        """Name the row as its heading does; the first, often the only one, has none."""
        return str(_("Offer %(number)s", number=number)) if number > 1 else ""

    @property
    def is_blank(self) -> bool:
        dates = self.opens_on.form.is_blank and self.closes_on.form.is_blank
        return dates and not (self.price.data or self.quota.data or self.code.data)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.is_blank and not self.price.data:
            say(self.price, _("Enter a price; 0 is free"))
            return False
        return self._has_its_code() and valid

    def _has_its_code(self) -> bool:
        invited = self.audience.data == Audience.INVITED.value
        typed = code_of(self.code.data)
        if invited and len(typed) < SHORTEST_CODE:
            say(self.code, _("Enter a code of at least six letters and digits"))
        elif typed and not invited:
            say(self.code, _("Only an offer for whoever has a code has one"))
        return invited == bool(typed) and not self.code.errors


class SessionRow(Form):
    """One sitting of an event. Nothing typed, or left out by its box: no row."""

    session_id = HiddenField()
    title = OneLineField(_("Title"))
    starts_on = FormField(DateBoxes, _("Date"))
    start_time = ClockField(_("Starts at"))
    end_time = ClockField(_("Ends at"))
    zone = OwnZoneField(_("Time zone"))
    place = OneLineField(_("Place"))
    platform_url = HttpsField(_("Platform link"))
    left_out = BooleanField(_("Take this session out"))

    def called(self, number: int) -> str:
        """Name the row as its heading does, for the list of what is wrong."""
        return str(_("Session %(number)s", number=number))

    @property
    def is_blank(self) -> bool:
        clocks = self.start_time, self.end_time
        words = self.title, *clocks, self.place, self.platform_url
        typed = any(each.data for each in words)
        return self.left_out.data or (self.starts_on.form.is_blank and not typed)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if self.left_out.data:
            return True
        valid = super().validate(extra_validators)
        return (self.is_blank or has_a_start(self)) and valid


class QuestionRow(Form):
    """A question to whoever registers. Nothing typed, or taken out: no row."""

    question_id = HiddenField()
    kind = ChoiceField(
        _("Answered by"),
        choices={
            QuestionKind.SHORT.value: _("A line of text"),
            QuestionKind.LONG.value: _("Text of several lines"),
            QuestionKind.ONE.value: _("One of the choices"),
            QuestionKind.SEVERAL.value: _("Several of the choices"),
            QuestionKind.YES_NO.value: _("Yes or no"),
            QuestionKind.NUMBER.value: _("A number"),
            QuestionKind.CONSENT.value: _("A box to tick, for consent"),
        },
        default=QuestionKind.SHORT.value,
    )
    label = OneLineField(_("Question"), max_length=300)
    help = OneLineField(_("Help"), max_length=300)
    choices = TextField(_("Choices, one a line"), max_length=2000)
    required = BooleanField(_("It has to be answered"))
    order = CountField(_("Order"), least=1)
    active = BooleanField(_("Ask it"), default=True)
    for_presenters = BooleanField(_("Presenters may read the answers"))
    left_out = BooleanField(_("Take this question out"))

    def called(self, number: int) -> str:
        """Name the row as its heading does, for the list of what is wrong."""
        return str(_("Question %(number)s", number=number))

    @property
    def is_blank(self) -> bool:
        typed = self.label.data or self.help.data or self.choices.data
        return self.left_out.data or not (typed or self.question_id.data)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.is_blank and not self.label.data:
            say(self.label, _("Enter the question"))
            return False
        return valid or self.is_blank


class PrerequisiteField(OneLineField):
    """The address of the page of an event; nothing typed: no row."""

    event_id: int | None = None

    @property
    def slug(self) -> str:
        """The last part of the address; the field may hold that part alone."""
        found = _ADDRESS.fullmatch(self.data)
        return found[1] if found else self.data


class PresenterRow(Form):
    """Somebody on stage. No name: no row."""

    name = OneLineField(_("Name"))
    title = OneLineField(_("Job title"))
    organization = OneLineField(_("Organization"))
    role = ChoiceField(
        _("Role"),
        choices={
            Role.PRESENTER.value: _("Presenter"),
            Role.MODERATOR.value: _("Moderator"),
        },
        default=Role.PRESENTER.value,
    )
    sitting = OptionalSelectField(
        _("Session"), choices=dict, blank=_("The whole program")
    )

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.name.data and (self.title.data or self.organization.data):
            say(self.name, _("Enter the name of the presenter"))
            return False
        return valid


def has_a_start(form: Any) -> bool:
    """Ask for the date and the time of a sitting of which something was typed."""
    if form.starts_on.form.is_blank:
        say(form.starts_on.form.month, _("Enter the date"))
    if not form.start_time.data:
        say(form.start_time, _("Enter the time it starts"))
    return not (form.starts_on.errors or form.start_time.errors)
