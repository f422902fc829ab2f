"""What staff type of an announcement, and which lists somebody wants to hear of."""

from collections.abc import Collection, Mapping
from typing import Any

from csd_events.announcements import rules
from csd_events.announcements.models import Announcement
from csd_events.announcements.rules import Audience, Draft
from csd_events.announcements.words import STATE_WORDS
from csd_events.core import placeholders
from csd_events.core.fields import OneLineField, TextField
from csd_events.core.forms import SessionForm
from csd_events.core.inputs import BoxesField, KeptForm, say
from csd_events.core.placeholders import Problem, ProblemKind, is_link
from csd_events.core.words import lazy_gettext as _
from csd_events.events.models import Event
from csd_events.outbox.mail import faulty_links
from csd_events.registrations.rules import State
from csd_events.registrations.words import all_fault_words
from csd_events.topics.rules import areas_by_family


class AnnouncementForm(KeptForm):
    """Subject and words of an announcement, and whom it is for.

    Args:
        event: Whose people it is for; None for members.
        chosen: Whether it is for those whom staff chose, in whatever state.
    """

    states = BoxesField(_("To whom"))
    areas = BoxesField(_("Only about these services"), choices=areas_by_family)
    subject = OneLineField(_("Subject"), required=_("Enter the subject of the mail"))
    body = TextField(_("What it says"), required=_("Enter what the mail says"))

    def __init__(
        self, *, event: Event | None, chosen: bool = False, **others: Any
    ) -> None:
        super().__init__(**others)
        self._chosen = chosen
        if event is None:
            self._audience = Audience.MEMBERS
            del self.states
            return
        self._audience = Audience.EVENT
        del self.areas
        if chosen:
            del self.states
            return
        numbers = {
            State.CONFIRMED: event.confirmed,
            State.HELD: event.held,
            State.WAITING: event.waiting,
        }
        self.states.choices = [
            (each.value, f"{STATE_WORDS[each.value]} ({numbers[each]:,})")
            for each in rules.REACHABLE
        ]

    @property
    def _is_of_event(self) -> bool:
        return self._audience is Audience.EVENT

    @property
    def names(self) -> tuple[str, ...]:
        """What may stand in braces."""
        return rules.PLACEHOLDERS[self._audience]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if any(map(is_link, placeholders.names_in(self.subject.data))):
            say(self.subject, _("No address can stand in a subject. Write it below"))
            valid = False
        for field in (self.subject, self.body):
            if found := placeholders.problems(field.data, known=self.names):
                say(field, all_fault_words(found))
                valid = False
        if valid and (links := faulty_links(self.body.data)):
            found = [Problem(ProblemKind.NO_LINK, each) for each in links]
            say(self.body, all_fault_words(found))
            valid = False
        asks = self._is_of_event and not self._chosen
        if asks and valid and not self.states.chosen:
            say(self.states, _("Choose to whom it goes"))
            valid = False
        return valid

    def draft(self) -> Draft:
        """Return what was typed, once it was found in order."""
        states: tuple[str, ...] = ()
        if self._is_of_event:
            whoever = tuple(each.value for each in rules.REACHABLE)
            states = whoever if self._chosen else self.states.chosen
        return Draft(
            subject=self.subject.data,
            body=self.body.data,
            states=states,
            areas=self.areas.chosen if not self._is_of_event else (),
        )


class SendForm(KeptForm):
    """The button that sends what was seen."""


class ListsForm(SessionForm):
    """The lists that may write to somebody.

    Args:
        known: What each is called, by its key.
        unwanted: Those that may not.
    """

    lists = BoxesField(_("Write to me with"))

    def __init__(
        self, *, known: Mapping[str, str], unwanted: Collection[str], **others: Any
    ) -> None:
        wanted = [key for key in known if key not in unwanted]
        super().__init__(data={"lists": wanted}, **others)
        self._known = known
        self.lists.choices = list(known.items())

    @property
    def wanted(self) -> dict[str, bool]:
        """Which of the lists may write."""
        return {key: key in self.lists.chosen for key in self._known}


class LinkForm(ListsForm):
    """The same, on a page whose link is the secret."""

    class Meta(ListsForm.Meta):
        csrf = False


def typed_of(row: Announcement) -> dict[str, Any]:
    """Return what the form of an announcement holds when it is opened."""
    return {
        "version": str(row.version),
        "states": list(row.states),
        "areas": list(row.areas),
        "subject": row.subject,
        "body": row.body,
    }
