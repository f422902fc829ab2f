"""The ways of running that the documents show are those that are tested."""

import re
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.architecture.files import ROOT, strings
from tests.scaled.working import BEAT, SERVER, WORKER

RUNNING = ROOT / "docs" / "running"
CHECKOUT = "/srv/csd-events"
OURS = ("web", "worker", "beat")


def unit(name: str) -> ConfigParser:
    """Read a unit of systemd, in which each key stands once but `Environment`."""
    read = ConfigParser(interpolation=None, strict=True, delimiters="=")
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string((RUNNING / name).read_text(encoding="utf-8"))
    return read


def services() -> dict[str, Any]:
    compose = yaml.safe_load((RUNNING / "compose.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = compose["services"]
    return found


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("csd-events-web.service", ["-m", "tools.serve"]),
        ("csd-events-worker@.service", [*WORKER, "--hostname", "%i@%%h"]),
        ("csd-events-beat.service", BEAT),
    ],
)
def test_a_unit_starts_what_the_tests_start(name: str, command: list[str]) -> None:
    service = unit(name)["Service"]
    program, *arguments = service["ExecStart"].split()
    assert (program, arguments) == (f"{CHECKOUT}/.venv/bin/python", command)
    assert service["WorkingDirectory"] == CHECKOUT
    assert service["Environment"] == "CSD_ENV=production"


def test_a_unit_that_sends_mail_may_finish_the_message_in_hand() -> None:
    """A stop reaches the first process alone, which tells the others."""
    for name in ("csd-events-web.service", "csd-events-worker@.service"):
        service = unit(name)["Service"]
        assert (service["KillMode"], service["TimeoutStopSec"]) == ("mixed", "60")


def test_the_services_of_the_compose_file_start_what_the_tests_start() -> None:
    commands = {name: services()[name]["command"] for name in OURS}
    *server, bind, address, app = commands["web"]
    assert (bind, address) == ("--bind", "0.0.0.0:8000")
    assert [*server, app] == ["python", *SERVER]
    assert commands["worker"] == ["python", *WORKER]
    assert commands["beat"] == ["python", *BEAT]


def test_the_compose_file_is_whole() -> None:
    found = services()
    for name, service in found.items():
        assert set(service.get("depends_on", {})) <= set(found), name
    for name in (*OURS, "start-up"):
        build = found[name]["build"]
        assert (RUNNING / build["context"]).resolve() == ROOT
        copied = re.findall(
            r"^COPY (?!--)(\S+)", build["dockerfile_inline"], re.MULTILINE
        )
        assert [(ROOT / each).exists() for each in copied] == [True]
        assert found[name]["environment"].keys() <= set(strings(ROOT / "config.py"))


def test_every_file_of_running_is_shown_in_the_docs() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    linked = {Path(link).name for link in re.findall(r"\]\((running/[^)]+)\)", text)}
    assert linked == {path.name for path in RUNNING.iterdir()}
