"""The invoices and credit notes of a registration, for who has its link."""

from flask.typing import ResponseReturnValue

from csd_events.billing import exports
from csd_events.billing import queries as billing
from csd_events.core.db import db
from csd_events.core.downloads import download
from csd_events.registrations.views.blueprint import bp
from csd_events.registrations.views.replacing import open_registration


@bp.get("/registrations/<token>/invoice/<number>.pdf")
def invoice(token: str, number: str) -> ResponseReturnValue:
    registration = open_registration(token)
    found = billing.get_document(db.session(), number, registration_id=registration.id)
    content = exports.pdf(found.invoice, credits_number=found.credits_number)
    return download(content, "application/pdf", f"{found.invoice.number}.pdf")
