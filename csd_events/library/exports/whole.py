"""The whole library as a file that can be taken in again: JSON, or CSV part by part.

Both hold what `rules.document` reads. Publications go out beside it and are not taken
in: their files stay in the folder of files.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from csd_events.library import queries
from csd_events.library.models import CaseStudy, Citation, Publication, Source
from csd_events.library.rules.citing import WRITTEN
from csd_events.library.rules.records import (
    CASE_SHAPES,
    CITATION_SHAPES,
    SOURCE_SHAPES,
)
from csd_events.library.rules.sheets import PUBLICATION_FIELDS, cell_of

Told = dict[str, Any]


def each_part(session: Session, part: str) -> Iterator[Told]:
    """Return the things of a part one by one, as a file tells of them."""
    rows, told, _names = _PARTS[part]
    return (told(row) for row in rows(session))


def json_pieces(session: Session) -> Iterator[str]:
    """Write all of the library as one JSON document, a thing at a time."""
    yield "{"
    for number, part in enumerate(_PARTS):
        is_named = part == "sources"  # by their ids, the others are lists
        yield (",\n" if number else "\n") + f'"{part}": ' + ("{" if is_named else "[")
        for index, told in enumerate(each_part(session, part)):
            yield ",\n" if index else "\n"
            yield f"{_json(told.pop('id'))}: {_json(told)}" if is_named else _json(told)
        yield "\n}" if is_named else "\n]"
    yield "\n}\n"


def csv_of(session: Session, part: str) -> Iterator[list[str]]:
    """Write a part as rows of a table, its headings first."""
    names = _PARTS[part][2]
    yield list(names)
    for told in each_part(session, part):
        yield [cell_of(told.get(name)) for name in names]


def _of_source(row: Source) -> Told:
    return {
        "id": row.id,
        "title": row.title,
        "address": row.address,
        "read": row.read,
        **_keeping(row, "edited_at"),
    }


def _of_case(row: CaseStudy) -> Told:
    told = {
        name: _plain(getattr(row, name)) for name in CASE_SHAPES if name not in _APART
    }
    told["service_areas"] = row.area_ids
    told["sources"] = [each.source_id for each in row.citations]
    kept = _keeping(row, "edited_at", "checked_on", "look_again_on", "retired_at")
    return _in_order({**told, **kept}, CASE_SHAPES)


def _of_citation(row: Citation) -> Told:
    return {
        "id": row.key,
        "authors": row.authors,
        "year": row.year,
        "title": row.title,
        "publication": row.publication,
        "topics": row.topic_ids,
        "verification": WRITTEN[row.verification],
        "address": row.address,
        "note": row.note,
        "case_studies": [each.case_id for each in row.cases],
        **_keeping(row, "edited_at", "look_again_on", "retired_at"),
    }


def _of_publication(row: Publication) -> Told:
    successor = row.successor
    return {
        "slug": row.slug,
        "kind": row.kind.value,
        "title": row.title,
        "summary": row.summary,
        "language": row.language,
        "service_areas": row.area_ids,
        "form": row.form,
        "topics": list(row.topics),
        "case_studies": [each.case_id for each in row.cases],
        "published_on": _plain(row.published_on),
        "read_instead": successor.slug if successor else None,
        "files": [
            f"{each.number}: {each.file.name}, sha256 {each.file.sha256}"
            for each in row.versions
        ],
        **_keeping(row, "look_again_on", "retired_at"),
    }


def _keeping(row: object, *names: str) -> Told:
    """Say how staff keep a thing, as far as they do."""
    values = {name: getattr(row, name) for name in names}
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _in_order(told: Told, names: Iterable[str]) -> Told:
    return {name: told[name] for name in names if name in told}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


_APART = {
    "service_areas", "sources", "edited_at", "checked_on", "look_again_on",
    "retired_at",
}  # fmt: skip
#: By name: what lists its rows, what tells of one, and the fields of it.
_PARTS: Mapping[
    str,
    tuple[Callable[[Session], Iterable[Any]], Callable[[Any], Told], Iterable[str]],
] = {
    "sources": (queries.list_sources, _of_source, SOURCE_SHAPES),
    "case_studies": (queries.each_case, _of_case, CASE_SHAPES),
    "bibliography": (queries.each_citation, _of_citation, CITATION_SHAPES),
    "publications": (queries.each_publication, _of_publication, PUBLICATION_FIELDS),
}
CSV_PARTS = tuple(_PARTS)
