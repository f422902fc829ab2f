"""What readers tell of case studies: the list, and being done with one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.association import queries as association
from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import ListPage, filter_group
from csd_events.core.time import day_words, to_wall
from csd_events.core.words import gettext as _
from csd_events.library import queries, service
from csd_events.library.staff_views.blueprint import bp, parts


@bp.get("/notes")
@staff_required
def notes() -> ResponseReturnValue:
    answered, cursor = request.args.get("show") == "done", request.args.get("after")
    page = queries.page_notes(db.session(), answered=answered, cursor=cursor)
    zone = association.read(db.session()).zone
    days = [day_words(to_wall(each.written_at, zone).date()) for each in page.items]
    return render_template(
        "library/staff/notes.html",
        page=ListPage(
            list(zip(page.items, days, strict=True)),
            _url(answered=answered) if cursor else None,
            _url(answered=answered, after=page.after) if page.after else None,
        ),
        filters=[
            parts("library_staff.notes"),
            filter_group(
                _("Show"),
                [(_("Waiting"), False), (_("Done"), True)],
                chosen=answered,
                url=lambda done: _url(answered=done),
            ),
        ],
        button=FlaskForm(),
    )


@bp.post("/notes/<int:note_id>/answer")
@staff_required
def answer_note(note_id: int) -> ResponseReturnValue:
    at = now()
    today = association.today(db.session(), at)
    with transaction() as session:
        service.answer(
            session,
            note_id,
            now=at,
            actor_id=current_person_id(),
            checked_on=today if request.form.get("checked") else None,
        )
    forget_pages()
    flash(_("Done."))
    return redirect(url_for(".notes"), code=303)


def _url(*, answered: bool, after: str | None = None) -> str:
    return url_for(".notes", show="done" if answered else None, after=after)
