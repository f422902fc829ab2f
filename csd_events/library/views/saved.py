"""Saved: what somebody keeps of the library for themselves, with a note."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from csd_events.accounts.rules import local_path
from csd_events.accounts.views import signed_in
from csd_events.core.access import current_person, sign_in_required
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.errors import NotFoundError
from csd_events.core.pages import ListPage
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _
from csd_events.library import queries, service
from csd_events.library.forms import SavedForm
from csd_events.library.queries import Saved
from csd_events.library.rules.searching import EntryKind
from csd_events.library.views.blueprint import bp, entry_url
from csd_events.library.words import FOUND_WORDS, SavedLine, saved_line


@bp.get("/me/library")
@sign_in_required
def saved() -> ResponseReturnValue:
    cursor = request.args.get("after")
    page = queries.page_saved(db.session(), signed_in().person_id, cursor=cursor)
    return render_template(
        "library/saved.html",
        page=ListPage(
            [_line(each) for each in page.items],
            url_for(".saved") if cursor else None,
            url_for(".saved", after=page.after) if page.after else None,
        ),
        button=FlaskForm(),
    )


@bp.route("/library/save/<kind>/<key>", methods=["GET", "POST"])
@guards_itself
def save(kind: str, key: str) -> ResponseReturnValue:
    """Save something; whoever is not signed in reads that it needs an account."""
    if kind not in set(EntryKind):
        raise NotFoundError(kind)
    what = EntryKind(kind), key
    entry = queries.find_entry(db.session(), *what)
    back = local_path(request.values.get("next", "")) or entry_url(*what)
    person = current_person()
    if person is None:
        here = url_for(".save", kind=kind, key=key, next=back)
        page = render_template(
            "library/save_first.html", title=entry.title, back=back, here=here
        )
        return page, 403 if request.method == "POST" else 200
    form = SavedForm()
    if not form.validate_on_submit():
        page = render_template(
            "library/save.html",
            form=form,
            title=entry.title,
            kind_words=str(FOUND_WORDS[entry.kind]),
            back=back,
        )
        return page, 422 if form.errors else 200
    with transaction() as session:
        service.save_item(
            session, person.person_id, what, note=form.note.data, now=now()
        )
    flash(_("Saved. It is on your page, under Saved."))
    return redirect(back, code=303)


@bp.route("/me/library/<int:item_id>", methods=["GET", "POST"])
@guards_itself
@sign_in_required
def saved_note(item_id: int) -> ResponseReturnValue:
    person_id = signed_in().person_id
    row = queries.get_saved(db.session(), person_id, item_id)
    form = SavedForm(data={"note": row.note})
    if not form.validate_on_submit():
        page = render_template("library/saved_note.html", form=form, title=row.title)
        return page, 422 if form.errors else 200
    with transaction() as session:
        service.change_note(session, person_id, item_id, note=form.note.data)
    flash(_("Your note is saved."))
    return redirect(url_for(".saved"), code=303)


@bp.post("/me/library/<int:item_id>/drop")
@sign_in_required
def drop_saved(item_id: int) -> ResponseReturnValue:
    with transaction() as session:
        service.drop_saved(session, signed_in().person_id, item_id)
    flash(_("Taken away, with your note."))
    back = local_path(request.form.get("next", ""))
    return redirect(back or url_for(".saved"), code=303)


def _line(each: Saved) -> SavedLine:
    url = entry_url(each.entry.kind, each.entry.key) if each.entry else None
    return saved_line(each.item, url=url)
