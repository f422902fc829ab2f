"""The decision tool's forms."""

from collections.abc import Mapping

from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from csd_events.core.fields import EmailField, OneLineField, OptionalSelectField
from csd_events.core.forms import SecretForm, SessionForm
from csd_events.core.words import lazy_gettext as _
from csd_events.topics.catalogue import WHOLE_GOVERNMENT
from csd_events.topics.rules import areas_by_family
from csd_events.worksheets.rules import GRADES, ITEMS

UNKNOWN = "unknown"
_VALUES: Mapping[str, int | None] = {str(g): g for g in GRADES} | {UNKNOWN: None}


def one_service() -> dict[str, dict[str, str]]:
    """Return the services that a worksheet can be about: one at a time."""
    return {
        family: {area: name for area, name in areas.items() if area != WHOLE_GOVERNMENT}
        for family, areas in areas_by_family().items()
    }


class OneService(OptionalSelectField):
    """The service that a worksheet is about: one must be chosen."""

    def pre_validate(self, form: BaseForm) -> None:
        super().pre_validate(form)
        if not self.data:
            raise StopValidation(str(_("Choose the service you are looking at")))


class BeginFields:
    """What a worksheet is about."""

    service_area = OneService(
        _("Which service are you looking at?"),
        choices=one_service,
        blank=_("Choose a service"),
    )
    community = OneLineField(_("Your community"), max_length=120)


class BeginForm(BeginFields, SecretForm):
    """Of a visitor."""


class OwnBeginForm(BeginFields, SessionForm):
    """Of who is signed in."""


class SendForm(SecretForm):
    """An address to send the worksheet's link to."""

    email = EmailField(_("Email"), required=_("Enter your email address"))


def read_answers(sent: Mapping[str, str]) -> dict[str, int | None] | None:
    """Read the answers that were sent; None where one is no answer of ours."""
    given = {item: sent[item] for item in ITEMS if item in sent}
    if not _VALUES.keys() >= set(given.values()):
        return None
    return {item: _VALUES[value] for item, value in given.items()}
