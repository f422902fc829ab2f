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
from csd_events.worksheets.service.meeting import (
    Joining,
    Opening,
    begin_talk,
    close,
    forget_groups,
    join,
    open_group,
    show,
)
from csd_events.worksheets.service.sending import send_link
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
    "Settled",
    "ToFindOut",
    "add_task",
    "answer",
    "begin",
    "begin_talk",
    "claim",
    "close",
    "count_wrong",
    "forget_groups",
    "forget_old",
    "hand_in",
    "instrument",
    "join",
    "may_try",
    "open_group",
    "remove",
    "remove_task",
    "send_link",
    "settle",
    "show",
    "unsettle",
]
