"""The form in which administrators say who the association is."""

import re
from dataclasses import asdict, replace
from typing import Any

from csd_events.association.rules import AssociationView
from csd_events.core.fields import EmailField, OneLineField, TextField, ZoneField
from csd_events.core.forms import SessionForm
from csd_events.core.inputs import ChoiceField
from csd_events.core.words import gettext, ngettext
from csd_events.core.words import lazy_gettext as _

#: In how many days an invoice may have to be paid.
TERMS = (10, 14, 15, 30, 45, 60, 90)
#: How many announcements one person may get in a week.
MOST_A_WEEK = (1, 2, 3, 5, 7, 14)


class PrefixField(OneLineField):
    """What the numbers of invoices begin with."""

    def clean(self, raw: str) -> str:
        return super().clean(raw).upper()

    def objection(self) -> str | None:
        found = super().objection()
        if found is None and not re.fullmatch("[A-Z0-9]+", self.data):
            found = gettext("Use letters and digits alone, such as INV")
        return found


class AssociationForm(SessionForm):
    """Everything that speaks for the association takes it from here."""

    name = OneLineField(_("Name"), required=_("Enter the name of the association"))
    short_name = OneLineField(
        _("Short name"), required=_("Enter a short name"), max_length=40
    )
    sender_address = EmailField(_("Address that mail comes from"))
    reply_address = EmailField(
        _("Address for answers"),
        required=_("Enter the address that answers should go to"),
    )
    postal_address = OneLineField(_("Postal address"), max_length=300)
    telephone = OneLineField(_("Telephone"), max_length=40)
    zone = ZoneField(_("Time zone of new events"))
    privacy_words = TextField(
        _("Words of the privacy page"), required=_("Say what you keep, and why")
    )
    accessibility_words = TextField(
        _("Words of the accessibility page"),
        required=_("Say what people can rely on"),
    )

    invoice_name = OneLineField(_("Name on invoices"))
    invoice_address = TextField(_("Address on invoices"), max_length=300)
    tax_id = OneLineField(_("Employer identification number (EIN)"), max_length=40)
    payment_words = TextField(_("How to pay"), max_length=1000)
    days_to_pay = ChoiceField(_("Due"), choices={})
    invoice_prefix = PrefixField(
        _("Numbers begin with"),
        required=_("Enter what the numbers of invoices begin with, such as INV"),
        max_length=10,
    )

    announcements_a_week = ChoiceField(_("To one person"), choices={})

    def __init__(self, **others: Any) -> None:
        super().__init__(**others)
        self.days_to_pay.choices = {
            str(days): ngettext("after %(num)s day", "after %(num)s days", days)
            for days in TERMS
        }
        self.announcements_a_week.choices = {
            str(most): ngettext(
                "at most %(num)s announcement a week",
                "at most %(num)s announcements a week",
                most,
            )
            for most in MOST_A_WEEK
        }

    def filled_in(self, present: AssociationView) -> AssociationView:
        """Return what is known of the association with what was typed in its place."""
        typed = {name: self[name].data for name in asdict(present) if name in self}
        for name in ("days_to_pay", "announcements_a_week"):
            typed[name] = int(self[name].data)
        return replace(present, **typed)
