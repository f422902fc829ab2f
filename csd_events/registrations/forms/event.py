"""The form of an event: nine fields publish a webinar, the rest may follow."""

from collections.abc import Collection, Mapping
from typing import Any

from wtforms import BooleanField, FormField, HiddenField

from csd_events.core.counts import CountField
from csd_events.core.fields import (
    OneLineField,
    OptionalSelectField,
    TextField,
    ZoneField,
)
from csd_events.core.inputs import (
    BoxesField,
    ChoiceField,
    DateBoxes,
    HttpsField,
    KeptForm,
    Rows,
    put_first,
    say,
)
from csd_events.core.pages import read_id
from csd_events.core.words import lazy_gettext as _
from csd_events.events.forms import PartnerRow
from csd_events.events.rules import (
    FITTING,
    LEADS_TO_CHOOSE,
    USUAL_LEADS,
    Afterwards,
    Format,
)
from csd_events.registrations.forms.choices import Choices
from csd_events.registrations.forms.rows import (
    OfferRow,
    PrerequisiteField,
    PresenterRow,
    QuestionRow,
    SessionRow,
    has_a_start,
)
from csd_events.registrations.forms.typed import (
    ClockField,
    RecordingField,
)
from csd_events.registrations.words import lead_words
from csd_events.topics.catalogue import FORMS
from csd_events.topics.rules import areas_by_family

#: Lists of the form that a button gives another row.
LISTS = (
    "offers", "presenters", "partners", "sessions", "prerequisites", "reading",
    "hidden_cases", "resources", "questions",
)  # fmt: skip
#: The time of an event that has one session; with several, each has a row.
ONE_TIME = ("starts_on", "start_time", "end_time")


def lead_choices() -> dict[str, str]:
    """Name how long before a session a reminder can go, the farthest first."""
    return {lead: lead_words(lead) for lead in reversed(LEADS_TO_CHOOSE)}


