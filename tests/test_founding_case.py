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

PAGE = """\
<!doctype html>
<title>lobby</title>
<script>
  const socket = new WebSocket(`wss://${location.host}/ws/@CODE`);
  socket.onmessage = (event) => (document.title = event.data);
</script>
"""

KEEP = 'self.sockets.borrow_mut().insert("player".to_string(), server);'


def _manifest(name: str, dependencies: str) -> str:
    return (
        f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n\n'
        f'[lib]\ncrate-type = ["cdylib", "rlib"]\n\n[dependencies]\nworker = "0.6"\n{dependencies}'
    )


def _check(
    folder: Path,
    *,
    config: str = CONFIG,
    entrypoint: str = ENTRYPOINT,
    check: str = LETTERS,
    keep: str = "",
    page: str = "<!doctype html><title>lobby</title>",
    match: str = MATCH,
    glue: str = MATCH_GLUE,
    built: bool = True,
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
        "match/src/lib.rs": match.replace("        @KEEP\n", f"        {keep}\n" if keep else ""),
        "public/index.html": page,
    }
    if not by_worker_build:
        files |= {
            "worker.js": entrypoint,
            "lobby/pkg/lobby.js": LOBBY_GLUE,
            "match/pkg/match_do.js": glue,
        }
    if not built:
        files = {name: text for name, text in files.items() if "/pkg/" not in name}
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


def test_the_project_as_it_was_has_one_error_and_two_warnings(tmp_path: Path) -> None:
    """Right Rust but for its map of sockets, a length as the only check, and a page that sends `:code`."""
    found = _check(tmp_path, check=LENGTH, keep=KEEP, page=PAGE.replace("@CODE", ":code"))
    assert sorted((finding.code, finding.severity.label, finding.span.file.name) for finding in found) == [
        ("WS601", "warning", "match/src/lib.rs"),
        ("WS716", "warning", "public/index.html"),
        ("WS801", "error", "worker.js"),
    ]
    (error,) = [finding for finding in found if finding.severity is Severity.ERROR]
    for arrangement in ("initSync({ module })", "await init(module)", "blockConcurrencyWhile"):
        assert arrangement in (error.help or "")
    placeholder = next(finding for finding in found if finding.code == "WS716")
    assert {label.span.file.name for label in placeholder.labels} == {"lobby/src/lib.rs"}


def test_after_the_mend_the_two_warnings_stay(tmp_path: Path) -> None:
    found = _check(tmp_path, entrypoint=WRAPPER, check=LENGTH, keep=KEEP, page=PAGE.replace("@CODE", ":code"))
    assert [finding.code for finding in found] == ["WS601", "WS716"]


def test_with_the_code_filled_in_and_checked_nothing_is_left(tmp_path: Path) -> None:
    assert _check(tmp_path, entrypoint=WRAPPER, page=PAGE.replace("@CODE", "${location.hash.slice(1)}")) == []


def test_without_a_page_the_check_itself_is_shown(tmp_path: Path) -> None:
    found = _check(tmp_path, entrypoint=WRAPPER, check=LENGTH)
    assert [(finding.code, finding.span.file.name) for finding in found] == [("WS717", "lobby/src/lib.rs")]


def test_a_wrapper_with_handlers_of_its_own_keeps_the_rust_silent(tmp_path: Path) -> None:
    """What the runtime calls is the wrapper's: nothing is known of when the Rust handlers run."""
    own = WRAPPER.replace("return this.inner.webSocketClose(ws, code, reason, wasClean);", "ws.close(1000);")
    without = MATCH.replace("        ws.close(Some(code as u16), Some(reason))\n", "        Ok(())\n")
    assert _check(tmp_path, entrypoint=own, keep=KEEP, match=without) == []


def test_a_forwarded_close_that_rust_does_not_answer(tmp_path: Path) -> None:
    without = MATCH.replace("        ws.close(Some(code as u16), Some(reason))\n", "        Ok(())\n")
    assert [finding.code for finding in _check(tmp_path, entrypoint=WRAPPER, match=without)] == ["WS507"]


def test_glue_of_no_crate_here_is_not_read(tmp_path: Path) -> None:
    """The crate beside the glue has another class: the glue was built from something else."""
    other = MATCH.replace("MatchDO", "OtherDO")
    assert [finding.code for finding in _check(tmp_path, keep=KEEP, match=other)] == ["WS801"]


def test_requests_that_javascript_rewrites_say_nothing_of_paths(tmp_path: Path) -> None:
    changed = WRAPPER.replace(
        "return handle(request, env, context);",
        'return handle(new Request(request.url.replace("/play", ""), request), env, context);',
    )
    assert _check(tmp_path, entrypoint=changed, check=LENGTH) == []


def test_a_wrapper_that_holds_a_promise_forwards_too(tmp_path: Path) -> None:
    wrapper = """\
import * as Sentry from "@sentry/cloudflare";
import init, { MatchDO as Inner } from "./match/pkg/match_do.js";
import module from "./match/pkg/match_do_bg.wasm";

let started;
async function start() {
  started ??= init(module);
  await started;
}

class Wrapper {
  constructor(state, env) {
    this.inner = start().then(() => new Inner(state, env));
  }
  async fetch(request) {
    return (await this.inner).fetch(request);
  }
  async alarm() {
    return (await this.inner).alarm();
  }
  async webSocketMessage(ws, message) {
    return (await this.inner).webSocketMessage(ws, message);
  }
  async webSocketClose(ws, code, reason, wasClean) {
    return (await this.inner).webSocketClose(ws, code, reason, wasClean);
  }
  async webSocketError(ws, error) {
    return (await this.inner).webSocketError(ws, error);
  }
}

export const MatchDO = Sentry.instrumentDurableObjectWithSentry((env) => ({ dsn: env.DSN }), Wrapper);

export default {
  async fetch(request, env) {
    await start();
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
"""
    found = _check(tmp_path, entrypoint=wrapper, keep=KEEP)
    assert [(finding.code, finding.span.file.name) for finding in found] == [("WS601", "match/src/lib.rs")]


def test_before_the_first_build_it_is_the_same(tmp_path: Path) -> None:
    """`pkg/` is what git ignores: a fresh clone has none."""
    found = _check(tmp_path, check=LENGTH, keep=KEEP, page=PAGE.replace("@CODE", ":code"), built=False)
    assert [(finding.code, finding.span.file.name) for finding in found] == [
        ("WS601", "match/src/lib.rs"),
        ("WS716", "public/index.html"),
        ("WS801", "worker.js"),
    ]


def test_before_a_build_for_another_target_nothing_is_known(tmp_path: Path) -> None:
    config = CONFIG.replace("--target web", "--target bundler")
    assert _check(tmp_path, config=config, built=False) == []


def test_before_the_first_build_an_init_at_the_top_level_counts(tmp_path: Path) -> None:
    entrypoint = ENTRYPOINT.replace("let ready;", "await initMatch(matchModule);\nlet ready;")
    assert _check(tmp_path, entrypoint=entrypoint, built=False) == []


def test_the_wrapper_is_silent_before_the_first_build(tmp_path: Path) -> None:
    assert _check(tmp_path, entrypoint=WRAPPER, built=False) == []


def test_behind_the_wrapper_the_rust_is_read_before_the_first_build(tmp_path: Path) -> None:
    found = _check(tmp_path, entrypoint=WRAPPER, keep=KEEP, built=False)
    assert [(finding.code, finding.span.file.name) for finding in found] == [("WS601", "match/src/lib.rs")]


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
