"""What the forms of staff have in common: rows of partners, faults beside fields."""

from collections.abc import Mapping
from typing import Any

from wtforms import Form, FormField, SelectMultipleField

from csd_events.core.fields import OneLineField, SessionForm
from csd_events.core.inputs import ChoiceField, Rows, say
from csd_events.core.words import lazy_gettext as _
from csd_events.events.models import ConferencePartner, ProgramPartner
from csd_events.events.rules import Contributor, Fault, Role
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


def are_different(partners: Rows) -> bool:
    """Say beside each partner that stands twice in one role that it does."""
    seen: set[tuple[str, str]] = set()
    different = True
    for row in partners.entries:
        who = row.form.name.data, row.form.role.data
        if who[0] and who in seen:
            say(row.form.name, _("%(name)s stands here twice", name=who[0]))
            different = False
        seen.add(who)
    partners.gather_errors()
    return different


def partners_in(partners: Rows) -> tuple[Contributor, ...]:
    """Read the rows that name a partner."""
    return tuple(
        Contributor(role=Role(row.form.role.data), name=row.form.name.data)
        for row in partners
        if row.form.name.data
    )


def show_faults(
    form: SessionForm, faults: Mapping[str, Any], words: Mapping[Fault, object]
) -> None:
    """Put each fault beside the field it is about."""
    for name, fault in faults.items():
        field = form[name]
        target = field.form.month if isinstance(field, FormField) else field
        say(target, words[fault])


def partner_rows(
    rows: list[ConferencePartner] | list[ProgramPartner],
) -> list[dict[str, str]]:
    """Return what the rows of partners hold when a form is opened."""
    return [{"name": row.partner.name, "role": row.role.value} for row in rows]
