"""The picture of a presenter: sending one, saying what it shows, taking it away."""

from enum import StrEnum

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import ProblemsError
from csd_events.core.files import stored_files
from csd_events.core.inputs import show_problems
from csd_events.core.pagecache import forget_pages
from csd_events.core.pictures import (
    LEAST_SIDE,
    MOST_BYTES,
    MOST_DECODED,
    MOST_PIXELS,
    PictureFault,
)
from csd_events.core.uploads import takes_files
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.events import queries, service
from csd_events.events.forms import PictureForm
from csd_events.events.models import Presenter
from csd_events.events.staff_views.blueprint import bp

#: A file, and the words that come with it.
MOST_OF_A_REQUEST = MOST_BYTES + 1024 * 1024
MOST_MEGABYTES = MOST_BYTES // 1024 // 1024


@bp.route("/presenters/<int:presenter_id>/picture", methods=["GET", "POST"])
@guards_itself
@takes_files(MOST_OF_A_REQUEST)
@staff_required
def presenter_picture(presenter_id: int) -> ResponseReturnValue:
    row = queries.get_contributor(db.session(), Presenter, presenter_id)
    form = PictureForm()
    if not form.is_submitted():
        form.alt.data = row.picture_alt
        form.decorative.data = bool(row.picture) and not row.picture_alt
        return _page(form, row)
    if not form.validate():
        return _page(form, row), 422
    sent = form.file.data
    portrait = service.Portrait(file=sent.stream if sent else None, alt=form.words)
    try:
        with transaction() as session:
            service.save_picture(
                session,
                presenter_id,
                portrait,
                store=stored_files(),
                now=now(),
                actor_id=current_person_id(),
            )
    except ProblemsError as error:
        show_problems(form, error.problems, _problem_words)
        return _page(form, row), 422
    forget_pages()
    flash(_("Saved. The picture is on their page and on those of their events."))
    return _back_to(presenter_id)


@bp.post("/presenters/<int:presenter_id>/picture/remove")
@staff_required
def remove_picture(presenter_id: int) -> ResponseReturnValue:
    queries.get_contributor(db.session(), Presenter, presenter_id)
    with transaction() as session:
        service.remove_picture(
            session, presenter_id, now=now(), actor_id=current_person_id()
        )
    forget_pages()
    flash(_("The picture is gone from every page."))
    return _back_to(presenter_id)


def _page(form: PictureForm, row: Presenter) -> str:
    sent = form.file.data
    return render_template(
        "events/staff/presenter_picture.html",
        form=form,
        row=row,
        choose_again=bool(form.errors and sent),
        file_hint=_(
            "JPEG, PNG or WebP, at most %(number)s MB. We cut it to a square, a little "
            "above the middle, and keep nothing of the file but what is seen.",
            number=MOST_MEGABYTES,
        ),
    )


def _problem_words(_name: str, problem: StrEnum) -> str:
    """Say what is wrong with a picture, and what to do."""
    words: dict[PictureFault, str] = {
        PictureFault.NONE: _("Choose a picture"),
        PictureFault.TOO_LARGE: _(
            "This file is too large: %(number)s MB is the most. Choose a smaller one",
            number=MOST_MEGABYTES,
        ),
        PictureFault.TOO_MANY_PIXELS: _(
            "This picture has too many pixels: %(number)s million are the most, and of "
            "a PNG or WebP %(whole)s million. Choose a smaller one, or save it as a "
            "JPEG",
            number=MOST_PIXELS // 1_000_000,
            whole=MOST_DECODED // 1_000_000,
        ),
        PictureFault.TOO_SMALL: _(
            "This picture is too small: each side needs %(number)s pixels. Choose a "
            "larger one",
            number=LEAST_SIDE,
        ),
        PictureFault.UNKNOWN: _(
            "We cannot read this as a JPEG, PNG or WebP picture. Choose another file"
        ),
    }
    return words[PictureFault(problem)]


def _back_to(presenter_id: int) -> ResponseReturnValue:
    page = url_for(".edit_presenter", presenter_id=presenter_id)
    return redirect(page, code=303)
