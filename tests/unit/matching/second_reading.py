"""The rules of matching, read a second time and written another way.

It shares no code with what it checks: it works on the plain data of the file, case by
case and sentence by sentence, and takes its time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from csd_events.topics.catalogue import (
    CENSUS_DIVISIONS,
    FORMS,
    POPULATION_CLASSES,
    SERVICE_FAMILIES,
)

Plain = Mapping[str, Any]
HEADINGS = {
    "pinned": "Discussed in the session",
    "same": "The same service",
    "related": "A related service",
    "form": "A different service, the same form",
    "caution": "One that did not go as hoped",
}


def recommend(
    profile: Plain, session: Plain | None, cases: Sequence[Plain], *, limit: int | None
) -> dict[str, object]:
    """Answer as the command does: plain data in, plain data out."""
    areas, speaker = _areas(profile, session or {})
    by_id = {case["id"]: case for case in cases}
    pinned: list[str] = []
    for case_id in (session or {}).get("pinned") or []:
        if case_id in by_id and case_id not in pinned:
            pinned.append(case_id)
    levels = {case["id"]: _levels(profile, areas, case) for case in cases}
    ranking = _ranking(cases, levels, without=pinned)
    chosen = [("pinned", case_id) for case_id in pinned]
    for kind in ("same", "related", "form"):
        for case_id in ranking:
            if _kind(levels[case_id]) == kind and _has_room(chosen, kind, limit):
                chosen.append((kind, case_id))
    note = _add_a_lesson(chosen, by_id, ranking, levels, limit) if areas else None
    if not areas:
        note = (
            "Tell us which service you are looking at and we can suggest "
            "something to read."
        )
    elif not chosen:
        note = "We hold no account of this service yet."
    return {
        "result": [
            {
                "heading": HEADINGS[kind],
                "case": case_id,
                "levels": levels[case_id],
                "reasons": _reasons(profile, areas, speaker, by_id[case_id]),
            }
            for kind, case_id in chosen
        ],
        "note": note,
    }


def _unpinned(chosen: list[tuple[str, str]]) -> int:
    return sum(kind != "pinned" for kind, _ in chosen)


def _has_room(chosen: list[tuple[str, str]], kind: str, limit: int | None) -> bool:
    if limit is not None and _unpinned(chosen) >= limit:
        return False
    return len(chosen) < {"same": 5, "related": 3, "form": 3}[kind]


def _add_a_lesson(
    chosen: list[tuple[str, str]],
    by_id: Mapping[str, Plain],
    ranking: list[str],
    levels: Mapping[str, Mapping[str, int]],
    limit: int | None,
) -> str | None:
    if any(_went_wrong(by_id[case_id]) for _, case_id in chosen):
        return None
    lessons = [
        case_id
        for case_id in ranking
        if _went_wrong(by_id[case_id]) and _near_enough(levels[case_id])
    ]
    if not lessons:
        return "We hold no account of a similar arrangement that ended or was disputed."
    if not _has_room(chosen, "same", limit) and _unpinned(chosen) > 0:
        chosen.pop()
    chosen.append(("caution", lessons[0]))
    return None


def _family(area: str) -> tuple[str, str] | None:
    for family, (name, areas) in SERVICE_FAMILIES.items():
        if area in areas:
            return family, name
    return None


def _areas(profile: Plain, session: Plain) -> tuple[list[str], str]:
    for given, speaker, most in (
        (profile.get("areas"), "person", 3),
        (session.get("areas"), "session", 1_000),
    ):
        kept: list[str] = []
        for area in given or []:
            if _family(area) and area not in kept and len(kept) < most:
                kept.append(area)
        if kept:
            return kept, speaker
    return [], "nobody"


def _levels(profile: Plain, areas: list[str], case: Plain) -> dict[str, int]:
    families = {_family(area) for area in areas}
    if any(area in areas for area in case["service_areas"]):
        service = 2
    elif any(_family(area) in families for area in case["service_areas"]):
        service = 1
    else:
        service = 0

    governments = list(FORMS)[:3]
    form = 0
    if profile.get("form"):
        if profile["form"] == case["form"]:
            form = 2
        elif profile["form"] in governments and case["form"] in governments:
            form = 1

    main = 1 if areas and case["service_areas"][0] == areas[0] else 0
    kind = 0
    if profile.get("type") and profile["type"] == case["lead_jurisdiction_type"]:
        kind = profile["type"] not in ("other", "nonprofit", "firm", "university")
    both = set(profile.get("topics") or []) & set(case["topics"])
    return {
        "service": service,
        "form": form,
        "main_subject": main,
        "size": _size(profile.get("cls"), case),
        "place": _place(profile.get("state"), case),
        "kind": int(kind),
        "topics": min(3, len(both)),
    }


def _size(mine: str | None, case: Plain) -> int:
    scale = list(POPULATION_CLASSES)
    theirs = [case["population_class"], *case["partner_classes"]]
    if mine not in scale:
        return 0
    distances = [abs(scale.index(mine) - scale.index(c)) for c in theirs if c in scale]
    return max([0, *(2 - distance for distance in distances)])


def _place(mine: str | None, case: Plain) -> int:
    if case["country"] != "US" or not case["state"] or not mine:
        return 0
    if mine == case["state"]:
        return 2
    for states in CENSUS_DIVISIONS.values():
        if mine in states and case["state"] in states:
            return 1
    return 0


def _ranking(
    cases: Sequence[Plain], levels: dict[str, dict[str, int]], *, without: list[str]
) -> list[str]:
    """Sort by the least important first: each later sort keeps the order of ties."""
    rest = [case for case in cases if case["id"] not in without]
    rest.sort(key=lambda case: str(case["id"]))
    rest.sort(key=lambda case: str(case["title"]).lower())
    rest.sort(key=lambda case: case["year_started"] or -10_000, reverse=True)
    for name in reversed(
        ["service", "form", "main_subject", "size", "place", "kind", "topics"]
    ):
        rest.sort(key=lambda case: levels[case["id"]][name], reverse=True)
    return [case["id"] for case in rest]


def _kind(levels: Mapping[str, int]) -> str | None:
    if levels["service"] == 0:
        return "form" if levels["form"] == 2 else None
    return {2: "same", 1: "related"}[levels["service"]]


def _went_wrong(case: Plain) -> bool:
    return case["outcome"] in ("disputed", "ended", "renegotiated", "reversed")


def _near_enough(levels: Mapping[str, int]) -> bool:
    return levels["service"] == 2 or (
        levels["service"] == 1 and (levels["form"] == 2 or levels["size"] in (1, 2))
    )


def _reasons(profile: Plain, areas: list[str], speaker: str, case: Plain) -> list[str]:
    levels = _levels(profile, areas, case)
    said = _about_service(areas, speaker, case, levels["service"])
    if levels["form"] == 2:
        said.append(f"Same form: {FORMS[profile['form']].lower()}")
    if levels["form"] == 1:
        said.append("Similar form: also between governments")
    sizes = ["", "Close to your size", "Same size of community"]
    said += filter(None, [sizes[levels["size"]]])
    said += _about_place(profile, case, levels["place"])
    if levels["kind"]:
        said.append(f"Same kind of government: {profile['type']}")
    if levels["topics"]:
        both = [topic for topic in profile["topics"] if topic in case["topics"]]
        once = sorted(set(both), key=both.index)
        said.append("Covers " + ", ".join(t.replace("_", " ") for t in once[:3]))
    return said


def _about_service(
    areas: list[str], speaker: str, case: Plain, level: int
) -> list[str]:
    if level == 2:
        shared = [area for area in areas if area in case["service_areas"]]
        names = [inside.get(shared[0]) for _, inside in SERVICE_FAMILIES.values()]
        end = "you chose" if speaker == "person" else "the session is about"
        return [f"Service: {''.join(filter(None, names))}, which {end}"]
    if level == 1:
        theirs = [_family(area) for area in case["service_areas"]]
        family = next(_family(area) for area in areas if _family(area) in theirs)
        end = "" if speaker == "person" else ", as in the session"
        return [f"Related service: also {(family or ('', ''))[1].lower()}{end}"]
    return []


def _about_place(profile: Plain, case: Plain, level: int) -> list[str]:
    if level == 2:
        return [f"Your state, {profile['state']}"]
    if level == 1:
        (name,) = [d for d, codes in CENSUS_DIVISIONS.items() if case["state"] in codes]
        return [f"Your part of the country, {name}"]
    return []
