"""Binary messages with a version of the `worker` crate that corrupts them.

## What it does
Finds `send_with_bytes` with `worker` older than 0.1.0.

## Why it fails
Those versions hand the runtime a view of memory that Rust frees, and uses again, before the bytes are sent: clients
get other bytes now and then.

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

[lib]
crate-type = ["cdylib"]

[dependencies]
worker = "0.0.24"
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

#[durable_object]
impl DurableObject for MatchDO {
    fn new(state: State, _env: Env) -> Self {
        Self { state }
    }

    async fn fetch(&mut self, req: Request) -> Result<Response> {
        if req.headers().get("Upgrade")?.as_deref() != Some("websocket") {
            return Response::error("expected a WebSocket", 426);
        }
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        Response::from_websocket(pair.client)
    }

    async fn websocket_message(&mut self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        if let WebSocketIncomingMessage::String(text) = message {
            ws.send_with_bytes(text.as_bytes())?;
        }
        Ok(())
    }

    async fn websocket_close(&mut self, ws: WebSocket, code: usize, reason: String, _clean: bool) -> Result<()> {
        let code = if code == 1005 || code == 1006 { 1000 } else { code };
        ws.close(Some(code as u16), Some(reason))
    }

    async fn websocket_error(&mut self, _ws: WebSocket, _error: Error) -> Result<()> {
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
            ws.send_with_bytes(text.as_bytes())?;
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
- Only text is sent.
- The version is not known, or the crate's source is replaced by a path or a git address.

## Source
- https://github.com/cloudflare/workers-rs/pull/523
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule("WS814", "corrupted-binary-frames", Severity.WARNING, causes=("RS15",), languages=("rust",))


def check(worker: Worker) -> Iterator[Outcome]:
    crate = worker.rust_crate
    if (
        crate is None
        or crate.worker_version is None
        or crate.worker_version >= (0, 1, 0)
        or worker.flow is None
    ):
        return
    version = ".".join(map(str, crate.worker_version))
    seen: set[tuple[str, int]] = set()
    for use in worker.flow.uses:
        place = (use.span.file.name, use.span.start)
        if use.action == "send" and "send_with_bytes" in use.span.text and place not in seen:
            seen.add(place)
            yield RULE.finding(
                use.span,
                f"now and then clients get other bytes than these: `worker` {version} frees them before they are sent",
                help="take `worker` 0.1.0 or newer",
            )
