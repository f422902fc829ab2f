"""What staff type of programs."""

from collections.abc import Mapping
from typing import Any

from wtforms import FormField

from csd_events.core.fields import OneLineField, OptionalSelectField, TextField
from csd_events.core.inputs import BoxesField, KeptForm, Rows
from csd_events.core.words import lazy_gettext as _
from csd_events.events.forms.parts import PartnerRow, partner_rows, partners_in
from csd_events.events.models import Program
from csd_events.events.rules import ProgramDraft
from csd_events.topics.rules import areas_by_family


class ProgramForm(KeptForm):
    """Everything staff say of a program.

    Args:
        cases: Titles of case studies by id, to pin.
    """

    name = OneLineField(_("Name"), required=_("Enter the name of the program"))
    summary = OneLineField(_("Summary"), max_length=300)
    description = TextField(_("Description"))
    areas = BoxesField(_("Services it is about"), choices=areas_by_family)
    reading = Rows(
        OptionalSelectField(_("Case study to read"), choices=dict, blank=_("None")),
        min_entries=1,
    )
    partners = Rows(FormField(PartnerRow), min_entries=1)

    def __init__(self, *, cases: Mapping[str, str], **others: Any) -> None:
        super().__init__(**others)
        self._cases = cases
        self._show_cases()

    def another(self, name: str) -> bool:
        """Give a list one more row; False if it is no list of this form."""
        if name not in {"reading", "partners"}:
            return False
        self[name].another()
        self._show_cases()
        return True

    def _show_cases(self) -> None:
        for entry in self.reading:
            entry.offer(self._cases)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        return self.partners.are_different("name", "role") and valid

    def draft(self) -> ProgramDraft:
        """Return what was typed, once it was found in order."""
        return ProgramDraft(
            name=self.name.data,
            summary=self.summary.data,
            description=self.description.data,
            areas=self.areas.chosen,
            reading=self.reading.chosen,
            partners=partners_in(self.partners),
        )


def typed_of_program(program: Program) -> dict[str, Any]:
    """Return what the form of a program holds when it is opened."""
    return {
        "version": str(program.version),
        "name": program.name,
        "summary": program.summary,
        "description": program.description,
        "areas": list(program.areas),
        "reading": list(program.reading),
        "partners": partner_rows(program.partners),
    }
