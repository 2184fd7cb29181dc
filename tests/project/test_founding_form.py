"""The founding case as it was laid out: the crate an argument of wasm-pack, its output relative to the crate, and a
handwritten entrypoint in a folder called `worker`. Nothing is built, so no glue is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import test_founding_case as case
from tests.pages import check_folder, write
from wslint.finding import Severity
from wslint.report.model import Result

GLUE = "../lobby_worker/worker/pkg/lobby_worker.js"

CONFIG = case.CONFIG.replace('main = "worker.js"', 'main = "worker/index.js"').replace(
    "wasm-pack build lobby --target web && wasm-pack build match --target web",
    "wasm-pack build --target web --out-dir worker/pkg lobby_worker",
)

IMPORTS = f"""\
import init, {{ fetch as handle, MatchDO as Inner, initSync }} from "{GLUE}";
import module from "{GLUE.replace(".js", "_bg.wasm")}";
"""

REEXPORT = IMPORTS.replace("MatchDO as Inner, initSync", "MatchDO") + "\nexport { MatchDO };\n"

HANDLER = """
export default {
  async fetch(request, env, context) {
    START
    return handle(request, env, context);
  },
};
"""

ORIGINAL = REEXPORT + HANDLER.replace("START", "await init(module);")

WRAPPED = (
    IMPORTS.replace(", initSync", "")
    + """
export class MatchDO {
  constructor(state, env) {
    this.ready = state.blockConcurrencyWhile(async () => {
      await init(module);
      this.inner = new Inner(state, env);
    });
  }
  fetch(request) {
    return this.inner.fetch(request);
  }
  alarm() {
    return this.inner.alarm();
  }
  webSocketMessage(ws, message) {
    return this.inner.webSocketMessage(ws, message);
  }
  webSocketClose(ws, code, reason, wasClean) {
    return this.inner.webSocketClose(ws, code, reason, wasClean);
  }
  webSocketError(ws, error) {
    return this.inner.webSocketError(ws, error);
  }
}
"""
    + HANDLER.replace("START", "await init(module);")
)

AT_LOAD = IMPORTS.replace("MatchDO as Inner", "MatchDO") + "\ninitSync({ module });\n\nexport { MatchDO };\n"
AWAITED = (
    IMPORTS.replace("MatchDO as Inner, initSync", "MatchDO")
    + "\nawait init(module);\n\nexport { MatchDO };\n"
)

WORKING = {
    "initSync at load": AT_LOAD + HANDLER.replace("    START\n", ""),
    "await init at load": AWAITED + HANDLER.replace("    START\n", ""),
    "a wrapper that awaits it": WRAPPED,
}


def check(folder: Path, entry: str, config: str = CONFIG) -> Result:
    lobby = case.LOBBY.replace("@REEXPORT\n", "pub use match_do::MatchDO;\n").replace("@CHECK", case.LETTERS)
    files = {
        "wrangler.toml": config,
        "Cargo.toml": '[workspace]\nmembers = ["lobby_worker", "match_do"]\nresolver = "2"\n',
        "Cargo.lock": 'version = 4\n\n[[package]]\nname = "worker"\nversion = "0.6.7"\n',
        "lobby_worker/Cargo.toml": case._manifest("lobby_worker", 'match_do = { path = "../match_do" }\n'),
        "lobby_worker/src/lib.rs": lobby,
        "match_do/Cargo.toml": case._manifest("match_do", ""),
        "match_do/src/lib.rs": case.MATCH.replace("        @KEEP\n", ""),
        "public/index.html": "<!doctype html><title>lobby</title>",
        "worker/index.js": entry,
    }
    write(files, folder)
    return check_folder(folder)


def loud(result: Result) -> list[tuple[str, str, str]]:
    return [
        (finding.code, finding.severity.label, finding.span.file.name)
        for finding in result.findings
        if finding.severity >= Severity.WARNING and finding.confidence == "high"
    ]


@pytest.mark.parametrize(
    "command",
    [
        "wasm-pack build --target web --out-dir worker/pkg lobby_worker",
        "wasm-pack build lobby_worker --release --out-dir worker/pkg --target=web",
        "cd lobby_worker && wasm-pack build -t web -d worker/pkg",
        "cargo install -q wasm-pack && wasm-pack build --target web --out-dir ./worker/pkg ./lobby_worker",
    ],
)
def test_one_error_at_the_line_that_hands_the_class_on(command: str, tmp_path: Path) -> None:
    config = CONFIG.replace("wasm-pack build --target web --out-dir worker/pkg lobby_worker", command)
    result = check(tmp_path, ORIGINAL, config)
    assert loud(result) == [("WS801", "error", "worker/index.js")]
    (error,) = [finding for finding in result.findings if finding.code == "WS801"]
    assert error.span.file.line_text(error.span.first.line) == "export { MatchDO };"
    assert {label.span.file.name for label in error.labels} == {"match_do/src/lib.rs", "wrangler.toml"}
    for arrangement in ("initSync({ module })", "await init(module)", "blockConcurrencyWhile"):
        assert arrangement in error.help
    assert [worker.checked.source for worker in result.workers] == ["read"]


@pytest.mark.parametrize("arrangement", WORKING)
def test_each_arrangement_that_works_is_silent(arrangement: str, tmp_path: Path) -> None:
    result = check(tmp_path, WORKING[arrangement])
    assert loud(result) == []
    assert [(worker.checked.source, worker.checked.unknown) for worker in result.workers] == [("read", ())]


def test_a_wrapper_that_forgets_a_handler(tmp_path: Path) -> None:
    lines = WRAPPED.replace(
        "  webSocketClose(ws, code, reason, wasClean) {\n"
        "    return this.inner.webSocketClose(ws, code, reason, wasClean);\n  }\n",
        "",
    )
    assert lines != WRAPPED
    assert [code for code, _, _ in loud(check(tmp_path, lines))] == ["WS802"]
