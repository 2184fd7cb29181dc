"""A Rust Durable Object that accepts sockets for hibernation and leaves a socket handler to the trait.

## What it does
Finds `#[durable_object]` structs that call `accept_web_socket` (or the form with tags) and whose `impl
DurableObject` lacks `websocket_message`, `websocket_close` or `websocket_error`, where Cargo.toml or
Cargo.lock gives `worker` 0.6 or newer.

## Why it fails
From 0.6 on the attribute exports all three handlers, and the trait's own bodies are `unimplemented!()`. So
the first message, or every client that goes away, panics: the wasm instance ends, every object in it is
made anew and what they held in memory is gone. Before 0.6 only written methods were exported.

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
- The struct says `#[durable_object(fetch)]` or `(alarm)`: then no socket handler is exported at all.
- No socket is accepted for hibernation: the handlers are never called.
- The version of `worker` is not known, or the `impl` is not in the file of the struct.

## Source
- https://github.com/cloudflare/workers-rs/blob/main/worker/src/durable.rs
- https://github.com/cloudflare/workers-rs/blob/main/worker-macros/src/durable_object.rs
- workerd 1.20261117.1 with worker 0.8.7, run: the close is never answered, the client reports 1006.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.handlers import hibernating, pushes
from wslint.record import replace
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS803",
    "unimplemented-socket-handler",
    Severity.ERROR,
    causes=("RS02",),
    languages=("rust",),
    needs=("uses hibernate",),
)

_HANDLERS = {
    "webSocketMessage": ("websocket_message", "a client sends a message"),
    "webSocketClose": ("websocket_close", "a client goes away"),
    "webSocketError": ("websocket_error", "a socket breaks its protocol"),
}
_EXPORTING = ("durable_object", "durable_object()", "durable_object(websocket)")


def check(worker: Worker) -> Iterator[Outcome]:
    crate = worker.rust_crate
    if crate is None or crate.worker_version is None or crate.worker_version < (0, 6, 0):
        return
    for cls, use in hibernating(worker):
        exports_all = any(attribute.rpartition("::")[2] in _EXPORTING for attribute in cls.attributes)
        missing = [name for name in _HANDLERS if name not in cls.members]
        if not exports_all or "DurableObject" not in cls.bases or not missing:
            continue
        names = " and ".join(f"`{_HANDLERS[name][0]}`" for name in missing)
        finding = RULE.finding(
            cls.span,
            f"the whole wasm instance panics when {_HANDLERS[missing[0]][1]}: {names} of `{cls.name}` "
            "is left to the trait, "
            "whose body is `unimplemented!()`",
            labels=(Label(use.span, "accepted for hibernation here"),),
            help="implement it; `websocket_close` calls `ws.close(…)`, `websocket_error` may return `Ok(())`",
        )
        certain = "webSocketClose" in missing or ("webSocketMessage" in missing and not pushes(cls))
        yield finding if certain else replace(finding, severity=Severity.WARNING)
