"""The same on RabbitMQ: mail goes, and a broker that was lost loses none."""

from collections.abc import Iterator

import pytest

from tests.factories import make_event
from tests.guests import register
from tests.killing import registered
from tests.mailing import people
from tests.scaled.working import Site
from tools import brokers
from tools.brokers import Broker, free_port

pytestmark = pytest.mark.postgres_only  # workers need one


@pytest.fixture
def broker() -> Iterator[Broker]:
    with brokers.rabbitmq() as broker:
        yield broker


def test_on_rabbitmq_too_every_mail_goes_once_and_a_lost_broker_loses_none(
    site: Site,
) -> None:
    make_event(site.session, slug="talk")
    with site.web(free_port()) as address, site.workers(2), site.beat():
        register(address, "talk", email="ada@example.org")
        site.sent_once(["ada@example.org"])
        site.broker.kill()
        registered(site.session, people(30))
        site.broker.start()
        site.sent_once(["ada@example.org", *people(30)])
