"""How gunicorn serves `make run`: two processes, each with its mail loop.

The loop starts in the worker, after the fork: a thread does not survive one.
"""

import ctypes
import os
import signal
from contextlib import suppress

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from csd_events.outbox.delivery import start_loop, stop_loop

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = 2
threads = 2
worker_class = "gthread"
accesslog = None  # paths hold the tokens of private links
loglevel = "warning"
control_socket_disable = True
graceful_timeout = 10  # seconds for requests under way when the server stops


#: `M_MMAP_THRESHOLD` of mallopt(3): what is larger goes back to the system when freed.
MMAP_THRESHOLD, LARGE = -3, 1 << 20


def when_ready(_server: Arbiter) -> None:
    """Say where, once it is true."""
    print(f"CSD Events is at http://{bind} (Ctrl-C stops it)", flush=True)


def post_worker_init(worker: Worker) -> None:
    """Start the mail loop; leave Ctrl-C, which reaches us all, to the arbiter.

    It tells each worker to stop. A worker that had heard of it twice would be torn
    from the message in hand, or wait for itself until it is killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _give_memory_back()
    start_loop(worker.wsgi)


def _give_memory_back() -> None:
    """Keep none of the 19 MiB that checking a password takes.

    glibc keeps what it was given once, for each thread: 57 MiB a process. Other C
    libraries have nothing to set here.
    """
    with suppress(AttributeError):
        ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, LARGE)


def worker_exit(_server: Arbiter, _worker: Worker) -> None:
    stop_loop()


def on_exit(_server: Arbiter) -> None:
    print("CSD Events has stopped.", flush=True)
