"""Forms on which staff record organizations, people, memberships and imports."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from wtforms import BooleanField, FormField, HiddenField

from csd_events.core.fields import EmailField, OneLineField, OptionalSelectField
from csd_events.core.forms import SessionForm
from csd_events.core.inputs import DateBoxes, KeptForm, say
from csd_events.core.words import gettext
from csd_events.core.words import lazy_gettext as _
from csd_events.organizations.models import MembershipType
from csd_events.organizations.rules import NAME_LENGTH, Column, Term
from csd_events.organizations.words import COLUMN_WORDS, kinds, populations
from csd_events.topics.catalogue import PROVINCES, STATES

MOST_MONTHS = 120


def _places() -> dict[str, dict[str, str]]:
    return {
        gettext("United States"): dict(STATES),
        gettext("Canada"): dict(PROVINCES),
    }


class OrganizationForm(KeptForm):
    """Who an organization is."""

    name = OneLineField(
        _("Name"),
        required=_("Enter the name of the organization"),
        max_length=NAME_LENGTH,
    )
    kind = OptionalSelectField(_("Kind"), choices=kinds, blank=_("Not known"))
    state = OptionalSelectField(
        _("State or province"), choices=_places, blank=_("Not known")
    )
    population_class = OptionalSelectField(
        _("Population"), choices=populations, blank=_("Not known")
    )
    external_id = OneLineField(_("Member number"), max_length=60)
    parent = OneLineField(_("Parent organization"), max_length=NAME_LENGTH)


class _Dated(SessionForm):
    """Something that lasts from a day to a day."""

    needs_an_end = False
    first_on = FormField(DateBoxes, _("First day"))
    last_on = FormField(DateBoxes, _("Last day"))

    @property
    def term(self) -> Term:
        """The days typed, of a form that was found in order."""
        return Term(cast("date", self.first_on.form.on), self.last_on.form.on)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        first, last = self.first_on.form, self.last_on.form
        if first.is_blank:
            say(first.month, _("Enter the first day"))
        if last.is_blank and self.needs_an_end:
            say(last.month, _("Enter the last day"))
        if first.on and last.on and last.on < first.on:
            say(last.month, _("The last day is before the first day"))
        return not (first.month.errors or last.month.errors)


class PersonForm(_Dated):
    """Somebody who belongs to an organization."""

    position = OneLineField(_("Position"), max_length=NAME_LENGTH)
    is_contact = BooleanField(_("Contact: sees the roster of this organization"))


class NewPersonForm(PersonForm):
    """Somebody by their address, whom we may know already."""

    email = EmailField(_("Email address"), required=_("Enter an email address"))
    full_name = OneLineField(
        _("Full name"), required=_("Enter the full name"), max_length=NAME_LENGTH
    )


class MembershipForm(_Dated):
    """Who is a member from a day to a day.

    Args:
        types: Kinds of membership to choose from.
        needs_an_end: Whether the last day cannot be left to the kind's term.
    """

    type_id = OptionalSelectField(
        _("Membership type"), choices=dict, blank=_("No type")
    )

    def __init__(self, *, types: Sequence[MembershipType], **others: Any) -> None:
        super().__init__(**others)
        known = {str(each.id): each.name for each in types}
        self.type_id.offer(known)
        self._months = {each.id: each.months for each in types}

    @property
    def chosen_type(self) -> int | None:
        return int(self.type_id.data) if self.type_id.data else None

    @property
    def months(self) -> int | None:
        """Of a term of the kind that was chosen."""
        return self._months.get(self.chosen_type or 0)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        self.needs_an_end = not self.type_id.data
        return super().validate(extra_validators)


class TypeForm(SessionForm):
    """A kind of membership."""

    name = OneLineField(_("Name"), required=_("Enter a name"), max_length=80)
    months = OneLineField(_("Months of a term"), required=_("Enter how many months"))
    for_organizations = BooleanField(_("For organizations"))
    for_people = BooleanField(_("For people on their own"))
    is_active = BooleanField(_("Offered for new memberships"))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.number is None:
            say(self.months, _("Enter a number of months from 1 to 120"))
        if not (self.for_organizations.data or self.for_people.data):
            say(self.for_organizations, _("Say who this membership is for"))
        return not self.errors

    @property
    def number(self) -> int | None:
        typed = self.months.data
        if not re.fullmatch("[0-9]{1,3}", typed):
            return None
        return int(typed) if 1 <= int(typed) <= MOST_MONTHS else None


class ColumnsForm(SessionForm):
    """Which column of a file holds what."""

    sent = HiddenField(default="1")

    def refuse(self, words: str) -> None:
        self.form_errors.append(words)


def column_choices() -> dict[Column, str]:
    return {column: str(words) for column, words in COLUMN_WORDS.items()}
