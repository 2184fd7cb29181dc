"""The case that wslint was made for: right Rust, and a class of wasm-bindgen glue that nobody initialised."""

from __future__ import annotations

from pathlib import Path

from tests.pages import check_folder, write
from wslint.finding import Finding, Severity

CONFIG = """\
name = "lobby"
main = "worker.js"
compatibility_date = "2024-01-01"

[build]
command = "wasm-pack build lobby --target web && wasm-pack build match --target web"

[assets]
directory = "public"
binding = "ASSETS"
run_worker_first = ["/ws/*"]

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
"""

BUILT_BY_WORKER_BUILD = (
    CONFIG.replace('main = "worker.js"', 'main = "build/worker/shim.mjs"')
    .replace(
        "wasm-pack build lobby --target web && wasm-pack build match --target web",
        "worker-build --release lobby",
    )
    .replace("[build]\n", '[build]\ncwd = "lobby"\n')
)

ENTRYPOINT = """\
import initLobby, { fetch as handle } from "./lobby/pkg/lobby.js";
import initMatch from "./match/pkg/match_do.js";
import lobbyModule from "./lobby/pkg/lobby_bg.wasm";
import matchModule from "./match/pkg/match_do_bg.wasm";

export { MatchDO } from "./match/pkg/match_do.js";

let ready;

export default {
  async fetch(request, env, context) {
    ready ??= Promise.all([initLobby(lobbyModule), initMatch(matchModule)]);
    await ready;
    return handle(request, env, context);
  },
};
"""

WRAPPER = """\
import initLobby, { fetch as handle } from "./lobby/pkg/lobby.js";
import initMatch, { MatchDO as Inner } from "./match/pkg/match_do.js";
import lobbyModule from "./lobby/pkg/lobby_bg.wasm";
import matchModule from "./match/pkg/match_do_bg.wasm";

export class MatchDO {
  constructor(state, env) {
    state.blockConcurrencyWhile(async () => {
      await initMatch(matchModule);
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

let ready;

export default {
  async fetch(request, env, context) {
    ready ??= initLobby(lobbyModule);
    await ready;
    return handle(request, env, context);
  },
};
"""

START = """\
export function initSync(module) {
  wasm = new WebAssembly.Instance(module, {}).exports;
  return wasm;
}

async function __wbg_init(module_or_path) {
  if (wasm !== undefined) return wasm;
  const { instance } = await WebAssembly.instantiate(await module_or_path, {});
  wasm = instance.exports;
  return wasm;
}

export default __wbg_init;
"""

LOBBY_GLUE = f"""\
let wasm;

export function fetch(request, env, context) {{
  return wasm.fetch(request, env, context);
}}

{START}"""

MATCH_GLUE = f"""\
let wasm;

export class MatchDO {{
  __destroy_into_raw() {{
    const ptr = this.__wbg_ptr;
    this.__wbg_ptr = 0;
    return ptr;
  }}
  free() {{
    wasm.__wbg_matchdo_free(this.__destroy_into_raw(), 0);
  }}
  constructor(state, env) {{
    this.__wbg_ptr = wasm.matchdo_new(state, env) >>> 0;
    return this;
  }}
  fetch(request) {{
    return wasm.matchdo_fetch(this.__wbg_ptr, request);
  }}
  alarm() {{
    return wasm.matchdo_alarm(this.__wbg_ptr);
  }}
  webSocketMessage(ws, message) {{
    return wasm.matchdo_webSocketMessage(this.__wbg_ptr, ws, message);
  }}
  webSocketClose(ws, code, reason, was_clean) {{
    return wasm.matchdo_webSocketClose(this.__wbg_ptr, ws, code, reason, was_clean);
  }}
  webSocketError(ws, error) {{
    return wasm.matchdo_webSocketError(this.__wbg_ptr, ws, error);
  }}
}}

{START}"""

LOBBY = """\
use worker::*;

@REEXPORT
#[event(fetch)]
async fn fetch(req: Request, env: Env, _ctx: Context) -> Result<Response> {
    Router::new()
        .get_async("/ws/:code", |req, ctx| async move {
            let code = ctx.param("code").cloned().unwrap_or_default();
            @CHECK
            let namespace = ctx.durable_object("MATCH")?;
            let stub = namespace.id_from_name(&code)?.get_stub()?;
            stub.fetch_with_request(req).await
        })
        .run(req, env)
        .await
}
"""

LENGTH = """if code.len() != 5 {
                return Response::error("no such match", 404);
            }"""
LETTERS = """if code.len() != 5 || !code.chars().all(|letter| letter.is_ascii_alphanumeric()) {
                return Response::error("no such match", 404);
            }"""

