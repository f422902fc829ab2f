"""Worksheets begun, answered, sent, kept and removed; and groups of them."""

from csd_events.worksheets.service.answering import (
    Beginning,
    answer,
    begin,
    claim,
    forget_old,
    remove,
)
from csd_events.worksheets.service.codes import count_wrong, may_try
from csd_events.worksheets.service.handing_in import hand_in
from csd_events.worksheets.service.instruments import instrument
from csd_events.worksheets.service.keeping import (
    claim_group,
    forget_groups,
    hand_over,
    let_go,
    remove_group,
    renew_links,
)
from csd_events.worksheets.service.meeting import (
    Joining,
    Opening,
    begin_talk,
    close,
    join,
    open_group,
    show,
)
from csd_events.worksheets.service.sending import Sending, send_group_link, send_link
from csd_events.worksheets.service.settling import (
    Settled,
    ToFindOut,
    add_task,
    remove_task,
    settle,
    unsettle,
)

__all__ = [
    "Beginning",
    "Joining",
    "Opening",
    "Sending",
    "Settled",
    "ToFindOut",
    "add_task",
    "answer",
    "begin",
    "begin_talk",
    "claim",
    "claim_group",
    "close",
    "count_wrong",
    "forget_groups",
    "forget_old",
    "hand_in",
    "hand_over",
    "instrument",
    "join",
    "let_go",
    "may_try",
    "open_group",
    "remove",
    "remove_group",
    "remove_task",
    "renew_links",
    "send_group_link",
    "send_link",
    "settle",
    "show",
    "unsettle",
]
