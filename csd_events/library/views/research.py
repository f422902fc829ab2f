"""What the research says, factor by factor."""

from itertools import groupby

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from csd_events.core.pagecache import cached_page
from csd_events.library.exports import summary_as_text
from csd_events.library.rules.summary import SUMMARY
from csd_events.library.views.blueprint import bp


@bp.get("/library/research-summary")
@cached_page
def research_summary() -> ResponseReturnValue:
    return render_template(
        "library/research_summary.html",
        summary=SUMMARY,
        numbers={source.id: n for n, source in enumerate(SUMMARY.sources, start=1)},
        sides=[
            (dimension, list(factors))
            for dimension, factors in groupby(
                SUMMARY.factors, lambda factor: factor.dimension
            )
        ],
    )


@bp.get("/library/research-summary.txt")
def research_summary_text() -> ResponseReturnValue:
    headers = {"Content-Disposition": "attachment; filename=research-summary.txt"}
    text = summary_as_text(SUMMARY)
    return Response(text, content_type="text/plain; charset=utf-8", headers=headers)
