"""The view for a projector: how to join, then the question that is talked about.

It has a link of its own, which opens nothing else, and holds no name.
"""

from flask.typing import ResponseReturnValue

from csd_events.core.db import db
from csd_events.core.tokens import Purpose, links
from csd_events.worksheets import queries
from csd_events.worksheets.service import instrument
from csd_events.worksheets.views.blueprint import bp, opened_group
from csd_events.worksheets.views.following import followed, unchanged
from csd_events.worksheets.views.group import invitation
from csd_events.worksheets.views.shown import shown_line
from csd_events.worksheets.words import settled_lines, title_of


@bp.get("/worksheets/screens/<token>")
def screen(token: str) -> ResponseReturnValue:
    session, its = db.session(), Purpose.WORKSHEET_SCREEN
    tag = str(queries.find_change(session, links(), token, its))
    if (answer := unchanged(tag)) is not None:
        return answer
    group = opened_group(token, its)
    counts = queries.count_people(session, group.id)
    settled = queries.list_settlements(session, group.id)
    return followed(
        tag,
        "worksheets/screen.html",
        "worksheets/screen_now.html",
        token=token,
        title=title_of(group),
        event_title=queries.find_event_title(session, group),
        stage=group.stage.value,
        counts=counts,
        line=shown_line(group, settled),
        is_asked=group.item is not None,
        settled=settled_lines(instrument(group.instrument), settled),
        **invitation(group),
    )
