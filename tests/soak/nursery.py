"""Processes that have read the program already, so that a life begins at once.

`python -m tests.soak.nursery MODULE …` reads these modules. Then, for each line it is
sent, a list of commands in JSON, it forks a group of processes that do what
Python would with each, and answers with the number of that group.
"""

import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

from tests.killing import ROOT

Commands = Sequence[Sequence[str]]
NO_MORE = "ZX"  # states of a process that has ended


class Nursery:
    """Begins groups of processes, and ends them."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    @contextmanager
    def group_of(self, commands: Commands) -> Iterator[int]:
        """Run processes that live and die together. Yield the group's number."""
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(commands), file=self._process.stdin, flush=True)
        group = int(self._process.stdout.readline())
        try:
            yield group
        finally:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
            while _is_alive(group):
                sleep(0.01)  # what was killed ends by itself; nothing is measured


@contextmanager
def nursery(
    *modules: str, settings: Mapping[str, str], said: Path
) -> Iterator[Nursery]:
    """Keep such a process for a block.

    Args:
        modules: What it reads first.
        settings: The environment of all that come from it.
        said: Where all they say is added.
    """
    with (
        said.open("ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", __name__, *modules],
            cwd=ROOT,
            env=settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield Nursery(process)
        finally:
            process.kill()


def _is_alive(group: int) -> bool:
    """Tell whether any process of a group has not ended."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, of_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(of_group) == group and state not in NO_MORE:
                return True
    return False


def _serve() -> None:
    for line in sys.stdin:
        group = 0
        for command in json.loads(line):
            child = os.fork()
            if child == 0:
                _be(command, group)
            os.setpgid(child, group or child)
            group = group or child
        print(group, flush=True)  # noqa: T201 - its answer


def _be(command: list[str], group: int) -> None:
    """Become what was asked, in this process."""
    os.setpgid(0, group)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(2, 1)
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    sys.argv = command[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    os._exit(0)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who has ended is not waited for
    for name in sys.argv[1:]:
        importlib.import_module(name)
    _serve()
