"""Publications: the list, writing one, its versions, retiring it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.association import queries as association
from csd_events.core.access import staff_required
from csd_events.core.db import db, transaction
from csd_events.core.errors import ProblemsError, StaleError
from csd_events.core.inputs import overtaken, say, show_problems
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import (
    read_id,
)
from csd_events.core.uploads import takes_files
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.library import queries, service
from csd_events.library.forms import (
    NewPublicationForm,
    PublicationForm,
    RetireForm,
    VersionForm,
    typed_of_publication,
)
from csd_events.library.models import Publication
from csd_events.library.rules.media import MEDIA_TYPES
from csd_events.library.service import Upload
from csd_events.library.staff_views.blueprint import (
    MOST_MEGABYTES,
    MOST_OF_A_REQUEST,
    bp,
    desk,
    problem_words,
)
from csd_events.library.words import (
    PublicationView,
    publication_view,
    type_words,
)


@bp.route("/publications/new", methods=["GET", "POST"])
@guards_itself
@takes_files(MOST_OF_A_REQUEST)
@staff_required
def new_publication() -> ResponseReturnValue:
    form = NewPublicationForm(titles=queries.list_titles(db.session()))
    if not form.is_submitted():
        return _form_page(form, None)
    if request.form.get("more") == "cases":
        form.another_case()
        return _form_page(form, None)
    if not form.validate():
        return _form_page(form, None, choose_again=True), 422
    try:
        with transaction() as session:
            made = service.add_publication(session, form.draft(), _upload(form), desk())
            made_id = made.id
    except ProblemsError as error:
        show_problems(form, error.problems, problem_words)
        return _form_page(form, None, choose_again=True), 422
    forget_pages()
    flash(_("Saved."))
    return _back_to(made_id)


@bp.route("/publications/<int:publication_id>", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit_publication(publication_id: int) -> ResponseReturnValue:
    session = db.session()
    row, titles = (
        queries.get_publication_by_id(session, publication_id),
        queries.list_titles(session),
    )
    if request.method != "POST":
        form = PublicationForm(titles=titles, data=typed_of_publication(row))
        return _form_page(form, row)
    form = PublicationForm(titles=titles)
    if request.form.get("more") == "cases":
        form.another_case()
        return _form_page(form, row)
    if not form.validate():
        return _form_page(form, row), 422
    return _saved(form, publication_id)


@bp.route("/publications/<int:publication_id>/versions", methods=["GET", "POST"])
@guards_itself
@takes_files(MOST_OF_A_REQUEST)
@staff_required
def add_version(publication_id: int) -> ResponseReturnValue:
    row = queries.get_publication_by_id(db.session(), publication_id)
    form = VersionForm()
    if not form.is_submitted():
        return _version_page(form, row)
    upload = _upload(form)
    if not form.validate() or upload is None:
        if upload is None:
            say(form.file, _("Choose a file"))
        return _version_page(form, row), 422
    try:
        with transaction() as session:
            number = service.add_version(session, publication_id, upload, desk())
    except ProblemsError as error:
        show_problems(form, error.problems, problem_words)
        return _version_page(form, row), 422
    forget_pages()
    flash(_("Version %(number)s is the current one now.", number=number))
    return _back_to(publication_id)


@bp.route("/publications/<int:publication_id>/retire", methods=["GET", "POST"])
@guards_itself
@staff_required
def retire_publication(publication_id: int) -> ResponseReturnValue:
    session = db.session()
    row = queries.get_publication_by_id(session, publication_id)
    titles = dict(queries.list_publication_titles(session))
    titles.pop(publication_id, None)
    form = RetireForm(titles=titles)
    if not form.is_submitted():
        return _retire_page(form, row)
    if not form.validate():
        return _retire_page(form, row), 422
    with transaction() as writing:
        service.retire(
            writing,
            publication_id,
            desk(),
            successor_id=read_id(form.successor_id.data),
        )
    forget_pages()
    flash(_("Retired. Its page says so, and what to read instead."))
    return _back_to(publication_id)


@bp.post("/publications/<int:publication_id>/bring-back")
@staff_required
def bring_back_publication(publication_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.bring_back(session, publication_id, desk())
    forget_pages()
    flash(_("It is back as it was."))
    return _back_to(publication_id)


def _saved(form: PublicationForm, publication_id: int) -> ResponseReturnValue:
    """Save what was found in order, or show it again with what is to be put right."""
    try:
        with transaction() as session:
            service.save_publication(
                session,
                publication_id,
                form.draft(),
                desk(),
                version=form.seen_version,
            )
    except ProblemsError as error:
        show_problems(form, error.problems, problem_words)
        row = queries.get_publication_by_id(db.session(), publication_id)
        return _form_page(form, row), error.status
    except StaleError as error:
        return _show_both(form, publication_id), error.status
    forget_pages()
    flash(_("Saved."))
    return _back_to(publication_id)


def _show_both(form: PublicationForm, publication_id: int) -> str:
    """Show what somebody else saved beside what was typed; neither is lost."""
    session = db.session()
    row = queries.get_publication_by_id(session, publication_id)
    fresh = PublicationForm(
        titles=queries.list_titles(session),
        data=typed_of_publication(row),
        formdata=None,
    )
    return _form_page(form, row, saved=overtaken(form, fresh))


def _form_page(
    form: PublicationForm,
    row: Publication | None,
    *,
    choose_again: bool = False,
    saved: list[tuple[str, str]] | None = None,
) -> str:
    sent = form.file.data if isinstance(form, NewPublicationForm) else None
    return render_template(
        "library/staff/edit_publication.html",
        form=form,
        saved=saved,
        publication=_view(row) if row else None,
        standing=row.standing.value if row else "draft",
        file_hint=_file_hint(),
        choose_again=choose_again and bool(sent),
        button=FlaskForm(),
    )


def _version_page(form: VersionForm, row: Publication) -> str:
    return render_template(
        "library/staff/add_version.html",
        form=form,
        publication=_view(row),
        file_hint=_file_hint(),
    )


def _retire_page(form: RetireForm, row: Publication) -> str:
    return render_template(
        "library/staff/retire_publication.html", form=form, publication=_view(row)
    )


def _view(row: Publication) -> PublicationView:
    return publication_view(row, zone=association.read(db.session()).zone)


def _file_hint() -> str:
    words: str = _(
        "At most %(number)s MB: %(kinds)s. What it is, we see in the file itself.",
        number=MOST_MEGABYTES,
        kinds=", ".join(type_words(each.name) for each in MEDIA_TYPES),
    )
    return words


def _upload(form: NewPublicationForm | VersionForm) -> Upload | None:
    sent = form.file.data
    if not sent:
        return None
    note = form.note.data if isinstance(form, VersionForm) else ""
    return Upload(file=sent.stream, name=sent.filename or "", note=note)


def _back_to(publication_id: int) -> ResponseReturnValue:
    page = url_for(".edit_publication", publication_id=publication_id)
    return redirect(page, code=303)
