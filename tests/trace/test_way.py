"""`wslint check --show-way`: how a client comes to the line of a finding."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.cli.test_command_line import wslint
from tests.pages import TODAY, write
from tests.trace.projects import CONFIG
from tests.trace.test_life import BEFORE, CLASS, PROJECTS, ROUTES
from wslint.check import Options, run
from wslint.files import Files
from wslint.finding import Step

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/schema/wslint-report.schema.json").read_text(encoding="utf-8"))

BASE = """\
import { DurableObject } from "cloudflare:workers";
import { seat } from "./seat.js";

export class Base extends DurableObject {
  webSocketMessage(ws, message) {
    if (message === "seat") this.tell(ws);
  }
  tell(ws) {
    ws.send(seat(ws));
  }
}
"""
SEAT = "export const seat = (ws) => ws.deserializeAttachment().seat;\n"
MATCH = """\
import { Base } from "./base.js";

export class Match extends Base {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    return this.open();
  }
  open() {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketClose(ws, code, reason) {
    ws.close(1000, reason);
  }
}
"""
INDEX = 'import { Match } from "./match.js";\nexport { Match };\n' + ROUTES
CLIENT = "const socket = new WebSocket(`wss://${location.host}/ws/${code}`);\n"
APART = {
    "wrangler.toml": CONFIG,
    "index.js": INDEX,
    "match.js": MATCH,
    "base.js": BASE,
    "seat.js": SEAT,
    "client/app.js": CLIENT,
}


def ways(folder: Path, files: dict[str, str]) -> dict[str, tuple[Step, ...] | None]:
    """The way of each rule's first finding."""
    write(files, folder)
    result = run([folder], Options(today=TODAY, show_way=True), Files(folder))
    found: dict[str, tuple[Step, ...] | None] = {}
    for finding in result.findings:
        found.setdefault(finding.code, finding.way)
    return found


def said(way: tuple[Step, ...] | None) -> list[tuple[str, str]]:
    """A way as the source at each step and its words."""
    assert way is not None
    return [(step.span.file.line_text(step.span.first.line).strip(), step.what) for step in way]


@pytest.mark.parametrize("language", PROJECTS)
def test_from_the_handshake_to_a_close_that_throws(language: str, tmp_path: Path) -> None:
    way = ways(tmp_path, PROJECTS[language])["WS508"]
    assert way is not None
    entry, forward, handler, last = said(way)
    assert "comes to `fetch` of the Worker" in entry[1] and "/ws/" in entry[1]
    assert "fetch" in forward[0] and "`Upgrade` is kept" in forward[1]
    assert handler[1].endswith("of `Match`") and "lose" in handler[0]
    assert last[1] == "here, where the client closes without a code or the connection is lost"
    assert way[-1].span.text.startswith("ws.close(")


def test_through_a_base_class_helpers_and_other_files_from_the_clients_line(tmp_path: Path) -> None:
    way = ways(tmp_path, APART)["WS560"]
    assert way is not None
    assert [step.span.file.name for step in way] == [
        "client/app.js", "index.js", "index.js", "base.js", "base.js", "base.js", "seat.js"
    ]  # fmt: skip
    assert [step.what for step in way] == [
        "a client opens `/ws/ABCDE`",
        "a handshake for `/ws/ABCDE` comes to `fetch` of the Worker",
        "env.MATCH.getByName(url.pathname).fetch…: `Upgrade` is kept",
        "a message: `webSocketMessage` of `Match`",
        "calls `this.tell(ws)`",
        "calls `seat(ws)`",
        'here, where the message is text and `message === "seat"` (the message) is true',
    ]


def test_to_a_refusal_in_a_helper(tmp_path: Path) -> None:
    files = {**APART, "match.js": MATCH.replace("status: 101, webSocket: client", "status: 101")}
    way = ways(tmp_path, files)["WS403"]
    assert [what for _, what in said(way)][-2:] == ["calls `this.open()`", "here"]


@pytest.mark.parametrize("language", ["rust", "javascript"])
def test_to_what_is_refused_only_when_it_is_answered(language: str, tmp_path: Path) -> None:
    files = dict(PROJECTS[language])
    if language == "javascript":
        guard = '    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });\n'
        files["index.js"] = BEFORE + CLASS.replace(guard, "") + ROUTES
    steps = said(ways(tmp_path, files)["WS415"])
    assert steps[0][1].startswith(("a request", "a handshake"))
    assert any("`Upgrade` is" in what for _, what in steps)
    assert steps[-1][1].startswith("here")


def test_no_way_to_a_configuration_nor_to_code_that_no_play_comes_to(tmp_path: Path) -> None:
    source = CLASS.replace(
        "  webSocketClose(",
        "  unused(ws) {\n    this.ctx.acceptSocket(ws);\n  }\n  webSocketClose(",
    )
    config = CONFIG.replace("2026-07-01", "2026-7-1")
    found = ways(tmp_path, {"wrangler.toml": config, "index.js": BEFORE + source + ROUTES})
    assert found["WS102"] == ()
    write({"wrangler.toml": CONFIG, "index.js": BEFORE + source + ROUTES}, tmp_path)
    result = run([tmp_path], Options(today=TODAY, show_way=True), Files(tmp_path))
    unused = [one for one in result.findings if one.code == "WS546"]
    assert unused and all(one.way == () for one in unused)


def test_a_statement_that_is_not_come_to_is_no_way(tmp_path: Path) -> None:
    source = CLASS.replace(
        "ws.close(code, \"bye\");",
        "if (code < 0) {\n      ws.send('gone');\n      ws.close(1005);\n    } else ws.close(1000);",
    )  # fmt: skip
    write({"wrangler.toml": CONFIG, "index.js": BEFORE + source + ROUTES}, tmp_path)
    result = run([tmp_path], Options(today=TODAY, show_way=True), Files(tmp_path))
    for finding in result.findings:
        if "1005" in finding.span.text:
            assert finding.way == (), said(finding.way)


def test_the_program_prints_steps_and_json_by_its_schema(tmp_path: Path) -> None:
    write(PROJECTS["javascript"], tmp_path)
    shown = wslint("check", "--show-way", "--select", "WS508", cwd=tmp_path).stdout
    way = shown[shown.index("= way: from a client to this line\n") :].splitlines()[1:5]
    assert [len(line) - len(line.lstrip()) for line in way] == [7, 9, 11, 13]
    assert way[-1].strip().startswith("index.js:20:5 here, where")
    for format_ in ("json", "jsonl"):
        output = wslint("check", "--show-way", "--output-format", format_, cwd=tmp_path).stdout
        document = json.loads(output) if format_ == "json" else None
        findings = document["findings"] if document else [json.loads(line) for line in output.splitlines()]
        if document:
            jsonschema.validate(document, SCHEMA)
        assert all(finding["way"][-1]["what"].startswith("here") for finding in findings)
    plain = json.loads(wslint("check", "--output-format", "json", cwd=tmp_path).stdout)
    jsonschema.validate(plain, SCHEMA)
    assert all("way" not in finding for finding in plain["findings"])


def test_the_findings_are_the_same_with_and_without_it(tmp_path: Path) -> None:
    write(APART, tmp_path)
    with_ways = run([tmp_path], Options(today=TODAY, show_way=True), Files(tmp_path)).findings
    without = run([tmp_path], Options(today=TODAY), Files(tmp_path)).findings
    assert [(one.place, one.message) for one in with_ways] == [(one.place, one.message) for one in without]
    assert all(one.way is None for one in without)
