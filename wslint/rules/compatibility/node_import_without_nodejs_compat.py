"""An import of a Node.js module while Node.js compatibility is off.

## What it does
Finds `import … from "node:events"`, or of a bare `"fs"`, in code that a Worker's entrypoint reaches,
while neither a flag nor the compatibility date turns Node's modules on.

## Why it fails
For `node:` names wrangler only warns: the upload is refused, because the Worker does not start without
the module. For bare names the bundling stops. Both work from date 2026-08-04 on, or with
`nodejs_compat`.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
import { EventEmitter } from "node:events";

const events = new EventEmitter();
export default { fetch: () => new Response(String(events.listenerCount("x"))) };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs_compat"]
```
```js index.js
import { EventEmitter } from "node:events";

const events = new EventEmitter();
export default { fetch: () => new Response(String(events.listenerCount("x"))) };
```

## Not a finding when
- Only types are imported, or the import is dynamic: `await import("node:fs")` fails where it is reached.
- It is `node:process`, which is always there, or `node:async_hooks` with `nodejs_als`.
- A package of that name is installed or depended on (`events`, `buffer`), `alias` replaces the module,
  or a bundler plugin brings polyfills.

## Source
- workerd 1.20261117.1, run: `No such module "node:events"` at start. wrangler 4.164.0, run: a warning
  for `node:events`, `Could not resolve "fs"` for a bare name.
- https://developers.cloudflare.com/workers/runtime-apis/nodejs/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.compatibility import enabled
from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import add_flag, meant
from wslint.rules.compatibility._node_modules import failing_imports
from wslint.source.facts import Unknown
from wslint.worker import Worker

RULE = Rule(
    "WS112",
    "node-import-without-nodejs-compat",
    Severity.ERROR,
    causes=("C18",),
    languages=("config", "javascript"),
    fix="safe",
    needs=("javascript",),
)

MOST_LABELS = 3


def check(worker: Worker) -> Iterator[Outcome]:
    source, config = worker.source, worker.config
    if source is None or source.language not in ("javascript", "typescript"):
        return
    flags, date = meant(worker), config.compatibility_date
    answers = [enabled(flag, date, flags) for flag in ("nodejs_compat", "nodejs_compat_v2")]
    if True in answers:
        return
    imports, why = failing_imports(worker, "nodejs_als" in flags)
    if not imports:
        return
    if not why and not config.flags_known:
        why = "`compatibility_flags` can't be read completely"
    if why or None in answers:
        why = why or "the compatibility date is not known"
        yield Unknown(imports[0].span, f"whether the runtime has `{imports[0].specifier}`", why)
        return
    first, *more = imports
    labels = [Label(other.span, "the same") for other in more[:MOST_LABELS]]
    at = config.value("compatibility_date")
    if at is not None:
        labels.append(Label(at.span, "this date does not turn Node.js compatibility on"))
    opted_out = "no_nodejs_compat" in flags
    has_bare = any(":" not in each.specifier for each in imports)
    bare_and_old = has_bare and date is not None and date < "2024-09-23"
    yield RULE.finding(
        first.span,
        _message(worker, first.specifier),
        labels=tuple(labels),
        help="drop `no_nodejs_compat`"
        if opted_out
        else "list `nodejs_compat` in `compatibility_flags`, with a `compatibility_date` from 2024-09-23",
        fix=None if opted_out or bare_and_old else add_flag(worker, "nodejs_compat"),
    )


def _message(worker: Worker, specifier: str) -> str:
    bundled = worker.config.value("no_bundle")
    if ":" in specifier or (bundled is not None and bundled.data is True):
        return f'deploy is refused, the Worker does not start: `No such module "{specifier}"`'
    return f'deploy stops at bundling: `Could not resolve "{specifier}"`'
