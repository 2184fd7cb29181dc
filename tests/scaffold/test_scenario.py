"""The whole scenario against each scaffold on the real workerd: clients see the same, to the letter."""

from __future__ import annotations

import os
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.runtime.tools import require_tools
from tests.runtime.workerd import Server, serve
from tests.runtime.wrangler import dev
from tests.scaffold.conftest import Generate
from tests.scaffold.scenario import expected, groups, play, wait_for_eviction

EVICTION = "the players notice nothing of an eviction"


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


def test_the_transcript_under_wrangler_dev(generate: Generate) -> None:
    """As a person runs it: wrangler's own assets and proxy stand before the Worker."""
    require_tools()
    with dev(generate("typescript", 0)) as server:
        assert play(server.http, 0, wait_for_eviction(12)) == expected(0), server.log
        for path in ("/", "/page.js", "/page.css"):
            headers = headers_of(server.http + path)
            assert headers["x-content-type-options"] == "nosniff", path
            assert "default-src 'none'; script-src 'self'" in headers["content-security-policy"], path


def headers_of(url: str) -> dict[str, str]:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}


def test_wrangler_answers_some_methods_itself_where_the_worker_is_not_first(generate: Generate) -> None:
    require_tools()
    folder = generate("typescript", 0)
    settings = folder / "wrangler.toml"
    settings.write_text(settings.read_text().replace('run_worker_first = ["/"]\n', ""))
    with dev(folder) as server:
        seen = play(server.http, 0, wait_for_eviction(0), "routes").splitlines()
    missed = [line for line in expected(0, "routes").splitlines() if line not in seen]
    assert {line.split(" ->")[0] for line in missed} == {"OPTIONS /", "POST /", "DELETE /"}


def hold(folder: Path, group: int, **options: Any) -> None:
    require_tools()
    with serve(folder, page=folder / "public", **options) as server:
        evictions = Evictions(server)
        seen = play(server.http, group, evictions.wait)
        assert seen == expected(group), server.log
        if evictions.awaited:
            while evictions.missing():  # the machine was too busy to drop them in that time
                evictions.seconds *= 2
                assert evictions.seconds < 200, server.log
                again = play(server.http, group, evictions.wait, EVICTION)
                assert again == expected(group, EVICTION), server.log
        log = server.log
    assert "not sent" not in log and "not closed" not in log
    uncaught = [line for line in log.lower().splitlines() if "uncaught exception" in line]
    assert all("websocket protocol error" in line for line in uncaught), log


class Evictions:
    """Waits until the runtime has dropped the objects of the scene, and tells afterwards which it had not dropped.

    Whether an object is dropped shows only when it is made again, which takes an event. Objects of other
    scenes may be dropped too, as often as the machine is slow.
    """

    def __init__(self, server: Server) -> None:
        self.seconds = 12.0  # the runtime drops a hibernating object some ten seconds after its last event
        self.awaited: dict[str, int] = {}
        self._server = server

    def wait(self, codes: list[str]) -> None:
        wait_for_eviction(self.seconds)(codes)
        self.awaited = {code: self._made(code) for code in codes}

    def missing(self) -> list[str]:
        """Those that were not made again after the wait, so that nothing shows that they were dropped."""
        return [code for code, times in self.awaited.items() if self._made(code) == times]

    def _made(self, code: str) -> int:
        return len(re.findall(rf"object made for {code}\b", self._server.log))


MISTAKES = [
    ("index.ts", "this.#close(ws, closeCode(code), reason); //", "//", "closes"),
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
    ("index.ts", "if (!wantsWebSocket(request)) return upgradeRequired();\n    // The", "// The", "routes"),
    ("index.ts", "match.admits(token, this.#sockets().length)", "match", "spectators, and a full match"),
    (
        "match.ts",
        "this.players.some((player) => player.token === token)",
        "false",
        "a lost player comes back to a full match, and nobody else gets in",
    ),
    (
        "match.ts",
        "sockets + this.players.filter(({ session }) => session === null).length",
        "sockets",
        "a lost player comes back to a full match, and nobody else gets in",
    ),
    (
        "index.ts",
        'isWelcome(request.headers.get("Origin"), new URL(request.url).host)',
        "true",
        "who may come in",
    ),
    (
        "index.ts",
        'Number(request.headers.get("Content-Length")) > MAX_BODY_BYTES',
        "false",
        "who may come in",
    ),
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
        try:
            seen = play(server.http, 0, wait_for_eviction(0), scene)
        except KeyError as refused:
            seen = f"no socket {refused}"
        assert seen != expected(0, scene)
