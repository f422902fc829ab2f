"""What staff type of conferences, and of who is registered for one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from wtforms import BooleanField, FileField, FormField

from csd_events.core.fields import OneLineField, TextField, ZoneField
from csd_events.core.forms import SessionForm
from csd_events.core.inputs import (
    ChoiceField,
    DateBoxes,
    HttpsField,
    KeptForm,
    Rows,
    boxes_of,
    put_first,
    say,
)
from csd_events.core.words import lazy_gettext as _
from csd_events.events.forms.parts import PartnerRow, partner_rows, partners_in
from csd_events.events.models import Conference
from csd_events.events.rules import ConferenceDraft

#: As much as a list of addresses may hold.
LONGEST_LIST = 4_000_000  # characters


class ConferenceForm(KeptForm):
    """Everything staff say of a conference.

    Args:
        zone_first: The zone that stands first in the list.
    """

    name = OneLineField(_("Name"), required=_("Enter the name of the conference"))
    summary = OneLineField(_("Summary"), max_length=300)
    first_on = FormField(DateBoxes, _("First day"))
    last_on = FormField(DateBoxes, _("Last day"))
    place = OneLineField(_("Place"), required=_("Enter the place"))
    zone = ZoneField(_("Time zone"))
    booth = OneLineField(_("Our booth"), max_length=300)
    website = HttpsField(_("Where people register for the conference"))
    partners = Rows(FormField(PartnerRow), min_entries=1)
    published = BooleanField(_("Published: everybody can see its page"))

    def __init__(self, *, zone_first: str, **others: Any) -> None:
        super().__init__(**others)
        put_first(self.zone, zone_first)

    def another(self, name: str) -> bool:
        """Give a list one more row; False if it is no list of this form."""
        if name != "partners":
            return False
        self.partners.another()
        return True

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        days = {
            self.first_on.form: _("Enter the first day"),
            self.last_on.form: _("Enter the last day"),
        }
        for day, words in days.items():
            if day.is_blank:
                say(day.month, words)
                valid = False
        return self.partners.are_different("name", "role") and valid

    def draft(self) -> ConferenceDraft:
        """Return what was typed, once it was found in order."""
        return ConferenceDraft(
            name=self.name.data,
            summary=self.summary.data,
            first_on=cast("date", self.first_on.form.on),
            last_on=cast("date", self.last_on.form.on),
            place=self.place.data,
            zone=self.zone.data,
            booth=self.booth.data,
            website=self.website.data or None,
            published=self.published.data,
            partners=partners_in(self.partners),
        )


class AddressesForm(SessionForm):
    """A list of who is registered for a conference: pasted, or a file."""

    listed = TextField(_("Addresses"), max_length=LONGEST_LIST)
    file = FileField(_("Or a CSV file"))
    mode = ChoiceField(
        _("What to do with them"),
        choices={
            "add": _("Add them to the list"),
            "replace": _("Put them in place of the whole list"),
        },
        default="add",
    )

    @property
    def replaces(self) -> bool:
        return bool(self.mode.data == "replace")


def typed_of_conference(conference: Conference) -> dict[str, Any]:
    """Return what the form of a conference holds when it is opened."""
    words = {
        name: getattr(conference, name) or ""
        for name in ("name", "summary", "place", "zone", "booth", "website")
    }
    return words | {
        "version": str(conference.version),
        "first_on": boxes_of(conference.first_on),
        "last_on": boxes_of(conference.last_on),
        "published": conference.published,
        "partners": partner_rows(conference.partners),
    }
