"""A handler that the argument of `#[durable_object(…)]` leaves out.

## What it does
Finds structs with `#[durable_object(fetch)]` or `(alarm)` that accept sockets for hibernation, and structs
with `#[durable_object(fetch)]` or `(websocket)` that implement `alarm`, with `worker` 0.6 or newer.

## Why it fails
The argument says which handlers leave the wasm module besides `fetch`. One that is left out is written,
compiled and never called: messages vanish after a handshake that succeeds, an alarm cannot be set.

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

#[durable_object(fetch)]
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

#[durable_object(websocket)]
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
- The attribute has no argument: then all handlers are exported.
- The version of `worker` is older than 0.6, or not known.

## Source
- https://github.com/cloudflare/workers-rs/blob/main/worker-macros/src/durable_object.rs
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import ClassFlow
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS811", "unreachable-handler-by-attribute", Severity.ERROR, causes=("RS02",), languages=("rust",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    crate = worker.rust_crate
    if crate is None or crate.worker_version is None or crate.worker_version < (0, 6, 0):
        return
    for cls in durable_classes(worker):
        argument = _argument(cls)
        if argument not in ("fetch", "alarm", "websocket") or "DurableObject" not in cls.bases:
            continue
        accepted = next((use for use in cls.uses if use.action == "hibernate"), None)
        alarm = cls.members.get("alarm")
        if accepted is not None and argument != "websocket":
            yield RULE.finding(
                cls.span,
                f"messages to `{cls.name}` vanish: `#[durable_object({argument})]` exports no socket "
                "handler, write "
                "`#[durable_object]`",
                labels=(Label(accepted.span, "accepted for hibernation here"),),
            )
        elif alarm is not None and argument != "alarm":
            yield RULE.finding(
                alarm.span,
                f"this alarm is never called: `#[durable_object({argument})]` does not export it, "
                "write `#[durable_object]`",
                labels=(Label(cls.span, "the attribute stands here"),),
            )


def _argument(cls: ClassFlow) -> str | None:
    """What stands in the brackets of `#[durable_object(…)]`."""
    for attribute in cls.attributes:
        name, _, rest = attribute.partition("(")
        if name.strip().rpartition("::")[2] == "durable_object" and rest:
            return rest.rstrip(") ").strip()
    return None
