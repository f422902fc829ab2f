"""The registration form, its signed ticket, and the small forms around it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app
from flask_wtf import FlaskForm
from itsdangerous import BadData, URLSafeSerializer
from wtforms import HiddenField

from csd_events.core.fields import (
    EmailField,
    OneLineField,
    OptionalSelectField,
    TextField,
)
from csd_events.core.forms import SecretForm, SessionForm, fresh_nonce
from csd_events.core.words import lazy_gettext as _
from csd_events.registrations.forms.asking import SaidForm
from csd_events.topics.catalogue import STATES
from csd_events.topics.rules import areas_by_family


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a form carries, signed: where and when it was opened, and a nonce.

    It serves as protection against forged posts, as proof of the opening for the
    minutes of grace, and as the key that makes a repeat do nothing.

    Attributes:
        asks: Whether it showed questions of the event: only then they are looked for.
    """

    slug: str
    offer_id: int | None
    opened_at: datetime
    nonce: str
    asks: bool = False


def new_ticket(
    slug: str, offer_id: int | None, *, asks: bool = False, now: datetime
) -> str:
    opened = int(now.timestamp())
    nonce = fresh_nonce()
    more = [True] if asks else []
    return _signer().dumps([slug, offer_id, opened, nonce, *more])


def read_ticket(signed: str) -> Ticket | None:
    """Return what a form of ours carried; None for anything else."""
    try:
        slug, offer_id, opened, nonce, *more = _signer().loads(signed)
    except BadData:
        return None
    opened_at = datetime.fromtimestamp(opened, UTC)
    return Ticket(slug, offer_id, opened_at, nonce, asks=bool(more))


class StateForm(FlaskForm):
    """The state somebody is from, whoever fills in the form."""

    state = OptionalSelectField(
        _("State"), choices=lambda: STATES, blank=_("Choose a state")
    )


class InvoiceForm(FlaskForm):
    """What is asked for the invoice of a place that has a price."""

    purchase_order = OneLineField(_("Purchase order number"), max_length=60)
    bill_to = TextField(_("Who the invoice is for"), max_length=300)

    def without_invoice(self) -> None:
        """Leave it out, where nothing has a price."""
        del self.purchase_order
        del self.bill_to


class PlaceForm(SaidForm, InvoiceForm):
    """What every registration form holds, signed in or not."""

    order = (
        "full_name", "email", "organization", "service_area", "state", "code",
        "asked", "needs", "purchase_order", "bill_to",
    )  # fmt: skip
    ticket = HiddenField()
    via = HiddenField()
    service_area = OptionalSelectField(
        _("Which service are you looking at?"),
        choices=areas_by_family,
        blank=_("Not decided yet"),
    )
    code = OneLineField(_("Code of your invitation"), max_length=40)

    def without_code(self) -> None:
        """Leave the code out, where no invitation could be used."""
        del self.code


class MemberForm(PlaceForm, SessionForm):
    """One press: everything else we know. Guarded by the session's own token."""


class GuestForm(SecretForm, PlaceForm, StateForm):
    """One page, three required fields. Without a session: the ticket guards it."""

    #: Sent from a frame on another site, whose visitor is not signed in there.
    framed = HiddenField()
    full_name = OneLineField(_("Full name"), required=_("Enter your full name"))
    email = EmailField(_("Email"), required=_("Enter your email address"))
    organization = OneLineField(
        _("Municipality or organization"),
        required=_("Enter your municipality or organization"),
    )


class ColleagueForm(SecretForm):
    """Who comes in somebody's place; the link of the page is the secret."""

    full_name = OneLineField(_("Full name"), required=_("Enter their full name"))
    email = EmailField(_("Email"), required=_("Enter their email address"))
    organization = OneLineField(
        _("Municipality or organization"),
        required=_("Enter their municipality or organization"),
    )


class WishForm(SecretForm):
    """An address to write to when registration opens."""

    email = EmailField(_("Email"), required=_("Enter your email address"))


class PressForm(SessionForm):
    """A button of who is signed in, on a page that others use too."""


class AddressForm(SecretForm):
    """Correct the address of a receipt or a registration, whose link is the secret."""

    email = EmailField(_("Email"), required=_("Enter your email address"))


class AnswersForm(SecretForm, SaidForm):
    """What somebody answers, and needs, after they were registered."""


class ButtonForm(SecretForm):
    """A button on a page whose link is the secret."""


def _signer() -> URLSafeSerializer:
    """Sign with the secret, and take what an older one has signed."""
    settings = current_app.config
    keys = [*reversed(settings["SECRET_KEY_FALLBACKS"]), settings["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="registration-form")
