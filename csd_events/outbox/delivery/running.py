"""The one thread of a server process that sees to it that mail leaves."""

from threading import Thread

from flask import Flask

from csd_events.outbox.delivery.loop import Loop
from csd_events.outbox.delivery.ringer import Ringer

STOPS_WITHIN = 5.0  # seconds, but for a mail server that is silent


class _Running:
    """What runs in this process, and its thread."""

    loop: Loop | Ringer | None = None
    thread: Thread | None = None


def start_loop(app: Flask) -> None:
    """Start this process's loop, after the fork: a thread does not survive one.

    Where workers deliver, what starts rings for them instead.
    """
    if _Running.thread is not None or not app.config["DELIVERY_LOOP"]:
        return
    ring = app.extensions["csd_ring"]
    _Running.loop = Loop(app) if ring is None else Ringer(ring)
    _Running.thread = Thread(target=_Running.loop.run, name="delivery", daemon=True)
    _Running.thread.start()


def stop_loop() -> None:
    """Stop it: the message in hand is finished, other claims are given back."""
    if _Running.loop is None or _Running.thread is None:
        return
    _Running.loop.stop()
    _Running.thread.join(STOPS_WITHIN)
    _Running.loop = _Running.thread = None
