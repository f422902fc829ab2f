"""The form of an event: nine fields publish a webinar, the rest may follow."""

from collections.abc import Mapping
from typing import Any

from wtforms import Form, FormField, HiddenField, SelectField, SelectMultipleField

from csd_events.core.fields import (
    OneLineField,
    OptionalSelectField,
    SessionForm,
    TextField,
    ZoneField,
)
from csd_events.core.words import lazy_gettext as _
from csd_events.events.rules import Afterwards, Audience, Kind, Role
from csd_events.registrations.forms.typed import (
    ClockField,
    CountField,
    DateBoxes,
    HttpsField,
    PriceField,
    RecordingField,
    Rows,
    say,
)
from csd_events.topics.catalogue import FORMS
from csd_events.topics.rules import areas_by_family

#: Lists of the form that a button gives another row.
LISTS = ("offers", "presenters", "partners", "sessions", "reading")


class ChoiceField(SelectField):
    """A list to choose one from, with words of ours for anything else."""

    def __init__(
        self, label: str | None = None, *, choices: Mapping[str, str], **others: Any
    ) -> None:
        others.setdefault("invalid_choice_message", _("Choose one from the list"))
        known = {value: str(words) for value, words in choices.items()}
        super().__init__(label, choices=known, **others)


class AreasField(SelectMultipleField):
    """Boxes for service areas, by family."""

    def __init__(self, label: str | None = None, **others: Any) -> None:
        others.setdefault("invalid_choice_message", _("Choose from the list"))
        super().__init__(label, choices=areas_by_family, **others)


class OfferRow(Form):
    """A price for an audience from a day through a day. No price: no row."""

    offer_id = HiddenField()
    audience = ChoiceField(
        _("For"),
        choices={
            Audience.EVERYONE.value: _("Everyone"),
            Audience.MEMBERS.value: _("Members"),
            Audience.OTHERS.value: _("Others"),
        },
        default=Audience.EVERYONE.value,
    )
    price = PriceField(_("Price"))
    opens_on = FormField(DateBoxes, _("First day"))
    closes_on = FormField(DateBoxes, _("Last day"))
    quota = CountField(_("Places at this price"), least=0)

    @property
    def is_blank(self) -> bool:
        dates = self.opens_on.form.is_blank and self.closes_on.form.is_blank
        return dates and not (self.price.data or self.quota.data)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.is_blank and not self.price.data:
            say(self.price, _("Enter a price; 0 is free"))
            return False
        return valid


class SessionRow(Form):
    """One sitting of an event. Nothing typed: no row."""

    title = OneLineField(_("Title"))
    starts_on = FormField(DateBoxes, _("Date"))
    start_time = ClockField(_("Starts at"))
    end_time = ClockField(_("Ends at"))
    place = OneLineField(_("Place"))

    @property
    def is_blank(self) -> bool:
        words = self.title, self.start_time, self.end_time, self.place
        return self.starts_on.form.is_blank and not any(each.data for each in words)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        return (self.is_blank or has_a_start(self)) and valid


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

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.name.data and (self.title.data or self.organization.data):
            say(self.name, _("Enter the name of the presenter"))
            return False
        return valid


class PartnerRow(Form):
    """An organization behind an event. No name: no row."""

    name = OneLineField(_("Organization"))
    role = ChoiceField(
        _("Role"),
        choices={
            Role.CO_PRODUCER.value: _("Co-producer"),
            Role.UNDERWRITER.value: _("Underwriter"),
        },
        default=Role.CO_PRODUCER.value,
    )


