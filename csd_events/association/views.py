"""What the association says about privacy and accessibility."""

from flask import Blueprint, render_template

from csd_events.association.mail import speaker
from csd_events.association.rules import AssociationView, literal
from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.text import markdown
from csd_events.core.words import gettext as _

bp = Blueprint("association", __name__)


@bp.get("/privacy")
def privacy() -> str:
    association = speaker(db.session(), now=now())
    return _page(_("Privacy"), association.privacy_words, association)


@bp.get("/accessibility")
def accessibility() -> str:
    association = speaker(db.session(), now=now())
    return _page(_("Accessibility"), association.accessibility_words, association)


def _page(title: str, words: str, association: AssociationView) -> str:
    return render_template(
        "association/words.html",
        title=title,
        html=markdown(f"{words}\n\n{_contact(association)}"),
    )


def _contact(association: AssociationView) -> str:
    """Say in Markdown how to reach the association, as far as that is known."""
    known = (
        (_("Email"), f"<{association.reply_address}>", association.reply_address),
        (_("Telephone"), literal(association.telephone), association.telephone),
        (_("Mail"), literal(association.postal_address), association.postal_address),
    )
    lines = [f"- {label}: {words}" for label, words, given in known if given]
    heading, name = _("How to reach us"), literal(association.name)
    return "\n".join([f"## {heading}", "", name, "", *lines])
