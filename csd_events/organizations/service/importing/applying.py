"""Write what a file says, thing by thing, in the order they need each other."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from csd_events.audit import service as audit
from csd_events.audit.service import Entry
from csd_events.core.db import Turn, take_turns
from csd_events.imports import service as imports
from csd_events.imports.rules import RunState
from csd_events.organizations.models import ImportRun
from csd_events.organizations.rules import Step
from csd_events.organizations.service.importing.rows import Written
from csd_events.organizations.service.importing.things import (
    THINGS,
    next_things,
    settle,
)
from csd_events.organizations.service.importing.writing import WRITERS

#: What the audit trail calls them.
SUBJECTS = {
    Step.ORGANIZATION: ("organization", "created"),
    Step.PARENT: ("organization", "created"),
    Step.AFFILIATION: ("affiliation", "recorded"),
    Step.MEMBERSHIP: ("membership", "recorded"),
}


def apply_piece(session: Session, run: ImportRun, *, now: datetime) -> None:
    """Write the next things of a run. Which they are was decided when comparing.

    What has changed since then counts: values on record now are the ones that are
    kept as before, and what is by now as the file says is left alone.
    """
    # Two that write the same rows in another order would wait for each other.
    take_turns(session, Turn.IMPORTS)
    mine = next_things(session, run, THINGS.c.is_news, backward=False)
    if not mine:
        _finish(session, run, now=now)
        return
    step = Step(mine[0].step)
    written = WRITERS[step](session, run, mine, now)
    settle(
        session,
        [
            {"id": w.thing_id, "row_id": w.row_id, "before": w.before, "after": w.after}
            for w in written
        ],
    )
    _note(session, run, step, written, now=now)
    run.step, run.cursor = step, mine[-1].id
    run.done += len(mine)
    imports.count(run, {f"{step.name.lower()}s": len(written)})


def _finish(session: Session, run: ImportRun, *, now: datetime) -> None:
    run.begin(RunState.DONE, run.known, done=run.known)
    imports.record(session, run, "import_run.done", now=now)


def _note(
    session: Session,
    run: ImportRun,
    step: Step,
    written: Sequence[Written],
    *,
    now: datetime,
) -> None:
    """Write each change into the audit trail, with before and after."""
    if step not in SUBJECTS:
        return
    kind, made = SUBJECTS[step]
    entries = [
        Entry(
            f"{kind}.{made if w.before is None else 'saved'}",
            w.row_id,
            {name: [(w.before or {}).get(name), v] for name, v in w.after.items()}
            | {"import_run": run.id},
        )
        for w in written
    ]
    audit.record_all(session, entries, now=now, actor_id=run.actor_id)
