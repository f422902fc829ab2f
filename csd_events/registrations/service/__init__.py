"""What people and staff do with registrations.

Every function works in the caller's transaction: the rows it writes and the mail
it queues are saved together or not at all. Each locks the event before it looks.
"""

from csd_events.registrations.service.answering import answer
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
    let_in,
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
from csd_events.registrations.service.needing import (
    NeedLine,
    count_needs,
    forget_old_needs,
    own_needs,
    read_needs,
)
from csd_events.registrations.service.offering import (
    ended_membership,
    may_cost,
    refusal_of,
    terms_for,
)
from csd_events.registrations.service.registering import count_wrong_code, register
from csd_events.registrations.service.reminding import (
    forget_old_receipts,
    queue_reminders,
)
from csd_events.registrations.service.resending import resend_details
from csd_events.registrations.service.waiting import seats_of, seats_of_one

__all__ = [
    "ByHand",
    "NeedLine",
    "answer",
    "approve",
    "cancel",
    "cancel_event",
    "change_address",
    "check_counters",
    "confirm_address",
    "count_needs",
    "count_wrong_code",
    "decline",
    "ended_membership",
    "forget_old_needs",
    "forget_old_receipts",
    "give_place",
    "let_in",
    "let_lapse",
    "may_cost",
    "own_needs",
    "put_address_back",
    "queue_reminders",
    "read_needs",
    "refusal_of",
    "register",
    "register_by_hand",
    "report_counters",
    "resend_details",
    "save_event",
    "seats_of",
    "seats_of_one",
    "send_details_again",
    "take",
    "take_new_address",
    "terms_for",
]
