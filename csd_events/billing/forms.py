"""The form in which staff say that money came in, or went back."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, cast

from wtforms import FormField, HiddenField

from csd_events.billing.rules import Balance, Unfit
from csd_events.core.fields import OneLineField
from csd_events.core.forms import SessionForm, fresh_nonce
from csd_events.core.inputs import ChoiceField, DateBoxes, boxes_of, say
from csd_events.core.money import AmountField, write_price
from csd_events.core.words import gettext
from csd_events.core.words import lazy_gettext as _


class Way(StrEnum):
    """Which way money went."""

    IN = "in"
    BACK = "back"


class PaymentForm(SessionForm):
    """Money that came in for an invoice, or went back."""

    nonce = HiddenField()
    way = ChoiceField(
        _("What happened"),
        choices={
            Way.IN.value: _("Money came in"),
            Way.BACK.value: _("Money went back, or was recorded by mistake"),
        },
    )
    amount = AmountField(_("Amount"), required=_("Enter the amount in dollars"))
    paid_on = FormField(DateBoxes, _("Day"))
    reference = OneLineField(_("Check or transfer number"), max_length=100)

    @property
    def cents(self) -> int:
        """The amount; below zero what went back."""
        cents = self.amount.cents or 0
        return -cents if self.way.data == Way.BACK else cents

    @property
    def day(self) -> date:
        """The day typed, of a form that was found valid."""
        return cast("date", self.paid_on.form.on)

    def is_of_a_day(self, today: date) -> bool:
        """Say beside the day if there is none, or it is still to come."""
        boxes = self.paid_on.form
        if boxes.on is None:
            say(boxes.month, gettext("Enter the day on which it was paid"))
        elif boxes.on > today:
            say(boxes.month, gettext("That day is still to come. Check the date"))
        return not boxes.month.errors

    def refuse(self, why: Unfit, owed_words: str, paid_words: str) -> None:
        """Say beside the amount why it cannot be so."""
        words: Mapping[Unfit, str] = {
            Unfit.NOTHING: gettext("Enter an amount above zero"),
            Unfit.MORE_THAN_OWED: gettext(
                "No more than %(owed)s is owed. Enter what was paid of this invoice",
                owed=owed_words,
            ),
            Unfit.MORE_THAN_PAID: gettext(
                "No more than %(paid)s has come in. Enter what went back of it",
                paid=paid_words,
            ),
        }
        say(self.amount, words[why])


def suggested(balance: Balance, today: date) -> dict[str, Any]:
    """Fill the form in with what is most likely: all that is owed, or is to go back."""
    owed = balance.owed
    goes_back = owed < 0 or (owed == 0 and balance.paid > 0)
    cents = abs(owed) or balance.paid
    return {
        "nonce": fresh_nonce(),
        "way": Way.BACK if goes_back else Way.IN,
        "amount": write_price(cents),
        "paid_on": boxes_of(today),
    }
