"""Install pinned requirements into `.venv`, only when they have changed.

    python tools/install.py base|scale|dev            install, unless it is there
    python tools/install.py base|scale|dev --current  only say, by exit code, if it is

Runs under any Python of the machine, with nothing but the standard library. A stamp
in `.venv` holds what was installed last; it is written at the very end, so that an
interrupted install is done again.
"""

import hashlib
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
VERSION = ".".join(str(part) for part in sys.version_info[:2])


def main(group: str, *, only_ask: bool) -> int:
    """Bring `.venv` up to `requirements/<group>.txt`. Return an exit code."""
    requirements = Path("requirements", f"{group}.txt")
    wanted = f"{VERSION} {hashlib.sha256(requirements.read_bytes()).hexdigest()}"
    stamp = VENV / f"installed-{group}"
    if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
        return 0
    if only_ask:
        return 1
    print("Preparing .venv, which holds what CSD Events needs.", flush=True)
    if made := _run(["-m", "venv", *_clear(), str(VENV)], with_python=sys.executable):
        return made
    if failed := _install(requirements):
        print(
            "Nothing was broken; the same command tries again. The reason is above.",
            file=sys.stderr,
        )
        return failed
    stamp.write_text(wanted)
    return 0


def _clear() -> list[str]:
    """Start over when `.venv` was made by another version, or no longer runs."""
    if not VENV.exists():
        return []
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    command = [str(PYTHON), "-c", ask]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ["--clear"]
    return [] if answer.stdout.strip() == VERSION else ["--clear"]


def _install(requirements: Path) -> int:
    """Let pip install by hash, and say how far it is.

    The file is complete, so nothing is resolved (`--no-deps`): older pips look for
    a package named with an extra beyond its pin, and refuse once a newer is out.
    """
    known = sum("==" in line for line in requirements.read_text().splitlines())
    options = ["--require-hashes", "--no-deps", "--no-input"]
    options += ["--disable-pip-version-check"]
    command = [str(PYTHON), "-m", "pip", "install", *options, "-r", str(requirements)]
    print(f"Installing {known} packages, once; this takes about a minute.", flush=True)
    said: deque[str] = deque(maxlen=20)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in _progress(pip.stdout or iter(()), said=said, known=known):
            print(line, flush=True)
    if pip.returncode:
        print("".join(said), file=sys.stderr)
    return pip.returncode


def _progress(lines: Iterable[str], *, said: deque[str], known: int) -> Iterator[str]:
    """One line for every ten packages found, and one while they are unpacked."""
    seen = 0
    for line in lines:
        said.append(line)
        if line.startswith(("Collecting ", "Processing ")):
            seen += 1
            if seen % 10 == 0:
                yield f"  {seen} of {known} found"
        elif line.startswith("Installing collected packages"):
            yield f"  {seen} found, unpacking"


def _run(arguments: list[str], *, with_python: str) -> int:
    return subprocess.run([with_python, *arguments], check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], only_ask="--current" in sys.argv))
    except KeyboardInterrupt:
        print("Stopped. Nothing was broken; the same command goes on.", file=sys.stderr)
        sys.exit(130)