class EventForm(KeptForm):
    """Everything staff say of an event of one format, on one page.

    Args:
        wanted: What it is. Fields that do not fit it are not there.
        several: Whether its sessions have rows, as those of a training program.
        choices: What there is to choose.
        answered: Ids of its questions that somebody has answered.
    """

    nonce = HiddenField()  # of a new event: the form makes it once
    title = OneLineField(_("Title"), required=_("Enter a title"))
    summary = OneLineField(_("Summary"), max_length=300)
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
    conference_id = OptionalSelectField(
        _("Conference"), choices=dict, blank=_("Choose one")
    )
    requires_conference = BooleanField(
        _("People must be registered for the conference")
    )
    place = OneLineField(_("Place"))
    sessions = Rows(FormField(SessionRow), min_entries=1)
    capacity = CountField(_("Places"), least=1)
    needs_approval = BooleanField(_("We look at every request first"))
    replace_on = FormField(
        DateBoxes, _("Last day to let a colleague come in one's place")
    )
    follows_up = BooleanField(_("One more mail on the morning after it"), default=True)
    reminders = BoxesField(
        _("Reminders before each session"),
        choices=lead_choices,
        default=list(USUAL_LEADS),
    )
    offers = Rows(FormField(OfferRow), min_entries=1)
    questions = Rows(FormField(QuestionRow), min_entries=1)
    description = TextField(_("Description"))
    presenters = Rows(FormField(PresenterRow), min_entries=1)
    partners = Rows(FormField(PartnerRow), min_entries=1)
    completes_after = CountField(_("Sessions to attend"), least=1)
    completes_share = CountField(
        _("Or a share of the time to attend, in percent"), least=1, most=100
    )
    completion_note = OneLineField(_("Other conditions"), max_length=500)
    prerequisites = Rows(
        PrerequisiteField(_("Event to attend before this one"), max_length=300),
        min_entries=1,
    )
    prerequisite_note = OneLineField(_("What else is expected"), max_length=500)
    main_area = OptionalSelectField(
        _("Main service"), choices=areas_by_family, blank=_("None")
    )
    areas = BoxesField(_("Also about"), choices=areas_by_family)
    arrangement = OptionalSelectField(
        _("Form of arrangement"), choices=lambda: FORMS, blank=_("None")
    )
    reading = Rows(
        OptionalSelectField(
            _("Case study to read"), choices=dict, blank=_("The best match")
        ),
        min_entries=1,
    )
    hidden_cases = Rows(
        OptionalSelectField(
            _("Case study not to suggest"), choices=dict, blank=_("None")
        ),
        min_entries=1,
    )
    resources = Rows(
        OptionalSelectField(
            _("Publication or work to read"), choices=dict, blank=_("None")
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
    program_id = OptionalSelectField(
        _("Part of a program"), choices=dict, blank=_("None")
    )

    def __init__(
        self,
        *,
        wanted: Format,
        several: bool,
        choices: Choices,
        answered: Collection[str] = (),
        **others: Any,
    ) -> None:
        super().__init__(**others)
        self.wanted, self._choices, self.answered = wanted, choices, answered
        self.program_id.offer(choices.programs)
        self.conference_id.offer(choices.conferences)
        self._offer_zones(choices.zone_first)
        for name in _left_out(wanted, several=several):
            del self[name]
        self.fill_lists()

    @property
    def has_rows(self) -> bool:
        """Whether each session has a row of its own."""
        return "sessions" in self

    def another(self, name: str) -> bool:
        """Give a list one more row; False if it is no list of this form."""
        if name not in LISTS or name not in self:
            return False
        self[name].another()
        self.fill_lists()
        return True

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self._is_dated and not has_a_start(self):
            valid = False
        if self._choices.needs_program and not self.program_id.data:
            say(self.program_id, _("Choose the program it belongs to"))
            valid = False
        if "prerequisites" in self:
            valid = self._find_prerequisites() and valid
        valid = self._are_shown(self.presenters) and valid
        if not self.presenters.are_different("name", "organization", "sitting"):
            valid = False
        if valid and not self.zone.data:  # a draft of a forum without its conference
            self.zone.data = self._choices.zone_first
        return valid

    @property
    def is_live(self) -> bool:
        """Whether the one session of the event has a date."""
        return "starts_on" in self and self.starts_on.form.on is not None

    @property
    def _is_dated(self) -> bool:
        if "starts_on" not in self:
            return False
        clocks = self.start_time.data or self.end_time.data
        return bool(clocks or not self.starts_on.form.is_blank)

    def fill_lists(self) -> None:
        """Say what there is to choose in rows, which come and go."""
        for entry in (*self.reading, *self.hidden_cases):
            entry.offer(self._choices.cases)
        for entry in self.resources:
            entry.offer(self._choices.works)
        if not self.has_rows:
            return
        sittings = {}
        for number, row in enumerate(self.sessions, start=1):
            title = row.form.title.data
            sittings[str(number)] = _("Session %(number)s", number=number) + (
                f": {title}" if title else ""
            )
        for row in self.presenters:
            row.form.sitting.offer(sittings)

    def _offer_zones(self, first: str) -> None:
        """Let a forum have the zone of its conference, unless another is chosen."""
        chosen = self.zone.data
        put_first(self.zone, first)
        if self.wanted is not Format.FORUM or not isinstance(self.zone.choices, dict):
            return
        known = {"": str(_("That of the conference"))}
        self.zone.choices = known | self.zone.choices
        conference_id = read_id(self.conference_id.data)
        self.zone.data = chosen or self._choices.find_zone(conference_id) or ""

    def _find_prerequisites(self) -> bool:
        found = True
        for entry in self.prerequisites:
            if entry.data and not entry.errors:
                entry.event_id = self._choices.find_event(entry.slug)
                if entry.event_id is None:
                    say(
                        entry,
                        _("No event has this address. Copy it from the event's page"),
                    )
                    found = False
        return found

    def _are_shown(self, presenters: Rows) -> bool:
        """Ask that nobody presents a session that is not there."""
        shown = True
        for row in presenters if self.has_rows else ():
            chosen = row.form.sitting.data
            known = chosen and chosen.isdecimal() and int(chosen) <= len(self.sessions)
            if known and self.sessions[int(chosen) - 1].form.is_blank:
                say(
                    row.form.sitting,
                    _(
                        "That session is not there any more. Choose another, or the "
                        "whole program"
                    ),
                )
                shown = False
        return shown


def _left_out(wanted: Format, *, several: bool) -> set[str]:
    """Name the fields that do not fit a format."""
    names = {name for name, formats in FITTING.items() if wanted not in formats}
    if wanted is Format.ON_DEMAND:
        names |= {"zone_change", "sessions", "reminders", "follows_up", *ONE_TIME}
    else:
        names |= set(ONE_TIME) if several else {"sessions"}
    return names
