"""Workers and beat as real processes, on a real Redis and a real PostgreSQL."""

import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from kombu import Connection
from sqlalchemy import select

from csd_events.core.clock import utc_now
from csd_events.core.db import db
from csd_events.outbox.models import OutboxMessage
from csd_events.outbox.queries import health
from csd_events.outbox.rules import LOOP_DEAD_AFTER, State
from csd_events.outbox.tasks import ENOUGH, QUEUE, Doorbell
from tests.factories import make_event
from tests.guests import register
from tests.killing import (
    Assassin,
    Moment,
    all_alike,
    draw_blow,
    let_leases_end,
    not_marked,
    registered,
    seeded,
    states,
)
from tests.mailing import people
from tests.scaled.working import Site, site_on, wait_until
from tests.smtp import Postman
from tools import postgres
from tools.brokers import Broker, free_port

pytestmark = pytest.mark.postgres_only  # workers need one

SENDERS = 2
KILLS = 3
FARTHEST = 10  # mails of a life that ends by a kill


@contextmanager
def in_the_middle(site: Site) -> Iterator[None]:
    """Hold the first mail at the mail server for a block; then let all go on."""
    server = site.server
    assert isinstance(server, Postman)
    server.holds = True
    yield
    server.holds = False
    server.goes_on.set()


def first_mail_came(site: Site) -> None:
    assert isinstance(site.server, Postman)
    wait_until(site.server.arrived.is_set, or_say=site.what_they_said)


def test_several_workers_and_beat_run_twice_send_every_mail_once(site: Site) -> None:
    """Two hold mails at one time before any goes on."""
    registered(site.session, people(150))
    with site.workers(3), site.beat(), site.beat():
        with in_the_middle(site):
            came = site.server.recipients
            wait_until(lambda: len(came) > 1, or_say=site.what_they_said)
        site.sent_once(list(people(150)))
    assert site.server.connections > 1
    attempts = select(OutboxMessage.attempts).distinct()
    assert site.session.scalars(attempts).all() == [1]


def test_a_broker_that_is_killed_and_starts_empty_loses_nothing(site: Site) -> None:
    registered(site.session, people(40))
    with site.workers(SENDERS), site.beat():
        with in_the_middle(site):
            first_mail_came(site)
            site.broker.kill()
            site.broker.start()
        late = ["late@example.org", "later@example.org"]
        registered(site.session, late)
        site.sent_once([*people(40), *late])


def test_while_the_broker_is_away_people_register_and_their_mail_comes_once_it_is_back(
    site: Site,
) -> None:
    make_event(site.session, slug="talk")
    everyone = list(people(3))
    with site.web(free_port()) as address, site.workers(1), site.beat():
        site.broker.kill()
        pages = [register(address, "talk", email=email) for email in everyone]
        assert ["You are registered" in page for page in pages] == [True] * 3
        wait_until(lambda: "broker is away" in site.what_they_said())
        assert states(site.session) == {State.QUEUED: 3}
        assert site.server.recipients == []
        site.broker.start()
        site.sent_once(everyone)


def test_pages_ring_for_workers_and_send_no_mail_themselves(site: Site) -> None:
    """Without beat: nothing but the bell of the page can wake a worker."""
    make_event(site.session, slug="talk")
    with site.web(free_port()) as address:
        register(address, "talk", email="ada@example.org")
        wait_until(lambda: waiting_in(site.broker) == 1, or_say=site.what_they_said)
        assert states(site.session) == {State.QUEUED: 1}
        with site.workers(1):
            site.sent_once(["ada@example.org"])


def test_what_asks_for_work_while_workers_are_away_does_not_pile_up(
    broker: Broker,
) -> None:
    bells = [Doorbell(broker.url), Doorbell(broker.url)]
    rung = [bell.ring() for _ in range(ENOUGH) for bell in bells]
    assert rung == [True] * (2 * ENOUGH)
    assert waiting_in(broker) == ENOUGH


def test_workers_recover_when_the_database_is_restarted_under_them(
    broker: Broker, tmp_path: Path
) -> None:
    """What was in hand may come again; its server has no other way to know."""
    binaries = postgres.find()
    assert binaries is not None
    server = Postman()
    with (
        postgres.serving(binaries) as database,
        site_on(database.url, broker, server, said=tmp_path) as site,
    ):
        registered(site.session, people(40))  # of which one worker takes hold
        with site.workers(SENDERS), site.beat():
            with in_the_middle(site):
                first_mail_came(site)
                site.session.close()
                database.stop()
            wait_until(lambda: "stumbled" in site.what_they_said())
            database.start()
            db.engine.dispose()
            let_leases_end(site.session)
            wait_until(
                lambda: states(site.session) == {State.SENT: 40},
                or_say=site.what_they_said,
            )
        age = health(site.session, now=utc_now()).loop_age
    repeated = Counter(server.recipients) - Counter(people(40))
    assert set(server.recipients) == set(people(40))
    assert repeated.total() <= 1
    assert age is not None
    assert age < LOOP_DEAD_AFTER


def test_a_worker_that_is_told_to_stop_lets_the_message_in_hand_be_its_last(
    site: Site,
) -> None:
    registered(site.session, people(5))
    with site.workers(1) as (worker,):
        with in_the_middle(site):
            assert Doorbell(site.broker.url).ring()
            first_mail_came(site)
            os.kill(worker, signal.SIGTERM)
            wait_until(lambda: "Warm shutdown" in site.what_they_said())
        wait_until(lambda: has_ended(worker), or_say=site.what_they_said)
    assert states(site.session) == {State.SENT: 1, State.QUEUED: 4}
    assert len(site.server.recipients) == 1


def test_workers_killed_at_any_moment_lose_no_mail_and_repeat_one_each_at_most(
    own_url: str, broker: Broker, tmp_path: Path
) -> None:
    draw, server = seeded(), Assassin()
    with site_on(own_url, broker, server, said=tmp_path) as site, site.beat():
        registered(site.session, people(60))
        for _ in range(KILLS):
            strike(site, server, draw)
        server.take_aim(None)
        with site.workers(SENDERS):
            wait_until(
                lambda: states(site.session) == {State.SENT: 60},
                or_say=site.what_they_said,
            )
    assert set(server.copies()) == set(people(60))
    assert server.repeats() <= KILLS * SENDERS
    assert all_alike(server.copies())


def strike(site: Site, server: Assassin, draw: Random) -> None:
    """Let workers live until a moment that was drawn; see what they leave behind."""
    moment = draw.choice(list(Moment))
    server.take_aim(draw_blow(draw, moment, farthest=FARTHEST))
    came = len(server.recipients)
    with site.workers(SENDERS) as pids:
        server.victim = pids[0]
        wait_until(server.fell.is_set, or_say=site.what_they_said)
    assert len(not_marked(site.session, server.recipients[came:])) <= SENDERS
    let_leases_end(site.session)


def waiting_in(broker: Broker) -> int:
    """Count the messages that no worker has taken yet."""
    with Connection(broker.url) as connection:
        queue = connection.channel().queue_declare(QUEUE.name)
        number: int = queue.message_count
    return number


def has_ended(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or re.search(r"\) [ZX] ", stat.read_text()) is not None
