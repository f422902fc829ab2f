"""The form in which administrators say who the association is."""

from dataclasses import asdict, replace

from csd_events.association.rules import AssociationView
from csd_events.core.fields import (
    EmailField,
    OneLineField,
    SessionForm,
    TextField,
    ZoneField,
)
from csd_events.core.words import lazy_gettext as _


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

    def filled_in(self, present: AssociationView) -> AssociationView:
        """Return what is known of the association with what was typed in its place."""
        typed = {name: self[name].data for name in asdict(present) if name in self}
        return replace(present, **typed)
