"""The same change of several events, each with its own notices and its own undo."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.core.errors import DomainError, ProblemsError, StaleError
from csd_events.events import queries as events
from csd_events.events.models import Event
from csd_events.events.queries import as_saved
from csd_events.events.rules import SameChange
from csd_events.events.rules import State as EventState
from csd_events.registrations.rules import Effect, LeftOut
from csd_events.registrations.service.changing import save_event


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An event that is to be changed.

    Attributes:
        version: Of the event that staff saw.
        foreseen: The digest of the effect that they saw; empty if none yet.
    """

    event_id: int
    version: int
    foreseen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became, or would become, of each of several events, by its id.

    Attributes:
        problems: Of those left out because the change does not fit them, what is wrong.
    """

    effects: dict[int, Effect] = field(default_factory=dict)
    left_out: dict[int, LeftOut] = field(default_factory=dict)
    problems: dict[int, ProblemsError] = field(default_factory=dict)


class UnforeseenSeriesError(DomainError):
    """Nobody has said yes to what a change of several events causes; none was saved."""

    status = 409

    def __init__(self, done: Done) -> None:
        super().__init__("unforeseen")
        self.done = done


def why_left_out(event: Event, *, now: datetime) -> LeftOut | None:
    """Say why an event is not changed with others; None if it can be."""
    if event.state is EventState.CANCELLED:
        return LeftOut.CANCELLED
    if event.state is EventState.POSTPONED:
        return LeftOut.POSTPONED
    return LeftOut.OVER if event.is_over(now) else None


def change_several(
    session: Session,
    chosen: Sequence[Chosen],
    change: SameChange,
    *,
    now: datetime,
    actor_id: int | None,
) -> Done:
    """Change several events in one unit of work, each as if it were changed alone.

    One that somebody saved meanwhile, or that the change does not fit, is left out as
    a whole; the others are saved.

    Raises:
        UnforeseenSeriesError: Staff have not seen what becomes of each.
    """
    in_order = sorted(chosen, key=lambda each: each.event_id)
    events.lock_all(session, [each.event_id for each in in_order])
    done = Done()
    for each in in_order:
        try:
            with session.begin_nested():
                _change(session, each, change, done, now=now, actor_id=actor_id)
        except StaleError:
            done.left_out[each.event_id] = LeftOut.STALE
        except ProblemsError as error:
            done.left_out[each.event_id] = LeftOut.DOES_NOT_FIT
            done.problems[each.event_id] = error
    seen = {each.event_id: each.foreseen for each in in_order}
    if any(effect.digest != seen[number] for number, effect in done.effects.items()):
        raise UnforeseenSeriesError(done)
    return done


def _change(
    session: Session,
    chosen: Chosen,
    change: SameChange,
    done: Done,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    event = events.get(session, chosen.event_id)
    if why := why_left_out(event, now=now):
        done.left_out[event.id] = why
        return
    past = {each.id for each in event.sessions if each.starts_at <= now}
    done.effects[chosen.event_id] = save_event(
        session,
        chosen.event_id,
        change.of(as_saved(event), past),
        version=chosen.version,
        now=now,
        actor_id=actor_id,
    )
