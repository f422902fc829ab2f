"""Visitors who wait for a page of this process: work in the background makes way."""

from threading import Condition

from flask import Flask, g

_room = Condition()
_waiting = 0


def init_visitors(app: Flask) -> None:
    """Count who waits for an answer of this process."""
    app.before_request(_comes)
    app.teardown_request(_goes)


def make_way(longest: float) -> bool:
    """Wait until nobody waits for a page, but not for ever. Tell whether nobody does.

    Args:
        longest: In seconds.
    """
    with _room:
        return _room.wait_for(_is_empty, timeout=longest)


def _is_empty() -> bool:
    return _waiting == 0


def _comes() -> None:
    global _waiting  # noqa: PLW0603 - one number for the process, under its lock
    with _room:
        _waiting += 1
    g.is_counted = True


def _goes(_error: BaseException | None) -> None:
    global _waiting  # noqa: PLW0603 - see above
    if not g.pop("is_counted", False):
        return  # an earlier function ended the request before it was counted
    with _room:
        _waiting -= 1
        _room.notify_all()
