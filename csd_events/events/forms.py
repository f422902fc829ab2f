"""Parts of forms about events and what they belong to."""

from typing import Any

from wtforms import Form, SelectMultipleField

from csd_events.core.fields import OneLineField
from csd_events.core.inputs import ChoiceField
from csd_events.core.words import lazy_gettext as _
from csd_events.events.rules import Role
from csd_events.topics.rules import areas_by_family


class AreasField(SelectMultipleField):
    """Boxes for service areas, by family."""

    def __init__(self, label: str | None = None, **others: Any) -> None:
        others.setdefault("invalid_choice_message", _("Choose from the list"))
        super().__init__(label, choices=areas_by_family, **others)


class PartnerRow(Form):
    """An organization behind an event. No name: no row."""

    name = OneLineField(_("Organization"))
    role = ChoiceField(
        _("Role"),
        choices={
            Role.CO_PRODUCER.value: _("Co-producer"),
            Role.UNDERWRITER.value: _("Underwriter"),
        },
        default=Role.CO_PRODUCER.value,
    )
