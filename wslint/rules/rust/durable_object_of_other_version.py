"""A Durable Object written for another version of the `worker` crate.

## What it does
Finds `impl DurableObject` blocks with the attribute or `&mut self` although `worker` is 0.6 or newer, and blocks
without the attribute although it is older.

## Why it fails
Up to 0.5 `#[durable_object]` stands on the struct and on the impl, and methods take `&mut self`. From 0.6 on it stands
on the struct alone and methods take `&self`. The other form does not compile: the build that `wrangler deploy` starts
fails.

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
            ws.send_with_str(text)?;
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
- The trait `DurableObject` is another crate's, or it can't be told whose it is.
- The version is not known, or the crate's source is replaced by a path or a git address.
- The block stands under a `cfg`, or does not parse.

## Source
- https://github.com/cloudflare/workers-rs/pull/753
- worker-macros 0.5.0, 0.6.7 and 0.8.7, their source.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule("WS812", "durable-object-of-other-version", Severity.ERROR, causes=("RS03",), languages=("rust",))


def check(worker: Worker) -> Iterator[Outcome]:
    crate = worker.rust_crate
    if crate is None or crate.worker_version is None or worker.source is None:
        return
    from wslint.source.rust.forms import object_forms

    version = ".".join(map(str, crate.worker_version))
    for file in worker.source.files:
        for form in object_forms(file, worker.workspace.files):
            if crate.worker_version >= (0, 6, 0):
                if form.attribute is not None:
                    yield RULE.finding(
                        form.attribute,
                        f"the build fails with `worker` {version}: `#[durable_object]` no longer stands on an impl",
                        help="leave it on the struct alone",
                    )
                if form.mutable is not None:
                    yield RULE.finding(
                        form.mutable,
                        f"the build fails with `worker` {version}: the trait's methods take `&self`",
                        help="take `&self`, and put what changes into a `RefCell`",
                    )
            elif form.attribute is None:
                yield RULE.finding(
                    form.span,
                    f"the build fails with `worker` {version}: this impl needs `#[durable_object]` too",
                    help="write it above the impl as well, or take `worker` 0.6 or newer",
                )
