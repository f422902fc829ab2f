"""Each thing of the library as a file tells of it, which `rules.document` reads again.

Publications are told of too, and are not taken in: their files stay in the folder of
files.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Any

from csd_events.library.models import CaseStudy, Citation, Publication, Source
from csd_events.library.rules.citing import WRITTEN
from csd_events.library.rules.records import CASE_SHAPES

Told = dict[str, Any]


def tell_of_source(row: Source) -> Told:
    return {
        "id": row.id,
        "title": row.title,
        "address": row.address,
        "read": row.read,
        **_keeping(row, "edited_at"),
    }


def tell_of_case(row: CaseStudy) -> Told:
    told = {
        name: _plain(getattr(row, name)) for name in CASE_SHAPES if name not in _APART
    }
    told["service_areas"] = row.area_ids
    told["sources"] = [each.source_id for each in row.citations]
    kept = _keeping(row, "edited_at", "checked_on", "look_again_on", "retired_at")
    return _in_order({**told, **kept}, CASE_SHAPES)


def tell_of_citation(row: Citation) -> Told:
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


def tell_of_publication(row: Publication) -> Told:
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


_APART = {
    "service_areas", "sources", "edited_at", "checked_on", "look_again_on",
    "retired_at",
}  # fmt: skip
