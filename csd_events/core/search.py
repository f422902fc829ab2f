"""Full-text search on either engine, behind one small door.

A table that is searched keeps its words in two columns, `title_words` and `body_words`,
written by `words_of`. What finds them stands beside: on SQLite an FTS5 index that
triggers keep, on PostgreSQL a generated column of lexemes with a GIN index. Both bring
words to their stems, so that plurals are forgiven; accents and marks we take off
ourselves, from what is kept and from what is asked, so that both find the same.
"""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Table,
    event,
    func,
    literal,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from csd_events.core.db import engine_name, made_on
from csd_events.core.text import fold

#: Nobody types more, and each word is looked up.
MOST_WORDS = 12
#: PostgreSQL takes no more than a megabyte of lexemes.
LONGEST_TEXT = 100_000
LEXEMES = "lexemes"
_SEARCHED: set[str] = set()  # tables, by name
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}]")
#: What PostgreSQL leaves out of English. It says nothing of what somebody looks for.
STOP_WORDS = frozenset(
    """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his
    himself she her hers herself it its itself they them their theirs themselves what
    which who whom this that these those am is are was were be been being have has had
    having do does did doing a an the and but if or because as until while of at by for
    with about against between into through during before after above below to from up
    down in out on off over under again further then once here there when where why how
    all any both each few more most other some such no nor not only own same so than too
    very s t can will just don should now
    """.split()  # noqa: SIM905 - as they are read
)
#: How much a word in the title weighs beside one in the body.
_TITLE, _BODY = 8.0, 1.0
_ON_SQLITE = (
    "CREATE VIRTUAL TABLE %(table)s_found USING fts5(title_words, body_words, "
    "content='%(table)s', content_rowid='id', tokenize='porter unicode61')",
    "CREATE TRIGGER %(table)s_added AFTER INSERT ON %(table)s BEGIN "
    "INSERT INTO %(table)s_found(rowid, title_words, body_words) "
    "VALUES (new.id, new.title_words, new.body_words); END",
    "CREATE TRIGGER %(table)s_removed AFTER DELETE ON %(table)s BEGIN "
    "INSERT INTO %(table)s_found(%(table)s_found, rowid, title_words, body_words) "
    "VALUES ('delete', old.id, old.title_words, old.body_words); END",
    "CREATE TRIGGER %(table)s_reworded "
    "AFTER UPDATE OF title_words, body_words ON %(table)s BEGIN "
    "INSERT INTO %(table)s_found(%(table)s_found, rowid, title_words, body_words) "
    "VALUES ('delete', old.id, old.title_words, old.body_words); "
    "INSERT INTO %(table)s_found(rowid, title_words, body_words) "
    "VALUES (new.id, new.title_words, new.body_words); END",
)
_ON_POSTGRESQL = (
    "ALTER TABLE %(table)s ADD COLUMN lexemes tsvector GENERATED ALWAYS AS ("
    "setweight(to_tsvector('english', title_words), 'A') || "
    "setweight(to_tsvector('english', body_words), 'D')) STORED",
    "CREATE INDEX ix_%(table)s_lexemes ON %(table)s USING gin (lexemes) "
    "WITH (fastupdate = off)",
)


def words_of(text: str) -> str:
    """Write a text as the words by which it is found, each apart by one space."""
    plain = _APOSTROPHES.sub("", fold(text[:LONGEST_TEXT]))
    return " ".join(_WORD.findall(plain))


def asked_words(question: str) -> list[str]:
    """Return the words somebody looks for, as `words_of` writes them.

    A mark means nothing, nor does a word that stands in every text; what is left may
    be nothing at all.
    """
    found = dict.fromkeys(words_of(question).split())
    return [word for word in found if word not in STOP_WORDS][:MOST_WORDS]


class Holds(FunctionElement[bool]):
    """Tell whether one text stands in another, as they are written.

    Faster than LIKE, most of all on PostgreSQL, and no sign in it means anything.
    """

    name = "holds"
    type = Boolean()
    inherit_cache = True


@compiles(Holds)
def _write_holds(element: Holds, compiler: SQLCompiler, **how: Any) -> str:
    found = "strpos" if compiler.dialect.name == "postgresql" else "instr"
    return f"({found}({compiler.process(element.clauses, **how)}) > 0)"


def holds(column: Any, words: str) -> ColumnElement[bool]:
    """Match a text that holds these words, given as the column keeps them."""
    return Holds(column, literal(words))


def make_searchable(searched: Table) -> None:
    """Let what finds the rows of a table be made and dropped with it."""
    for engine, statements in (("sqlite", _ON_SQLITE), ("postgresql", _ON_POSTGRESQL)):
        for statement in statements:
            event.listen(searched, "after_create", made_on(engine, statement))
    gone = made_on("sqlite", "DROP TABLE %(table)s_found")
    event.listen(searched, "before_drop", gone)
    _SEARCHED.add(searched.name)


def is_modelled(name: str | None, kind: str, parents: Mapping[str, str | None]) -> bool:
    """Tell whether a model may name this of a database: what finds rows, none does."""
    if kind == "table":
        return not any((name or "").startswith(f"{each}_found") for each in _SEARCHED)
    of = parents.get("table_name")
    return of not in _SEARCHED or name not in {LEXEMES, f"ix_{of}_{LEXEMES}"}


def narrow(
    session: Session, rows: Select[Any], searched: Table, words: list[str]
) -> tuple[Select[Any], ColumnElement[Any]]:
    """Narrow a selection of rows of a table to those that have all of these words.

    Return beside it how well each fits, least first, to sort by.
    """
    name = searched.name
    if engine_name(session) == "sqlite":
        index: ColumnElement[Any] = literal_column(f"{name}_found")
        quoted = literal(" ".join(f'"{word}"' for word in words))
        place: ColumnElement[Any] = func.bm25(index, _TITLE, _BODY)
        found = select(literal_column("rowid").label("id"), place.label("place"))
        matching = found.select_from(table(f"{name}_found"))
        hits = matching.where(index.op("MATCH")(quoted)).subquery("hits")
        return rows.join(hits, hits.c.id == searched.c.id), hits.c.place
    # No subquery: beside the table itself it would have all of the table read.
    lexemes = literal_column(f"{name}.{LEXEMES}", TSVECTOR)
    english: ColumnElement[Any] = literal_column("'english'")
    asked = func.websearch_to_tsquery(english, literal(" ".join(words)))
    return rows.where(lexemes.op("@@")(asked)), -func.ts_rank(lexemes, asked)
