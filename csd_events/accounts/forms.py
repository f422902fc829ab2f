"""The form by which people sign in."""

from wtforms import BooleanField, HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from csd_events.accounts.rules import PASSWORD_LONGEST
from csd_events.core.fields import EmailField, SessionForm
from csd_events.core.words import lazy_gettext as _


class SignInForm(SessionForm):
    """Who are you, and may this browser remember it?"""

    email = EmailField(_("Email address"), required=_("Enter your email address"))
    password = PasswordField(
        _("Password"),
        validators=[
            InputRequired(_("Enter your password")),
            Length(max=PASSWORD_LONGEST, message=_("Passwords here are shorter")),
        ],
    )
    remember = BooleanField(_("Keep me signed in on this device"))
    next = HiddenField()  # the page to go on to
