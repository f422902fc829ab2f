"""The blueprint of these pages, and what several of them do."""

from datetime import date

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from csd_events.association import queries as association
from csd_events.core.clock import now
from csd_events.core.db import db

bp = Blueprint("organizations_staff", __name__, url_prefix="/staff")


def today() -> date:
    """Return the day it is where the association is."""
    return association.today(db.session(), now())


def back_to(organization_id: int) -> ResponseReturnValue:
    """Go to the page of an organization after something was recorded."""
    address = url_for(
        "organizations_staff.organization", organization_id=organization_id
    )
    return redirect(address, code=303)
