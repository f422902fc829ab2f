"""The words of mails about a place: had, asked for, held, waited for."""

from csd_events.core.words import lazy_gettext as _
from csd_events.core.words import lazy_paragraphs
from csd_events.outbox.message import Wording
from csd_events.registrations.mail.originals.names import (
    BLOCKS,
    OWN_PAGE,
    VALUES,
    WAY_BACK,
)

PLACES = _("A place at an event")
ASKING = _("Requests, held places and the waiting list")
_HAVE_ONE = _("You have a place: {event}")


def _placed(
    purpose: object,
    subject: object,
    heading: object,
    *opening: object,
    values: frozenset[str] = frozenset(),
) -> Wording:
    """Say that somebody has a place, with everything that goes with one."""
    return Wording(
        group=PLACES,
        purpose=purpose,
        subject=subject,
        body=lazy_paragraphs(
            heading,
            "{greeting}",
            "{registered_by}",
            *opening,
            "{details}",
            "{presenters} {support}",
            "{answers}",
            "{invoice}",
            "{button}",
            "{join}",
            "{conference}",
            "{sessions}",
            "{terms}",
            "{prepare}",
            "{way_back}",
        ),
        values=VALUES | {"booked", "join_link"} | values,
        blocks=BLOCKS | {"answers", "invoice", "join", "prepare", "terms", "way_back"},
        needed=(OWN_PAGE, WAY_BACK),
        joining=("join", "join_link"),
        watching=("button", "join_link"),
    )


def _asking(
    purpose: object,
    subject: object,
    body: object,
    *,
    values: frozenset[str] = frozenset(),
    blocks: frozenset[str] = frozenset({"way_back"}),
    needed: tuple[tuple[str, ...], ...] = (OWN_PAGE, WAY_BACK),
) -> Wording:
    return Wording(
        group=ASKING,
        purpose=purpose,
        subject=subject,
        body=body,
        values=VALUES | values,
        blocks=BLOCKS | blocks,
        needed=needed,
    )


PLACING = {
    "registration.confirmed": _placed(
        _("To who has a place, as soon as they have registered."),
        _("You are registered: {event}"),
        _("# You are registered"),
        _("{booked} Keep this mail: its links are yours alone."),
    ),
    "registration.promoted": _placed(
        _("To the next on the waiting list, when a place comes free."),
        _HAVE_ONE,
        _("# A place came free: you are registered"),
        _(
            "You were next on the waiting list. Keep this mail: its links are yours "
            "alone."
        ),
    ),
    "registration.placed": _placed(
        _("To who waited, when staff give them a place before their turn."),
        _HAVE_ONE,
        _("# You have a place: you are registered"),
        _(
            "You were on the waiting list, and we have given you a place. Keep this "
            "mail: its links are yours alone."
        ),
    ),
    "registration.approved": _placed(
        _("To who asked for a place, when staff say yes."),
        _HAVE_ONE,
        _("# Your request is approved: you are registered"),
        _("{booked} Keep this mail: its links are yours alone."),
    ),
    "registration.let_in": _placed(
        _("To who waited for the conference's list, when their address is on it."),
        _HAVE_ONE,
        _("# Nothing is missing any more: you are registered"),
        _("{booked} Keep this mail: its links are yours alone."),
    ),
    "registration.handed": _placed(
        _("To who comes in somebody's place."),
        _HAVE_ONE,
        _("# You have a place: you are registered"),
        _("{from_whom} Keep this mail: its links are yours alone."),
        values=frozenset({"from_whom"}),
    ),
    "registration.waiting": _asking(
        _("To who is put on the waiting list."),
        _("Waiting list, number {number}: {event}"),
        lazy_paragraphs(
            _("# You are number {number} on the waiting list"),
            "{greeting}",
            "{given_by}",
            "{registered_by}",
            _("{taken} for now. {queue}"),
            "{details}",
            "{button}",
            "{prepare}",
            "{way_back}",
        ),
        values=frozenset({"given_by", "number", "queue", "taken"}),
        blocks=frozenset({"prepare", "way_back"}),
    ),
    "registration.requested": _asking(
        _("To who asked for a place that staff decide on."),
        _("We have your request: {event}"),
        lazy_paragraphs(
            _("# We have your request"),
            "{greeting}",
            "{registered_by}",
            _(
                "A place is held for you. We look at every request for this event and "
                "write to you when yours is decided; until then you are not registered "
                "yet."
            ),
            "{details}",
            "{button}",
            "{way_back}",
        ),
    ),
    "registration.declined": _asking(
        _("To who asked for a place, when staff say no."),
        _("We cannot give you a place: {event}"),
        lazy_paragraphs(
            _("# We cannot give you a place"),
            "{greeting}",
            _(
                "Thank you for asking. We looked at your request and cannot give you a "
                "place at this event."
            ),
            "{note}",
            "{details}",
            "{button}",
            _("Is this a mistake? Answer this mail and a person reads it."),
            _("Reference, for the telephone: {reference}"),
        ),
        blocks=frozenset({"note"}),
        needed=(OWN_PAGE,),
    ),
    "registration.unlisted": _asking(
        _("To who is not on the list of the conference that a forum requires."),
        _("Something is missing: {event}"),
        lazy_paragraphs(
            _("# Something is missing"),
            "{greeting}",
            "{registered_by}",
            "{missing}",
            "{details}",
            "{button}",
            "{way_back}",
        ),
        blocks=frozenset({"missing", "way_back"}),
        needed=(OWN_PAGE, WAY_BACK, ("missing",)),
    ),
    "registration.offered": _asking(
        _("To the next on the waiting list, when a place with a price comes free."),
        _("A place is held for you: {event}"),
        lazy_paragraphs(
            _("# A place is held for you until {until}"),
            "{greeting}",
            "{registered_by}",
            _(
                "A place came free and you are next on the waiting list. It costs "
                "{price}, by invoice. Take it by {until}; after that it goes to the "
                "next in line."
            ),
            "{details}",
            "{button}",
            _("Reference, for the telephone: {reference}"),
        ),
        values=frozenset({"until"}),
        blocks=frozenset(),
        needed=(OWN_PAGE, ("until",), ("price",)),
    ),
    "registration.lapsed": _asking(
        _("To whom such a place was held, when they did not take it in time."),
        _("The place went to the next in line: {event}"),
        lazy_paragraphs(
            _("# The place went to the next in line"),
            "{greeting}",
            _(
                "A place had come free for you. Nobody took it in time, so it went to "
                "the next on the waiting list, and you are not on the list any more."
            ),
            "{details}",
            _("Still want to come? You can register again while registration is open."),
            "{button}",
            _("Reference, for the telephone: {reference}"),
        ),
        blocks=frozenset(),
        needed=(OWN_PAGE,),
    ),
}
