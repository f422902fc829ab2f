"""The form by which a group worksheet is opened."""

from csd_events.core.fields import OptionalSelectField
from csd_events.core.forms import SecretForm, SessionForm
from csd_events.core.words import lazy_gettext as _
from csd_events.worksheets.forms import BeginFields


class OpenFields(BeginFields):
    """What a group talks about, and where it meets."""

    event = OptionalSelectField(
        _("Live at an event"), choices={}, blank=_("Not at an event")
    )


class OpenForm(OpenFields, SecretForm):
    """Of a visitor."""


class OwnOpenForm(OpenFields, SessionForm):
    """Of who is signed in."""