MATCH = """\
use std::cell::RefCell;
use std::collections::HashMap;
use worker::*;

#[durable_object]
pub struct MatchDO {
    state: State,
    sockets: RefCell<HashMap<String, WebSocket>>,
}

impl DurableObject for MatchDO {
    fn new(state: State, _env: Env) -> Self {
        Self { state, sockets: RefCell::new(HashMap::new()) }
    }

    async fn fetch(&self, req: Request) -> Result<Response> {
        if req.headers().get("Upgrade")?.as_deref() != Some("websocket") {
            return Response::error("expected a WebSocket", 426);
        }
        let WebSocketPair { client, server } = WebSocketPair::new()?;
        self.state.accept_web_socket(&server);
        @KEEP
        Response::from_websocket(client)
    }

    async fn alarm(&self) -> Result<Response> {
        Response::ok("")
    }

    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        if let WebSocketIncomingMessage::String(text) = message {
            ws.send_with_str(text)?;
        }
        Ok(())
    }

    async fn websocket_close(&self, ws: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        let code = if code == 1005 || code == 1006 { 1000 } else { code };
        ws.close(Some(code as u16), Some(reason))
    }

    async fn websocket_error(&self, _ws: WebSocket, _error: Error) -> Result<()> {
        Ok(())
    }
}
"""

KEEP = 'self.sockets.borrow_mut().insert("player".to_string(), server);'


def _manifest(name: str, dependencies: str) -> str:
    return (
        f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n\n'
        f'[lib]\ncrate-type = ["cdylib", "rlib"]\n\n[dependencies]\nworker = "0.6"\n{dependencies}'
    )


def _check(
    folder: Path, *, config: str = CONFIG, entrypoint: str = ENTRYPOINT, check: str = LETTERS, keep: str = ""
) -> list[Finding]:
    """What a plain `wslint check` shows of the project."""
    by_worker_build = config is BUILT_BY_WORKER_BUILD
    reexport = "pub use match_do::MatchDO;\n" if by_worker_build else ""
    files = {
        "wrangler.toml": config,
        "Cargo.toml": '[workspace]\nmembers = ["lobby", "match"]\nresolver = "2"\n',
        "Cargo.lock": 'version = 4\n\n[[package]]\nname = "worker"\nversion = "0.6.7"\n',
        "lobby/Cargo.toml": _manifest(
            "lobby", 'match_do = { path = "../match" }\n' if by_worker_build else ""
        ),
        "lobby/src/lib.rs": LOBBY.replace("@REEXPORT\n", reexport).replace("@CHECK", check),
        "match/Cargo.toml": _manifest("match_do", ""),
        "match/src/lib.rs": MATCH.replace("        @KEEP\n", f"        {keep}\n" if keep else ""),
        "public/index.html": "<!doctype html><title>lobby</title>",
    }
    if not by_worker_build:
        files |= {
            "worker.js": entrypoint,
            "lobby/pkg/lobby.js": LOBBY_GLUE,
            "match/pkg/match_do.js": MATCH_GLUE,
        }
    write(files, folder)
    found = check_folder(folder).findings
    return [
        finding for finding in found if finding.severity >= Severity.WARNING and finding.confidence == "high"
    ]


def test_the_one_error_stands_at_the_export(tmp_path: Path) -> None:
    errors = [finding for finding in _check(tmp_path) if finding.severity is Severity.ERROR]
    assert [finding.code for finding in errors] == ["WS801"]
    line = errors[0].span.first.line
    assert ENTRYPOINT.splitlines()[line - 1].startswith("export { MatchDO }")
    assert "Cannot read properties of undefined" in errors[0].message


def test_nothing_else_is_said_of_the_entrypoint(tmp_path: Path) -> None:
    assert [finding.code for finding in _check(tmp_path)] == ["WS801"]


def test_the_wrapper_that_forwards_everything_is_silent(tmp_path: Path) -> None:
    assert _check(tmp_path, entrypoint=WRAPPER) == []


def test_the_right_rust_is_silent(tmp_path: Path) -> None:
    assert _check(tmp_path, config=BUILT_BY_WORKER_BUILD) == []


def test_sockets_in_a_map_and_the_length_check_are_warnings(tmp_path: Path) -> None:
    found = _check(tmp_path, config=BUILT_BY_WORKER_BUILD, check=LENGTH, keep=KEEP)
    assert sorted((finding.code, finding.severity.label) for finding in found) == [
        ("WS601", "warning"),
        ("WS717", "warning"),
    ]
