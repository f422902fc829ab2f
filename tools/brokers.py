"""A Redis or a RabbitMQ for the length of a test, and nothing left of it after.

Uses the programs of this machine. Each listens on this machine alone, keeps what it
must in a folder of its own, and never meets one that an operator runs here.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kombu import Connection

HOST = "127.0.0.1"
REDIS = "redis-server"
#: Not the one in the path: that is a script which asks to be run by its own user.
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
PATIENCE = 600  # looks, a tenth of a second apart


def has_redis() -> bool:
    return _runs(REDIS, "--version")


def has_rabbitmq() -> bool:
    return RABBITMQ.exists() and _runs("erl", "-version")


def _runs(*command: str) -> bool:
    """Tell whether a program is here, and does what it should."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@dataclass
class Broker:
    """A broker that can be killed, and started again with nothing in it."""

    url: str
    begin: Callable[[], "subprocess.Popen[bytes]"]
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            RuntimeError: It did not.
        """
        process = self.begin()
        self.processes.append(process)
        for _ in range(PATIENCE):
            if process.poll() is not None:
                break
            with (
                contextlib.suppress(Exception),
                Connection(self.url, connect_timeout=1) as connection,
            ):
                connection.channel()
                return
            time.sleep(0.1)
        raise RuntimeError(f"{self.url} did not start")

    def kill(self) -> None:
        """End it as a power cut would. What waited in it is gone."""
        while self.processes:
            process = self.processes.pop()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def redis() -> Iterator[Broker]:
    """Run a Redis that keeps nothing on disk."""
    with tempfile.TemporaryDirectory(prefix="csd-redis-") as home:
        port = free_port()
        settings = ["--port", str(port), "--bind", HOST, "--save", "", "--dir", home]

        def begin() -> "subprocess.Popen[bytes]":
            return started([REDIS, *settings], home=home)

        with _running(Broker(f"redis://{HOST}:{port}/0", begin)) as broker:
            yield broker


@contextlib.contextmanager
def rabbitmq() -> Iterator[Broker]:
    """Run a RabbitMQ, with a port mapper of its own."""
    home = tempfile.mkdtemp(prefix="csd-rabbitmq-")
    port, mapper, distribution = free_port(), free_port(), free_port()
    environment = {
        "ERL_EPMD_ADDRESS": HOST,
        "ERL_EPMD_PORT": str(mapper),
        "HOME": home,  # where Erlang keeps the secret of its nodes
        "PATH": os.environ["PATH"],
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_ENABLED_PLUGINS_FILE": f"{home}/plugins",
        "RABBITMQ_LOG_BASE": f"{home}/log",
        "RABBITMQ_MNESIA_BASE": f"{home}/data",
        "RABBITMQ_NODENAME": f"csd{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": HOST,
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "-kernel inet_dist_use_interface {127,0,0,1}"
        ),
    }
    user = servant("rabbitmq", home)

    def begin() -> "subprocess.Popen[bytes]":
        shutil.rmtree(f"{home}/data", ignore_errors=True)
        return started([str(RABBITMQ)], home=home, env=environment, **user)

    try:
        with (
            _mapping(environment, home, user),
            _running(Broker(f"amqp://guest:guest@{HOST}:{port}//", begin)) as broker,
        ):
            yield broker
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def _running(broker: Broker) -> Iterator[Broker]:
    try:
        broker.start()
        yield broker
    finally:
        broker.kill()


@contextlib.contextmanager
def _mapping(
    environment: dict[str, str], home: str, user: dict[str, Any]
) -> Iterator[None]:
    """Run Erlang's port mapper; a node would start one that outlives it."""
    mapper = started(["epmd"], home=home, env=environment, **user)
    try:
        yield
    finally:
        mapper.kill()
        mapper.wait()


def servant(name: str, home: str) -> dict[str, Any]:
    """Say as whom to run when root asks. Give that user the folder."""
    if os.geteuid() != 0:
        return {}
    users = {user.pw_name: user for user in pwd.getpwall()}
    user = users.get(name) or users["nobody"]
    os.chown(home, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def started(
    command: list[str], *, home: str, **others: Any
) -> "subprocess.Popen[bytes]":
    """Start a program in a group of its own, which ends with all it has started."""
    return subprocess.Popen(
        command,
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **others,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
