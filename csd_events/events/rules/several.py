"""One change that is made to several events, each with what else it has."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any

from csd_events.events.rules.drafts import Contributor, EventDraft, SessionDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class SameChange:
    """What is to hold of several events from now on.

    Attributes:
        values: By the names of a draft's fields: title, description, place, link,
            places.
        starts_at: The time of day of their sessions, which keep their days; None
            where that stays.
        ends_at: Until when, if that is known.
        presenters: Who presents the whole of each; None where that stays.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    starts_at: time | None = None
    ends_at: time | None = None
    presenters: Sequence[Contributor] | None = None

    def of(self, draft: EventDraft, past: Collection[int]) -> EventDraft:
        """Return an event as it is with the change.

        Args:
            draft: As it is saved.
            past: Ids of the sessions that stay at their time, for they have begun.
        """
        sessions = [self._session(each, draft, past) for each in draft.sessions]
        changed = replace(draft, **self.values, sessions=sessions)
        if self.presenters is None:
            return changed
        partners = [each for each in draft.contributors if each.is_partner]
        return replace(changed, contributors=[*self.presenters, *partners])

    def _session(
        self, session: SessionDraft, draft: EventDraft, past: Collection[int]
    ) -> SessionDraft:
        if len(draft.sessions) == 1 and "place" in self.values:
            session = replace(session, place="")
        if len(draft.sessions) == 1 and "platform_url" in self.values:
            session = replace(session, platform_url=None)
        if self.starts_at is None or session.id in past:
            return session
        day = session.wall_start.date()
        return replace(
            session,
            wall_start=datetime.combine(day, self.starts_at),
            wall_end=datetime.combine(day, self.ends_at) if self.ends_at else None,
        )
