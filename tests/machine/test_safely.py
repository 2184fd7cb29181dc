"""A mistake of the machine's is told of, and takes no report away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write
from wslint.finding import Severity
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


def test_a_life_may_end_before_any_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deleting = CODE.replace(
        "return new Response(null, { status: 426 });",
        "{ await this.ctx.storage.deleteAll(); return new Response(); }",
    )
    write({"wrangler.toml": CONFIG, "index.js": deleting}, tmp_path)
    for longest in range(0, 400, 20):
        monkeypatch.setattr(life.Director, "longest", longest)
        assert not [one.why for one in check_folder(tmp_path).unknown if "failed" in one.why]


@pytest.mark.parametrize("word", ["break", "continue", "break outer"])
@pytest.mark.parametrize("where", ["module", "function", "imported"])
def test_what_leaves_a_loop_outside_of_one(word: str, where: str, tmp_path: Path) -> None:
    """Code that is only half there: nobody takes such a `break`, neither the module nor a loop of a caller's."""
    wild = f"{word};\n" if where != "function" else f"function wild() {{ {word}; }}\n"
    called = (
        "for (;;) { wild(); ws.close(3000); return; }\n    ws.send(message);" if where == "function" else ""
    )
    made = CODE.replace("ws.send(message);", called or "ws.send(message);").replace("2026-7-1", "2026-07-01")
    first = 'import "./wild.js";' if where == "imported" else wild
    made = made.replace("export class", f"{first}\nexport class")
    config = CONFIG.replace("2026-7-1", "2026-07-01")
    write({"wrangler.toml": config, "index.js": made, "wild.js": wild}, tmp_path)
    assert [finding.code for finding in check_folder(tmp_path).findings] == []


def test_a_text_of_many_things_that_may_be_there_comes_to_an_end(tmp_path: Path) -> None:
    """Forty items, each of one of two things: a million of millions of texts."""
    items = ", ".join(f'String(message).includes("{n}") ? "a{n}" : "b{n}"' for n in range(40))
    made = CODE.replace("ws.send(message);", f'ws.send([{items}].join(","));')
    write({"wrangler.toml": CONFIG.replace("2026-7-1", "2026-07-01"), "index.js": made}, tmp_path)
    assert not [
        finding for finding in check_folder(tmp_path).findings if finding.severity >= Severity.WARNING
    ]
