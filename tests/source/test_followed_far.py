"""The same bug seen from afar: through two files, three re-exports and a renamed `env`, each with its mended twin."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write

CONFIG = """\
name = "match"
main = "src/index.ts"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
"""

INDEX = """\
import type { Env } from "./types.js";
import { play } from "./routes/index.js";

export { MatchDO } from "./objects/index.js";

export default {
  async fetch(request: Request, bindings: Env): Promise<Response> {
    const { MATCH: rooms } = bindings;
    return play(request, rooms);
  },
} satisfies ExportedHandler<Env>;
"""

ROUTES = """\
export { forward as play } from "./play.js";
"""

PLAY = """\
import { stubOf } from "../stubs.js";

export async function forward(incoming: Request, namespace: DurableObjectNamespace): Promise<Response> {
  const room = stubOf(namespace, new URL(incoming.url));
  return room.fetch(incoming);
}
"""

STUBS = """\
export const stubOf = (namespace: DurableObjectNamespace, url: URL) =>
  namespace.getByName(url.searchParams.get("room") ?? "lobby");
"""

OBJECTS = """\
export * from "./match/index.js";
"""

MATCH_INDEX = """\
export { default as MatchDO } from "./match.js";
"""

MATCH = """\
import { Room } from "../base.js";
import { welcome } from "../../sockets.js";

export default class Match extends Room {
  async fetch(request: Request): Promise<Response> {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const { 0: theirs, 1: ours } = new WebSocketPair();
    welcome(this.state, ours);
    return new Response(null, { status: 101, webSocket: theirs });
  }
  async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer) {
    socket.send(message);
  }
}
"""

BASE = """\
import { DurableObject } from "cloudflare:workers";
import { answerClose } from "../sockets.js";

export abstract class Room extends DurableObject<Env> {
  protected state: DurableObjectState;
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.state = ctx;
  }
  async webSocketClose(socket: WebSocket, code: number, reason: string) {
    answerClose(socket, code, reason);
  }
}
"""

SOCKETS = """\
export function welcome(state: DurableObjectState, socket: WebSocket): void {
  state.acceptWebSocket(socket);
  socket.send(JSON.stringify({ type: "welcome" }));
}

export function answerClose(socket: WebSocket, code: number, reason: string): void {
  socket.close(code === 1005 || code === 1006 ? 1000 : code, reason);
}
"""

JAVASCRIPT = {
    "wrangler.toml": CONFIG,
    "src/types.ts": "export interface Env {\n  MATCH: DurableObjectNamespace;\n}\n",
    "src/index.ts": INDEX,
    "src/routes/index.ts": ROUTES,
    "src/routes/play.ts": PLAY,
    "src/stubs.ts": STUBS,
    "src/objects/index.ts": OBJECTS,
    "src/objects/match/index.ts": MATCH_INDEX,
    "src/objects/match/match.ts": MATCH.replace('"../base.js"', '"../base.js"'),
    "src/objects/base.ts": BASE,
    "src/sockets.ts": SOCKETS,
}

PYTHON = {
    "wrangler.toml": CONFIG.replace("src/index.ts", "src/entry.py").replace(
        "durable_objects", 'compatibility_flags = ["python_workers"]\ndurable_objects', 1
    ),
    "src/entry.py": """\
from workers import WorkerEntrypoint

from objects import MatchDO
from routes import play

__all__ = ["Default", "MatchDO"]


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        bindings = self.env
        return await play(request, bindings.MATCH)
""",
    "src/routes.py": """\
async def play(incoming, namespace):
    room = namespace.getByName("lobby")
    return await room.fetch(incoming)
""",
    "src/objects/__init__.py": "from .match import MatchDO\n",
    "src/objects/match.py": """\
from js import WebSocketPair
from workers import Response

from .base import Room
from .sockets import welcome


class MatchDO(Room):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response(None, status=426)
        theirs, ours = WebSocketPair.new().object_values()
        welcome(self.ctx, ours)
        return Response(None, status=101, web_socket=theirs)

    async def webSocketMessage(self, socket, message):
        socket.send(message)
""",
    "src/objects/base.py": """\
from workers import DurableObject

from .sockets import answer_close


