"""Pages that follow by themselves: asked again and again, answered at once.

Their script asks every few seconds for the part that changes, naming the tag that it
has. While nothing has changed the answer is 304, for one small statement; no
connection is held open. Without a script the page is the same, loaded again.
"""

from flask import Response, make_response, render_template, request

NOT_MODIFIED = 304
NOW = "now"


def unchanged(tag: str) -> Response | None:
    """Answer who has seen all there is under a tag; None where they have not."""
    if not request.if_none_match.contains(tag):
        return None
    answer = Response(status=NOT_MODIFIED)
    answer.set_etag(tag)
    return answer


def followed(tag: str, page: str, part: str, **values: object) -> Response:
    """Answer with a page, or with the part of it that changes where that is asked."""
    template = part if request.args.get("part") == NOW else page
    answer = make_response(render_template(template, tag=tag, **values))
    answer.set_etag(tag)
    return answer
