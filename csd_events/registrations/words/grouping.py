"""Colleagues whom somebody registers, as the sender reads of them."""

from collections import Counter
from collections.abc import Sequence

from babel.lists import format_list

from csd_events.core.words import locale_name, ngettext
from csd_events.registrations.queries import GroupLine
from csd_events.registrations.rules import State


def saved_words(lines: Sequence[GroupLine], *, for_good: bool) -> str:
    """Say how many are in already, and how they stand.

    Args:
        lines: Each as its sender reads it; who was known before, as anybody new.
        for_good: Whether nothing waits for the button in the sender's mail.
    """
    num = len(lines)
    whole = (
        ngettext("%(num)s is registered.", "%(num)s are registered.", num)
        if for_good
        else ngettext(
            "%(num)s is noted until you press the button in your mail.",
            "%(num)s are noted until you press the button in your mail.",
            num,
        )
    )
    stand = Counter(line.state for line in lines)
    if set(stand) == {State.CONFIRMED}:
        return whole
    order = [State.CONFIRMED, State.HELD, State.WAITING, None]
    parts = [
        _stands(each, stand[each], for_good=for_good) for each in order if stand[each]
    ]
    said = format_list(parts, locale=locale_name())
    said = f"{said[:1].upper()}{said[1:]}."
    return said if for_good else f"{whole} {said}"


def _stands(state: State | None, num: int, *, for_good: bool) -> str:
    """Say of a number of them how they stand."""
    if state is State.WAITING:
        return ngettext(
            "%(num)s is on the waiting list", "%(num)s are on the waiting list", num
        )
    if state is State.HELD:
        return ngettext(
            "a place is held for %(num)s", "places are held for %(num)s", num
        )
    if state is None:
        return ngettext(
            "%(num)s reads in a mail of their own how they stand",
            "%(num)s read in mails of their own how they stand",
            num,
        )
    if for_good:
        return ngettext("%(num)s has a place", "%(num)s have a place", num)
    return ngettext("a place is kept for %(num)s", "places are kept for %(num)s", num)