class Room(DurableObject):
    async def webSocketClose(self, socket, code, reason, was_clean):
        answer_close(socket, code, reason)
""",
    "src/objects/sockets.py": """\
def welcome(state, socket):
    state.acceptWebSocket(socket)
    socket.send("welcome")


def answer_close(socket, code, reason):
    socket.close(1000 if code in (1005, 1006) else code, reason)
""",
}

RUST = {
    "wrangler.toml": CONFIG.replace("src/index.ts", "build/worker/shim.mjs")
    + '\n[build]\ncommand = "cargo install -q worker-build@0.7 && worker-build --release"\n',
    "Cargo.toml": '[package]\nname = "match"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n\n'
    '[dependencies]\nworker = "0.6"\n',
    "src/lib.rs": """\
mod objects;
mod routes;

pub use objects::MatchDO;
use worker::*;

#[event(fetch)]
async fn fetch(req: Request, bindings: Env, _ctx: Context) -> Result<Response> {
    routes::play(req, &bindings).await
}
""",
    "src/routes.rs": """\
use worker::*;

pub async fn play(incoming: Request, env: &Env) -> Result<Response> {
    let namespace = env.durable_object("MATCH")?;
    let room = namespace.id_from_name("lobby")?.get_stub()?;
    room.fetch_with_request(incoming).await
}
""",
    "src/objects/mod.rs": "mod game;\npub use game::MatchDO;\n",
    "src/objects/game.rs": """\
use worker::*;

#[durable_object]
pub struct MatchDO {
    state: State,
}

impl DurableObject for MatchDO {
    fn new(state: State, _env: Env) -> Self {
        Self { state }
    }

    async fn fetch(&self, req: Request) -> Result<Response> {
        if req.headers().get("Upgrade")?.as_deref() != Some("websocket") {
            return Response::error("expected a WebSocket", 426);
        }
        let WebSocketPair { client: theirs, server: ours } = WebSocketPair::new()?;
        self.welcome(&ours);
        Response::from_websocket(theirs)
    }

    async fn websocket_message(&self, socket: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        if let WebSocketIncomingMessage::String(text) = message {
            socket.send_with_str(text)?;
        }
        Ok(())
    }

    async fn websocket_close(&self, socket: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        self.answer_close(&socket, code, reason)
    }

    async fn websocket_error(&self, _socket: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }
}

impl MatchDO {
    fn welcome(&self, socket: &WebSocket) {
        self.state.accept_web_socket(socket);
    }

