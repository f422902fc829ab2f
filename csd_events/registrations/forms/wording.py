"""What staff type who change the words of a mail."""

from collections.abc import Mapping, Sequence

from csd_events.core.fields import OneLineField, OptionalSelectField, TextField
from csd_events.core.inputs import KeptForm, say
from csd_events.core.placeholders import Problem
from csd_events.core.words import lazy_gettext as _
from csd_events.outbox.message import Words
from csd_events.registrations.mail import SAMPLE
from csd_events.registrations.queries import Reader
from csd_events.registrations.words import all_fault_words, reader_words

LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000


class WordsForm(KeptForm):
    """Subject and body of a kind of mail, and whose mail is shown below."""

    subject = OneLineField(
        _("Subject"), required=_("Enter a subject"), max_length=LONGEST_SUBJECT
    )
    body = TextField(
        _("Words"),
        required=_("Enter what the mail says"),
        max_length=LONGEST_BODY,
    )
    reader = OptionalSelectField(
        _("Show it as it is for"), choices={}, blank=_("A sample person")
    )

    def offer(self, readers: Sequence[Reader]) -> None:
        """Say whose mail there is to look at.

        The first is taken at first, and where somebody newer is there by now.
        """
        known = {
            str(each.registration_id): reader_words(each.full_name, each.state)
            for each in readers
        }
        self.reader.offer(known)
        wants_sample = self.is_submitted() and not self.reader.data
        if self.reader.data not in known and not wants_sample:
            self.reader.data = next(iter(known), None)

    @property
    def words(self) -> Words:
        return Words(self.subject.data, self.body.data)

    @property
    def whose(self) -> str:
        return self.reader.data or SAMPLE

    def show(self, problems: Mapping[str, Sequence[Problem]]) -> None:
        """Put what is wrong with the words beside the fields they stand in."""
        for name, found in problems.items():
            say(self[name], all_fault_words(found))
