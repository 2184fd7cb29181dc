"""A RefCell's mutable borrow that is still held at an `.await`.

## What it does
Finds `let x = self.field.borrow_mut();` with an `.await` after it in the same block, and a borrow without a name
that is still there: in the awaited expression, its arguments included, in what a `match`, `if let`, `while let` or
`for` around it looks at. What is awaited must let other events in: a timer, a fetch, another object,
`storage().sync()`. A shared `borrow()` counts where the field is changed somewhere.

## Why it fails
Handlers take `&self` since `worker` 0.6 and run interleaved: while one waits, the runtime delivers the next
event. If that one borrows the same field, it panics (`already borrowed`). Its message is lost, and every
object of the wasm instance is made anew without what it held in memory.

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
    names: std::cell::RefCell<Vec<String>>,
}

impl DurableObject for MatchDO {
    fn new(state: State, _env: Env) -> Self {
        Self { state, names: Default::default() }
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
            let mut names = self.names.borrow_mut();
            Delay::from(std::time::Duration::from_millis(200)).await;
            names.push(text);
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
    names: std::cell::RefCell<Vec<String>>,
}

impl DurableObject for MatchDO {
    fn new(state: State, _env: Env) -> Self {
        Self { state, names: Default::default() }
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
            Delay::from(std::time::Duration::from_millis(200)).await;
            self.names.borrow_mut().push(text);
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
- The guard is dropped before (`drop(x)`), or its block ends before the `.await`.
- The value is cloned or taken out: `let x = self.field.borrow_mut().clone();`.
- Storage is awaited (`get`, `put`, `list`, `delete`, the alarm): until it answers, no other event comes in.
- What the awaited function waits for is not known.

## Source
- https://rust-lang.github.io/rust-clippy/master/index.html#await_holding_refcell_ref
- https://github.com/cloudflare/workers-rs/pull/737
- workerd 1.20261117.1 with worker 0.8.7, run: each kind of `.await`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS806", "borrow-across-await", Severity.WARNING, causes=("RS06",), languages=("rust",), needs=("rust",)
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language != "rust":
        return
    from wslint.source.rust.borrows import held_borrows

    seen: set[Span] = set()
    for held in held_borrows(worker.source.files):
        if held.borrow in seen:
            continue
        seen.add(held.borrow)
        what = "changes" if held.shared else "borrows"
        yield RULE.finding(
            held.borrow,
            f"an event that arrives during the `.await` below and {what} the same field panics (`already borrowed`): "
            "its message is lost, and all objects of the wasm instance lose their memory",
            labels=(Label(held.wait, "still borrowed while this waits"),),
            help="end the borrow first: an inner block, `drop(…)`, or take the value out",
        )
