"""The form by which somebody registers colleagues: rows, pasted lines, a roster."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, Form, FormField, HiddenField

from csd_events.accounts.rules import email_key
from csd_events.core.fields import EmailField, OneLineField, TextField
from csd_events.core.forms import SecretForm, SessionForm
from csd_events.core.inputs import BoxesField, Rows, say
from csd_events.core.words import lazy_gettext as _
from csd_events.registrations.forms.registering import InvoiceForm
from csd_events.registrations.rules import (
    MOST_COLLEAGUES,
    Colleague,
    Pasted,
    read_pasted,
    write_pasted,
)

#: So many rows a page begins with, and so many more come at a time.
MORE_ROWS = 3


class ColleagueRow(Form):
    """Somebody to register. Nothing typed: no row."""

    full_name = OneLineField(_("Full name"))
    email = EmailField(_("Email"))
    organization = OneLineField(_("Organization, if not yours"))

    @property
    def is_blank(self) -> bool:
        return not (self.full_name.data or self.email.data)

    def called(self, number: int) -> str:
        """Name the row as its sender knows it; nothing typed: no name."""
        if self.is_blank:
            return ""
        return str(self.full_name.data or _("Colleague %(number)s", number=number))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = super().validate(extra_validators)
        if self.is_blank:
            return valid
        if not self.full_name.data and not self.full_name.errors:
            say(self.full_name, _("Enter a full name"))
        if not self.email.data and not self.email.errors:
            say(self.email, _("Enter an email address"))
        return not self.errors


class PartyForm(InvoiceForm):
    """Colleagues; and which of a roster, where its contact asks.

    What is wrong with a row keeps that row alone from being registered.

    Attributes:
        filled: The rows that have just been made of the lines.
        unfit: For how many people of the lines there was no room.
    """

    filled: Sequence[ColleagueRow] = ()
    unfit = 0
    ticket = HiddenField()
    code = OneLineField(_("Code of your invitation"), max_length=40)
    coming = BooleanField(_("I am coming, too"))
    picked = BoxesField(_("From your roster"), choices=[], validate_choice=False)
    search = OneLineField(_("Search your roster"))
    colleagues = Rows(FormField(ColleagueRow), _("Colleagues"), most=MOST_COLLEAGUES)
    lines = TextField(_("Lines from a spreadsheet or a mail"))

    def without_sender(self) -> None:
        """Leave out who sends it: the form goes on under the name it began with."""
        for name in ("full_name", "email", "organization", "coming"):
            if name in self:
                del self[name]

    def without_code(self) -> None:
        """Leave the code out, where no invitation could be used."""
        del self.code

    @property
    def is_coming(self) -> bool:
        """Whether the sender wants a place, too."""
        return "coming" in self and bool(self.coming.data)

    def make_rows(self, *, sender: str) -> None:
        """Make rows of the lines, and say what they lack; others stay in the box.

        Args:
            sender: The sender's own address.
        """
        objection = self.lines.objection()
        if objection:
            say(self.lines, objection)
            return
        self.filled, left = self.fill(read_pasted(self.lines.data))
        self.lines.data, self.unfit = write_pasted(left) if left else "", len(left)
        for row in self.filled:
            row.validate()
        self.say_who_is_twice(sender=sender)

    def keep_in_box(self, people: Sequence[Pasted]) -> None:
        """Add lines to the box, of people for whom there is no row."""
        if people:
            self.lines.data = f"{self.lines.data}\n{write_pasted(people)}".strip()

    def fill(self, found: Iterable[Pasted]) -> tuple[list[ColleagueRow], list[Pasted]]:
        """Put people into blank rows, then into new ones.

        Returns:
            The rows that hold them now, and the people who had no room.
        """
        blank = [row.form for row in self.colleagues if row.form.is_blank]
        filled, left = [], []
        for each in found:
            if not blank and len(self.colleagues.entries) < MOST_COLLEAGUES:
                blank.append(self.colleagues.append_entry().form)
            if not blank:
                left.append(each)
                continue
            row = blank.pop(0)
            row.full_name.data, row.email.data = each.full_name, each.email
            row.organization.data = each.organization
            filled.append(row)
        return filled, left

    def has_rows(self) -> None:
        """Let there be rows to type into."""
        if not self.colleagues.entries:
            self.more_rows()

    def more_rows(self) -> None:
        for _number in range(MORE_ROWS):
            self.colleagues.another()

    def typed_rows(self) -> list[ColleagueRow]:
        return [row.form for row in self.colleagues if not row.form.is_blank]

    def say_who_is_twice(self, *, sender: str) -> None:
        """Say beside each row that repeats an address that it does.

        Args:
            sender: The sender's own address, who has a box of their own.
        """
        seen = {email_key(sender)} if sender else set()
        may_tick = "coming" in self and not self.is_coming
        own = _OWN if may_tick else _OWN_TWICE
        for row in self.typed_rows():
            key = email_key(row.email.data)
            if row.email.data and key in seen and not row.email.errors:
                say(row.email, own if key == email_key(sender) else _TWICE)
            seen.add(key)
        self.colleagues.gather_errors()

    def good_rows(self) -> list[ColleagueRow]:
        return [row for row in self.typed_rows() if not row.errors]

    def keep(self, rows: Sequence[ColleagueRow]) -> None:
        """Leave only these rows on the page, with what was typed and said in them."""
        kept = {id(row) for row in rows}
        entries = [each for each in self.colleagues.entries if id(each.form) in kept]
        self.colleagues.entries = entries
        self.colleagues.gather_errors()


_OWN = _("This is your own address. Tick that you are coming, too")
_OWN_TWICE = _("This is your own address. Leave this row empty")
_TWICE = _("This address stands in a row above, too")


class MemberPartyForm(PartyForm, SessionForm):
    """Of somebody signed in. Guarded by the session's own token."""


class GuestPartyForm(SecretForm, PartyForm):
    """Of anyone else. Without a session: the ticket guards it."""

    full_name = OneLineField(_("Your full name"), required=_("Enter your full name"))
    email = EmailField(_("Your email"), required=_("Enter your email address"))
    organization = OneLineField(
        _("Your municipality or organization"),
        required=_("Enter your municipality or organization"),
    )


def colleague_of(row: ColleagueRow, *, organization: str) -> Colleague:
    """Read a row; who says nothing of an organization works where the sender does."""
    return Colleague(
        full_name=row.full_name.data,
        email=row.email.data,
        organization=row.organization.data or organization,
    )
