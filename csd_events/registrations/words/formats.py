"""What kinds of event there are, as staff choose between them."""

from csd_events.core.words import lazy_gettext
from csd_events.events.rules import Format

#: What staff choose between when they begin an event: its name, and what it means.
FORMAT_WORDS = {
    Format.WEBINAR: (
        lazy_gettext("Webinar, live"),
        lazy_gettext("A talk online at one time, joined by a link."),
    ),
    Format.ON_DEMAND: (
        lazy_gettext("Webinar, on demand"),
        lazy_gettext("Watched whenever it suits; who registers gets the link at once."),
    ),
    Format.FORUM: (
        lazy_gettext("Forum"),
        lazy_gettext("A session in a room at a conference, on one of its days."),
    ),
    Format.TRAINING: (
        lazy_gettext("Training program"),
        lazy_gettext("Several sessions under one registration."),
    ),
}
#: What a change of kind drops, by the field of a draft.
DROPPED_WORDS = {
    "platform_url": lazy_gettext("the platform link"),
    "place": lazy_gettext("the place"),
    "conference_id": lazy_gettext("the conference"),
    "requires_conference": lazy_gettext("that people must be registered for it"),
    "capacity": lazy_gettext("the number of places"),
    "waiting_limit": lazy_gettext("the length of the waiting list"),
    "completes_after": lazy_gettext("how many sessions complete it"),
    "completes_share": lazy_gettext("which share of the time completes it"),
    "completion_note": lazy_gettext("what else completes it"),
    "prerequisites": lazy_gettext("the events to attend before it"),
    "prerequisite_note": lazy_gettext("what else is expected"),
}
