"""The bibliography, case studies and the research summary as files to take along."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from textwrap import fill

from csd_events.library.models import CaseStudy, Citation
from csd_events.library.rules import CaseView
from csd_events.library.rules.citing import (
    WRITTEN,
    Author,
    authors_of,
    citation,
    doi_of,
    journal_of,
)
from csd_events.library.rules.references import (
    Reference,
    Suffix,
    bibtex,
    csl,
    ris,
)
from csd_events.library.rules.summary import ResearchSummary, Statement
from csd_events.topics.rules import area_name, form_name

WIDTH = 78
NOT_ENDORSED = (
    "Not endorsed by ICMA, the Alliance for Innovation or Arizona State University."
)


def reference_of_work(row: Citation) -> Reference:
    """Say how an entry of the bibliography is cited."""
    journal = journal_of(row.publication)
    return Reference(
        key=row.key,
        words=citation(row.work),
        authors=authors_of(row.authors),
        title=row.title,
        year=row.year,
        journal=journal,
        publisher=None if journal else row.publication,
        doi=doi_of(row.publication),
        url=row.address,
        note=" ".join(filter(None, [f"{WRITTEN[row.verification]}.", row.note])),
    )


def reference_of_case(
    case: CaseStudy | CaseView, *, association: str, url: str, today: date
) -> Reference:
    """Say how a case study is cited: as a page of ours that may change."""
    title = f"{case.title} (case study: {', '.join(case.jurisdictions)})"
    day = f"{today:%B} {today.day}, {today.year}"
    return Reference(
        key=case.id,
        words=f"{association}. (no date). {title}. Read {day}, {url}",
        authors=(Author(association),),
        title=title,
        publisher=association,
        url=url,
        note=f"How sure the library is: {case.confidence}. {case.confidence_note}",
        read_on=today,
    )


def as_text(references: Iterable[Reference], *, heading: str) -> str:
    """Write references as plain text, each with what is known of it and where it is."""
    parts = [heading, "=" * len(heading), ""]
    for each in references:
        parts.append(_wrapped(each.words))
        parts.append("  " + _wrapped(f"[{each.key}] {each.note}", "  "))
        parts += [f"  {each.url}"] if each.url else []
        parts.append("")
    return "\n".join(parts)


def written(references: Iterable[Reference], suffix: Suffix, *, heading: str) -> str:
    """Write references as one file."""
    if suffix is Suffix.BIBTEX:
        return "\n".join(map(bibtex, references))
    if suffix is Suffix.RIS:
        return "\r\n".join(map(ris, references))
    if suffix is Suffix.CSL:
        return json.dumps([*map(csl, references)], ensure_ascii=False, indent=1)
    return as_text(references, heading=heading)


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
