"""The list for the door: it is printed before, and needs no network there."""

from collections.abc import Sequence
from pathlib import Path

from csd_events.core.printing import printed
from csd_events.core.words import gettext as _
from csd_events.core.words import locale_name, ngettext
from csd_events.registrations.queries import Expected

TEMPLATE = Path(__file__).with_name("door-list.typ")


def door_list(
    title: str, when: str, people: Sequence[Expected], *, author: str
) -> bytes:
    """Print who has a place, by name, each with a line to sign.

    Args:
        title: Of the event, with its session where it has several.
        when: It takes place, and where.
    """
    heading = _("Door list")
    words = {
        "lang": locale_name().partition("_")[0],
        "title": f"{heading}: {title}",
        "author": author,
        "heading": heading,
        "event": title,
        "when": when,
        "counted": ngettext("%(num)s person", "%(num)s people", len(people)),
        "columns": [_("Name"), _("Reference"), _("Signature")],
        "people": [
            [each.full_name, each.organization, each.reference] for each in people
        ],
    }
    return printed(TEMPLATE, words)
