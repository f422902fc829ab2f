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
from csd_events.registrations.service.changing import (
    UnforeseenError,
    cancel_event,
    save_event,
)
from csd_events.registrations.service.charging import charge
from csd_events.registrations.service.checking import (
    check_charges,
    check_counters,
    check_unlisted,
    report_counters,
)
from csd_events.registrations.service.closing import close_account
from csd_events.registrations.service.confirming import confirm_group, withdraw
from csd_events.registrations.service.deciding import (
    approve,
    decline,
    let_in,
    let_lapse,
    take,
)
from csd_events.registrations.service.following import queue_follow_ups
from csd_events.registrations.service.grouping import (
    find_group,
    register_party,
    wish_of,
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
from csd_events.registrations.service.moving import move
from csd_events.registrations.service.needing import (
    NeedLine,
    count_needs,
    forget_old_needs,
    own_needs,
    read_needs,
)
from csd_events.registrations.service.noticing import KINDS as NOTICE_KINDS
from csd_events.registrations.service.noticing import tell_of_cancellations
from csd_events.registrations.service.offering import (
    ended_membership,
    may_cost,
    may_cost_somebody,
    refusal_of,
    terms_for,
    terms_for_colleagues,
)
from csd_events.registrations.service.postponing import (
    foresee_postponing,
    postpone_event,
    redate_event,
    refuse_postponing,
)
from csd_events.registrations.service.registering import count_wrong_code, register
from csd_events.registrations.service.reminding import (
    forget_old_receipts,
    queue_reminders,
    switch_reminders,
)
from csd_events.registrations.service.replacing import (
    By,
    correct_address,
    replace,
)
from csd_events.registrations.service.resending import resend_details
from csd_events.registrations.service.returning import take_place_back
from csd_events.registrations.service.selecting import (
    begin,
    choose,
    choose_columns,
    forget_old_selections,
    keep_selection,
    work,
)
from csd_events.registrations.service.several import (
    Chosen,
    Done,
    UnforeseenSeriesError,
    change_several,
    why_left_out,
)
from csd_events.registrations.service.succeeding import count_try
from csd_events.registrations.service.swapping import let_another_come
from csd_events.registrations.service.undoing import undo
from csd_events.registrations.service.waiting import seats_of, seats_through
from csd_events.registrations.service.wishing import (
    ask_for_opening,
    confirm_wish,
    forget_wishes,
    tell_of_openings,
)

__all__ = [
    "NOTICE_KINDS",
    "By",
    "ByHand",
    "Chosen",
    "Done",
    "NeedLine",
    "UnforeseenError",
    "UnforeseenSeriesError",
    "answer",
    "approve",
    "ask_for_opening",
    "begin",
    "cancel",
    "cancel_event",
    "change_address",
    "change_several",
    "charge",
    "check_charges",
    "check_counters",
    "check_unlisted",
    "choose",
    "choose_columns",
    "close_account",
    "confirm_address",
    "confirm_group",
    "confirm_wish",
    "correct_address",
    "count_needs",
    "count_try",
    "count_wrong_code",
    "decline",
    "ended_membership",
    "find_group",
    "foresee_postponing",
    "forget_old_needs",
    "forget_old_receipts",
    "forget_old_selections",
    "forget_wishes",
    "give_place",
    "keep_selection",
    "let_another_come",
    "let_in",
    "let_lapse",
    "may_cost",
    "may_cost_somebody",
    "move",
    "own_needs",
    "postpone_event",
    "put_address_back",
    "queue_follow_ups",
    "queue_reminders",
    "read_needs",
    "redate_event",
    "refusal_of",
    "refuse_postponing",
    "register",
    "register_by_hand",
    "register_party",
    "replace",
    "report_counters",
    "resend_details",
    "save_event",
    "seats_of",
    "seats_through",
    "send_details_again",
    "switch_reminders",
    "take",
    "take_new_address",
    "take_place_back",
    "tell_of_cancellations",
    "tell_of_openings",
    "terms_for",
    "terms_for_colleagues",
    "undo",
    "why_left_out",
    "wish_of",
    "withdraw",
    "work",
]
