"""A wrapper of a wasm-bindgen class that keeps the socket handlers to itself.

## What it does
Finds exported classes that make an object of wasm-bindgen glue, forward `fetch` to it, and have no
`webSocketMessage` or `webSocketClose` although the inner class has.

## Why it fails
The runtime calls the handlers of the class that it made, the wrapper, and that one has none. Rust accepts
the socket, the handshake answers 101, and every message is lost without an error.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";
import init, { MatchDO as Inner } from "./pkg/match.js";
import module from "./pkg/match_bg.wasm";

export class MatchDO extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(async () => {
      await init(module);
      this.inner = new Inner(ctx, env);
    });
  }
  fetch(request) {
    return this.inner.fetch(request);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```
```js pkg/match.js
let wasm;

export class MatchDO {
  __destroy_into_raw() {
    const pointer = this.__wbg_ptr;
    this.__wbg_ptr = 0;
    return pointer;
  }
  constructor(state, env) {
    this.__wbg_ptr = wasm.matchdo_new(state, env) >>> 0;
    return this;
  }
  fetch(request) {
    return wasm.matchdo_fetch(this.__wbg_ptr, request);
  }
  webSocketMessage(ws, message) {
    return wasm.matchdo_webSocketMessage(this.__wbg_ptr, ws, message);
  }
  webSocketClose(ws, code, reason, clean) {
    return wasm.matchdo_webSocketClose(this.__wbg_ptr, ws, code, reason, clean);
  }
}

export function initSync(module) {
  wasm = new WebAssembly.Instance(module, {}).exports;
  return wasm;
}

async function __wbg_init(module) {
  wasm = (await WebAssembly.instantiate(module, {})).exports;
  return wasm;
}

export default __wbg_init;
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";
import init, { MatchDO as Inner } from "./pkg/match.js";
import module from "./pkg/match_bg.wasm";

export class MatchDO extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(async () => {
      await init(module);
      this.inner = new Inner(ctx, env);
    });
  }
  fetch(request) {
    return this.inner.fetch(request);
  }
  webSocketMessage(ws, message) {
    return this.inner.webSocketMessage(ws, message);
  }
  webSocketClose(ws, code, reason, clean) {
    return this.inner.webSocketClose(ws, code, reason, clean);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```
```js pkg/match.js
let wasm;

export class MatchDO {
  __destroy_into_raw() {
    const pointer = this.__wbg_ptr;
    this.__wbg_ptr = 0;
    return pointer;
  }
  constructor(state, env) {
    this.__wbg_ptr = wasm.matchdo_new(state, env) >>> 0;
    return this;
  }
  fetch(request) {
    return wasm.matchdo_fetch(this.__wbg_ptr, request);
  }
  webSocketMessage(ws, message) {
    return wasm.matchdo_webSocketMessage(this.__wbg_ptr, ws, message);
  }
  webSocketClose(ws, code, reason, clean) {
    return wasm.matchdo_webSocketClose(this.__wbg_ptr, ws, code, reason, clean);
  }
}

export function initSync(module) {
  wasm = new WebAssembly.Instance(module, {}).exports;
  return wasm;
}

async function __wbg_init(module) {
  wasm = (await WebAssembly.instantiate(module, {})).exports;
  return wasm;
}

export default __wbg_init;
```

## Not a finding when
- The wrapper has the handlers, extends the glue's class, or its constructor returns something else (a
  Proxy).
- The glue's class has no such handler.
- The inner object is not of the project's glue.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run: a wrapper with and without the handlers.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.project.glue import wrapped
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import ClassFlow
from wslint.source.nodes import nodes_in
from wslint.text import Span
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS802",
    "unforwarded-wasm-handlers",
    Severity.ERROR,
    causes=("W02",),
    languages=("javascript", "rust"),
    needs=("javascript",),
)

_HANDLERS = ("webSocketMessage", "webSocketClose")


def check(worker: Worker) -> Iterator[Outcome]:
    source = worker.source
    if source is None or source.language not in ("javascript", "typescript"):
        return
    for cls in durable_classes(worker):
        if not cls.base_known or "fetch" not in cls.members or _returns_from_constructor(cls):
            continue
        for its_own, place in (*_built(worker, cls), *_unbuilt(worker, cls)):
            missing = [name for name in _HANDLERS if name in its_own and name not in cls.members]
            if not missing:
                continue
            names = " and ".join(f"`{name}`" for name in missing)
            yield RULE.finding(
                cls.span,
                f"the handshake answers 101 and then messages vanish: `{cls.name}` does not forward "
                f"{names} to the wasm object",
                labels=(Label(place, "the handlers are here"),),
                help="forward each: `webSocketMessage(ws, message) "
                "{ return this.inner.webSocketMessage(ws, message); }`",
            )
            break


def _built(worker: Worker, cls: ClassFlow) -> Iterator[tuple[set[str], Span]]:
    """The members of the glue's class that a wrapper holds, and where that is."""
    source = worker.source
    for inner in (instance.cls for instance in wrapped(cls)):
        its_own = {member.name for member in inner.node.members}
        if source is not None and inner.node.name in source.classes and _is_glue(its_own):
            start = inner.node.name_start
            yield its_own, Span(inner.span.file, start, start + len((inner.node.name or "").encode()))


def _unbuilt(worker: Worker, cls: ClassFlow) -> Iterator[tuple[set[str], Span]]:
    """The same, of the Rust that glue which is not there will be built from."""
    for inner in worker.unbuilt_classes(cls):
        yield set(inner.members), inner.span


def _is_glue(members: set[str]) -> bool:
    """Whether a class with these members was written by wasm-bindgen."""
    return bool(members & {"__destroy_into_raw", "__wrap"})


def _returns_from_constructor(cls: ClassFlow) -> bool:
    """Whether `new` gives something else than the object itself: a Proxy that forwards everything."""
    member = cls.members.get("constructor")
    body = member.function.body if member is not None and member.function is not None else []
    return any(
        isinstance(statement, tree.Return) and statement.value is not None for statement in body
    ) or any(isinstance(node, tree.Name) and node.name == "Proxy" for node in nodes_in(body))
