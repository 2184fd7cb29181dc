"""SQL in a class with key-value storage.

## What it does
Finds uses of `storage.sql` and `storage.kv` in a class that `new_classes`, or `legacy-kv` in `exports`, gives
key-value storage: in the class itself, and where a play of its constructor and handlers comes to one in a base
class, a helper or an object that got the storage. A class of the Agents SDK keeps its state in SQL.

## Why it fails
Both interfaces belong to SQLite. On a class without it the call throws, and the request that made it is
answered with status 500. The storage of a class is fixed when it is created: switching the list of a
migration that is applied changes nothing.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v1"
new_classes = ["Match"]
```
```js index.js
import { DurableObject } from "cloudflare:workers";
export class Match extends DurableObject {
  async fetch() {
    return Response.json(this.ctx.storage.sql.exec("SELECT 1").toArray());
  }
}
export default { fetch: (request, env) => env.MATCH.getByName("lobby").fetch(request) };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "Match" }]

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
```
```js index.js
import { DurableObject } from "cloudflare:workers";
export class Match extends DurableObject {
  async fetch() {
    return Response.json(this.ctx.storage.sql.exec("SELECT 1").toArray());
  }
}
export default { fetch: (request, env) => env.MATCH.getByName("lobby").fetch(request) };
```

## Not a finding when
- The storage of the class is not known: it came by a rename of a pruned history or by a transfer.
- The class behind the export can't be found: a wrapped class, a package.

## Source
- workerd 1.20261117.1, run: requests answer 500, `SQL is not enabled for this Durable Object class`, and the
  like for `storage.kv`; `storage.put`, `transactionSync` and `getCurrentBookmark` pass.
- https://github.com/tldraw/tldraw/issues/7804
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.lifecycle._common import storage_span, to_sqlite
from wslint.rules.lifecycle._storage import sql_on_key_value
from wslint.worker import Worker

RULE = Rule(
    "WS313",
    "sql-on-key-value-class",
    Severity.ERROR,
    causes=("C09",),
    languages=("config", "javascript", "rust", "python"),
    fix="unsafe",
)


def check(worker: Worker) -> Iterator[Outcome]:
    history = worker.config.history
    if not history.readable:
        return
    unclear = {conflict.step.name for conflict in history.conflicts}  # created with both storages: WS302
    for name, use, chosen in sql_on_key_value(worker):
        if name in unclear:
            continue
        yield RULE.finding(
            use,
            f"requests that get here answer 500: `{name}` has key-value storage, and this needs SQLite",
            labels=(Label(storage_span(chosen), "the storage is chosen here"),),
            help="create the class with `new_sqlite_classes`; if it is deployed, under a new name",
            fix=to_sqlite(worker, chosen),
        )
