"""How close a case is to what somebody looks for, and the words for it."""

from dataclasses import dataclass

from csd_events.matching.rules.values import (
    NEAR,
    NEITHER,
    SAME,
    Known,
    Levels,
    Profile,
    Session,
)
from csd_events.topics.catalogue import BETWEEN_GOVERNMENTS, UNLIKE_TYPES
from csd_events.topics.rules import (
    AREAS,
    area_name,
    class_distance,
    division_of,
    family_name,
    family_of,
    form_name,
    topic_name,
)

MOST_AREAS = 3
MOST_TOPICS = 3

#: Level of size by steps between population classes; further is 0.
SIZE_LEVELS = {0: SAME, 1: NEAR}
SIZE_WORDS = {SAME: "Same size of community", NEAR: "Close to your size"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A profile and a session read together: what cases are compared with.

    Attributes:
        families: One for each of the areas, in the same order.
        session_speaks: The areas are the session's; the person gave none.
    """

    areas: tuple[str, ...]
    families: tuple[str | None, ...]
    session_speaks: bool
    form: str | None
    cls: str | None
    state: str | None
    division: str | None
    type: str | None
    topics: tuple[str, ...]


def areas_used(profile: Profile, session: Session | None) -> tuple[str, ...]:
    """Choose the areas that count: the person's own, else all of the session's.

    Ids that name nothing and repeats go first, so none of them takes a place among
    the three.
    """
    own = _areas_there_are(profile.areas)[:MOST_AREAS]
    return own or _areas_there_are(session.areas if session else ())


def _areas_there_are(areas: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(area for area in dict.fromkeys(areas) if area in AREAS)


def read(profile: Profile, session: Session | None) -> Wanted:
    areas = areas_used(profile, session)
    return Wanted(
        areas=areas,
        families=tuple(map(family_of, areas)),
        session_speaks=not _areas_there_are(profile.areas),
        form=profile.form or None,
        cls=profile.cls or None,
        state=profile.state or None,
        division=division_of(profile.state or ""),
        type=profile.type or None,
        topics=tuple(dict.fromkeys(profile.topics)),
    )


def compare(wanted: Wanted, known: Known) -> Levels:
    return Levels(
        service=_service(wanted, known),
        form=_form(wanted, known),
        main_subject=int(
            bool(wanted.areas) and known.case.areas[:1] == wanted.areas[:1]
        ),
        size=_size(wanted, known),
        place=_place(wanted, known),
        kind=int(
            wanted.type is not None
            and wanted.type == known.case.type
            and wanted.type not in UNLIKE_TYPES
        ),
        topics=min(len(_shared_topics(wanted, known)), MOST_TOPICS),
    )


def _service(wanted: Wanted, known: Known) -> int:
    if not known.areas.isdisjoint(wanted.areas):
        return SAME
    return NEITHER if known.families.isdisjoint(wanted.families) else NEAR


def _form(wanted: Wanted, known: Known) -> int:
    if wanted.form is None:
        return NEITHER
    if wanted.form == known.case.form:
        return SAME
    between = BETWEEN_GOVERNMENTS
    return NEAR if wanted.form in between and known.case.form in between else NEITHER


def _size(wanted: Wanted, known: Known) -> int:
    steps = [class_distance(wanted.cls, cls) for cls in known.case.classes]
    nearest = min((step for step in steps if step is not None), default=-1)
    return SIZE_LEVELS.get(nearest, NEITHER)


def _place(wanted: Wanted, known: Known) -> int:
    if wanted.state is None or known.state is None:
        return NEITHER
    if wanted.state == known.state:
        return SAME
    is_near = wanted.division is not None and wanted.division == known.division
    return NEAR if is_near else NEITHER


def _shared_topics(wanted: Wanted, known: Known) -> list[str]:
    """List what both are about, in the person's order."""
    return [topic for topic in wanted.topics if topic in known.topics]


def reasons(wanted: Wanted, known: Known, levels: Levels) -> tuple[str, ...]:
    """Say why, one sentence for each level above zero; the main subject has none."""
    sentences = (
        _service_words(wanted, known, levels.service),
        _form_words(wanted, levels.form),
        SIZE_WORDS.get(levels.size),
        _place_words(known, levels.place),
        f"Same kind of government: {wanted.type}" if levels.kind else None,
        _topic_words(wanted, known) if levels.topics else None,
    )
    return tuple(sentence for sentence in sentences if sentence is not None)


def _service_words(wanted: Wanted, known: Known, level: int) -> str | None:
    if level == NEITHER:
        return None
    if level == NEAR:
        family = next(f for f in wanted.families if f in known.families)
        also = family_name(family or "").lower()
        session = ", as in the session" if wanted.session_speaks else ""
        return f"Related service: also {also}{session}"
    area = area_name(next(area for area in wanted.areas if area in known.areas))
    chosen = "the session is about" if wanted.session_speaks else "you chose"
    return f"Service: {area}, which {chosen}"


def _form_words(wanted: Wanted, level: int) -> str | None:
    if level == SAME:
        return f"Same form: {form_name(wanted.form or '').lower()}"
    return "Similar form: also between governments" if level == NEAR else None


def _place_words(known: Known, level: int) -> str | None:
    if level == SAME:
        return f"Your state, {known.state}"
    return f"Your part of the country, {known.division}" if level == NEAR else None


def _topic_words(wanted: Wanted, known: Known) -> str:
    shared = _shared_topics(wanted, known)[:MOST_TOPICS]
    return f"Covers {', '.join(map(topic_name, shared))}"
