"""The invoices and credit notes of a registration, for who has its link."""

from flask import Response
from flask.typing import ResponseReturnValue

from csd_events.billing import exports
from csd_events.billing import queries as billing
from csd_events.core.db import db
from csd_events.core.tokens import Purpose, links
from csd_events.registrations import queries
from csd_events.registrations.views.blueprint import bp


@bp.get("/registrations/<token>/invoice/<number>.pdf")
def invoice(token: str, number: str) -> ResponseReturnValue:
    session = db.session()
    registration = queries.get_by_link(session, links(), token, Purpose.REGISTRATION)
    found = billing.get_document(session, number, registration_id=registration.id)
    content = exports.pdf(found.invoice, credits_number=found.credits_number)
    name = f"{found.invoice.number}.pdf"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, mimetype="application/pdf", headers=headers)
