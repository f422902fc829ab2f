"""The form in which staff write a case study."""

import re
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, Form, FormField

from csd_events.core.fields import OneLineField, OptionalSelectField, TextField
from csd_events.core.inputs import (
    BoxesField,
    ChoiceField,
    DateBoxes,
    KeptForm,
    Rows,
    boxes_of,
    say,
)
from csd_events.core.words import lazy_gettext as _
from csd_events.library.forms.entries import AddressField, YearField
from csd_events.library.models import CaseStudy
from csd_events.library.rules import Confidence, Outcome
from csd_events.library.rules.casework import CaseDraft, SourceDraft
from csd_events.library.rules.shapes import CODE, LINE, PEOPLE
from csd_events.library.words import (
    BASIS_WORDS,
    CONFIDENCE_WORDS,
    SHARED_WORDS,
    place_choices,
    size_choices,
)
from csd_events.topics.catalogue import FORMS, JURISDICTION_TYPES, TOPICS
from csd_events.topics.rules import areas_by_family, topic_name

MOST_LETTERS = 2000  # as a file may give them
_NUMBER = re.compile("[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,10}")


class LinesField(TextField):
    """Several things, each on a line of its own and none twice."""

    @property
    def lines(self) -> tuple[str, ...]:
        lines = [" ".join(line.split()) for line in self.data.splitlines()]
        return tuple(line for line in lines if line)

    def objection(self) -> str | None:
        found = super().objection()
        if found is not None:
            return found
        seen: set[str] = set()
        for line in self.lines:
            if line in seen:
                return str(_("This stands here twice: %(line)s", line=line))
            if not LINE.fits(line):
                return str(_("A line is too long. Make two of it"))
            seen.add(line)
        return None


class PeopleField(OneLineField):
    """How many people live somewhere, or nothing where nobody said."""

    @property
    def people(self) -> int | None:
        found = _NUMBER.fullmatch(self.data or "")
        return int(found[0].replace(",", "")) if found else None

    def objection(self) -> str | None:
        found = super().objection()
        if found is not None or not self.data or PEOPLE.fits(self.people):
            return found
        return str(_("Enter a whole number, such as 25,000"))


class CodeField(OneLineField):
    """A country by its two letters."""

    def clean(self, raw: str) -> str:
        return super().clean(raw).upper()

    def objection(self) -> str | None:
        found = super().objection()
        if found is not None or not self.data or CODE.fits(self.data):
            return found
        return str(_("Enter two letters, such as US or CA"))


class SourceRow(Form):
    """A page or paper that a case rests on; an empty row is none."""

    title = OneLineField(_("Title"), max_length=MOST_LETTERS)
    address = AddressField(_("Address"), max_length=MOST_LETTERS)
    read = OneLineField(_("How much of it was read"), max_length=200)

    def called(self, number: int) -> str:
        return str(_("Source %(number)s", number=number))

    @property
    def is_blank(self) -> bool:
        return not (self.title.data or self.address.data or self.read.data)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if not self.is_blank:
            for field, words in (
                (self.title, _("Say what its title is")),
                (self.address, _("Say where it can be read")),
                (self.read, _("Say how much of it was read, such as: whole page")),
            ):
                if not field.data:
                    say(field, words)
        return not self.errors