    fn answer_close(&self, socket: &WebSocket, code: usize, reason: String) -> Result<()> {
        let code = if code == 1005 || code == 1006 { 1000 } else { code };
        socket.close(Some(code as u16), Some(reason))
    }
}
""",
}

SETS = {"javascript": JAVASCRIPT, "python": PYTHON, "rust": RUST}

BUGS = [
    # language, rule, file, what stands there, what stood there, where the finding is
    ("javascript", "WS417", "src/routes/play.ts", "room.fetch(incoming)", "room.fetch(incoming.url)", "src/routes/play.ts"),
    ("javascript", "WS408", "src/routes/play.ts", "return room.fetch(incoming);", "await room.fetch(incoming);\n  return new Response(null);", "src/routes/play.ts"),
    ("javascript", "WS410", "src/routes/play.ts", "return room.fetch(incoming);", "return (await room.fetch(incoming)).clone();", "src/routes/play.ts"),
    ("javascript", "WS401", "src/index.ts", "return play(request, rooms);", "const r = await play(request, rooms);\n    return new Response(r.body, { status: r.status, headers: r.headers });", "src/index.ts"),
    ("javascript", "WS411", "src/index.ts", "return play(request, rooms);", 'const r = await play(request, rooms);\n    r.headers.set("X-Room", "lobby");\n    return r;', "src/index.ts"),
    ("javascript", "WS207", "src/index.ts", "const { MATCH: rooms } = bindings;", "const { MATCHES: rooms } = bindings;", "src/index.ts"),
    ("javascript", "WS425", "src/sockets.ts", "  state.acceptWebSocket(socket);\n  socket.send(JSON.stringify({ type: \"welcome\" }));\n", "  console.log(state.id);\n", "src/objects/match/match.ts"),
    ("javascript", "WS409", "src/objects/match/match.ts", "webSocket: theirs", "webSocket: ours", "src/objects/match/match.ts"),
    ("javascript", "WS426", "src/sockets.ts", "  state.acceptWebSocket(socket);\n  socket.send(JSON.stringify({ type: \"welcome\" }));\n", "  socket.send(JSON.stringify({ type: \"welcome\" }));\n  state.acceptWebSocket(socket);\n", "src/sockets.ts"),
    ("javascript", "WS507", "src/sockets.ts", "  socket.close(code === 1005 || code === 1006 ? 1000 : code, reason);\n", "  console.log(code, reason);\n", "src/objects/base.ts"),
    ("javascript", "WS508", "src/sockets.ts", "code === 1005 || code === 1006 ? 1000 : code", "code", "src/sockets.ts"),
    ("javascript", "WS501", "src/objects/match/match.ts", "webSocketMessage(socket", "received(socket", "src/objects/match/match.ts"),
    ("javascript", "WS201", "src/objects/match/index.ts", "default as MatchDO", "default as Match", "wrangler.toml"),
    ("javascript", "WS503", "src/sockets.ts", "  state.acceptWebSocket(socket);\n", '  state.acceptWebSocket(socket);\n  socket.addEventListener("message", () => socket.send("hi"));\n', "src/sockets.ts"),
    ("python", "WS405", "src/objects/match.py", "status=101, web_socket=theirs", "web_socket=theirs", "src/objects/match.py"),
    ("python", "WS425", "src/objects/sockets.py", '    state.acceptWebSocket(socket)\n    socket.send("welcome")\n', '    print("a WebSocket of", state.id)\n', "src/objects/match.py"),
    ("python", "WS507", "src/objects/sockets.py", "    socket.close(1000 if code in (1005, 1006) else code, reason)\n", "    print(code, reason)\n", "src/objects/base.py"),
    ("python", "WS508", "src/objects/sockets.py", "1000 if code in (1005, 1006) else code", "code", "src/objects/sockets.py"),
    ("python", "WS207", "src/entry.py", "bindings.MATCH", "bindings.MATCHES", "src/entry.py"),
    ("python", "WS905", "src/routes.py", "return await room.fetch(incoming)", "return room.fetch(incoming)", "src/entry.py"),
    ("rust", "WS803", "src/objects/game.rs", "    async fn websocket_error(&self, _socket: WebSocket, _error: Error) -> Result<()> {\n        Ok(())\n    }\n", "", "src/objects/game.rs"),
    ("rust", "WS507", "src/objects/game.rs", "        socket.close(Some(code as u16), Some(reason))\n", "        Ok(())\n", "src/objects/game.rs"),
    ("rust", "WS508", "src/objects/game.rs", "        let code = if code == 1005 || code == 1006 { 1000 } else { code };\n", "", "src/objects/game.rs"),
    ("rust", "WS417", "src/routes.rs", "fetch_with_request(incoming)", 'fetch_with_str("https://object/ws")', "src/routes.rs"),
    ("rust", "WS425", "src/objects/game.rs", "        self.state.accept_web_socket(socket);\n", "", "src/objects/game.rs"),
]  # fmt: skip


@pytest.mark.parametrize("language", SETS)
def test_the_mended_twin_is_silent(language: str, tmp_path: Path) -> None:
    write(SETS[language], tmp_path)
    result = check_folder(tmp_path)
    assert [f"{item.code} {item.span.file.name} {item.message}" for item in result.findings] == []
    assert result.unknown == ()


@pytest.mark.parametrize(
    ("language", "code", "file", "right", "wrong", "where"),
    [pytest.param(*bug, id=f"{bug[0]} {bug[1]}") for bug in BUGS],
)
def test_the_bug_is_found(
    language: str, code: str, file: str, right: str, wrong: str, where: str, tmp_path: Path
) -> None:
    project = dict(SETS[language])
    assert right in project[file]
    project[file] = project[file].replace(right, wrong)
    write(project, tmp_path)
    found = [item for item in check_folder(tmp_path).findings if item.confidence == "high"]
    assert (code, where) in [(item.code, item.span.file.name) for item in found]
