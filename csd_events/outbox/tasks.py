"""The delivery loop's work as Celery does it: one task, which takes turns of the loop.

The rows are the truth. A message says only "look", carries no fact, is acknowledged by
nobody and answered by nothing: one that is lost, late or there twice does no harm.
Nothing here compares clocks: what a clock that is set back, or two that differ, would
hold up is left out.
"""

import logging
import ssl
from typing import Any
from urllib.parse import urlsplit

from celery import Celery, signals
from celery.beat import Scheduler
from flask import Flask
from kombu import Connection, Exchange, Queue

from csd_events.core.logs import write_lines
from csd_events.outbox.delivery import Loop

log = logging.getLogger(__name__)

TURN = "csd_events.outbox.turn"
QUEUE = Queue("csd-events", Exchange("csd-events"), "csd-events", no_ack=True)

TICK_EVERY = 1.0  # seconds
#: More that wait than this would find nothing left to do, and fill the broker.
ENOUGH = 20

#: For who rings, who must not be held up: seconds.
CONNECTS_WITHIN, ANSWERS_WITHIN = 1.0, 2.0
_REDIS = {
    "socket_connect_timeout": CONNECTS_WITHIN,
    "socket_timeout": ANSWERS_WITHIN,
}
_AMQP = {"read_timeout": ANSWERS_WITHIN, "write_timeout": ANSWERS_WITHIN}
_QUICKLY = {"redis": _REDIS, "rediss": _REDIS, "amqp": _AMQP, "amqps": _AMQP}
#: Certificates are verified, and for the host that was named.
_TLS = {
    "rediss": {"ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_check_hostname": True},
    "amqps": {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": None},
}
SETTINGS = {
    "accept_content": ["json"],
    "beat_scheduler": f"{__name__}:Ticker",
    "broker_connection_max_retries": None,  # a broker may be away for days
    "broker_connection_retry_on_startup": True,
    "result_backend": None,
    "result_expires": None,
    "task_default_delivery_mode": "transient",
    "task_default_queue": QUEUE.name,
    "task_ignore_result": True,
    "task_queues": [QUEUE],
    # One sender in a process, so that a stop reaches it; for more, more processes.
    "worker_concurrency": 1,
    "worker_pool": "threads",
    "worker_enable_remote_control": False,
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
    "worker_send_task_events": False,
}


def make_celery(broker_url: str) -> Celery:
    """Make a Celery application that can ring; `give_work` lets it answer, too."""
    celery = Celery("csd_events", broker=broker_url, set_as_current=False)
    celery.conf.update(SETTINGS, broker_use_ssl=_TLS.get(_scheme(broker_url)))
    return celery


def give_work(celery: Celery, app: Flask) -> Loop:
    """Let a worker take turns of an application's loop, until it is told to stop."""
    loop = Loop(app)
    celery.task(loop.catch_up, name=TURN, shared=False)

    def stop(**_given: Any) -> None:
        """Let the message in hand be the last; the worker waits for it."""
        loop.stop()

    signals.worker_shutting_down.connect(stop, weak=False)
    signals.setup_logging.connect(_write_lines, weak=False)
    return loop


def _write_lines(**_given: Any) -> None:
    """Set up logging in Celery's place, which would take over more than its own."""
    for name in ("celery", "kombu"):
        write_lines(name, logging.WARNING)


class Doorbell:
    """Asks for a turn of some worker: within moments, or not at all."""

    def __init__(self, broker_url: str) -> None:
        self._celery = make_celery(broker_url)
        self._options = _QUICKLY[_scheme(broker_url)]
        self._connection: Connection | None = None
        self._was_away = False

    def ring(self) -> bool:
        """Ask, unless enough wait already. Tell whether the broker took it."""
        was_held = self._connection is not None
        error = self._try()
        if error and was_held:  # the broker may have started again since
            error = self._try()
        self._note(error)
        return error is None

    def _try(self) -> Exception | None:
        try:
            self._send()
        except Exception as error:  # noqa: BLE001 - as many kinds as there are brokers
            self._hang_up()
            return error
        return None

    def _send(self) -> None:
        if self._connection is None:
            self._connection = self._celery.connection_for_write(
                connect_timeout=CONNECTS_WITHIN, transport_options=self._options
            )
        with self._connection.channel() as channel:
            QUEUE(channel).declare()
            waiting = channel.queue_declare(
                QUEUE.name, durable=True, auto_delete=False
            ).message_count
            if waiting < ENOUGH:
                producer = self._celery.amqp.Producer(channel, auto_declare=False)
                self._celery.send_task(TURN, producer=producer, retry=False)

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect(socket_timeout=CONNECTS_WITHIN)

    def _note(self, error: Exception | None) -> None:
        """Say once that the broker went away, and once that it is back."""
        if error and not self._was_away:
            log.warning("the broker is away: %s: %s", type(error).__name__, error)
        if self._was_away and not error:
            log.warning("the broker is back")
        self._was_away = error is not None


class Ticker(Scheduler):
    """Beat's scheduler: it asks for a turn every second, and knows nothing else.

    It keeps no file and reads no clock that can be set, both of which have stopped
    beats without a word. Several of them at once ring more often, which does no harm.
    """

    def __init__(self, app: Celery, **given: Any) -> None:
        super().__init__(app, **given)
        self._bell = Doorbell(app.conf.broker_url)

    def tick(self, *_given: Any, **_named: Any) -> float:
        """Ask for a turn. Return the seconds until the next tick."""
        self._bell.ring()
        return TICK_EVERY


def _scheme(url: str) -> str:
    return urlsplit(url).scheme
