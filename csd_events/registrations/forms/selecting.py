"""What staff say of several registrations at once, and of the columns they see."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField

from csd_events.core.forms import SessionForm
from csd_events.core.inputs import BoxesField, ChoiceField
from csd_events.core.words import lazy_gettext as _


class ColumnsForm(SessionForm):
    """The columns that somebody wants to see."""

    columns = BoxesField(_("Columns beside the name"))


class TellAllForm(SessionForm):
    """Whether each of them gets the mail that says what was done."""

    tell = BooleanField(_("Send each of them the mail that says so"), default=True)


class MoveAllForm(TellAllForm):
    """Where they are moved to, and by which offer.

    Args:
        targets: The events, by id.
    """

    target = ChoiceField(_("To which event"), choices={})
    offer = ChoiceField(_("At which price there"), choices={})

    def __init__(self, *, targets: Mapping[str, str], **others: Any) -> None:
        super().__init__(**others)
        self._targets = targets
        self.target.choices = dict(targets)

    @property
    def target_id(self) -> int | None:
        """The event that was chosen, if it is among those offered."""
        chosen = self.target.data or ""
        return int(chosen) if chosen in self._targets else None


class ListColumnsForm(SessionForm):
    """Which column holds what; of registrations the offer and the mail as well.

    Args:
        offers: In words, by id; None for presenters.
    """

    default_offer = ChoiceField(_("Offer of those whose line names none"), choices={})
    tell = BooleanField(_("Send each of them the confirmation"))

    def __init__(self, *, offers: Mapping[str, str] | None, **others: Any) -> None:
        super().__init__(**others)
        if offers is None:
            del self.default_offer
            del self.tell
            return
        self.default_offer.choices = dict(offers)
        if not self.is_submitted() and not self.default_offer.data:
            self.default_offer.data = next(iter(offers), "")

    def refuse(self, words: str) -> None:
        self.form_errors.append(words)
