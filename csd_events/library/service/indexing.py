"""Keeping what a search looks at as the library is: written with every change."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from csd_events.core.db import among
from csd_events.core.search import words_of
from csd_events.library import queries
from csd_events.library.catalogue import RESEARCH_SUMMARY
from csd_events.library.models import (
    CaseStudy,
    Citation,
    LibraryEntry,
    LibraryEntryArea,
    LibraryState,
    Publication,
)
from csd_events.library.rules import place_words
from csd_events.library.rules.publishing import Standing
from csd_events.library.rules.searching import EntryKind, EntryText
from csd_events.library.rules.summary import SUMMARY, Statement
from csd_events.topics.catalogue import READING_TOPICS
from csd_events.topics.rules import area_name, form_name, topic_name

#: Raised when an entry is written in another way: the next start writes all anew.
RECIPE = 2
AT_ONCE = 500
_SAME = (
    "kind", "key", "title", "byline", "body", "shown", "form", "state", "size",
    "outcome",
)  # fmt: skip


def recipe() -> str:
    """Name how entries are written, and from which research summary."""
    summary = json.dumps(RESEARCH_SUMMARY, sort_keys=True).encode()
    return f"{RECIPE}-{hashlib.sha256(summary).hexdigest()[:16]}"


def index(session: Session, texts: Sequence[EntryText]) -> None:
    """Write what a search looks at of some things, in the caller's unit of work."""
    wanted = select(LibraryEntry).where(
        among(session, LibraryEntry.key, {each.key for each in texts})
    )
    there = {(row.kind, row.key): row for row in session.scalars(wanted)}
    for each in texts:
        row = there.get((each.kind, each.key))
        if row is None:
            row = LibraryEntry(areas=[])
            session.add(row)
        _write(row, each)
    session.flush()


def keep_found(session: Session, texts: Sequence[EntryText]) -> None:
    """Write what a search looks at of things of others, all of one kind.

    What nobody may find and never could leaves no row.
    """
    index(session, [each for each in texts if each.shown])
    hidden = [each for each in texts if not each.shown]
    if hidden:
        keys = among(session, LibraryEntry.key, {each.key for each in hidden})
        kind = LibraryEntry.kind == hidden[0].kind
        session.execute(delete(LibraryEntry).where(kind, keys))


def reindex(
    session: Session,
    *,
    others: Sequence[Callable[[Session], Iterable[EntryText]]] = (),
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write all of it anew, and return how much there is.

    Args:
        others: What writes the texts of those that lie above the library; without
            them, theirs stay as they are.
    """
    theirs = chain.from_iterable(write(session) for write in others)
    texts = [*_everything(session), *(each for each in theirs if each.shown)]
    for first in range(0, len(texts), AT_ONCE):
        index(session, texts[first : first + AT_ONCE])
        if progress:
            progress(min(first + AT_ONCE, len(texts)), len(texts))
    kept = {(each.kind, each.key) for each in texts}
    named = select(LibraryEntry.id, LibraryEntry.kind, LibraryEntry.key)
    if not others:
        named = named.where(LibraryEntry.kind != EntryKind.RECORDING)
    there = session.execute(named)
    gone = [row.id for row in there if (row.kind, row.key) not in kept]
    session.execute(delete(LibraryEntry).where(among(session, LibraryEntry.id, gone)))
    state = session.get(LibraryState, 1) or LibraryState(id=1)
    state.stamp = state.stamp or secrets.token_hex(8)
    state.searched_as = recipe()
    session.add(state)
    session.flush()
    return len(texts)


def is_indexed(session: Session) -> bool:
    """Tell whether a search looks at what this version of the program writes."""
    return session.scalar(select(LibraryState.searched_as)) == recipe()


def text_of_case(row: CaseStudy) -> EntryText:
    areas = [area_name(each.area) for each in row.areas]
    topics = [topic_name(each) for each in row.topics]
    also = [form_name(row.form), row.agreement or "", *topics, *areas, row.outcome]
    return EntryText(
        kind=EntryKind.CASE_STUDY,
        key=row.id,
        title=row.title,
        byline=place_words(row.jurisdictions, row.country, row.state),
        body=" ".join([*row.facts, *row.own_knowledge]),
        also=" ".join([*row.jurisdictions, *also]),
        areas=tuple(each.area for each in row.areas),
        form=row.form,
        state=row.state,
        size=row.population_class,
        outcome=row.outcome.value,
        shown=row.retired_at is None,
    )


def text_of_citation(row: Citation) -> EntryText:
    topics = [READING_TOPICS.get(topic, topic) for topic in row.topic_ids]
    return EntryText(
        kind=EntryKind.CITATION,
        key=row.key,
        title=row.title,
        byline=" · ".join(filter(None, [row.authors, str(row.year or "")])),
        body=". ".join(filter(None, [row.publication, row.note])),
        also=" ".join(topics),
        shown=row.retired_at is None,
    )


def text_of_publication(row: Publication) -> EntryText:
    names = [*map(area_name, row.area_ids), *map(topic_name, row.topics)]
    return EntryText(
        kind=EntryKind.PUBLICATION,
        key=row.slug,
        title=row.title,
        byline=", ".join(map(area_name, row.area_ids)),
        body=row.summary,
        also=" ".join([*names, form_name(row.form or "")]),
        shown=row.standing is Standing.PUBLISHED,
        areas=tuple(row.area_ids),
        form=row.form,
    )


def _everything(session: Session) -> Iterator[EntryText]:
    yield from map(text_of_case, queries.list_every_case(session))
    yield from map(text_of_citation, queries.list_citations(session))
    every = session.scalars(select(Publication).order_by(Publication.id))
    yield from map(text_of_publication, every)
    yield from _statements()


def _statements() -> Iterator[EntryText]:
    """Write each statement of the research under the heading it stands below."""
    yield from _of("first", "What comes first", SUMMARY.first)
    yield from _of("tool", "The published tool", SUMMARY.tool)
    yield from _of("corrections", "Corrections", SUMMARY.corrections)
    yield from chain.from_iterable(
        _of(each.id, each.name, each.statements, also=each.why)
        for each in SUMMARY.factors
    )


def _of(
    anchor: str, title: str, statements: Iterable[Statement], also: str = ""
) -> Iterator[EntryText]:
    for number, each in enumerate(statements, start=1):
        yield EntryText(
            kind=EntryKind.STATEMENT,
            key=f"{anchor}-{number}",
            title=title,
            byline=each.status.value.capitalize(),
            body=each.text,
            also=also,
        )


def _write(row: LibraryEntry, text: EntryText) -> None:
    for name in _SAME:
        setattr(row, name, getattr(text, name))
    row.title_words = words_of(text.title)
    row.body_words = words_of(" ".join([text.byline, text.body, text.also]))
    if {each.area for each in row.areas} != set(text.areas):
        row.areas = [LibraryEntryArea(area=area) for area in dict.fromkeys(text.areas)]
