"""The two kinds of form: guarded by the session's token, or by a secret of its own."""

import secrets

from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from csd_events.core.words import gettext as _

_NONCE_BYTES = 12


def fresh_nonce() -> str:
    """Draw by what a form that is sent again is known: what it asks is done once."""
    return secrets.token_urlsafe(_NONCE_BYTES)


class _Token(FlaskForm.Meta.csrf_class):
    """Says in our words that a token does not hold."""

    def validate_csrf_token(self, form: BaseForm, field: Field) -> None:
        try:
            super().validate_csrf_token(form, field)
        except ValidationError as error:
            raise ValidationError(
                _("This page was open for a while. Nothing is lost: send it again")
            ) from error


class SessionForm(FlaskForm):
    """A form that comes back with everything typed when its token does not hold.

    Its view `guards_itself`: what guards every page would answer with an error
    page before the form could be shown again. The form itself asks for the token.
    """

    class Meta(FlaskForm.Meta):
        csrf_class = _Token


class SecretForm(FlaskForm):
    """A form that needs no session: a ticket or the link of its page guards it."""

    class Meta(FlaskForm.Meta):
        csrf = False
