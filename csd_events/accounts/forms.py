"""The forms by which people sign up and in, and look after their account."""

from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length, ValidationError

from csd_events.accounts.rules import (
    MOST_AREAS,
    PASSWORD_LONGEST,
    Preferences,
    password_flaw,
    preferred_areas,
)
from csd_events.accounts.words import flaw_words
from csd_events.core.fields import EmailField, OneLineField, OptionalSelectField
from csd_events.core.forms import SessionForm
from csd_events.core.words import lazy_gettext as _
from csd_events.core.zones import common_zones
from csd_events.topics.catalogue import FORMS, STAGES
from csd_events.topics.rules import areas_by_family


def _email() -> EmailField:
    return EmailField(_("Email address"), required=_("Enter your email address"))


def _full_name() -> OneLineField:
    return OneLineField(_("Full name"), required=_("Enter your full name"))


class SignInForm(SessionForm):
    """Who are you, and may this browser remember it?"""

    email = _email()
    password = PasswordField(
        _("Password"),
        validators=[
            InputRequired(_("Enter your password")),
            Length(max=PASSWORD_LONGEST, message=_("Passwords here are shorter")),
        ],
    )
    remember = BooleanField(_("Keep me signed in on this device"))
    next = HiddenField()  # the page to go on to


class LinkForm(SessionForm):
    """Where should the link go?"""

    email = _email()
    next = HiddenField()


class SignUpForm(SessionForm):
    """Name and address; a password is chosen once the mailbox is proved."""

    full_name = _full_name()
    email = _email()
    next = HiddenField()


class SignInByLinkForm(SessionForm):
    """The button of the link that signs in."""

    remember = BooleanField(_("Keep me signed in on this device"))


class _ChoosingForm(SessionForm):
    """A form with a new password.

    Args:
        address: Whose password it will be: it may not be the address itself.
    """

    password = PasswordField(_("New password"))

    def __init__(self, *, address: str, **others: Any) -> None:
        super().__init__(**others)
        self._address = address

    def validate_password(self, field: PasswordField) -> None:
        flaw = password_flaw(field.data or "", email=self._address)
        if flaw is not None:
            raise ValidationError(flaw_words(flaw))


class NewPasswordForm(_ChoosingForm):
    """A new password for who could not come in."""

    password = PasswordField(
        _("New password"), validators=[InputRequired(_("Choose a password"))]
    )


class FinishForm(_ChoosingForm):
    """The last step of signing up; without a password, links come by mail."""

    full_name = _full_name()
    password = PasswordField(_("Password"))
    remember = BooleanField(_("Keep me signed in on this device"))

    def validate_password(self, field: PasswordField) -> None:
        if field.data:
            super().validate_password(field)


class ProvingForm(SessionForm):
    """A form that asks for the present password, where there is one.

    Args:
        has_password: Whether there is.
    """

    present = PasswordField(
        _("Present password"), validators=[InputRequired(_("Enter your password"))]
    )

    def __init__(self, *, has_password: bool, **others: Any) -> None:
        super().__init__(**others)
        if not has_password:
            del self.present


class NameForm(SessionForm):
    """Another name."""

    full_name = _full_name()


class PasswordForm(ProvingForm, NewPasswordForm):
    """Another password, or a first one."""


class AddressForm(ProvingForm):
    """Another address."""

    email = EmailField(_("New email address"), required=_("Enter the new address"))


class CloseForm(ProvingForm):
    """The account goes."""


class PreferencesForm(SessionForm):
    """What somebody is looking at, and how we are to write to them."""

    area_1 = OptionalSelectField(
        _("Service you care about most"), choices=areas_by_family, blank=_("None")
    )
    area_2 = OptionalSelectField(_("Second"), choices=areas_by_family, blank=_("None"))
    area_3 = OptionalSelectField(_("Third"), choices=areas_by_family, blank=_("None"))
    form = OptionalSelectField(
        _("Form of arrangement"), choices=lambda: FORMS, blank=_("Not decided yet")
    )
    stage = OptionalSelectField(
        _("Where you are"), choices=lambda: STAGES, blank=_("Not said")
    )
    zone = OptionalSelectField(
        _("Time zone"), choices=common_zones, blank=_("The one of my device")
    )
    reminders = BooleanField(_("Remind me by mail before an event starts"))

    @classmethod
    def of(cls, present: Preferences) -> "PreferencesForm":
        """Return the form, filled in with what is known."""
        areas = dict(zip(cls.area_names(), present.areas, strict=False))
        return cls(
            data=areas
            | {
                "form": present.form,
                "stage": present.stage,
                "zone": present.zone,
                "reminders": present.wants_reminders,
            }
        )

    @staticmethod
    def area_names() -> list[str]:
        return [f"area_{number}" for number in range(1, MOST_AREAS + 1)]

    def preferences(self) -> Preferences:
        """Return what was chosen; what was left out between two areas closes up."""
        return Preferences(
            areas=preferred_areas(self[name].data for name in self.area_names()),
            form=self.form.data,
            stage=self.stage.data,
            zone=self.zone.data,
            wants_reminders=self.reminders.data,
        )
