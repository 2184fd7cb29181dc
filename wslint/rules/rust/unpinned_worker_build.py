"""A build that installs whichever worker-build is newest.

## What it does
Finds `cargo install worker-build` without a version in `build.command` of a Rust Worker whose Cargo.lock
pins `worker`.

## Why it fails
worker-build brings its own wasm-bindgen and glue, which must fit what Cargo.lock has. The lock file stays
as it is while the installed tool moves on: one day the build ends with `it looks like the Rust project used
to create this wasm file was linked against version of wasm-bindgen that uses a different bindgen format`,
or the glue does not fit the crate.

## Example
```toml wrangler.toml
name = "match"
main = "build/worker/shim.mjs"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]

[build]
command = "cargo install -q worker-build && worker-build --release"
```
```toml Cargo.toml
[package]
name = "match"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
worker = "0.6"
```
```rust src/lib.rs
use worker::*;

#[event(fetch)]
async fn fetch(req: Request, env: Env, _ctx: Context) -> Result<Response> {
    let stub = env.durable_object("MATCH")?.id_from_name("lobby")?.get_stub()?;
    stub.fetch_with_request(req).await
}

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
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        Response::from_websocket(pair.client)
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
```
```toml Cargo.lock
version = 4

[[package]]
name = "worker"
version = "0.6.7"
```

## Use instead
```toml wrangler.toml
name = "match"
main = "build/worker/shim.mjs"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]

[build]
command = "cargo install -q worker-build@0.7 && worker-build --release"
```
```toml Cargo.toml
[package]
name = "match"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
worker = "0.6"
```
```rust src/lib.rs
use worker::*;

#[event(fetch)]
async fn fetch(req: Request, env: Env, _ctx: Context) -> Result<Response> {
    let stub = env.durable_object("MATCH")?.id_from_name("lobby")?.get_stub()?;
    stub.fetch_with_request(req).await
}

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
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        Response::from_websocket(pair.client)
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
```
```toml Cargo.lock
version = 4

[[package]]
name = "worker"
version = "0.6.7"
```

## Not a finding when
- The command names a version: `worker-build@0.7`, `--version 0.7`.
- There is no Cargo.lock: then both are the newest.

## Source
- https://github.com/cloudflare/workers-rs/issues/881
- https://github.com/cloudflare/workers-rs/pull/883
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule("WS808", "unpinned-worker-build", Severity.WARNING, causes=("RS09",), languages=("rust",))

_INSTALL = regex(r"cargo\s+install\b(?P<options>[^&;|]*)")


def check(worker: Worker) -> Iterator[Outcome]:
    crate, build = worker.rust_crate, worker.config.value("build")
    command = build.get("command") if build is not None else None
    if crate is None or command is None or not crate.worker_version_locked or crate.worker_version is None:
        return
    for match in _INSTALL.finditer(command.string or ""):
        words = match["options"].split()
        if "worker-build" in words and not any(
            word.startswith(("--version", "--vers", "--git", "--path")) for word in words
        ):
            version = ".".join(map(str, crate.worker_version))
            yield RULE.finding(
                command.span,
                f"the build breaks once the newest `worker-build` no longer fits `worker` {version}, "
                "which Cargo.lock pins: name a "
                "version, `worker-build@…`",
                help="the one that matches the `worker` crate; raise both together",
            )
