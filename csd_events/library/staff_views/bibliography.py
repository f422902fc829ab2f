"""Entries of the bibliography: the list, writing one, retiring it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import StaleError
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import FilterGroup, FilterLink, ListPage, read_search
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import ngettext
from csd_events.library import queries, service
from csd_events.library.forms import CitationForm, typed_of_citation
from csd_events.library.models import Citation
from csd_events.library.queries import CitationPage
from csd_events.library.rules.citing import CitationFilters
from csd_events.library.staff_views.blueprint import bp, parts, say_it_was_saved
from csd_events.library.words import entry_line


@bp.get("/bibliography")
@staff_required
def bibliography() -> ResponseReturnValue:
    retired = request.args.get("show") == "retired"
    words = read_search(request.args.get("q"))
    page = queries.page_citations(
        db.session(),
        CitationFilters(words=words),
        after=request.args.get("after") or None,
        before=request.args.get("before") or None,
        retired=retired,
    )
    return render_template(
        "library/staff/bibliography.html",
        page=_with_addresses(page, words, retired=retired),
        filters=[
            parts("library_staff.bibliography"),
            _filter(words, retired=retired),
        ],
        q=words,
        result_words=ngettext("%(num)s entry", "%(num)s entries", page.total),
    )


@bp.route("/bibliography/new", methods=["GET", "POST"])
@guards_itself
@staff_required
def new_citation() -> ResponseReturnValue:
    form = CitationForm(titles=queries.list_titles(db.session()))
    if not form.is_submitted():
        return _page(form, None)
    if request.form.get("more") == "cases":
        form.another_case()
        return _page(form, None)
    if not form.validate():
        return _page(form, None), 422
    with transaction() as session:
        made = service.add_citation(
            session, form.draft(), now=now(), actor_id=current_person_id()
        )
        made_id = made.id
    return _done(made_id, _("Saved."))


@bp.route("/bibliography/<int:citation_id>", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit_citation(citation_id: int) -> ResponseReturnValue:
    session = db.session()
    row = queries.get_citation_by_id(session, citation_id)
    titles = queries.list_titles(session)
    if request.method != "POST":
        return _page(CitationForm(titles=titles, data=typed_of_citation(row)), row)
    form = CitationForm(titles=titles)
    if request.form.get("more") == "cases":
        form.another_case()
        return _page(form, row)
    if not form.validate():
        return _page(form, row), 422
    return _saved(form, citation_id)


@bp.post("/bibliography/<int:citation_id>/retire")
@staff_required
def retire_citation(citation_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.retire_citation(
            session, citation_id, now=now(), actor_id=current_person_id()
        )
    return _done(citation_id, _("Retired. No list shows it any more."))


@bp.post("/bibliography/<int:citation_id>/bring-back")
@staff_required
def bring_back_citation(citation_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.bring_back_citation(
            session, citation_id, now=now(), actor_id=current_person_id()
        )
    return _done(citation_id, _("It is back as it was."))


def _saved(form: CitationForm, citation_id: int) -> ResponseReturnValue:
    try:
        with transaction() as session:
            service.save_citation(
                session,
                citation_id,
                form.draft(),
                version=form.seen_version,
                now=now(),
                actor_id=current_person_id(),
            )
    except StaleError as error:
        row = queries.get_citation_by_id(db.session(), citation_id)
        say_it_was_saved(form, row.version)
        return _page(form, row), error.status
    return _done(citation_id, _("Saved."))


def _done(citation_id: int, words: str) -> ResponseReturnValue:
    forget_pages()
    flash(words)
    page = url_for(".edit_citation", citation_id=citation_id)
    return redirect(page, code=303)


def _page(form: CitationForm, row: Citation | None) -> str:
    return render_template(
        "library/staff/edit_citation.html",
        form=form,
        entry=entry_line(row) if row else None,
        entry_id=row.id if row else None,
        is_retired=row is not None and row.retired_at is not None,
        is_ours=row is None or row.edited_at is not None,
        button=FlaskForm(),
    )


def _with_addresses(
    page: CitationPage, words: str, *, retired: bool
) -> ListPage[tuple[int, object]]:
    def url(**edge: str) -> str:
        return _url(words, retired=retired, **edge)

    return ListPage(
        [(row.id, entry_line(row)) for row in page.items],
        newer_url=url(before=page.before) if page.before else None,
        older_url=url(after=page.after) if page.after else None,
    )


def _url(words: str, *, retired: bool, **edge: str) -> str:
    shown = "retired" if retired else None
    asked: dict[str, Any] = {"show": shown, "q": words or None, **edge}
    return url_for(".bibliography", **asked)


def _filter(words: str, *, retired: bool) -> FilterGroup:
    choices = [(_("All"), False), (_("Retired"), True)]
    links = [
        FilterLink(label, _url(words, retired=each), each is retired)
        for label, each in choices
    ]
    return FilterGroup(_("Show"), links)
