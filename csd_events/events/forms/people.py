"""What staff type of presenters and partners."""

from typing import Any

from csd_events.core.fields import OneLineField, OptionalSelectField, TextField
from csd_events.core.forms import SessionForm
from csd_events.core.inputs import HttpsField, KeptForm
from csd_events.core.words import lazy_gettext as _
from csd_events.core.zones import common_zones
from csd_events.events.models import Partner, Presenter
from csd_events.events.rules import PartnerDraft, PartnerKind, PresenterDraft

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

    def draft(self) -> PresenterDraft:
        """Return what was typed, once it was found in order."""
        return PresenterDraft(
            full_name=self.full_name.data,
            title=self.title.data,
            organization=self.organization.data,
            about=self.about.data,
            zone=self.zone.data,
        )


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
    names = ("full_name", "title", "organization", "about", "zone")
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
