"""Two hundred kills over five thousand mails: none lost, hardly one twice.

Whatever delivers is killed by the system as a group, at instants that are drawn from a
seed, and started again. What a dead process holds comes free when its lease ends, which
nobody waits for here.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from sqlalchemy.orm import Session

from csd_events.core.db import db
from csd_events.outbox.rules import State
from tests.killing import (
    PATIENCE,
    Assassin,
    Moment,
    all_alike,
    draw_blow,
    group_of,
    ids_to,
    let_leases_end,
    not_marked,
    registered,
    seeded,
    settings_of,
    states,
    warned_in,
)
from tests.mailing import people
from tests.scaled.working import BEAT, SERVER, WORKER, wait_until
from tests.smtp import mail_server
from tests.soak.nursery import nursery
from tests.system.world import build, leave
from tools import brokers, postgres

MAILS = 5000
KILLS = 200
SENDERS = 2
TOLD_EVERY = 20  # kills
FARTHEST = 40  # mails of a life; all lives together leave some for the last


@dataclass(frozen=True)
class Deliverers:
    """What Python runs in each of some processes, and what it reads for that."""

    reading: list[str]
    commands: list[list[str]]


@pytest.fixture
def draw() -> Random:
    return seeded()


def test_a_server_that_is_killed_200_times_loses_none_of_5000_mails(
    tmp_path: Path, draw: Random
) -> None:
    """Embedded: the server with its two loops, on SQLite."""
    port = str(brokers.free_port())
    with world(f"sqlite:///{tmp_path / 'soak.db'}") as session:
        kill_again_and_again(
            session, draw, Deliverers(["wsgi"], [SERVER]), tmp_path, PORT=port
        )


def test_workers_that_are_killed_200_times_lose_none_of_5000_mails(
    tmp_path: Path, draw: Random
) -> None:
    """Scaled out: two workers, with beat, on PostgreSQL and Redis."""
    server = postgres.find()
    assert server is not None
    with (
        postgres.running(server) as url,
        brokers.redis() as broker,
        world(url) as session,
    ):
        told = {"CELERY_BROKER_URL": broker.url}
        settings = settings_of(url, mail_port=1, **told)  # beat sends no mail itself
        workers = [[*WORKER, "--hostname", f"{n}@%h"] for n in range(SENDERS)]
        with group_of(BEAT, settings=settings, said=tmp_path / "beat"):
            kill_again_and_again(
                session,
                draw,
                Deliverers(["csd_events.worker"], workers),
                tmp_path,
                **told,
            )


@contextmanager
def world(url: str) -> Iterator[Session]:
    """Give a database in which everybody has a mail that is due."""
    app = build(url)
    with app.app_context():
        db.create_all()
        with Session(db.engine, expire_on_commit=False) as session:
            registered(session, people(MAILS))
            yield session
        leave()


def kill_again_and_again(
    session: Session, draw: Random, who: Deliverers, folder: Path, **told: str
) -> None:
    """Kill what delivers, look after each kill, let the last life do the rest."""
    said, server, begun = folder / "said", Assassin(), monotonic()
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    moments: Counter[Moment] = Counter()
    with mail_server(server) as port:
        settings = settings_of(url, mail_port=port, **told)
        with nursery(*who.reading, settings=settings, said=said) as home:
            for _ in range(KILLS):
                moment = draw.choice(list(Moment))
                server.take_aim(draw_blow(draw, moment, farthest=FARTHEST))
                came = len(server.recipients)
                with home.group_of(who.commands) as server.victim:
                    assert server.fell.wait(PATIENCE), said.read_text()[-2000:]
                moments[moment] += 1
                assert len(not_marked(session, server.recipients[came:])) <= SENDERS
                let_leases_end(session)
                if moments.total() % TOLD_EVERY == 0:
                    tell(moments, server, begun)
            server.take_aim(None)
            with home.group_of(who.commands):
                wait_until(lambda: states(session) == {State.SENT: MAILS})
    tell(moments, server, begun)
    copies = server.copies()
    twice = {who for who, ids in copies.items() if len(ids) > 1}
    assert set(copies) == set(people(MAILS))
    assert server.repeats() <= KILLS * SENDERS
    assert all_alike(copies)
    assert ids_to(session, twice) <= warned_in(said.read_text())


def tell(moments: Counter[Moment], server: Assassin, begun: float) -> None:
    """Print how it stands: the figures are what it is run for."""
    came = len(server.copies())
    when = ", ".join(f"{n} {moment.name}" for moment, n in sorted_by_name(moments))
    print(  # noqa: T201 - see above
        f"{moments.total()} kills ({when}): {came} of {MAILS} mails came, "
        f"{server.repeats()} of them again; {monotonic() - begun:.0f} s",
        flush=True,
    )


def sorted_by_name(moments: Counter[Moment]) -> list[tuple[Moment, int]]:
    return sorted(moments.items(), key=lambda each: each[0].value)
