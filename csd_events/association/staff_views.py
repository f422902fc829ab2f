"""The page on which administrators say who the association is."""

from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from csd_events.association import queries, service
from csd_events.association.forms import AssociationForm
from csd_events.association.mail import with_addresses
from csd_events.association.rules import AssociationView
from csd_events.core.access import administrator_required, current_person_id
from csd_events.core.clock import now
from csd_events.core.db import db, transaction
from csd_events.core.pagecache import forget_pages
from csd_events.core.web import guards_itself
from csd_events.core.words import gettext as _

bp = Blueprint("association_staff", __name__)


@bp.route("/staff/association", methods=["GET", "POST"])
@guards_itself
@administrator_required
def edit() -> ResponseReturnValue:
    present = queries.read(db.session())
    form = AssociationForm(data=asdict(present))
    if not (form.is_submitted() and form.validate()):
        page = render_template(
            "association/staff/edit.html",
            form=form,
            wanted=present.sender_address,
            comes_from=_comes_from_another(present),
        )
        return page, 422 if form.is_submitted() else 200
    with transaction() as session:
        service.save(
            session,
            form.filled_in(present),
            now=now(),
            actor_id=current_person_id(),
        )
    forget_pages()
    flash(_("Saved. Pages and mails say it from now on."))
    return redirect(url_for(".edit"), code=303)


def _comes_from_another(present: AssociationView) -> str | None:
    """Return what mail comes from where that is not what staff have entered."""
    sender = with_addresses(present).sender_address
    return sender if present.sender_address not in {"", sender} else None
