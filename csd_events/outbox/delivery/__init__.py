"""Deliver what is due: once, or for as long as the process lives."""

from csd_events.outbox.delivery.batch import Composer, Means, Report, deliver_due
from csd_events.outbox.delivery.loop import Chore, Loop, start_loop, stop_loop

__all__ = [
    "Chore",
    "Composer",
    "Loop",
    "Means",
    "Report",
    "deliver_due",
    "start_loop",
    "stop_loop",
]
