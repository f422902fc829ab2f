"""What administrators choose to give somebody a role in one program."""

from collections.abc import Mapping
from typing import Any

from wtforms.validators import InputRequired

from csd_events.core.access import IN_PROGRAMS, Role
from csd_events.core.fields import OptionalSelectField
from csd_events.core.forms import SessionForm
from csd_events.core.words import lazy_gettext as _
from csd_events.events.words import program_role_words


class ProgramRoleForm(SessionForm):
    """A program, and what somebody may do there.

    Args:
        programs: Their names by id.
    """

    program = OptionalSelectField(
        _("Program"),
        choices=dict,
        blank=_("Choose a program"),
        validators=[InputRequired(_("Choose a program"))],
    )
    role = OptionalSelectField(
        _("What they may do there"),
        choices=lambda: {each.value: program_role_words(each) for each in IN_PROGRAMS},
        blank=_("Choose a role"),
        validators=[InputRequired(_("Choose what they may do there"))],
    )

    def __init__(self, *, programs: Mapping[int, str], **others: Any) -> None:
        super().__init__(**others)
        self.program.offer({str(number): name for number, name in programs.items()})

    @property
    def program_id(self) -> int:
        return int(self.program.data or 0)

    @property
    def chosen_role(self) -> Role:
        return Role(self.role.data or "")
