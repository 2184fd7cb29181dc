"""A mistake of the machine's is told of, and takes no report away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write
from wslint.play import life, scenes

CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2026-7-1"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
"""
CODE = """\
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
  }
  webSocketClose(ws) {
    ws.close(1000);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
"""


def test_a_play_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> object:
        raise TypeError("no such thing")

    write({"wrangler.toml": CONFIG, "index.js": CODE}, tmp_path)
    monkeypatch.setattr(life, "lives", fails)
    monkeypatch.setattr(scenes, "play_handshake", fails)
    with pytest.raises(TypeError):
        check_folder(tmp_path)
    monkeypatch.delenv("WSLINT_STRICT")
    result = check_folder(tmp_path)
    assert [finding.code for finding in result.findings] == ["WS102"]
    assert "wslint failed at it: TypeError: no such thing" in {unknown.why for unknown in result.unknown}


def test_a_base_that_throws_where_laws_look_at_it(tmp_path: Path) -> None:
    made = CODE.replace("extends DurableObject", "extends make.of(DurableObject)").replace(
        "export class", "const make = {};\n\nexport class"
    )
    write({"wrangler.toml": CONFIG, "index.js": made}, tmp_path)
    check_folder(tmp_path)


def test_how_many_there_are_of_what_is_not_known(tmp_path: Path) -> None:
    asked = "\n    ".join(f'if (asked.has("{name}")) seen.set("{name}", 1);' for name in "abcdefghijklm")
    counts = f"""const seen = new Map();
    const asked = new URL(request.url).searchParams;
    {asked}
    if (seen.size > 3) return new Response(null, {{ status: 400 }});
    if (request.headers"""
    write({"wrangler.toml": CONFIG, "index.js": CODE.replace("if (request.headers", counts)}, tmp_path)
    check_folder(tmp_path)


@pytest.mark.parametrize("steps", range(4, 80, 12))
def test_a_life_that_ends_before_its_scenes_do(
    steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the budget ends, among scenes that delete everything too."""
    deletes = CODE.replace(
        "  webSocketClose(ws) {",
        "  alarm() {\n    this.ctx.storage.deleteAll();\n  }\n  webSocketClose(ws) {",
    )
    write({"wrangler.toml": CONFIG.replace("7-1", "07-01"), "index.js": deletes}, tmp_path)
    monkeypatch.setattr(life.Director, "longest", steps)
    assert check_folder(tmp_path).findings == ()
