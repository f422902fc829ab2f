"""What staff say when they register somebody, or change how somebody stands."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField

from csd_events.core.fields import (
    EmailField,
    OneLineField,
    OptionalSelectField,
    TextField,
)
from csd_events.core.forms import SessionForm
from csd_events.core.inputs import ChoiceField
from csd_events.core.words import lazy_gettext as _
from csd_events.registrations.forms.asking import SaidForm
from csd_events.registrations.forms.registering import InvoiceForm, StateForm
from csd_events.topics.rules import areas_by_family


class TellForm(SessionForm):
    """Whether the person gets the mail that says what staff did."""

    tell = BooleanField(_("Send the mail that says so"), default=True)


class StaffColleagueForm(TellForm):
    """Who comes in somebody's place, as staff are told."""

    full_name = OneLineField(_("Full name"), required=_("Enter a full name"))
    email = EmailField(_("Email"), required=_("Enter an email address"))
    organization = OneLineField(
        _("Municipality or organization"),
        required=_("Enter a municipality or organization"),
    )


class StaffAddressForm(TellForm):
    """The address of somebody, as staff are told."""

    email = EmailField(_("Email"), required=_("Enter an email address"))


class GivePlaceForm(TellForm):
    """A place before its turn; and whether its page said that it is one too many."""

    beyond = HiddenField()


class ByHandForm(SaidForm, TellForm, StateForm, InvoiceForm):
    """Somebody whom staff register.

    Args:
        offers: In words, by id.
        priced: Whether any of them costs something.
        full: Whether all places are taken, so that staff choose what that means.
    """

    order = (
        "full_name", "email", "organization", "state", "service_area", "offer",
        "purchase_order", "bill_to", "place", "asked", "needs", "tell",
    )  # fmt: skip
    needs = TextField(_("Do they need anything to take part?"), max_length=1000)
    full_name = OneLineField(_("Full name"), required=_("Enter a full name"))
    email = EmailField(_("Email"), required=_("Enter an email address"))
    organization = OneLineField(
        _("Municipality or organization"),
        required=_("Enter a municipality or organization"),
    )
    service_area = OptionalSelectField(
        _("Service"), choices=areas_by_family, blank=_("Not decided yet")
    )
    offer = ChoiceField(_("Price"), choices={})
    place = ChoiceField(
        _("All places are taken"),
        choices={
            "wait": _("They join the waiting list"),
            "beyond": _("They get one place more than there are"),
        },
        default="wait",
    )

    def __init__(
        self, *, offers: Mapping[str, str], priced: bool, full: bool, **others: Any
    ) -> None:
        super().__init__(**others)
        self.offer.choices = dict(offers)
        if not priced:
            self.without_invoice()
        if not full:
            del self.place
