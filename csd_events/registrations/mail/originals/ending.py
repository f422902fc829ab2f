"""The words of mails about places that went on, about colleagues and openings."""

from csd_events.core.words import lazy_gettext as _
from csd_events.core.words import lazy_paragraphs
from csd_events.outbox.message import Wording
from csd_events.registrations.mail.originals.telling import ENDS

COLLEAGUES = _("Registering colleagues")
OPENING = _("When registration opens")
_ABOUT = frozenset({"association", "event", "event_link", "place", "when"})
_HANDED = _ABOUT | {"entry", "greeting", "name", "undo_link", "until"}
_GROUP = _ABOUT | {"colleagues", "greeting", "group_link", "name", "until"}
_UNDO = ("button", "undo_link")
_BLOCKS = frozenset({"button", "details"})

ENDING = {
    "handovers.replaced": Wording(
        group=ENDS,
        purpose=_("To who had a place, when somebody else comes instead."),
        subject=_("Somebody else comes in your place: {event}"),
        body=lazy_paragraphs(
            _("# Somebody else comes in your place"),
            "{greeting}",
            _("{replaced_by} {went} Your links have ended. {entry}"),
            "{details}",
            "{credit}",
            _(
                "If that was you, nothing is left to do. If it was not, take it back "
                "by {until}."
            ),
            "{button}",
        ),
        values=_HANDED | {"replaced_by", "went"},
        blocks=_BLOCKS | {"credit"},
        needed=(_UNDO, ("until",)),
    ),
    "handovers.returned": Wording(
        group=ENDS,
        purpose=_("To who came in somebody's place, when that one takes it back."),
        subject=_("Your place went back: {event}"),
        body=lazy_paragraphs(
            _("# The place went back to who had it before"),
            "{greeting}",
            _(
                "Your registration for this event had come from somebody else, and "
                "its owner has taken it back. Your links have ended. {entry}"
            ),
            "{details}",
            "{credit}",
            "{now}",
            "{button}",
        ),
        values=(_HANDED | {"now"}) - {"undo_link", "until"},
        blocks=_BLOCKS | {"credit"},
        needed=(("now",), ("button", "event_link")),
    ),
    "handovers.readdressed": Wording(
        group=ENDS,
        purpose=_("To the old address of a registration, when it gets another."),
        subject=_("Your registration has another address: {event}"),
        body=lazy_paragraphs(
            _("# Your registration goes by another address"),
            "{greeting}",
            _(
                "We write about this event to another address from now on. The links "
                "in earlier mails have ended. {entry}"
            ),
            "{details}",
            "{credit}",
            _(
                "If that was you, nothing is left to do. If it was not, take the "
                "registration back by {until}."
            ),
            "{button}",
        ),
        values=_HANDED,
        blocks=_BLOCKS | {"credit"},
        needed=(_UNDO, ("until",)),
    ),
    "group.asked": Wording(
        group=COLLEAGUES,
        purpose=_("To who registers colleagues without signing in: was it them?"),
        subject=_("Register {colleagues}? {event}"),
        body=lazy_paragraphs(
            _("# Register these colleagues?"),
            "{greeting}",
            _(
                "Somebody, we hope you, asked us by this address to register the "
                "people below. Until you press the button, nobody is registered and "
                "none of them is written to. What is below is kept until {until}."
            ),
            "{details}",
            "{button}",
            "{list}",
        ),
        values=_GROUP,
        blocks=_BLOCKS | {"list"},
        needed=(("button", "group_link"), ("list",), ("until",)),
    ),
    "group.summary": Wording(
        group=COLLEAGUES,
        purpose=_("To who has registered colleagues."),
        subject=_("You registered {colleagues}: {event}"),
        body=lazy_paragraphs(
            _("# You registered colleagues"),
            "{greeting}",
            _(
                "Each of them has a mail of their own with a link and a reference. "
                "{waits} Whoever had a place already keeps it."
            ),
            "{details}",
            "{list}",
            "{button}",
        ),
        values=(_GROUP | {"waits"}) - {"until"},
        blocks=_BLOCKS | {"list"},
        needed=(("button", "group_link"), ("list",)),
    ),
    "group.lapsed": Wording(
        group=COLLEAGUES,
        purpose=_("To who registered colleagues, when the button was not pressed."),
        subject=_("Your colleagues are not registered: {event}"),
        body=lazy_paragraphs(
            _("# Your colleagues are not registered"),
            "{greeting}",
            _(
                "The button in our mail was not pressed in time. The places we kept "
                "have gone back to the others, and none of the people was written to. "
                "You can register them again while registration is open."
            ),
            "{details}",
            "{button}",
        ),
        values=_GROUP - {"until"},
        blocks=_BLOCKS | {"list"},
        needed=(("button", "group_link"),),
    ),
    "wishes.confirm": Wording(
        group=OPENING,
        purpose=_("To an address that was typed to hear of an opening: is it wanted?"),
        subject=_("Shall we write when it opens? {event}"),
        body=lazy_paragraphs(
            _("# Shall we write when registration opens?"),
            _(
                "Somebody asked us to write to this address once, when registration "
                "for this event opens. We do it only if you say yes."
            ),
            "{details}",
            "{button}",
            _("If it was not you, leave it: after three days we forget the address."),
        ),
        values=_ABOUT | {"wish_link"},
        blocks=_BLOCKS,
        needed=(("button", "wish_link"),),
    ),
    "wishes.opened": Wording(
        group=OPENING,
        purpose=_("To who asked to hear of it, once registration is open."),
        subject=_("Registration is open: {event}"),
        body=lazy_paragraphs(
            _("# Registration is open"),
            _(
                "You asked us to tell you. This is the one mail about it; we keep your "
                "address for this no longer."
            ),
            "{details}",
            "{offers}",
            "{button}",
        ),
        values=_ABOUT,
        blocks=_BLOCKS | {"offers"},
        needed=(("button", "event_link"),),
    ),
}
