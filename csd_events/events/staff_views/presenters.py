"""Presenters: finding them, changing one, and making two that are one so."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from csd_events.core.access import current_person_id, staff_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import StaleError
from csd_events.core.inputs import say
from csd_events.core.pagecache import forget_pages
from csd_events.core.pages import read_id, read_search
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.core.words import lazy_gettext
from csd_events.events import queries, service
from csd_events.events.forms import MergeForm, PresenterForm, typed_of_presenter
from csd_events.events.models import Presenter
from csd_events.events.rules import Fault
from csd_events.events.staff_views.blueprint import Desk, answer, bp

WORDS = {
    Fault.NAME_TAKEN: lazy_gettext(
        "Another presenter has this name and organization. Make the two one instead"
    )
}


@bp.get("/presenters")
@staff_required
def presenters() -> ResponseReturnValue:
    words = read_search(request.args.get("q"))
    after = read_id(request.args.get("after"))
    page = queries.page_presenters(db.session(), words=words, after=after)
    return render_template(
        "events/staff/presenters.html",
        presenters=page.items,
        q=words,
        newer_url=url_for(".presenters", q=words or None) if after else None,
        older_url=url_for(".presenters", q=words or None, after=page.after)
        if page.after
        else None,
    )


@bp.route("/presenters/<int:presenter_id>/edit", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit_presenter(presenter_id: int) -> ResponseReturnValue:
    presenter = queries.get_presenter(db.session(), presenter_id)
    if request.method != "POST":
        return _page(PresenterForm(data=typed_of_presenter(presenter)), presenter)
    form = PresenterForm()
    return answer(form, _desk(form, presenter))


@bp.route("/presenters/<int:presenter_id>/merge", methods=["GET", "POST"])
@guards_itself
@staff_required
def merge_presenter(presenter_id: int) -> ResponseReturnValue:
    """Ask which other one is the same, and make the two one."""
    presenter = queries.get_presenter(db.session(), presenter_id)
    form = MergeForm()
    into_id = read_id(form.into.data)
    if not form.is_submitted():
        return _merge_page(form, presenter)
    if not form.validate():
        return _merge_page(form, presenter), 422
    if into_id is None or into_id == presenter_id:
        say(form.into, _("Choose the one that stays"))
        return _merge_page(form, presenter), 422
    try:
        with transaction() as session:
            service.merge_presenters(
                session,
                presenter_id,
                into_id=into_id,
                now=now(),
                actor_id=current_person_id(),
            )
    except StaleError:
        say(form.into, _("Somebody saved meanwhile. Look again, and choose"))
        return _merge_page(form, presenter), StaleError.status
    forget_pages()
    flash(_("The two are one now."))
    return redirect(url_for(".edit_presenter", presenter_id=into_id), code=303)


def _page(
    form: PresenterForm,
    presenter: Presenter,
    saved: list[tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "events/staff/edit_presenter.html", form=form, presenter=presenter, saved=saved
    )


def _merge_page(form: MergeForm, presenter: Presenter) -> str:
    """Offer who is found by the words asked for; at first, those of a like name."""
    session, words = db.session(), request.args.get("q")
    asked = read_search(presenter.full_name.split()[-1] if words is None else words)
    page = queries.page_presenters(session, words=asked, without=presenter.id)
    if words is None and not page.items:
        asked = ""
        page = queries.page_presenters(session, words=asked, without=presenter.id)
    return render_template(
        "events/staff/merge_presenter.html",
        form=form,
        presenter=presenter,
        presenters=page.items,
        q=asked,
    )


def _desk(form: PresenterForm, presenter: Presenter) -> Desk:
    presenter_id = presenter.id

    def save(session: Any) -> None:
        service.update_presenter(
            session,
            presenter_id,
            form.draft(),
            version=form.seen_version,
            now=now(),
            actor_id=current_person_id(),
        )

    def fresh() -> PresenterForm:
        found = queries.get_presenter(db.session(), presenter_id)
        return PresenterForm(data=typed_of_presenter(found), formdata=None)

    return Desk(
        page=lambda form, **others: _page(form, presenter, **others),
        save=save,
        fresh=fresh,
        words=WORDS,
        done=url_for(".presenters"),
    )
