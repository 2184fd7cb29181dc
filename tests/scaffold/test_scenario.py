"""The whole scenario against each scaffold on the real workerd: clients see the same, to the letter."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve
from tests.scaffold.conftest import Generate
from tests.scaffold.scenario import expected, groups, play, wait_for_eviction


@pytest.mark.parametrize("group", range(len(groups())))
@pytest.mark.parametrize("language", ["typescript", "python"])
def test_the_transcript(language: str, group: int, generate: Generate) -> None:
    """Python: npm's Pyodide within the real runtime, see tests/runtime/python_worker.py."""
    hold(generate(language, group), group)


@pytest.mark.bundle
@pytest.mark.parametrize("group", range(len(groups())))
def test_the_transcript_with_the_runtimes_own_pyodide(group: int, generate: Generate) -> None:
    bundle = os.environ.get("WSLINT_PYODIDE_BUNDLE_DIR")
    if not bundle:
        pytest.skip("not run: WSLINT_PYODIDE_BUNDLE_DIR names no folder with workerd's own Pyodide bundle")
    hold(generate("python", group), group, bundle=Path(bundle))


def hold(folder: Path, group: int, **options: Any) -> None:
    require_tools()
    with serve(folder, page=folder / "public", **options) as server:
        seen = play(server.http, group, wait_for_eviction(12))
        log = server.log
    assert seen == expected(group), log
    if "(eviction)" in seen:
        made = re.findall(r"object made for (\w+)", log)
        evicted = [code for code in set(made) if made.count(code) == 2]
        assert len(evicted) == 2, log  # both matches of that scene were dropped and made again
    assert "not sent" not in log and "not closed" not in log
    uncaught = [line for line in log.lower().splitlines() if "uncaught exception" in line]
    assert all("websocket protocol error" in line for line in uncaught), log


MISTAKES = [
    ("index.ts", "close(ws, closeCode(code), reason); //", "//", "closes"),
    ("index.ts", "closeCode(code)", "code", "closes"),
    (
        "index.ts",
        "} else if (session.name) {",
        "} else {",
        "two players play, leave, and the empty match is gone",
    ),
    (
        "index.ts",
        "return storage.deleteAll();",
        "return;",
        "two players play, leave, and the empty match is gone",
    ),
    ("index.ts", 'route === "ws" && !wantsWebSocket(request)', "false", "routes"),
    ("index.ts", "this.#sockets().length >= SOCKETS", "false", "spectators, and a full match"),
    ("match.ts", "player.token === given", "given", "spectators, and a full match"),
    ("match.ts", "++session.messages > FLOOD_MESSAGES", "false", "a flood is cut off"),
]


@pytest.mark.parametrize(("name", "right", "wrong", "scene"), MISTAKES)
def test_a_mistake_is_noticed(
    name: str, right: str, wrong: str, scene: str, generate: Generate, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_tools()
    monkeypatch.setattr("tests.scaffold.scenario.PATIENCE", 2.0)
    folder = generate("typescript", 0)
    source = folder / "src" / name
    assert right in source.read_text()
    source.write_text(source.read_text().replace(right, wrong))
    with serve(folder, page=folder / "public") as server:
        assert play(server.http, 0, wait_for_eviction(0), scene) != expected(0, scene)
