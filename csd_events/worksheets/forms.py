"""The decision tool's forms."""

from collections.abc import Mapping

from wtforms import HiddenField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from csd_events.core.fields import (
    EmailField,
    OneLineField,
    OptionalSelectField,
    TextField,
)
from csd_events.core.forms import SecretForm, SessionForm
from csd_events.core.inputs import ChoiceField
from csd_events.core.words import lazy_gettext as _
from csd_events.topics.catalogue import WHOLE_GOVERNMENT
from csd_events.topics.rules import areas_by_family
from csd_events.worksheets.rules import FACTORS, GRADES, ITEMS, Factor, read_code
from csd_events.worksheets.words import grade_choices

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


class CodeField(OneLineField):
    """The code of a group, as people type it: in any case, spaced or not."""

    def objection(self) -> str | None:
        if self.data and read_code(self.data) is None:
            return str(_("A code has six letters, and none of them is a vowel"))
        return super().objection()


class CodeForm(SecretForm):
    """The code that stands on a screen."""

    code = CodeField(
        _("The code"),
        required=_("Enter the code of your group"),
        max_length=20,
    )


class JoinForm(SecretForm):
    """Who joins a group. Sent twice, it joins once."""

    name = OneLineField(_("Your name"), max_length=80)
    once = HiddenField()


class SettleForm(SecretForm):
    """What a group settles on for one question."""

    grade = ChoiceField(
        _("The group settles on"),
        choices={},
        invalid_choice_message=_("Choose what the group settles on"),
    )
    note = TextField(_("Note"), max_length=1000)

    def ask(self, factor: Factor) -> None:
        """Offer the answers to a question."""
        self.grade.choices = grade_choices(factor)

    @property
    def chosen(self) -> int | None:
        return _VALUES[str(self.grade.data)]


class TaskForm(SecretForm):
    """Something to find out."""

    what = OneLineField(
        _("What to find out"), required=_("Enter what to find out"), max_length=300
    )
    who = OneLineField(_("Who will"), max_length=120)
    due = OneLineField(_("By when"), max_length=80)
    item = OptionalSelectField(
        _("About which question"),
        choices={factor: factor for factor in FACTORS},
        blank=_("The whole worksheet"),
    )


def read_answers(sent: Mapping[str, str]) -> dict[str, int | None] | None:
    """Read the answers that were sent; None where one is no answer of ours.

    What the page showed already is no answer: meanwhile another one may have been
    given on another screen.
    """
    shown = sent.get("shown", "").split()
    given = {
        item: sent[item]
        for item in ITEMS
        if item in sent and f"{item}={sent[item]}" not in shown
    }
    if not _VALUES.keys() >= set(given.values()):
        return None
    return {item: _VALUES[value] for item, value in given.items()}
