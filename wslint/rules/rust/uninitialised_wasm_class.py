"""A Durable Object class straight out of wasm-bindgen glue that nothing has initialised.

## What it does
Finds bound classes that the entrypoint re-exports from wasm-bindgen's `--target web` glue, or that extend one of it,
although no module calls the glue's init at its top level.

## Why it fails
The runtime constructs a Durable Object on its own schedule, often in another isolate than the one that served the
request. The glue's `wasm` variable is unset there until its init has run, so the constructor throws `TypeError: Cannot
read properties of undefined (reading 'matchdo_new')` and the handshake answers 500. An init inside the Worker's `fetch`
helps only where both happen to share an isolate, as under `wrangler dev`.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import init, { fetch as handle } from "./pkg/match.js";
import module from "./pkg/match_bg.wasm";

export { MatchDO } from "./pkg/match.js";

export default {
  async fetch(request, env, context) {
    await init(module);
    return handle(request, env, context);
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
}

export function fetch(request, env, context) {
  return wasm.fetch(request, env, context);
}

export function initSync({ module }) {
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
import { fetch as handle, initSync } from "./pkg/match.js";
import module from "./pkg/match_bg.wasm";

export { MatchDO } from "./pkg/match.js";

initSync({ module });

export default {
  async fetch(request, env, context) {
    return handle(request, env, context);
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
}

export function fetch(request, env, context) {
  return wasm.fetch(request, env, context);
}

export function initSync({ module }) {
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
- `initSync(…)` or `await init(…)` stands at the top level of a module that the entrypoint reaches.
- The exported class is a wrapper of the project's own that awaits the init before it makes the inner object.
- The glue was made with `--target bundler` or by worker-build: it instantiates when it is imported.
- The glue is not built yet, and neither `build.command` nor package.json says that it will be for `--target web`.

## Source
- https://rustwasm.github.io/docs/wasm-bindgen/reference/deployment.html
- workerd 1.20261117.1, run: each arrangement.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule(
    "WS801",
    "uninitialised-wasm-class",
    Severity.ERROR,
    causes=("W01", "T02"),
    languages=("javascript", "rust"),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language == "rust":
        return
    for binding in worker.config.local_durable_objects:
        name = binding.class_name.string if binding.class_name is not None else None
        fact = worker.export(name).fact if name else None
        if not name:
            continue
        exported = fact.span if fact is not None else binding.span
        if fact is None or fact.cls is None or (not fact.cls.base_known and fact.cls.constructs is None):
            unbuilt = worker.unbuilt_class(name)
            glue = unbuilt.span if unbuilt is not None else None
        else:
            glue = fact.cls.span if fact.cls.generated_from == "rust" else fact.cls.constructs
            if glue is not None and worker.starts_wasm(glue.file):
                continue
        if glue is None:
            continue
        yield RULE.finding(
            exported,
            f"the handshake answers 500: `{name}` is constructed before its wasm is initialised (`TypeError: Cannot read "
            "properties of undefined`), because the runtime makes Durable Objects without calling the Worker's `fetch`",
            labels=(
                Label(glue, "this class of the glue needs the init first"),
                Label(binding.span, "bound here"),
            ),
            help="call `initSync({ module })` at the top level, or `await init(module)` there, or export a class of your own "
            "that awaits the init in `blockConcurrencyWhile` and forwards every handler",
        )
