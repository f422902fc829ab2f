"""Rows of partners, which several forms of staff have."""

from wtforms import Form

from csd_events.core.fields import OneLineField
from csd_events.core.inputs import ChoiceField, Rows
from csd_events.core.words import lazy_gettext as _
from csd_events.events.models import ConferencePartner, ProgramPartner
from csd_events.events.rules import Contributor, Role


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


def partners_in(partners: Rows) -> tuple[Contributor, ...]:
    """Read the rows that name a partner."""
    return tuple(
        Contributor(role=Role(row.form.role.data), name=row.form.name.data)
        for row in partners
        if row.form.name.data
    )


def partner_rows(
    rows: list[ConferencePartner] | list[ProgramPartner],
) -> list[dict[str, str]]:
    """Return what the rows of partners hold when a form is opened."""
    return [{"name": row.partner.name, "role": row.role.value} for row in rows]
