"""Python and Rust: their own words for routes and guards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import traced

PYTHON_CONFIG = """\
name = "match"
main = "entry.py"
compatibility_date = "2026-07-01"
compatibility_flags = ["python_workers"]

[[durable_objects.bindings]]
name = "MATCH"
class_name = "Match"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
"""

PYTHON = """\
import re
from urllib.parse import urlparse

from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint

ROUTES = {"ws": "GET", "new": "POST"}


class Match(DurableObject):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("expected a WebSocket", status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        ws.send(message)

    async def webSocketClose(self, ws, code, reason, was_clean):
        ws.close(1000, reason)


def refuse(status, text="no"):
    return Response(text, status=status)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        path = urlparse(request.url).path
@BODY
"""

FORWARD = 'return await self.env.MATCH.getByName("a").fetch(request)'


def python(body: str) -> dict[str, str]:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return {"wrangler.toml": PYTHON_CONFIG, "entry.py": PYTHON.replace("@BODY", lines)}


@pytest.mark.parametrize(
    ("body", "url", "status"),
    [
        (FORWARD, "/ws/ABCDE", 101),
        (f'if path.startswith("/ws/"):\n    {FORWARD}\nreturn refuse(404)', "/ws/ABCDE", 101),
        (f'if path.startswith("/ws/"):\n    {FORWARD}\nreturn refuse(404)', "/other", 404),
        (f'parts = path.split("/")[1:]\nif parts == [""]:\n    return refuse(405)\nroute, *rest = parts\n'
         f'if route not in ROUTES or len(rest) != 1:\n    return refuse(404)\n{FORWARD}', "/ws/ABCDE", 101),
        (f'parts = path.split("/")[1:]\nif parts == [""]:\n    return refuse(405)\nroute, *rest = parts\n'
         f'if route not in ROUTES or len(rest) != 1:\n    return refuse(404)\n{FORWARD}', "/", 405),
        (f'parts = path.split("/")[1:]\nif parts == [""]:\n    return refuse(405)\nroute, *rest = parts\n'
         f'if route not in ROUTES or len(rest) != 1:\n    return refuse(404)\n{FORWARD}', "/ws", 404),
        (f'if request.method != ROUTES[path.split("/")[1]]:\n    return refuse(405)\n{FORWARD}', "/new/x", 405),
        ('return refuse(405) if request.method != ROUTES[path.split("/")[1]] else refuse(410)', "/nothing", 500),
        (f'if not re.fullmatch(r"/ws/[A-Z]{{5}}", path):\n    return refuse(400)\n{FORWARD}', "/ws/abc", 400),
        (f'if not re.fullmatch(r"/ws/[A-Z]{{5}}", path):\n    return refuse(400)\n{FORWARD}', "/ws/ABCDE", 101),
        ("kind, code = path.split('/')", "/ws/ABCDE", 500),
        ("stripped = path.strip('/')\nreturn refuse(418) if stripped == 'ws' else refuse(404)", "/ws/", 418),
        ('return await self.env.MATCH.getByName("a").fetch(request.url)', "/ws/ABCDE", 426),
        (f"if 7 % 2 == 0:\n    return refuse(400)\n{FORWARD}", "/ws/ABCDE", 101),
        (f"match path:\n    case '/a' | '/ws/ABCDE':\n        return refuse(400)\n{FORWARD}", "/ws/ABCDE", 400),
        (f"match path:\n    case '/a' | '/ws/ABCDE':\n        return refuse(400)\n{FORWARD}", "/ws/ABCD", 101),
        (f"try:\n    number = int(path[4:])\nexcept ValueError:\n    return refuse(400)\n{FORWARD}", "/ws/7", 101),
        (f"try:\n    number = int(path[4:])\nexcept ValueError:\n    return refuse(400)\n{FORWARD}", "/ws/A", 400),
        (f"if [part for part in path.split('/') if part == 'x']:\n    return refuse(400)\n{FORWARD}", "/ws/x", 400),
        (f"if [part for part in path.split('/') if part == 'x']:\n    return refuse(400)\n{FORWARD}", "/ws/A", 101),
        (f"def check(limit=3):\n    return limit\nif check() == 3:\n    return refuse(400)\n{FORWARD}", "/ws", 400),
    ],
)  # fmt: skip
def test_python(body: str, url: str, status: int, tmp_path: Path) -> None:
    predicted = traced(tmp_path, python(body), url).predicted
    assert (predicted.status, predicted.certain) == (status, True)


RUST = """\
use worker::*;

#[event(fetch)]
async fn fetch(req: Request, env: Env, _ctx: Context) -> Result<Response> {
@BODY
}

#[durable_object]
pub struct Match {
    state: State,
}

impl DurableObject for Match {
    fn new(state: State, _env: Env) -> Self {
        Self { state }
    }

    async fn fetch(&self, req: Request) -> Result<Response> {
        if req.headers().get("Upgrade")?.as_deref() != Some("websocket") {
            return Response::error("expected a WebSocket", 426);
        }
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        Response::from_websocket(pair.client)
    }

    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        Ok(())
    }

    async fn websocket_close(&self, ws: WebSocket, code: usize, reason: String, clean: bool) -> Result<()> {
        ws.close(Some(1000), Some(reason))
    }

    async fn websocket_error(&self, ws: WebSocket, error: Error) -> Result<()> {
        Ok(())
    }
}
"""

RUST_FORWARD = 'env.durable_object("MATCH")?.id_from_name("a")?.get_stub()?.fetch_with_request(req).await'


def rust(body: str) -> dict[str, str]:
    config = PYTHON_CONFIG.replace('"entry.py"', '"build/index.js"').replace('["python_workers"]', "[]")
    return {
        "wrangler.toml": config + '\n[build]\ncommand = "worker-build --release"\n',
        "Cargo.toml": '[package]\nname = "match"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\n'
        'crate-type = ["cdylib"]\n\n[dependencies]\nworker = "0.7"\n',
        "src/lib.rs": RUST.replace("@BODY", body),
    }


@pytest.mark.parametrize(
    ("body", "url", "status"),
    [
        (RUST_FORWARD, "/ws/ABCDE", 101),
        (f'if req.path() == "/health" {{ return Response::ok("ok"); }}\n{RUST_FORWARD}', "/health", 200),
        (f'if !req.path().starts_with("/ws/") {{ return Response::error("no", 404); }}\n{RUST_FORWARD}', "/x", 404),
        (f'if !req.path().starts_with("/ws/") {{ return Response::error("no", 404); }}\n{RUST_FORWARD}', "/ws/A", 101),
        (f'match req.path().as_str() {{\n"/ws" => {RUST_FORWARD},\n_ => Response::error("no", 404),\n}}', "/ws", 101),
        (f'match req.path().as_str() {{\n"/ws" => {RUST_FORWARD},\n_ => Response::error("no", 404),\n}}', "/x", 404),
        ('if let Some(code) = req.path().strip_prefix("/ws/") { return Response::error(code, 410); }\n'
         'Response::error("no", 404)', "/ws/", 410),
        ('if let Some(code) = req.path().strip_prefix("/ws/") { return Response::error(code, 410); }\n'
         'Response::error("no", 404)', "/x", 404),
        ('Router::new().post_async("/ws/:code", |req, ctx| async move { Response::ok("x") }).run(req, env).await',
         "/ws/ABCDE", 405),
        ('Router::new().get_async("/ws/:code", |req, ctx| async move { Response::ok("x") }).run(req, env).await',
         "/nothing", 404),
    ],
)  # fmt: skip
def test_rust(body: str, url: str, status: int, tmp_path: Path) -> None:
    predicted = traced(tmp_path, rust(body), url).predicted
    assert predicted.status == status, predicted


@pytest.mark.parametrize(
    "body",
    [
        f'if let Err(error) = check(&req) {{ return Response::error("no", 401); }}\n{RUST_FORWARD}',
        f'match code(&req) {{\nSome(code) if code == 5 => Response::error("no", 401),\n_ => {RUST_FORWARD},\n}}',
        f'let Some(code) = find(&req) else {{ return Response::error("no", 401); }};\n{RUST_FORWARD}',
    ],
)
def test_rust_that_is_not_followed_is_unknown(body: str, tmp_path: Path) -> None:
    assert traced(tmp_path, rust(body)).predicted.status is None
