"""Deliver what is due: once, or for as long as the process lives."""

from csd_events.outbox.delivery.batch import Composer, Means, Report, deliver_due
from csd_events.outbox.delivery.loop import Chore, Loop
from csd_events.outbox.delivery.ringer import Ring, Ringer
from csd_events.outbox.delivery.running import start_loop, stop_loop

__all__ = [
    "Chore",
    "Composer",
    "Loop",
    "Means",
    "Report",
    "Ring",
    "Ringer",
    "deliver_due",
    "start_loop",
    "stop_loop",
]
