"""The project's own page on how to grow: followed to the letter, the new message works in rules, tests and on the runtime."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
from pathlib import Path

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.cli.test_command_line import wslint
from tests.runtime.conversation import get
from tests.runtime.rust.toolchain import build, require_wasm
from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve
from tests.scaffold.test_knobs import environment, ran
from tests.scaffold.test_public import create_match
from wslint import scaffold, scaffold_write
from wslint.scaffold import Choices

LANGUAGES = ["python", "typescript", pytest.param("rust", marks=pytest.mark.rust)]


def grown(folder: Path, language: str, **choices: int) -> Path:
    """A new project in which the page was followed."""
    chosen = Choices(folder=folder, language=language, name="duel", **choices)  # type: ignore[arg-type]
    scaffold_write.write(scaffold.plan(chosen, datetime.date(2026, 11, 23)))
    page = folder / "docs/ADD-A-MESSAGE.md"
    done = subprocess.run(
        ["git", "apply", "--verbose", page], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(folder.parent)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (
        done.stderr.count("Applied patch") == (5 if language == "python" else 6)
        and "offset" not in done.stderr
    ), done.stderr
    return folder


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_own_tests_hold_and_nothing_is_found(language: str, tmp_path: Path) -> None:
    folder = grown(tmp_path / "duel", language, code_length=7, players=3)
    done = ran(language, folder, environment(language))
    assert done.returncode == 0, done.stdout + done.stderr
    checked = wslint("check", "--pedantic", "--show-unknown", ".", cwd=folder)
    assert (checked.returncode, checked.stdout) == (0, "No problems in 1 Worker.\n")
    tests = "".join(path.read_text() for path in (folder / "tests").iterdir() if path.is_file())
    assert '"shout"' in tests  # the test came with it


def receive(socket: ClientConnection, kind: str) -> dict[str, object]:
    while True:
        message: dict[str, object] = json.loads(socket.recv(timeout=60))
        if message["type"] == kind:
            return message


@pytest.mark.parametrize(
    "language", ["python", "typescript", pytest.param("rust", marks=pytest.mark.rust_wasm)]
)
def test_it_works_on_the_runtime(language: str, tmp_path: Path) -> None:
    require_tools(python=language == "python")
    if language == "rust":
        require_wasm()
    folder = grown(tmp_path / "duel", language)
    if language == "rust":
        build(folder)
    with serve(folder, page=folder / "public") as server:
        code = create_match(server.port)
        with connect(f"{server.ws}/ws/{code}") as ann, connect(f"{server.ws}/ws/{code}") as bob:
            for name, socket in (("Ann", ann), ("Bob", bob)):
                socket.send(json.dumps({"type": "join", "name": name}))
                receive(socket, "welcome")
            ann.send('{"type": "emote", "emote": "wave"}')
            assert receive(bob, "emote") == {"type": "emote", "player": 1, "name": "Ann", "emote": "wave"}
            bob.send('{"type": "emote", "emote": "shout"}')
            assert receive(bob, "error")["error"] == "bad_emote"
        assert "waves" in get(f"{server.http}/page.js").body
