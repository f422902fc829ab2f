"""Partners: finding them, changing one, and making two that are one so."""

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
from csd_events.events.forms import KINDS, MergeForm, PartnerForm, typed_of_partner
from csd_events.events.models import Partner
from csd_events.events.rules import Fault
from csd_events.events.staff_views.blueprint import Desk, answer, bp

WORDS = {
    Fault.NAME_TAKEN: lazy_gettext(
        "Another partner has this name. Make the two one instead"
    )
}


@bp.get("/partners")
@staff_required
def partners() -> ResponseReturnValue:
    words = read_search(request.args.get("q"))
    after = read_id(request.args.get("after"))
    page = queries.page_partners(db.session(), words=words, after=after)
    return render_template(
        "events/staff/partners.html",
        partners=page.items,
        kinds=KINDS,
        q=words,
        newer_url=url_for(".partners", q=words or None) if after else None,
        older_url=url_for(".partners", q=words or None, after=page.after)
        if page.after
        else None,
    )


@bp.route("/partners/<int:partner_id>/edit", methods=["GET", "POST"])
@guards_itself
@staff_required
def edit_partner(partner_id: int) -> ResponseReturnValue:
    partner = queries.get_partner(db.session(), partner_id)
    if request.method != "POST":
        return _page(PartnerForm(data=typed_of_partner(partner)), partner)
    form = PartnerForm()
    return answer(form, _desk(form, partner))


@bp.route("/partners/<int:partner_id>/merge", methods=["GET", "POST"])
@guards_itself
@staff_required
def merge_partner(partner_id: int) -> ResponseReturnValue:
    """Ask which other one is the same, and make the two one."""
    partner = queries.get_partner(db.session(), partner_id)
    form = MergeForm()
    into_id = read_id(form.into.data)
    if not form.is_submitted():
        return _merge_page(form, partner)
    if not form.validate():
        return _merge_page(form, partner), 422
    if into_id is None or into_id == partner_id:
        say(form.into, _("Choose the one that stays"))
        return _merge_page(form, partner), 422
    try:
        with transaction() as session:
            service.merge_partners(
                session,
                partner_id,
                into_id=into_id,
                now=now(),
                actor_id=current_person_id(),
            )
    except StaleError:
        say(form.into, _("Somebody saved meanwhile. Look again, and choose"))
        return _merge_page(form, partner), StaleError.status
    forget_pages()
    flash(_("The two are one now."))
    return redirect(url_for(".edit_partner", partner_id=into_id), code=303)


def _page(
    form: PartnerForm, partner: Partner, saved: list[tuple[str, str]] | None = None
) -> str:
    return render_template(
        "events/staff/edit_partner.html", form=form, partner=partner, saved=saved
    )


def _merge_page(form: MergeForm, partner: Partner) -> str:
    """Offer who is found by the words asked for; at first, those of a like name."""
    session, words = db.session(), request.args.get("q")
    asked = read_search(partner.name.split()[-1] if words is None else words)
    page = queries.page_partners(session, words=asked, without=partner.id)
    if words is None and not page.items:
        asked = ""
        page = queries.page_partners(session, words=asked, without=partner.id)
    return render_template(
        "events/staff/merge_partner.html",
        form=form,
        partner=partner,
        partners=page.items,
        q=asked,
    )


def _desk(form: PartnerForm, partner: Partner) -> Desk:
    partner_id = partner.id

    def save(session: Any) -> None:
        service.update_partner(
            session,
            partner_id,
            form.draft(),
            version=form.seen_version,
            now=now(),
            actor_id=current_person_id(),
        )

    def fresh() -> PartnerForm:
        found = queries.get_partner(db.session(), partner_id)
        return PartnerForm(data=typed_of_partner(found), formdata=None)

    return Desk(
        page=lambda form, **others: _page(form, partner, **others),
        save=save,
        fresh=fresh,
        words=WORDS,
        done=url_for(".partners"),
    )
