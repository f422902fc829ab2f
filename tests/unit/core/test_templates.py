"""Compiled templates are taken from the process before, where that is right."""

import os
from pathlib import Path
from types import CodeType

import pytest
from flask import Flask
from jinja2 import DictLoader, Environment
from jinja2.bccache import bc_magic

from csd_events.core.templates import KeptTemplates, init_templates, state_of

#: Each comes to another error as it is read.
BROKEN = (
    b"K\x01K\x02K\x03s.",
    b"]K\x01K\x02s.",
    b"cbuiltins\nnothing\n.",
    b"cnowhere\nnothing\n.",
    b"\x8d" + b"\xff" * 8,
    b"B\xff\xff\xff\xff",
    b"X\x01\0\0\0\xff.",
)


class Counting(Environment):
    """Counts what it compiles."""

    compiled = 0

    def _compile(self, source: str, filename: str) -> CodeType:
        self.compiled += 1
        return super()._compile(source, filename)


def a_process(
    folder: Path, *, compiled_with: str = "1", hello: str = "Hello"
) -> Counting:
    sources = {"a.html": hello + " {{ name }}"}
    kept = KeptTemplates(folder, compiled_with)
    return Counting(loader=DictLoader(sources), bytecode_cache=kept)


def said_by(process: Counting) -> tuple[str, int]:
    words = process.get_template("a.html").render(name="Ann")
    return words, process.compiled


def test_a_second_process_compiles_nothing(tmp_path: Path) -> None:
    assert said_by(a_process(tmp_path)) == ("Hello Ann", 1)
    assert said_by(a_process(tmp_path)) == ("Hello Ann", 0)


def test_a_template_that_was_changed_is_compiled_anew(tmp_path: Path) -> None:
    said_by(a_process(tmp_path))
    assert said_by(a_process(tmp_path, hello="Dear")) == ("Dear Ann", 1)


def test_code_that_was_changed_compiles_anew(tmp_path: Path) -> None:
    said_by(a_process(tmp_path))
    assert said_by(a_process(tmp_path, compiled_with="2")) == ("Hello Ann", 1)


def test_pages_are_shown_where_nothing_can_be_kept(tmp_path: Path) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.touch()
    assert said_by(a_process(in_the_way)) == ("Hello Ann", 1)


@pytest.mark.parametrize("length", [0, 10, 60, 120, 200])
def test_a_file_that_was_cut_off_is_written_again(tmp_path: Path, length: int) -> None:
    said_by(a_process(tmp_path))
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:length])
    assert said_by(a_process(tmp_path)) == ("Hello Ann", 1)
    assert said_by(a_process(tmp_path)) == ("Hello Ann", 0)


def test_a_file_that_is_broken_is_written_again(tmp_path: Path) -> None:
    said_by(a_process(tmp_path))
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    for broken in BROKEN:
        kept.write_bytes(whole[: len(bc_magic)] + broken)
        assert said_by(a_process(tmp_path)) == ("Hello Ann", 1)
    assert said_by(a_process(tmp_path)) == ("Hello Ann", 0)


def test_the_state_of_code_changes_with_what_a_file_holds(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    code = tmp_path / "inside" / "text.py"
    states = [state_of([tmp_path])]
    for words in ("A = 1\n", "A = 2\n"):
        code.write_text(words)
        os.utime(code, ns=(1, 1))  # as who packs a program may write all its files
        states.append(state_of([tmp_path]))
    assert len(set(states)) == len(states)
    assert state_of([tmp_path]) == states[-1]


def an_app(folder: Path | None) -> Flask:
    app = Flask(__name__)
    app.config["COMPILED_TEMPLATES"] = folder
    init_templates(app)
    return app


def test_the_folder_is_made_for_us_alone(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "templates"
    assert an_app(folder).jinja_env.bytecode_cache is not None
    assert folder.stat().st_mode & 0o777 == 0o700


def test_nothing_is_run_from_a_folder_of_somebody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getuid", lambda: tmp_path.stat().st_uid + 1)
    assert an_app(tmp_path).jinja_env.bytecode_cache is None


@pytest.mark.parametrize("mode", [0o770, 0o777, 0o1777])
def test_nothing_is_run_from_a_folder_where_others_write(
    tmp_path: Path, mode: int
) -> None:
    tmp_path.chmod(mode)
    assert an_app(tmp_path).jinja_env.bytecode_cache is None
    tmp_path.chmod(0o755)
    assert an_app(tmp_path).jinja_env.bytecode_cache is not None


def test_nothing_is_kept_where_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    assert an_app(tmp_path / "var" / "templates").jinja_env.bytecode_cache is None
    assert an_app(None).jinja_env.bytecode_cache is None
