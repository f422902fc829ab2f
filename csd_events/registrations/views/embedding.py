"""The form in a frame on the association's own site."""

from flask import current_app
from flask.typing import ResponseReturnValue

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.web import framed_by
from csd_events.events import queries as events
from csd_events.registrations import service
from csd_events.registrations.rules import VIA_FRAME, Refusal
from csd_events.registrations.views.blank import new_form
from csd_events.registrations.views.blueprint import bp
from csd_events.registrations.views.forms import form_page, refuse

FRAME = "registrations/embed.html"


@bp.get("/embed/<slug>")
def embed(slug: str) -> ResponseReturnValue:
    """Show a guest's form, or why there is none; what is sent leads to our pages."""
    framed_by(current_app.config["EMBED_ORIGINS"])
    event = events.get_with_offers(db.session(), slug)
    found = service.terms_for(db.session(), event, None, now=now())
    refusal = service.refusal_of(event, found)
    if refusal not in {None, Refusal.NOT_INVITED}:
        return refuse(event, refusal, found, frame=FRAME)
    form = new_form(event, found, framed="1", via=VIA_FRAME)
    return form_page(event, form, found, frame=FRAME)
