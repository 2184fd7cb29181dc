"""A worker crate that is no `cdylib`.

## What it does
Finds Cargo.toml of a Rust Worker that depends on `worker` and whose `[lib]` does not list `cdylib` in
`crate-type`.

## Why it fails
Only a `cdylib` becomes a wasm module with exports. Without it worker-build stops with `crate-type must be
cdylib to compile to wasm32-unknown-unknown`, and what an own build makes has no classes for the runtime.

## Example
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

## Not a finding when
- Cargo.toml is also a workspace: the Worker may be another member.
- Cargo.toml could not be read.
- The build is not worker-build.

## Source
- https://doc.rust-lang.org/reference/linkage.html
- https://github.com/cloudflare/workers-rs/issues/204
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.text import SourceFile, Span
from wslint.worker import Worker

RULE = Rule("WS809", "missing-cdylib", Severity.ERROR, causes=("RS10",), languages=("rust",))


def check(worker: Worker) -> Iterator[Outcome]:
    crate = worker.rust_crate
    if crate is None or crate.problem or not crate.depends_on_worker or "cdylib" in crate.crate_types:
        return
    if "worker-build" not in (worker.config.build_command or "") or b"[workspace" in crate.manifest.data:
        return
    yield RULE.finding(
        _section(crate.manifest),
        "the build fails: `crate-type must be cdylib to compile to wasm32-unknown-unknown`, and "
        f"`{crate.name}` is none",
        help='write `crate-type = ["cdylib"]` under `[lib]`',
    )


def _section(manifest: SourceFile) -> Span:
    """The heading of `[lib]`, else of `[package]`, else the first line."""
    for heading in (b"[lib]", b"[package]"):
        start = manifest.data.find(heading)
        if start != -1:
            return Span(manifest, start, start + len(heading))
    return Span(manifest, 0, len(manifest.data)).head()