class EventForm(SessionForm):
    """Everything staff say of an event, on one page.

    Args:
        zone_first: The zone that stands first in the list.
        cases: Titles of case studies by id, to pin.
        programs: Names by id.
        conferences: Names by id.
    """

    version = HiddenField()
    title = OneLineField(_("Title"), required=_("Enter a title"))
    summary = OneLineField(_("Summary"), max_length=300)
    kind = ChoiceField(
        _("Kind"),
        choices={
            Kind.WEBINAR.value: _("Webinar"),
            Kind.FORUM.value: _("Forum"),
            Kind.TRAINING.value: _("Training program"),
        },
        default=Kind.WEBINAR.value,
    )
    starts_on = FormField(DateBoxes, _("Date"))
    start_time = ClockField(_("Starts at"))
    end_time = ClockField(_("Ends at"))
    zone = ZoneField(_("Time zone"))
    zone_change = ChoiceField(
        _("What stays as it is?"),
        choices={"": "", "clock": "", "instant": ""},
        default="",
    )
    platform_url = HttpsField(_("Platform link"))
    place = OneLineField(_("Place"))
    capacity = CountField(_("Places"), least=1)
    offers = Rows(FormField(OfferRow), min_entries=1)
    description = TextField(_("Description"))
    presenters = Rows(FormField(PresenterRow), min_entries=1)
    partners = Rows(FormField(PartnerRow), min_entries=1)
    first_title = OneLineField(_("Title of the first session"))
    sessions = Rows(FormField(SessionRow))
    main_area = OptionalSelectField(
        _("Main service"), choices=areas_by_family, blank=_("None")
    )
    areas = AreasField(_("Also about"))
    arrangement = OptionalSelectField(
        _("Form of arrangement"), choices=lambda: FORMS, blank=_("None")
    )
    reading = Rows(
        OptionalSelectField(
            _("Case study to read"), choices=dict, blank=_("The best match")
        ),
        min_entries=1,
    )
    audience = OneLineField(_("Who it is for"), max_length=300)
    accessibility = OneLineField(_("Accessibility"), max_length=500)
    contact = OneLineField(_("Contact"), max_length=300)
    waiting_limit = CountField(_("Places on the waiting list"), least=0)
    afterwards = ChoiceField(
        _("Once registration has ended"),
        choices={
            Afterwards.CLOSED.value: _("It is closed"),
            Afterwards.RECORDING.value: _("The recording is open to everybody"),
        },
        default=Afterwards.CLOSED.value,
    )
    recording_url = RecordingField(_("Recording"))
    conference_id = OptionalSelectField(
        _("Part of a conference"), choices=dict, blank=_("None")
    )
    program_id = OptionalSelectField(
        _("Part of a program"), choices=dict, blank=_("None")
    )

    def __init__(
        self,
        *,
        zone_first: str,
        cases: Mapping[str, str],
        programs: Mapping[str, str],
        conferences: Mapping[str, str],
        **others: Any,
    ) -> None:
        super().__init__(**others)
        self._cases = cases
        self.program_id.choices = {"": str(_("None")), **programs}
        self.conference_id.choices = {"": str(_("None")), **conferences}
        put_first(self.zone, zone_first)
        self._show_cases()

    def another(self, name: str) -> bool:
        """Give a list one more row; False if it is no list of this form."""
        if name not in LISTS:
            return False
        self[name].another()
        self._show_cases()
        return True

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self._is_dated and not has_a_start(self):
            valid = False
        return _are_different(self.presenters) and valid

    @property
    def is_live(self) -> bool:
        return self.starts_on.form.on is not None

    @property
    def _is_dated(self) -> bool:
        clocks = self.start_time.data or self.end_time.data
        more = any(not row.form.is_blank for row in self.sessions)
        return bool(clocks or more or not self.starts_on.form.is_blank)

    def _show_cases(self) -> None:
        for entry in self.reading:
            entry.choices = {"": str(_("The best match")), **self._cases}


def put_first(field: ZoneField, zone: str) -> None:
    """Move a zone to the top of its list."""
    known = field.choices
    if isinstance(known, dict) and zone in known:
        field.choices = {zone: known[zone], **known}
    if not field.data:
        field.data = zone


def has_a_start(form: Any) -> bool:
    """Ask for the date and the time of a sitting of which something was typed."""
    if form.starts_on.form.is_blank:
        say(form.starts_on.form.month, _("Enter the date"))
    if not form.start_time.data:
        say(form.start_time, _("Enter the time it starts"))
    return not (form.starts_on.errors or form.start_time.errors)


def _are_different(presenters: Rows) -> bool:
    seen: set[tuple[str, str]] = set()
    different = True
    for row in presenters.entries:
        who = row.form.name.data, row.form.organization.data
        if who[0] and who in seen:
            say(row.form.name, _("%(name)s stands here twice", name=who[0]))
            different = False
        seen.add(who)
    presenters.gather_errors()
    return different
