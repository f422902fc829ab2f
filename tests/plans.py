"""How a database would answer a question: which decides whether it scales."""

from typing import Any

from sqlalchemy.orm import Session


def plan_of(session: Session, statement: Any) -> str:
    """Return the plan of a statement, in the words of its database."""
    dialect = session.get_bind().dialect
    words = statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    asked = "EXPLAIN" if dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    rows = session.connection().exec_driver_sql(f"{asked} {words}")
    return "\n".join(str(row) for row in rows)