class CaseForm(KeptForm):
    """Everything staff say of a case study.

    Args:
        state: Of the case, which may be one that we do not offer.
    """

    title = OneLineField(
        _("Title"), required=_("Enter a title"), max_length=MOST_LETTERS
    )
    jurisdictions = LinesField(
        _("Who shares"), required=_("Name at least one government")
    )
    country = CodeField(
        _("Country"), required=_("Enter two letters, such as US or CA"), default="US"
    )
    state = OptionalSelectField(
        _("State or province"), choices=place_choices, blank=_("None")
    )
    lead_jurisdiction_type = OptionalSelectField(
        _("What leads"),
        choices={each: each.capitalize() for each in JURISDICTION_TYPES},
        blank=_("Not known"),
    )
    lead_population = PeopleField(_("People it serves"), max_length=15)
    population_class = OptionalSelectField(
        _("Size class"), choices=size_choices, blank=_("Not known")
    )
    population_basis = OptionalSelectField(
        _("How the size is known"), choices=BASIS_WORDS, blank=_("Not known")
    )
    partner_classes = BoxesField(_("Size classes of partners"), choices=size_choices)
    main_area = OptionalSelectField(
        _("Main service"), choices=areas_by_family, blank=_("Choose")
    )
    areas = BoxesField(_("Other services"), choices=areas_by_family)
    arrangement = ChoiceField(_("Form of arrangement"), choices=FORMS)
    agreement = OneLineField(_("Agreement"), max_length=MOST_LETTERS)
    year_started = YearField(_("Year it started"), max_length=4)
    year_note = OneLineField(_("What is known of the year"), max_length=MOST_LETTERS)
    facts = LinesField(_("Facts"), required=_("Write at least one fact"))
    own_knowledge = LinesField(_("From general knowledge"))
    outcome = ChoiceField(
        _("Outcome"), choices={each.value: each.capitalize() for each in Outcome}
    )
    shared = OptionalSelectField(
        _("Are costs and benefits shared?"), choices=SHARED_WORDS, blank=_("Not known")
    )
    topics = BoxesField(
        _("Topics"), choices={topic: topic_name(topic) for topic in TOPICS}
    )
    sources = Rows(FormField(SourceRow), min_entries=1)
    confidence = ChoiceField(
        _("How sure are we?"),
        choices=CONFIDENCE_WORDS,
        default=Confidence.MEDIUM.value,
    )
    confidence_note = OneLineField(
        _("Why"), required=_("Say why we are that sure"), max_length=MOST_LETTERS
    )
    vendor_is_underwriter = BooleanField(_("The vendor also paid for the ICMA program"))
    icma_link = OneLineField(_("Tie to ICMA"), max_length=MOST_LETTERS)
    look_again_on = FormField(DateBoxes, _("Look at it again on"))

    def __init__(self, *, state: str | None = None, **others: Any) -> None:
        super().__init__(**others)
        known = place_choices()
        if state and not any(state in codes for codes in known.values()):
            self.state.offer({**known, str(_("Elsewhere")): {state: state}})

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        good = super().validate(extra_validators)
        if not self.main_area.data and not self.main_area.errors:
            say(self.main_area, _("Choose the service it is about"))
        if good and not self._sources:
            say(self.sources[0].form.title, _("Name at least one source"))
        if good and len({each.address for each in self._sources}) < len(self._sources):
            self.sources.are_different("address")
        self.sources.gather_errors()
        return not self.errors

    @property
    def _sources(self) -> list[SourceDraft]:
        return [
            SourceDraft(row.title.data, row.address.data, row.read.data)
            for row in (entry.form for entry in self.sources)
            if not row.is_blank
        ]

    def draft(self) -> CaseDraft:
        """Read a form that was found in order."""
        main = self.main_area.data or ""
        return CaseDraft(
            title=self.title.data,
            jurisdictions=self.jurisdictions.lines,
            country=self.country.data,
            state=self.state.data,
            lead_jurisdiction_type=self.lead_jurisdiction_type.data,
            lead_population=self.lead_population.people,
            population_class=self.population_class.data,
            population_basis=self.population_basis.data,
            partner_classes=self.partner_classes.chosen,
            areas=(main, *(each for each in self.areas.chosen if each != main)),
            form=self.arrangement.data,
            agreement=self.agreement.data or None,
            year_started=self.year_started.year,
            year_note=self.year_note.data or None,
            facts=self.facts.lines,
            outcome=Outcome(self.outcome.data),
            topics=self.topics.chosen,
            costs_and_benefits_shared=self.shared.data,
            sources=tuple(self._sources),
            confidence=Confidence(self.confidence.data),
            confidence_note=self.confidence_note.data,
            icma_link=self.icma_link.data or None,
            own_knowledge=self.own_knowledge.lines,
            vendor_is_underwriter=self.vendor_is_underwriter.data,
            look_again_on=self.look_again_on.form.on,
        )


_SAME = (
    "title", "country", "state", "lead_jurisdiction_type", "population_class",
    "population_basis", "confidence_note", "vendor_is_underwriter",
)  # fmt: skip
_OR_NOTHING = ("agreement", "year_note", "icma_link")
_LINES = ("jurisdictions", "facts", "own_knowledge")


def typed_of_case(row: CaseStudy) -> dict[str, Any]:
    """Return what the form of a case study holds when it is opened."""
    people = row.lead_population
    return {
        **{name: getattr(row, name) for name in _SAME},
        **{name: getattr(row, name) or "" for name in _OR_NOTHING},
        **{name: "\n".join(getattr(row, name)) for name in _LINES},
        "version": str(row.version),
        "lead_population": "" if people is None else f"{people:,}",
        "partner_classes": list(row.partner_classes),
        "main_area": row.area_ids[0],
        "areas": row.area_ids[1:],
        "arrangement": row.form,
        "year_started": str(row.year_started or ""),
        "outcome": row.outcome.value,
        "shared": row.costs_and_benefits_shared,
        "topics": list(row.topics),
        "sources": [
            {"title": each.title, "address": each.address, "read": each.read}
            for each in row.sources
        ],
        "confidence": row.confidence.value,
        "look_again_on": boxes_of(row.look_again_on),
    }
