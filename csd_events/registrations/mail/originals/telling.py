"""The words of mails that remind, that tell of changes, and that end something."""

from csd_events.core.words import lazy_gettext as _
from csd_events.core.words import lazy_paragraphs
from csd_events.outbox.message import Wording
from csd_events.registrations.mail.originals.names import (
    BLOCKS,
    OWN_PAGE,
    VALUES,
    WAY_BACK,
)

BEFORE = _("Before and after an event, and when something changes")
ENDS = _("When a registration ends")
_REFERENCE = _("Reference, for the telephone: {reference}")


def _cancelled(purpose: object, *by: object) -> Wording:
    return Wording(
        group=ENDS,
        purpose=purpose,
        subject="{outcome}: {event}",
        body=lazy_paragraphs(
            "# {outcome}",
            "{greeting}",
            *by,
            "{freed} {entry}",
            "{credit}",
            "{details}",
            _("Not what you meant? You can register again while registration is open."),
            "{button}",
            _REFERENCE,
        ),
        values=VALUES | {"entry", "freed", "outcome", "withdrawn_by"},
        blocks=BLOCKS | {"credit"},
        needed=(OWN_PAGE,),
    )


TELLING = {
    "registration.reminder": Wording(
        group=BEFORE,
        purpose=_("To who has a place, at the times that the event says."),
        subject="{starts}: {event}",
        body=lazy_paragraphs(
            "# {starts}",
            "{details}",
            "{presenters} {support}",
            "{button}",
            _("[Bring the decision tool]({worksheet_link})"),
            _("[No more reminders of this event]({registration_link})"),
            "{way_back}",
        ),
        values=VALUES | {"join_link", "starts"},
        blocks=BLOCKS | {"way_back"},
        needed=(("registration_link",), WAY_BACK),
        joining=("button", "join_link"),
    ),
    "registration.follow_up": Wording(
        group=BEFORE,
        purpose=_("To who had a place, on the morning after it took place."),
        subject=_("What comes next: {event}"),
        body=lazy_paragraphs(
            _("# Thank you for your interest"),
            "{greeting}",
            _(
                "{event} has taken place. Whether you were there or could not come: "
                "what belongs to it stays within your reach."
            ),
            "{details}",
            "{button}",
            "{next}",
            _("[See which events come next]({events_link})"),
            _REFERENCE,
        ),
        values=VALUES | {"events_link"},
        blocks=BLOCKS | {"next"},
        needed=(("button", "event_link", "registration_link"),),
    ),
    "registration.moved": Wording(
        group=BEFORE,
        purpose=_("To everyone registered or waiting, when time or place change."),
        subject="{change}: {event}",
        body=lazy_paragraphs(
            "{changes}",
            "# {heading}",
            "{greeting}",
            "{kept} {entry}",
            "{details}",
            "{button}",
            "{sessions}",
            "{way_back}",
        ),
        values=VALUES | {"change", "entry", "heading", "kept"},
        blocks=BLOCKS | {"changes", "way_back"},
        needed=(("changes",), OWN_PAGE, WAY_BACK),
    ),
    "registration.postponed": Wording(
        group=BEFORE,
        purpose=_("To everyone registered or waiting, when the date holds no more."),
        subject=_("Postponed, new date to come: {event}"),
        body=lazy_paragraphs(
            _("# This event is postponed"),
            "{greeting}",
            "{note}",
            _("We write to you as soon as there is a new date. {kept} {entry}"),
            "{details}",
            "{button}",
            "{way_back}",
        ),
        values=VALUES | {"entry", "kept"},
        blocks=BLOCKS | {"note", "way_back"},
        needed=(OWN_PAGE, WAY_BACK, ("note",)),
    ),
    "registration.redated": Wording(
        group=BEFORE,
        purpose=_("To the same people, when what was postponed has a date again."),
        subject="{change}: {event}",
        body=lazy_paragraphs(
            "# {heading}",
            "{greeting}",
            "{details}",
            "{kept} {entry}",
            "{button}",
            "{sessions}",
            "{way_back}",
        ),
        values=VALUES | {"change", "entry", "heading", "kept"},
        blocks=BLOCKS | {"way_back"},
        needed=(OWN_PAGE, WAY_BACK),
    ),
    "registration.event_cancelled": Wording(
        group=BEFORE,
        purpose=_("To everyone registered or waiting, when the event is called off."),
        subject=_("Cancelled: {event}"),
        body=lazy_paragraphs(
            _("# This event is cancelled"),
            "{greeting}",
            "{note}",
            _("We are sorry. There is nothing you need to do. {entry}"),
            "{credit}",
            "{details}",
            "{sessions}",
            "{button}",
            _REFERENCE,
        ),
        values=VALUES | {"entry"},
        blocks=BLOCKS | {"credit", "note"},
        needed=(OWN_PAGE, ("note",)),
    ),
    "registration.cancelled": _cancelled(
        _("To who gave their place back, or left the waiting list.")
    ),
    "registration.withdrawn": _cancelled(
        _("To who was registered by a colleague, when that one cancels it."),
        "{withdrawn_by}",
    ),
    "registration.merged": Wording(
        group=ENDS,
        purpose=_("To who was registered twice, when the second one ends."),
        subject=_("One registration instead of two: {event}"),
        body=lazy_paragraphs(
            _("# One registration instead of two"),
            "{greeting}",
            _(
                "You were registered twice: in your account, and with this address "
                "before it became your account's. One registration is left. The one "
                "with the reference {ended_reference} has ended. {entry}"
            ),
            "{credit}",
            "{details}",
            "{button}",
            _REFERENCE,
        ),
        values=VALUES | {"ended_reference", "entry"},
        blocks=BLOCKS | {"credit"},
        needed=(OWN_PAGE,),
    ),
}
