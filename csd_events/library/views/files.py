"""Files of publications, handed out and never shown: nothing in them is ours."""

from flask import request, send_file
from flask.typing import ResponseReturnValue

from csd_events.core.db import db
from csd_events.core.files import stored_files
from csd_events.library import queries
from csd_events.library.rules.publishing import Standing
from csd_events.library.views.blueprint import bp, is_staff
from csd_events.library.views.publications import gone, refuse_draft

#: No page of ours is made of what somebody sent.
SANDBOX = "sandbox; default-src 'none'"


@bp.get("/files/<int:file_id>")
def file(file_id: int) -> ResponseReturnValue:
    found, publication = queries.get_file(db.session(), file_id)
    if publication.standing is Standing.RETIRED and not is_staff():
        return gone(publication)
    refuse_draft(publication)
    answer = send_file(
        stored_files().path_of(found.path),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
        etag=found.sha256,
        conditional=True,
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    everybody = publication.standing is Standing.PUBLISHED and not request.cookies
    answer.headers["Cache-Control"] = (
        "public, max-age=0, must-revalidate" if everybody else "private, no-store"
    )
    return answer
