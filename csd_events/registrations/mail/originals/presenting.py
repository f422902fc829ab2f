"""What those on stage are told of an event of theirs, in the words it has from us."""

from csd_events.core.words import lazy_gettext, lazy_paragraphs
from csd_events.events.mail import GROUP, OWN_PAGE, VALUES
from csd_events.events.rules import (
    CANCELLED_MAIL,
    MOVED_MAIL,
    POSTPONED_MAIL,
    REDATED_MAIL,
)
from csd_events.outbox.message import Wording

OF_AN_EVENT = VALUES | {"event", "event_link", "place", "when", "entry"}

PRESENTING = {
    MOVED_MAIL: Wording(
        group=GROUP,
        purpose=lazy_gettext("To who presents, when time or place change."),
        subject="{change}: {event}",
        body=lazy_paragraphs(
            "{changes}",
            "# {heading}",
            "{greeting}",
            lazy_gettext("You present at {event}. {entry}"),
            "{button}",
            lazy_gettext("It does not suit you any more? Answer this mail."),
        ),
        values=OF_AN_EVENT | {"change", "heading"},
        blocks=frozenset({"button", "changes", "details"}),
        needed=(("changes",), OWN_PAGE),
        per_event=False,
    ),
    CANCELLED_MAIL: Wording(
        group=GROUP,
        purpose=lazy_gettext("To who presents, when the event is called off."),
        subject=lazy_gettext("Cancelled: {event}"),
        body=lazy_paragraphs(
            lazy_gettext("# This event is cancelled"),
            "{greeting}",
            "{note}",
            lazy_gettext(
                "You were to present at it. We are sorry, and thank you for having "
                "said yes. {entry}"
            ),
            "{details}",
            "{button}",
        ),
        values=OF_AN_EVENT,
        blocks=frozenset({"button", "details", "note"}),
        needed=(OWN_PAGE, ("note",)),
        per_event=False,
    ),
    POSTPONED_MAIL: Wording(
        group=GROUP,
        purpose=lazy_gettext("To who presents, when the date holds no more."),
        subject=lazy_gettext("Postponed, new date to come: {event}"),
        body=lazy_paragraphs(
            lazy_gettext("# This event is postponed"),
            "{greeting}",
            "{note}",
            lazy_gettext(
                "You are to present at it. We write to you as soon as there is a new "
                "date. {entry}"
            ),
            "{details}",
            "{button}",
            lazy_gettext("Are there days that do not suit you? Answer this mail."),
        ),
        values=OF_AN_EVENT,
        blocks=frozenset({"button", "details", "note"}),
        needed=(OWN_PAGE, ("note",)),
        per_event=False,
    ),
    REDATED_MAIL: Wording(
        group=GROUP,
        purpose=lazy_gettext(
            "To who presents, when what was postponed has a date again."
        ),
        subject="{change}: {event}",
        body=lazy_paragraphs(
            "# {heading}",
            "{greeting}",
            lazy_gettext("You present at {event}. {entry}"),
            "{details}",
            "{appearances}",
            "{button}",
            lazy_gettext("It does not suit you? Answer this mail."),
        ),
        values=OF_AN_EVENT | {"change", "heading"},
        blocks=frozenset({"appearances", "button", "details"}),
        needed=(OWN_PAGE,),
        per_event=False,
    ),
}
