"""For operators: whether the process lives, and whether all is in order."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from csd_events.core.clock import now
from csd_events.core.db import db
from csd_events.core.schema import is_migrated
from csd_events.home.views.blueprint import bp
from csd_events.outbox import queries as outbox
from csd_events.outbox.queries import Health
from csd_events.outbox.rules import LOOP_DEAD_AFTER
from csd_events.registrations.service import check_counters

NOT_READY = 503


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    return jsonify(status="alive")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say 503 for the database, an unfinished migration or a dead loop.

    A mail server that does not answer is no reason to turn visitors away: then mail
    waits, and this says how much and since when. Counters that differ from their
    rows are named; they turn nobody away either.
    """
    try:
        migrated = is_migrated(db.session())
        health = outbox.health(db.session(), now=now()) if migrated else None
        wrong = check_counters(db.session(), not_over_at=now()) if migrated else []
    except SQLAlchemyError:
        return jsonify(status="not ready", database="does not answer"), NOT_READY
    if health is None:
        return jsonify(status="not ready", database="is not migrated"), NOT_READY
    alive = health.loop_age is not None and health.loop_age < LOOP_DEAD_AFTER
    answer = {
        "status": "ready" if alive else "not ready",
        "database": "in order",
        "loop": "in order" if alive else "dead",
        "mail": _mail(health),
        "counters": wrong or "in order",
    }
    return jsonify(answer), 200 if alive else NOT_READY


def _mail(health: Health) -> dict[str, object]:
    since = health.since.isoformat() if health.since else None
    return {"waiting": health.waiting, "since": since}
