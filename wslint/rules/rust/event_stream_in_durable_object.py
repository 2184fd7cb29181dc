"""An event stream that keeps a Durable Object awake.

## What it does
Finds `server.events()` in a Rust Durable Object.

## Why it fails
The stream lives in a task of its own as long as the socket does: the object never hibernates and is billed all the
time, and the task can't borrow `self`.

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
use futures_util::StreamExt;
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
        pair.server.accept()?;
        let server = pair.server.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let mut events = server.events().expect("events");
            while let Some(Ok(event)) = events.next().await {
                if let WebsocketEvent::Message(message) = event {
                    let _ = server.send_with_str(message.text().unwrap_or_default());
                }
            }
        });
        Response::from_websocket(pair.client)
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
- The stream is read in the Worker itself, where nothing can hibernate.
- It is the stream of a socket that the object opened to another server.

## Source
- https://github.com/cloudflare/workers-rs/issues/149
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.source.flow.values import End
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS813",
    "event-stream-in-durable-object",
    Severity.INFO,
    causes=("RS14",),
    languages=("rust",),
    needs=("rust",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language != "rust":
        return
    for cls in durable_classes(worker):
        for use in cls.uses:
            if use.action == "call" and use.name == "events" and isinstance(use.value, End):
                yield RULE.finding(
                    use.span,
                    f"while this stream is read `{cls.name}` never hibernates, and is billed all the time",
                    help="accept with `self.state.accept_web_socket(&server)` and implement `websocket_message`, "
                    "`websocket_close` and `websocket_error`",
                )
