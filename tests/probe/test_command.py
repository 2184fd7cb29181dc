"""`wslint probe` as a person runs it: exit codes, both streams, JSON, a project, a log, a missing package."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from websockets.frames import Opcode

from tests.pages import write
from tests.probe.servers import Servers, answering, frame, http
from wslint.cli import main
from wslint.errors import CheckError

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/schema/wslint-probe.schema.json").read_text(encoding="utf-8")
)

CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
"""
SOURCE = """\
import { DurableObject } from "cloudflare:workers";
export class MatchDO extends DurableObject {
  async fetch(request) {
    const { 0: client, 1: server } = new WebSocketPair();
    this.state.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) { ws.send(message); }
  webSocketClose(ws) { ws.close(1000); }
}
export default {
  fetch(request, env) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    return env.MATCHES.getByName("x").fetch(request);
  },
};
"""


def wslint(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["probe", *arguments])


def url(port: int) -> str:
    return f"ws://127.0.0.1:{port}/ws/ABCDE"


def parsed(done: Result) -> Any:
    assert done.stdout.isascii()
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    assert document["verdict"]["exit_code"] == done.exit_code
    return document


def test_the_exit_codes(servers: Servers) -> None:
    good, bad = servers.start(answering()), servers.start(http("500 x"))
    assert wslint(url(good)).exit_code == 0
    assert wslint(url(bad)).exit_code == 1
    servers.stop()
    assert wslint(url(bad)).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["localhost/ws"],
        ["ws://h/", "--timeout", "0"],
        ["ws://h/", "--project", "nowhere"],
        ["ws://h/", "--log", "nowhere.log"],
        ["ws://h/", "--header", "x"],
        ["ws://h/", "--send", "\ud800"],
    ],
)
def test_bad_usage_asks_nothing(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from wslint.probe import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run, "probe", lambda *_: pytest.fail("the probe was sent"))
    done = wslint(*arguments)
    assert isinstance(done.exception, CheckError) or done.exit_code == 2


def test_headers_are_sent_and_secret_ones_not_shown(servers: Servers) -> None:
    port = servers.start(http("404 x"))
    done = wslint(
        url(port), "--header", "Authorization: Bearer abc", "--header", "X-Room:7", "--origin", "https://page"
    )
    head = servers.requests[0]
    assert b"\r\nAuthorization: Bearer abc\r\n" in head
    assert b"\r\nX-Room: 7\r\n" in head
    assert b"\r\nOrigin: https://page\r\n" in head
    assert "Bearer" not in done.stdout
    assert "> Authorization: (10 characters, not shown)\n" in done.stdout
    assert "> X-Room: 7\n" in done.stdout


def test_another_host_may_be_named(servers: Servers) -> None:
    wslint(url(servers.start(http("404 x"))), "--header", "Host: match.example")
    assert servers.requests[0].count(b"Host: ") == 1
    assert b"\r\nHost: match.example\r\n" in servers.requests[0]


def test_json_of_a_working_socket(servers: Servers) -> None:
    port = servers.start(answering("Sec-WebSocket-Protocol: b", reply=lambda data: frame(Opcode.TEXT, data)))
    options = ["--subprotocol", "a", "--subprotocol", "b", "--send", "hi", "--expect", "hi"]
    document = parsed(wslint(url(port), *options, "--output-format", "json"))
    assert document["verdict"]["symptom"] == "works"
    assert document["session"]["subprotocol"] == "b"
    assert document["session"]["messages"] == [
        {"kind": "text", "text": "hi", "hex": None, "bytes": 2, "answers": True}
    ]
    assert (document["session"]["close"], document["session"]["close_code"]) == ("answered", 1005)
    assert document["findings"] is None


def test_json_of_a_refused_one(servers: Servers) -> None:
    port = servers.start(http("302 Found", "Location: /ws/ABCDE/", body=b"\x1b[2J\xff"))
    document = parsed(wslint(url(port), "--output-format", "json"))
    assert document["response"]["status"] == 302
    assert document["response"]["redirect"] == f"http://127.0.0.1:{port}/ws/ABCDE/"
    assert document["response"]["body"] == "\x1b[2J\ufffd"
    assert document["session"] is None
    assert document["causes"][0] == {
        "id": "R01",
        "text": "an asset hides the socket's path",
        "rules": ["WS711", "WS722", "WS723"],
    }


def test_json_without_an_answer(servers: Servers) -> None:
    port = servers.start(answering())
    servers.stop()
    document = parsed(wslint(url(port), "--output-format", "json"))
    assert document["response"] is None
    assert [step["outcome"] for step in document["steps"]] == ["ok", "failed"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write({"wrangler.toml": CONFIG, "index.js": SOURCE}, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_project_s_findings_that_fit_come_first(project: Path, servers: Servers) -> None:
    text = b"TypeError: Cannot read properties of undefined (reading 'acceptWebSocket')"
    done = wslint(url(servers.start(http("500 x", body=text))), "--project", ".")
    assert "index.js:5:5: error[WS619]" in done.stdout
    assert "WS207" not in done.stdout.split("In the project")[1].split("other finding")[0]
    assert "1 other finding: see wslint check --pedantic" in done.stdout


def test_a_working_socket_needs_no_explanation(project: Path, servers: Servers) -> None:
    done = wslint(url(servers.start(answering())), "--project", ".")
    assert done.exit_code == 0
    assert "no finding explains this" not in done.stdout
    assert done.stdout.endswith("In the project:\n  2 other findings: see wslint check --pedantic\n")


def test_a_hidden_500_is_ranked_by_the_project(project: Path, servers: Servers) -> None:
    port = servers.start(http("500 x", body=b"Internal Server Error"))
    document = parsed(wslint(url(port), "--project", ".", "--output-format", "json"))
    assert [finding["code"] for finding in document["findings"]] == ["WS207", "WS619"]
    assert [cause["id"] for cause in document["causes"][:2]] == ["C01", "S19"]


def test_a_name_in_the_answer_ranks_its_finding_first(project: Path, servers: Servers) -> None:
    port = servers.start(http("500 x", body=b"the room has no acceptWebSocket state"))
    document = parsed(wslint(url(port), "--project", ".", "--output-format", "json"))
    assert [finding["code"] for finding in document["findings"]] == ["WS619", "WS207"]


def test_what_the_log_gets_meanwhile(tmp_path: Path, servers: Servers) -> None:
    log = tmp_path / "dev.log"
    log.write_text("before: Can't modify immutable headers.\n")
    answer = http("500 x")

    def handle(connection: Any, head: bytes) -> None:
        with log.open("a") as file:
            file.write("\x1b[31mTypeError\x1b[0m: Invalid \x1b[1mURL: /ws\n")
        answer(connection, head)

    done = wslint(url(servers.start(handle)), "--log", str(log))
    assert "= note: the log says: TypeError: Invalid URL: /ws\n" in done.stdout
    assert "immutable" not in done.stdout


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("websockets", "wslint.probe"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "websockets", None)
    done = wslint("ws://localhost/")
    assert isinstance(done.exception, CheckError)
    assert "pip install 'websockets>=15'" in str(done.exception)
