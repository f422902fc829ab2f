"""Queue a mail, take what is due, and write down what became of it.

Every function works in the caller's transaction: a mail is queued if and only if the
fact that it reports is saved.
"""

from csd_events.outbox.service.bouncing import (
    Taken,
    believe,
    note_look,
    note_trouble,
    take,
)
from csd_events.outbox.service.claiming import (
    BATCH,
    LEASE,
    claim_due,
    give_back,
    renew,
    settle,
)
from csd_events.outbox.service.keeping import (
    forget_old_bodies,
    keep_body,
    take_chore,
)
from csd_events.outbox.service.metering import hold_mail, let_mail_go, set_rate
from csd_events.outbox.service.queueing import (
    BELL,
    enqueue,
    enqueue_all,
    send_again,
)
from csd_events.outbox.service.waiting import set_aside, take_up, withdraw
from csd_events.outbox.service.wording import (
    TRIAL,
    Saying,
    check,
    copy_words,
    forget_old_trials,
    reset_words,
    save_words,
    try_words,
)

__all__ = [
    "BATCH",
    "BELL",
    "LEASE",
    "TRIAL",
    "Saying",
    "Taken",
    "believe",
    "check",
    "claim_due",
    "copy_words",
    "enqueue",
    "enqueue_all",
    "forget_old_bodies",
    "forget_old_trials",
    "give_back",
    "hold_mail",
    "keep_body",
    "let_mail_go",
    "note_look",
    "note_trouble",
    "renew",
    "reset_words",
    "save_words",
    "send_again",
    "set_aside",
    "set_rate",
    "settle",
    "take",
    "take_chore",
    "take_up",
    "try_words",
    "withdraw",
]
