"""What staff do with announcements, and what people say of them."""

from csd_events.announcements.service.holding import pause, resume, stop
from csd_events.announcements.service.leaving import work
from csd_events.announcements.service.subscribing import (
    choose,
    subscribe_again,
    unsubscribe,
)
from csd_events.announcements.service.testing import send_test
from csd_events.announcements.service.writing import (
    call_back,
    save,
    send,
    terms_of,
    write,
)

__all__ = [
    "call_back",
    "choose",
    "pause",
    "resume",
    "save",
    "send",
    "send_test",
    "stop",
    "subscribe_again",
    "terms_of",
    "unsubscribe",
    "work",
    "write",
]
