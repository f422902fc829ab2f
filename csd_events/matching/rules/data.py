"""Profiles and sessions as JSON gives them, and the list as JSON shows it."""

from collections.abc import Mapping

from csd_events.matching.rules.values import Profile, Recommendation, Session


class InvalidInputError(ValueError):
    """A profile or session is not of the shape it should be; says where."""


def read_input(value: object) -> tuple[Profile, Session | None]:
    """Read ``{"profile": {…}, "session": {…} or null}``.

    Every key may be missing, empty or null, which means *not given*; what else there
    is, is not looked at.

    Raises:
        InvalidInputError: Something has the wrong shape.
    """
    if not isinstance(value, Mapping):
        raise InvalidInputError("must be an object with a profile and a session")
    if value and not {"profile", "session"} & set(value):
        # Most likely a profile itself, which would be read as nothing given.
        raise InvalidInputError("holds neither a profile nor a session")
    profile = _object(value, "profile") or {}
    session = _object(value, "session")
    return (
        Profile(
            areas=_texts(profile, "areas"),
            form=_text(profile, "form"),
            cls=_text(profile, "cls"),
            state=_text(profile, "state"),
            type=_text(profile, "type"),
            topics=_texts(profile, "topics"),
        ),
        None
        if session is None
        else Session(areas=_texts(session, "areas"), pinned=_texts(session, "pinned")),
    )


def as_data(recommendation: Recommendation) -> dict[str, object]:
    """Return the list as plain data, with all seven levels in their order."""
    return {
        "result": [
            {
                "heading": match.heading,
                "case": match.case,
                "levels": match.levels._asdict(),
                "reasons": list(match.reasons),
            }
            for match in recommendation.result
        ],
        "note": recommendation.note,
    }


def _object(value: Mapping[str, object], name: str) -> Mapping[str, object] | None:
    given = value.get(name)
    if given is None or isinstance(given, Mapping):
        return given
    raise InvalidInputError(f"{name} must be an object or null")


def _text(value: Mapping[str, object], name: str) -> str | None:
    given = value.get(name)
    if given is None or isinstance(given, str):
        return given or None
    raise InvalidInputError(f"{name} must be text or null")


def _texts(value: Mapping[str, object], name: str) -> tuple[str, ...]:
    given = value.get(name)
    if given is None or given == "":
        return ()
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        return tuple(given)
    raise InvalidInputError(f"{name} must be a list of texts or null")
