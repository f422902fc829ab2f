"""What staff type of presenters and partners."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField

from csd_events.core.fields import (
    EmailField,
    OneLineField,
    OptionalSelectField,
    TextField,
)
from csd_events.core.forms import SecretForm, SessionForm
from csd_events.core.inputs import HttpsField, KeptForm, say
from csd_events.core.pages import read_id
from csd_events.core.words import lazy_gettext as _
from csd_events.core.zones import common_zones
from csd_events.events.models import Partner, Presenter
from csd_events.events.rules import (
    Correction,
    PartnerDraft,
    PartnerKind,
    PresenterDraft,
)

KINDS = {
    PartnerKind.ASSOCIATION.value: _("Association"),
    PartnerKind.GOVERNMENT.value: _("Government"),
    PartnerKind.UNIVERSITY.value: _("University"),
    PartnerKind.NONPROFIT.value: _("Nonprofit"),
    PartnerKind.COMPANY.value: _("Company"),
}


class PresenterForm(KeptForm):
    """What staff say of somebody on stage."""

    full_name = OneLineField(_("Name"), required=_("Enter the name of the presenter"))
    title = OneLineField(_("Job title"))
    organization = OneLineField(_("Organization"))
    about = TextField(_("About"), max_length=5_000)
    zone = OptionalSelectField(
        _("Time zone"), choices=common_zones, blank=_("Not known")
    )
    email = EmailField(_("Mail address"))
    telephone = OneLineField(_("Telephone"), max_length=60)

    def draft(self) -> PresenterDraft:
        """Return what was typed, once it was found in order."""
        return PresenterDraft(
            full_name=self.full_name.data,
            title=self.title.data,
            organization=self.organization.data,
            about=self.about.data,
            zone=self.zone.data,
            email=self.email.data,
            telephone=self.telephone.data,
        )


class AboutForm(KeptForm):
    """What somebody on stage says of themselves, on the page that their link opens."""

    class Meta(SecretForm.Meta):
        """The link of its page guards it."""

    title = OneLineField(_("Job title"))
    organization = OneLineField(_("Organization"))
    about = TextField(_("About you"), max_length=5_000)

    def said(self) -> Correction:
        """Return what was typed, once it was found in order."""
        return Correction(
            title=self.title.data,
            organization=self.organization.data,
            about=self.about.data,
        )


class PictureForm(SessionForm):
    """A picture of somebody on stage, and what it shows."""

    file = FileField(_("Picture"))
    alt = OneLineField(_("What it shows, in words"), max_length=200)
    decorative = BooleanField(_("It only decorates: the name beside it says it all"))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.alt.data or self.decorative.data:
            return True
        say(
            self.alt,
            _("Say what it shows, for who does not see it, or that it only decorates"),
        )
        return False

    @property
    def words(self) -> str:
        """What stands for the picture; empty where it only decorates."""
        return "" if self.decorative.data else self.alt.data


class LookForm(SessionForm):
    """That staff have looked at what a presenter changed, as they saw it."""

    version = HiddenField()
    put_back = OneLineField()  # the value of the button that was pressed

    @property
    def seen_version(self) -> int:
        return read_id(self.version.data) or 0


class PartnerForm(KeptForm):
    """What staff say of an organization behind events."""

    name = OneLineField(_("Name"), required=_("Enter the name of the organization"))
    kind = OptionalSelectField(_("Kind"), choices=KINDS, blank=_("Not said"))
    website = HttpsField(_("Web address"))

    def draft(self) -> PartnerDraft:
        """Return what was typed, once it was found in order."""
        return PartnerDraft(
            name=self.name.data,
            kind=PartnerKind(self.kind.data) if self.kind.data else None,
            website=self.website.data or None,
        )


class MergeForm(SessionForm):
    """Which of those shown is the same."""

    into = OneLineField()  # no hidden field: that one would be sent, too, and empty


def typed_of_presenter(presenter: Presenter) -> dict[str, Any]:
    """Return what the form of a presenter holds when it is opened."""
    names = [each.name for each in fields(PresenterDraft)]
    words = {name: getattr(presenter, name) for name in names}
    return words | {"version": str(presenter.version)}


def typed_of_about(presenter: Presenter) -> dict[str, Any]:
    """Return what a presenter's own form holds when it is opened."""
    names = ("title", "organization", "about")
    words = {name: getattr(presenter, name) for name in names}
    return words | {"version": str(presenter.version)}


def typed_of_partner(partner: Partner) -> dict[str, Any]:
    """Return what the form of a partner holds when it is opened."""
    return {
        "version": str(partner.version),
        "name": partner.name,
        "kind": partner.kind.value if partner.kind else "",
        "website": partner.website or "",
    }
