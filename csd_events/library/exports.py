"""The bibliography and the research summary as files to take along."""

from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import Any

from csd_events.library.models import CaseStudy, Citation
from csd_events.library.rules.citing import (
    WRITTEN,
    Author,
    authors_of,
    citation,
    doi_of,
    journal_of,
)
from csd_events.library.rules.summary import ResearchSummary, Statement
from csd_events.topics.rules import area_name, form_name

WIDTH = 78
NOT_ENDORSED = (
    "Not endorsed by ICMA, the Alliance for Innovation or Arizona State University."
)


def as_text(rows: Iterable[Citation], *, heading: str) -> str:
    """Write entries as plain text, each with what was verified and where it is."""
    parts = [heading, "=" * len(heading), ""]
    for row in rows:
        parts.append(_wrapped(citation(row.work)))
        parts.append(f"  [{row.key}] {WRITTEN[row.verification]}")
        parts += [_wrapped(row.note, "  ")] if row.note else []
        parts += [f"  {row.address}"] if row.address else []
        parts.append("")
    return "\n".join(parts)


def as_csl(rows: Iterable[Citation]) -> list[dict[str, Any]]:
    """Write entries as reference managers read them (CSL-JSON)."""
    return [_csl(row) for row in rows]


def summary_as_text(summary: ResearchSummary) -> str:
    """Write the research summary as plain text, with the sources at the end."""
    title = "What the research says about sharing a service"
    parts = [title, "=" * len(title), "", _wrapped(NOT_ENDORSED), ""]
    numbers = {source.id: n for n, source in enumerate(summary.sources, start=1)}
    for heading, statements in [
        ("What comes first", summary.first),
        ("The decision tool", summary.tool),
        ("Corrections", summary.corrections),
    ]:
        parts += [heading, "-" * len(heading), *_statements(statements, numbers), ""]
    for factor in summary.factors:
        heading = f"{factor.id}. {factor.name}"
        parts += [heading, "-" * len(heading), _wrapped(factor.why), ""]
        parts += [*_statements(factor.statements, numbers), ""]
    parts += [
        "Limits",
        "------",
        *(_wrapped(f"* {each}", "  ") for each in summary.limits),
    ]
    parts += ["", "Sources", "-------"]
    for source in summary.sources:
        parts.append(_wrapped(f"[{numbers[source.id]}] {source.title}", "    "))
        parts.append(f"    {source.address} (read: {source.read})")
    return "\n".join([*parts, ""])


def case_book(cases: Sequence[CaseStudy], *, title: str) -> str:
    """Write case studies as one plain text to read from the first to the last."""
    parts = [title, "=" * len(title), ""]
    parts.append(_wrapped("A sample, made by the program from its case studies."))
    for case in cases:
        areas = ", ".join(area_name(each.area) for each in case.areas)
        parts += ["", case.title, "-" * len(case.title)]
        parts.append(_wrapped(f"{', '.join(case.jurisdictions)}."))
        parts.append(_wrapped(f"{areas}. {form_name(case.form)}. {case.outcome}."))
        parts += [_wrapped(f"* {fact}", "  ") for fact in case.facts]
        parts.append(
            _wrapped(f"How sure we are: {case.confidence}. {case.confidence_note}")
        )
        if case.vendor_is_underwriter:
            parts.append("The vendor also paid for the ICMA program.")
    return "\n".join([*parts, ""])


def _statements(statements: Iterable[Statement], numbers: dict[str, int]) -> list[str]:
    return [
        _wrapped(
            f"* {each.text} ({each.status}; "
            f"{', '.join(str(numbers[source]) for source in each.sources)})",
            "  ",
        )
        for each in statements
    ]


def _wrapped(words: str, indent: str = "") -> str:
    first = "" if words.startswith(("*", "[")) else indent
    return fill(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _csl(row: Citation) -> dict[str, Any]:
    journal = journal_of(row.publication)
    item: dict[str, Any] = {
        "id": row.key,
        "type": "article-journal" if journal else "document",
        "title": row.title,
        "author": [_csl_name(author) for author in authors_of(row.authors)],
        "issued": {"date-parts": [[row.year]]} if row.year else None,
        "container-title": journal.title if journal else None,
        "volume": journal.volume if journal else None,
        "issue": journal.issue if journal else None,
        "page": journal.page if journal else None,
        "publisher": None if journal else row.publication,
        "DOI": doi_of(row.publication),
        "URL": row.address,
        "note": " ".join(filter(None, [f"{WRITTEN[row.verification]}.", row.note])),
    }
    return {name: value for name, value in item.items() if value}


def _csl_name(author: Author) -> dict[str, str]:
    if not author.given:
        return {"literal": author.family}
    return {"family": author.family, "given": author.given}
