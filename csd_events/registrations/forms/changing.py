"""Small forms that change an event: another time or place, calling it off."""

from collections.abc import Mapping
from typing import Any

from wtforms import Form, FormField, HiddenField

from csd_events.core.fields import OneLineField, TextField, ZoneField
from csd_events.core.forms import SessionForm
from csd_events.core.inputs import ChoiceField, DateBoxes, KeptForm, Rows, put_first
from csd_events.core.words import lazy_gettext as _
from csd_events.registrations.forms.rows import has_a_start
from csd_events.registrations.forms.typed import ClockField


class MoveRow(Form):
    """The time of one session, which has one."""

    is_blank = False
    session_id = HiddenField()
    starts_on = FormField(DateBoxes, _("Date"))
    start_time = ClockField(_("Starts at"))
    end_time = ClockField(_("Ends at"))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        return has_a_start(self) and valid


class MoveForm(KeptForm):
    """Another time or place.

    Args:
        zone_first: The zone that stands first in the list.
        has_place: Whether people meet anywhere.
    """

    sessions = Rows(FormField(MoveRow), min_entries=1)
    zone = ZoneField(_("Time zone"))
    zone_change = ChoiceField(
        _("What stays as it is?"),
        choices={"": "", "clock": "", "instant": ""},
        default="",
    )
    place = OneLineField(_("Place"))

    def __init__(self, *, zone_first: str, has_place: bool, **others: Any) -> None:
        super().__init__(**others)
        if not has_place:
            del self.place
        put_first(self.zone, zone_first)


class DeclineForm(SessionForm):
    """Why there is no place for somebody, for their mail."""

    note = TextField(_("What they should know"), max_length=1000)


class CancelForm(SessionForm):
    """Why an event does not take place, for the mail and the page."""

    note = TextField(_("What people should know"), max_length=1000)
