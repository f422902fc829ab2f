"""How a database would answer a question: which decides whether it scales."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from csd_events.core.db import engine_name


def plan_of(session: Session, statement: Any) -> str:
    """Return the plan of a statement, in the words of its database."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    asked = "EXPLAIN" if is_postgresql else "EXPLAIN QUERY PLAN"
    return "\n".join(str(row) for row in _explained(session, statement, asked))


def reads_rows(session: Session, statement: Any) -> bool:
    """Tell whether a statement that goes through one index reads its rows as well.

    SQLite says so in its plan only where no column is generated. Its program says it
    always: it goes to a row where something is read of it, and nowhere else.
    """
    if session.get_bind().dialect.name == "postgresql":
        return "Index Only Scan" not in plan_of(session, statement)
    steps = _explained(session, statement, "EXPLAIN")
    later = {step.p3 for step in steps if step.opcode == "DeferredSeek"}
    at_once = {step.p1 for step in steps if step.opcode in {"SeekRowid", "Rewind"}}
    rows = later | at_once
    return any(step.opcode == "Column" and step.p1 in rows for step in steps)


def take_an_index(session: Session) -> None:
    """Have PostgreSQL answer as it does where many are: a few it reads one by one."""
    if engine_name(session) != "sqlite":
        for way in ("seqscan", "bitmapscan", "hashjoin", "sort"):
            session.execute(text(f"SET LOCAL enable_{way} = off"))


def _explained(session: Session, statement: Any, asked: str) -> Sequence[Row[Any]]:
    dialect = session.get_bind().dialect
    words = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    return session.connection().exec_driver_sql(f"{asked} {words}").all()
