"""What somebody may do in one program, as staff read it."""

from csd_events.core.access import Role
from csd_events.core.words import gettext as _


def program_role_words(role: Role) -> str:
    words: dict[Role, str] = {
        Role.SCHEDULER: _("Schedules its events"),
        Role.CHECK_IN: _("Works at the door of its events"),
        Role.REPORTS: _("Reads reports on its events"),
    }
    return words[role]
