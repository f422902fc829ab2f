"""Ring for workers elsewhere, where no loop of this process delivers.

A request that queued mail only sets the bell of its process, as it does beside a loop.
A thread of its own hears that and speaks to the broker, so that one that is slow or
away holds up nobody. What was not rung for is found with the next tick.
"""

from collections.abc import Callable
from threading import Event

from csd_events.outbox import rules, service
from csd_events.outbox.delivery.loop import GATHER_FOR

#: Asks for a turn of some worker. Tells whether the broker took that.
Ring = Callable[[], bool]


class Ringer:
    """Passes the bell of this process on until it is told to stop."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._stop = Event()

    def is_stopping(self) -> bool:
        return self._stop.is_set()

    def stop(self) -> None:
        self._stop.set()
        service.BELL.set()

    def run(self) -> None:
        failures = 0
        while not self.is_stopping():
            service.BELL.wait()
            if self._stop.wait(GATHER_FOR):
                break
            service.BELL.clear()
            failures = 0 if self._ring() else failures + 1
            if failures:
                self._stop.wait(rules.pause_after(failures).total_seconds())
