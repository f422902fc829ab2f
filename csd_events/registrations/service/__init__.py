"""What people and staff do with registrations.

Every function works in the caller's transaction: the rows it writes and the mail
it queues are saved together or not at all. Each locks the event before it looks.
"""

from csd_events.registrations.service.by_hand import (
    ByHand,
    give_place,
    register_by_hand,
)
from csd_events.registrations.service.cancelling import cancel
from csd_events.registrations.service.changing import cancel_event, save_event
from csd_events.registrations.service.checking import check_counters, report_counters
from csd_events.registrations.service.deciding import (
    approve,
    decline,
    let_lapse,
    take,
)
from csd_events.registrations.service.mending import (
    change_address,
    confirm_address,
    send_details_again,
)
from csd_events.registrations.service.merging import (
    put_address_back,
    take_new_address,
)
from csd_events.registrations.service.offering import may_cost, refusal_of, terms_for
from csd_events.registrations.service.registering import count_wrong_code, register
from csd_events.registrations.service.reminding import (
    forget_old_receipts,
    queue_reminders,
)
from csd_events.registrations.service.resending import resend_details
from csd_events.registrations.service.waiting import seats_of

__all__ = [
    "ByHand",
    "approve",
    "cancel",
    "cancel_event",
    "change_address",
    "check_counters",
    "confirm_address",
    "count_wrong_code",
    "decline",
    "forget_old_receipts",
    "give_place",
    "let_lapse",
    "may_cost",
    "put_address_back",
    "queue_reminders",
    "refusal_of",
    "register",
    "register_by_hand",
    "report_counters",
    "resend_details",
    "save_event",
    "seats_of",
    "send_details_again",
    "take",
    "take_new_address",
    "terms_for",
]
