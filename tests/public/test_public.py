"""The script over a folder of checkouts, on two that are made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import write
from tests.public import judged, summary
from tests.public.__main__ import OURS, main
from tests.public.projects import Project, projects

ROOM = """import { DurableObject } from "cloudflare:workers";
export class Room extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
  }
  webSocketClose(ws, code) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code);
  }
}
export default {
  fetch(request, env) {
    if (new URL(request.url).pathname !== "/ws") return new Response("no", { status: 404 });
    return env.ROOM.getByName("a").fetch(request);
  },
};
"""
CONFIG = """name = "room"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "ROOM", class_name = "Room" }]
"""
CHECKOUTS = {
    "anna+room/wrangler.toml": CONFIG,
    "anna+room/index.js": ROOM,
    "ben/built/wrangler.toml": 'name = "built"\nmain = "dist/index.js"\ncompatibility_date = "2026-07-01"\n',
    "ben/nothing/README.md": "no Worker\n",
}
HEAD = "# made up\nrepo\tplace\tcode\tverdict\twhy\n"


@pytest.fixture
def checkouts(tmp_path: Path) -> Path:
    write(CHECKOUTS, tmp_path / "checkouts")
    return tmp_path / "checkouts"


def run(checkouts: Path, rows: str, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[str]]:
    listed = checkouts.parent / "judged.tsv"
    listed.write_text(HEAD + rows, encoding="utf-8")
    code = main([str(checkouts), "--judged", str(listed), *more])
    return code, capsys.readouterr().out.splitlines()


def test_checkouts_are_found_in_both_forms(checkouts: Path) -> None:
    assert [project.repo for project in projects(checkouts)] == ["anna/room", "ben/built", "ben/nothing"]


def test_it_counts_and_says_what_was_not_read(checkouts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(checkouts, "anna/room\twrangler.toml:4\tWS301\tTRUE\tno migration\n", capsys, "--trace")
    assert code == 0
    assert said[:2] == ["errors: 1", "     1 WS301 class-never-created, in 1"]
    assert "Workers: 2, without source read: 1" in said
    assert any(
        line.startswith("  ben/built wrangler.toml: `main` lies in a folder that builds") for line in said
    )
    assert any(line.startswith("CPU: ") and line.endswith(" s for 3 projects") for line in said)
    assert (
        "  ben/nothing: wslint check: wslint: no wrangler.toml, wrangler.json or wrangler.jsonc under ."
        in said
    )
    assert "addresses: 1, certain: 1, all endings known: 0 (100 %)" in said
    assert said[-1] == "judged: 1 TRUE said"


def test_a_false_one_that_is_said_and_a_true_one_that_is_not(
    checkouts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "anna/room\twrangler.toml:4\tWS301\tFALSE\t\nanna/room\tindex.js:1\tWS507\tTRUE\t\n"
    code, said = run(checkouts, rows + "carl/gone\tindex.js:1\tWS507\tTRUE\t\n", capsys, "--only", "anna")
    assert code == 1
    assert said[-5:] == [
        "judged: 1 FALSE said, 1 TRUE not at hand, 1 TRUE not said",
        "false, and said: 1",
        "  anna/room wrangler.toml:4 WS301",
        "true, and not said: 1",
        "  anna/room index.js:1 WS507",
    ]


def test_an_error_that_nobody_has_judged(checkouts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(checkouts, "", capsys, "--only", "anna")
    assert (code, said[-2:]) == (1, ["errors that nobody has judged: 1", "  anna/room wrangler.toml:4 WS301"])


def test_endings_that_are_known_and_not(tmp_path: Path) -> None:
    def traced(*endings: tuple[int | None, str], certain: bool = False) -> dict[str, object]:
        said = [{"status": status, "when": "", "reason": reason} for status, reason in endings]
        return {"url": "/ws", "predicted": {"certain": certain, "endings": said}}

    project = Project("anna/room", tmp_path)
    project.traces = [
        traced((101, ""), certain=True),
        traced((101, ""), (404, "")),
        traced((101, ""), (None, "the status of `a` at index.js:3")),
        traced((None, "the status of `b` at index.js:4")),
    ]
    assert list(summary.traces([project])) == [
        "addresses: 4, certain: 1, all endings known: 1 (50 %)",
        "     2 the status of … at …, as in anna/room /ws",
    ]


def test_our_list_can_be_read() -> None:
    rows = judged.read(OURS)
    assert rows and {row.verdict for row in rows} <= {"TRUE", "FALSE", "ARGUABLE"}
    assert len({row.key for row in rows}) == len(rows)


def test_a_list_without_its_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "judged.tsv").write_text("repo\tplace\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column code, verdict"):
        judged.read(tmp_path / "judged.tsv")
