"""Who has a place at an event, who waits, and who was told: lists, and no database.

Written from what is promised to people, to compare the program with. Each thing that
may happen returns whether it does; where it does not, nothing has changed.
"""

from collections import Counter
from dataclasses import dataclass, field

from csd_events.registrations.rules import Hold

EVERYONE, INVITED = "everyone", "invited"


@dataclass
class Places:
    """One event with an offer for everybody and one by invitation.

    Attributes:
        prices: In cents, by offer; so are the quotas.
        by: The offer by which each of those came who have a place or wait.
        queue: Who waits, the next in line first.
        told: How often each was sent a mail of a kind.
    """

    capacity: int | None
    waiting_limit: int | None
    approves: bool
    prices: dict[str, int]
    quotas: dict[str, int | None]
    is_open: bool = True
    called_off: bool = False
    by: dict[int, str] = field(default_factory=dict)
    confirmed: set[int] = field(default_factory=set)
    held: dict[int, Hold] = field(default_factory=dict)
    queue: list[int] = field(default_factory=list)
    told: Counter[tuple[int, str]] = field(default_factory=Counter)

    def taken(self, offer: str | None = None) -> int:
        """Count the places had or held, in all or through an offer."""
        seated = self.confirmed | self.held.keys()
        return sum(offer in {None, self.by[who]} for who in seated)

    def is_full(self, offer: str) -> bool:
        """Tell whether one more through an offer is one more than there are."""
        quota = self.quotas[offer]
        return (self.capacity is not None and self.taken() >= self.capacity) or (
            quota is not None and self.taken(offer) >= quota
        )

    def register(self, who: int, offer: str) -> bool:
        if self.called_off or not self.is_open:
            return False
        fits = not self.is_full(offer)
        if not fits and self._nobody_may_wait():
            return False
        if who in self.by:
            if not self.told[who, "details"]:
                self._tell(who, "details")
            return True
        self.by[who] = offer
        if not fits:
            self._wait(who)
        elif self.approves:
            self._hold(who, Hold.APPROVAL)
        else:
            self._confirm(who, "confirmed")
        return True

    def by_hand(self, who: int, offer: str, *, beyond: bool, tell: bool) -> bool:
        if self.called_off or who in self.by:
            return False
        fits = not self.is_full(offer)
        self.by[who] = offer
        if fits or beyond:
            self._confirm(who, "confirmed", tell=tell)
        else:
            self._wait(who, tell=tell)
        return True

    def give(self, who: int, *, beyond: bool, tell: bool) -> bool:
        waits = who in self.queue
        if self.called_off or not (waits or self.held.get(who) is Hold.ANSWER):
            return False
        if waits and not beyond and self.is_full(self.by[who]):
            return False
        self._leave_line(who)
        self._confirm(who, "placed", tell=tell)
        return True

    def cancel(self, who: int, *, tell: bool) -> bool:
        if self.called_off:
            return False
        if who in self.by:
            self._leave(who, "cancelled", tell=tell)
            self.fill()
        return True

    def decide(self, who: int, *, yes: bool) -> bool:
        if self.called_off or self.held.get(who) is not Hold.APPROVAL:
            return False
        if yes:
            self._leave_line(who)
            self._confirm(who, "approved")
        else:
            self._leave(who, "declined")
            self.fill()
        return True

    def take(self, who: int) -> bool:
        if self.held.get(who) is not Hold.ANSWER:
            return who in self.confirmed or who in self.held
        if self.called_off:
            return False
        self._leave_line(who)
        if self.approves:
            self._hold(who, Hold.APPROVAL)
        else:
            self._confirm(who, "confirmed")
        return True

    def lapse(self, whose: list[int]) -> None:
        """Let two days go by, after which so many have not answered, one by one."""
        for who in whose:
            if not self.called_off:
                self._leave(who, "lapsed")
                self.fill()

    def resize(self, capacity: int | None, quotas: dict[str, int | None]) -> None:
        self.capacity, self.quotas = capacity, quotas
        self.fill()

    def call_off(self) -> None:
        if not self.called_off:
            for who in self.by:
                self._tell(who, "event_cancelled")
        self.called_off = True

    def _nobody_may_wait(self) -> bool:
        limit = self.waiting_limit
        return limit is not None and len(self.queue) >= limit

    def fill(self) -> None:
        """Let the next in line have what is free, as long as anything fits anybody."""
        while fits := [who for who in self.queue if not self.is_full(self.by[who])]:
            who = fits[0]
            self._leave_line(who)
            if self.prices[self.by[who]]:
                self._hold(who, Hold.ANSWER)
            elif self.approves:
                self._hold(who, Hold.APPROVAL)
            else:
                self._confirm(who, "promoted")

    def _confirm(self, who: int, kind: str, *, tell: bool = True) -> None:
        self.confirmed.add(who)
        self._tell(who, kind, tell=tell)

    def _hold(self, who: int, hold: Hold) -> None:
        self.held[who] = hold
        self._tell(who, "requested" if hold is Hold.APPROVAL else "offered")

    def _wait(self, who: int, *, tell: bool = True) -> None:
        self.queue.append(who)
        self._tell(who, "waiting", tell=tell)

    def _leave_line(self, who: int) -> None:
        self.held.pop(who, None)
        self.queue = [each for each in self.queue if each != who]

    def _leave(self, who: int, kind: str, *, tell: bool = True) -> None:
        self._leave_line(who)
        self.confirmed.discard(who)
        del self.by[who]
        self._tell(who, kind, tell=tell)

    def _tell(self, who: int, kind: str, *, tell: bool = True) -> None:
        self.told[who, kind] += tell
