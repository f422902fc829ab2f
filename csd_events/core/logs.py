"""One JSON line per request and per event worth telling, on standard error.

Lines name the route, never the path: a path may hold a secret link.
"""

import json
import logging
import secrets
import sys
import time
import traceback
from types import TracebackType
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy.exc import StatementError

log = logging.getLogger("csd_events.request")
ErrorInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None]
    | tuple[None, None, None]
)
#: What every log record has by itself; anything else was given as ``extra``.
USUAL = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes a record and its extras as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "what": record.getMessage(),
        }
        line |= {k: v for k, v in vars(record).items() if k not in USUAL}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802 - as logging has it
        """Write where an error came from, and the errors before it, the first on top.

        Of a database's error the first line: below it PostgreSQL names the row.
        """
        error, told = ei[1], []
        while error is not None:
            lines = traceback.format_tb(error.__traceback__)
            told.append("".join([*lines, _named(error)]))
            hidden = error.__suppress_context__
            error = error.__cause__ or (None if hidden else error.__context__)
        return "\n\n".join(reversed(told))


def _named(error: BaseException) -> str:
    told = str(error)
    if isinstance(error, StatementError) or hasattr(error, "sqlstate"):
        told = told.partition("\n")[0]
    return f"{type(error).__qualname__}: {told}"


def init_logs(app: Flask) -> None:
    """Send our log lines to standard error and write one for each request."""
    write_lines("csd_events", logging.WARNING if app.testing else logging.INFO)
    # Flask's own names the path.
    app.log_exception = _write_error  # type: ignore[method-assign,assignment]
    app.before_request(_start)
    app.after_request(_write)


def write_lines(name: str, level: int) -> None:
    """Let what a logger says, and those below it, be lines on standard error."""
    logger = logging.getLogger(name)
    if not any(isinstance(each.formatter, JsonLines) for each in logger.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.propagate = False
    logger.setLevel(level)


def request_number() -> str:
    """Return this request's number, which its error page shows and its line holds."""
    if "request_number" not in g:
        g.request_number = secrets.token_hex(4)
    number: str = g.request_number
    return number


def _start() -> None:
    g.started = time.perf_counter()


def _write_error(error: ErrorInfo) -> None:
    """Write down why a page broke, under the number that the error page shows."""
    log.error("a page broke", exc_info=error, extra=_of_this_request())


def _of_this_request() -> dict[str, Any]:
    return {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
        "number": request_number(),
    }


def _write(response: Response) -> Response:
    if not log.isEnabledFor(logging.INFO):
        return response
    elapsed = time.perf_counter() - g.get("started", time.perf_counter())
    answer = {"status": response.status_code, "ms": round(elapsed * 1000, 1)}
    log.info("request", extra=_of_this_request() | answer)
    return response
