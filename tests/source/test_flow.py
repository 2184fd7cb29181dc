"""The interpreter, seen from what a handshake's rules ask: one project a language, changed one line at a
time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write

CONFIG = """\
name = "match"
main = "{main}"
compatibility_date = "2026-07-01"
{more}
durable_objects.bindings = [{{ name = "MATCH", class_name = "MatchDO" }}]
migrations = [{{ tag = "v1", new_sqlite_classes = ["MatchDO"] }}]
"""

PYTHON = """\
from workers import DurableObject, Response, WorkerEntrypoint
from js import WebSocketPair


class MatchDO(DurableObject):
    def __init__(self, ctx, env):
        super().__init__(ctx, env)
        self.players = []

    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("expected a WebSocket", status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        ws.send(message)

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(1000 if code in (1005, 1006) else code, reason)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.MATCH.getByName("lobby").fetch(request)
"""

RUST = """\
use std::cell::RefCell;
use std::collections::HashMap;
use worker::*;

#[event(fetch)]
async fn fetch(req: Request, env: Env, _ctx: Context) -> Result<Response> {
    Router::new()
        .get_async("/ws/:code", |req, ctx| async move {
            let code = ctx.param("code").map(|c| c.to_string()).unwrap_or_default();
            let namespace = ctx.durable_object("MATCH")?;
            let stub = namespace.id_from_name(&code)?.get_stub()?;
            stub.fetch_with_request(req).await
        })
        .run(req, env)
        .await
}

#[durable_object]
pub struct MatchDO {
    state: State,
    env: Env,
    players: RefCell<HashMap<String, WebSocket>>,
}

impl DurableObject for MatchDO {
    fn new(state: State, env: Env) -> Self {
        Self { state, env, players: RefCell::new(HashMap::new()) }
    }

    async fn fetch(&self, req: Request) -> Result<Response> {
        let upgrade = req.headers().get("Upgrade")?;
        if upgrade.as_deref() != Some("websocket") {
            return Response::error("expected a WebSocket", 426);
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        self.state.accept_web_socket(&server);
        Response::from_websocket(client)
    }

    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        ws.send_with_str("hi")
    }

    async fn websocket_close(&self, ws: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        let safe = if code == 1005 || code == 1006 { 1000 } else { code };
        ws.close(Some(safe as u16), Some(reason))
    }

    async fn websocket_error(&self, _ws: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }
}
"""

CARGO = """\
[package]
name = "match"
version = "0.1.0"
edition = "2021"
[lib]
crate-type = ["cdylib"]
[dependencies]
worker = "0.6"
"""


def codes(folder: Path, source: str, language: str) -> list[str]:
    """The codes that wslint reports, each with its line."""
    if language == "python":
        files = {
            "wrangler.toml": CONFIG.format(main="entry.py", more='compatibility_flags = ["python_workers"]'),
            "entry.py": source,
        }
    else:
        files = {
            "wrangler.toml": CONFIG.format(
                main="build/worker/shim.mjs", more='build.command = "worker-build"'
            ),
            "Cargo.toml": CARGO,
            "src/lib.rs": source,
        }
    write(files, folder)
    return [f"{finding.code}:{finding.span.text}" for finding in check_folder(folder).findings]


def changed(source: str, old: str, new: str) -> str:
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in the source"
    return source.replace(old, new)


@pytest.mark.parametrize(("language", "source"), [("python", PYTHON), ("rust", RUST)])
def test_the_right_way_is_silent(language: str, source: str, tmp_path: Path) -> None:
    assert codes(tmp_path, source, language) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("        self.ctx.acceptWebSocket(server)\n", "", "WS425"),
        ("status=101, web_socket", "web_socket", "WS405"),
        ("status=101, web_socket", "status=200, web_socket", "WS405"),
        (", web_socket=client", "", "WS403"),
        ("web_socket=client", "web_socket=server", "WS409"),
        ("None, status=101", '"hello", status=101', "WS406"),
        ("        ws.close(1000 if code in (1005, 1006) else code, reason)", "        print(code)", "WS507"),
        ("1000 if code in (1005, 1006) else code", "code", "WS508"),
        ("def webSocketMessage", "def websocket_message", "WS502"),
        ("def webSocketMessage", "def on_something", "WS501"),
        (".fetch(request)", ".fetch(request.url)", "WS417"),
        (".fetch(request)", '.fetch("/ws", request)', "WS418"),
        ('getByName("lobby")', 'get("lobby")', "WS613"),
        ("acceptWebSocket(server)", "acceptWebSocket(server)\n        self.players.append(server)", "WS601"),
        (
            "acceptWebSocket(server)",
            "acceptWebSocket(server)\n        await self.ctx.storage.setAlarm(1)",
            "WS513",
        ),
    ],
)
def test_python_one_line_off(old: str, new: str, code: str, tmp_path: Path) -> None:
    assert [found.split(":")[0] for found in codes(tmp_path, changed(PYTHON, old, new), "python")] == [code]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "client, server = WebSocketPair.new().object_values()",
            "client, server = WebSocketPair.new()",
        ),
        (
            "1000 if code in (1005, 1006) else code, reason)",
            "1000 if code == 1005 else code, reason) if was_clean else None",
        ),
        (
            'return await self.env.MATCH.getByName("lobby").fetch(request)',
            "stub = self.env.MATCH.get(self.env.MATCH.idFromName('lobby'))\n        return await stub.fetch(request.js_object)",
        ),
    ],
)
def test_python_other_right_ways(old: str, new: str, tmp_path: Path) -> None:
    assert codes(tmp_path, changed(PYTHON, old, new), "python") == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("        self.state.accept_web_socket(&server);\n", "", "WS425"),
        ("accept_web_socket(&server);", "accept_web_socket(&server);\n        server.accept()?;", "WS460"),
        ("from_websocket(client)", "from_websocket(server)", "WS409"),
        ("Some(safe as u16)", "Some(code as u16)", "WS508"),
        ("fetch_with_request(req)", 'fetch_with_str("https://match/ws")', "WS417"),
        (
            "accept_web_socket(&server);",
            'accept_web_socket(&server);\n        self.players.borrow_mut().insert("one".to_string(), server);',
            "WS601",
        ),
    ],
)
def test_rust_one_line_off(old: str, new: str, code: str, tmp_path: Path) -> None:
    assert [found.split(":")[0] for found in codes(tmp_path, changed(RUST, old, new), "rust")] == [code]


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e300"])
def test_numbers_without_an_end_are_no_places_and_no_statuses(number: str, tmp_path: Path) -> None:
    source = f"""\
export default {{
  fetch(request) {{
    const parts = [new URL(request.url).pathname, request];
    if (parts[{number}]) return new Response(null, {{ status: {number} }});
    if (parts[0].length === {number}) return new Response("x");
    return new Response("y");
  }},
}};
"""
    write(
        {"wrangler.toml": 'name = "a"\nmain = "a.js"\ncompatibility_date = "2026-07-01"\n', "a.js": source},
        tmp_path,
    )
    # WS455 says what is true of such a status; nothing is lost on the way to it.
    assert {finding.code for finding in check_folder(tmp_path).findings} <= {"WS455"}
