"""The whole library as a file that can be taken in again: JSON, or CSV part by part."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from csd_events.library import queries
from csd_events.library.exports import (
    tell_of_case,
    tell_of_citation,
    tell_of_publication,
    tell_of_source,
)
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


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


#: By name: what lists its rows, what tells of one, and the fields of it.
_PARTS: Mapping[
    str,
    tuple[Callable[[Session], Iterable[Any]], Callable[[Any], Told], Iterable[str]],
] = {
    "sources": (queries.list_sources, tell_of_source, SOURCE_SHAPES),
    "case_studies": (queries.each_case, tell_of_case, CASE_SHAPES),
    "bibliography": (queries.each_citation, tell_of_citation, CITATION_SHAPES),
    "publications": (queries.each_publication, tell_of_publication, PUBLICATION_FIELDS),
}
CSV_PARTS = tuple(_PARTS)
