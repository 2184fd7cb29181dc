"""`wslint check --watch`: again at each change of what was read, and of nothing else; ended by Ctrl-C."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_command_line import wslint
from wslint import start, watch
from wslint.check_command import run_check
from wslint.errors import EXIT_CLEAN

REPOSITORY = Path(__file__).parents[2]
CONFIG = 'name = "a"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
SOURCE = 'export default { fetch() { return new Response("a"); } };\n'
WRONG = SOURCE + 'globalThis.socket = new WebSocket("wss://a.example/ws", []);\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "wrangler.toml").write_text(CONFIG)
    (tmp_path / "index.js").write_text(SOURCE)
    (tmp_path / "notes.txt").write_text("nothing that wslint reads")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def watched(steps: list[Callable[[], object]], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What each step brought: the loop asks, a pause takes the next step instead of time, the last one is Ctrl-C."""
    said: list[str] = []
    waiting = iter(steps)

    def pause(_: float) -> None:
        out, err = capsys.readouterr()
        said.append(err + out)
        step = next(waiting, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    given, options = start.plain(["check", "--output-format", "concise"]) or ((), {})
    options = {**options, "watch": True}

    def once() -> int:
        return run_check(given, {**options, "watch": False})

    assert watch.watch(once, pause) == EXIT_CLEAN
    return said


def test_it_checks_again_when_a_file_changes_and_only_then(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = project / "index.js"
    said = watched(
        [
            lambda: source.write_text(WRONG),
            lambda: source.write_text(WRONG),  # saved without a change
            lambda: (project / "notes.txt").write_text("more"),
            lambda: None,
            lambda: source.write_text(SOURCE),
        ],
        capsys,
    )
    assert [("changed: index.js" in each, "WS622" in each, bool(each)) for each in said] == [
        (False, False, True),
        (True, True, True),
        (False, False, False),
        (False, False, False),
        (False, False, False),
        (True, False, True),
    ]
    assert all("watching for changes" in each for each in said if each)


def test_files_that_come_and_go_and_broken_settings_do_not_end_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, config, other = project / "wslint.toml", project / "wrangler.toml", project / "b"

    def another() -> None:
        other.mkdir()
        (other / "wrangler.toml").write_text(CONFIG.replace("index.js", "missing.js"))

    said = watched(
        [
            lambda: settings.write_text("selct = 1"),
            settings.unlink,
            config.unlink,
            lambda: config.write_text(CONFIG),
            another,
        ],
        capsys,
    )
    assert "selct" in said[1] and "changed: the names in ." in said[1]
    assert "selct" not in said[2] and "No problems" in said[2]
    assert "wslint: " in said[3] and "No problems" not in said[3]
    assert "No problems" in said[4]
    assert "b/wrangler.toml" in said[5]


def test_a_file_that_was_written_again_within_its_time_is_seen(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Same size and same time, as on a disk that counts in seconds."""
    source = project / "index.js"
    future = os.stat(source).st_mtime_ns + 3600 * 1_000_000_000
    os.utime(source, ns=(future, future))

    def same() -> None:
        source.write_text(SOURCE.replace('"a"', "b()"))
        os.utime(source, ns=(future, future))

    assert len(SOURCE.replace('"a"', "b()")) == len(SOURCE)
    assert "changed: index.js" in watched([lambda: None, same], capsys)[2]


def test_what_changes_goes_without_it(project: Path) -> None:
    for option in (["--fix"], ["--diff"], ["--output-file", "x"], ["--show-files"], ["--add-ignore", "r"]):
        done = wslint("check", "--watch", *option, cwd=project)
        assert done.returncode == 2 and "--watch only shows" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_on_a_terminal_the_screen_is_cleared_and_ctrl_c_ends_it_with_0(project: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "wslint", "check", "--watch", "--no-cache"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": os.fspath(REPOSITORY), "TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    try:

        def until(words: str) -> str:
            seen = b""
            while words.encode() not in seen:
                assert select.select([ours], [], [], 120)[0], seen
                piece = os.read(ours, 4096)
                assert piece, seen
                seen += piece
            return seen.decode()

        assert "\x1b[2J" in until("Ctrl-C ends it")
        (project / "index.js").write_text(WRONG)
        seen = until("Ctrl-C ends it")
        assert "\x1b[2J" in seen and "changed: index.js" in seen and "WS622" in seen
        child.send_signal(signal.SIGINT)
        assert child.wait(60) == 0
        assert "Traceback" not in os.read(ours, 4096).decode()
    finally:
        child.kill()
        child.wait()
        os.close(ours)
