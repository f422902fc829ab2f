"""Files that people keep."""

from collections.abc import Iterable

from flask import Response


def download(
    content: str | bytes | Iterable[bytes], mimetype: str, name: str
) -> Response:
    """Answer with a file to keep, under a name of plain letters."""
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
