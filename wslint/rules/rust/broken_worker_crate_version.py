"""A version of the `worker` crate that loses the socket of a response it receives.

## What it does
Finds Rust Workers with `worker` 0.0.14 to 0.0.17 that return a Durable Object's answer to a handshake.

## Why it fails
Those versions read the property `websocket` of a response where the runtime has `webSocket`. What comes from
the object has lost its socket when the Worker returns it, a 101 without one can't be made (`Responses may only
be constructed with status codes in the range 200 to 599`), and the handshake answers 500. A pair that the
Worker makes and returns itself is not concerned.

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
worker = "0.0.17"
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
        pair.server.accept()?;
        let _ = pair.server.close(Some(4000), Some("full"));
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
        pair.server.accept()?;
        let _ = pair.server.close(Some(4000), Some("full"));
        Response::from_websocket(pair.client)
    }

}
```

## Not a finding when
- The answer comes from the Worker itself, or is not returned.
- The object makes no pair.
- The version is not known, or the crate's source is replaced by a path or a git address.

## Source
- https://github.com/cloudflare/workers-rs/issues/360
- https://github.com/cloudflare/workers-rs/issues/295
- workerd 1.20261117.1 with worker 0.0.17, run, its wasm-bindgen raised so that it compiles: a forwarded
  handshake answers 500, one that the Worker answers itself 101.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.text import SourceFile, Span
from wslint.upgrade import answers_upgrade, forwards, is_returned
from wslint.worker import Worker

RULE = Rule("WS804", "broken-worker-crate-version", Severity.ERROR, causes=("RS01",), languages=("rust",))

_BROKEN, _MENDED = (0, 0, 14), (0, 0, 18)
_DEPENDENCY = regex(rb"^[ \t]*(worker[ \t]*=[^\n#]*|\[dependencies\.worker\])", re.M)


def check(worker: Worker) -> Iterator[Outcome]:
    crate = worker.rust_crate
    if crate is None or crate.worker_version is None or not _BROKEN <= crate.worker_version < _MENDED:
        return
    for _, forward, target in forwards(worker):
        if target.flow is None or answers_upgrade(target.flow) != "yes" or forward.upgrade == "no":
            continue
        if not is_returned(worker, forward):
            continue
        version = ".".join(map(str, crate.worker_version))
        yield RULE.finding(
            _dependency(crate.manifest),
            f"every forwarded handshake answers 500: `worker` {version} loses the socket of a response that it "
            "receives, take 0.0.18 or newer",
            labels=(
                Label(forward.span, "forwarded here"),
                Label(target.flow.span, "this class answers the handshake"),
            ),
        )
        return


def _dependency(manifest: SourceFile) -> Span:
    """Where Cargo.toml names the crate, else its first line."""
    match = _DEPENDENCY.search(manifest.data)
    if match is None:
        return Span(manifest, 0, len(manifest.data)).head()
    return Span(manifest, match.start(1), match.start(1) + len(match[1].rstrip()))
