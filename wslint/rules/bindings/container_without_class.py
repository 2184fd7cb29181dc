"""A container without a Durable Object to run it.

## What it does
Follows `class_name` of each container to the Durable Objects of the same configuration and environment:
the class must be this Worker's own, be bound or created here, be backed by SQLite, and have one
container only.

## Why it fails
A container is started by its Durable Object. wrangler refuses to deploy one whose class it can't find
("does not match any durable object class_name"), whose class belongs to another Worker, or whose class
has a container already.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[containers]]
class_name = "Box"
image = "./Dockerfile"

[[durable_objects.bindings]]
name = "BOX"
class_name = "BoxContainer"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["BoxContainer"]
```
```text Dockerfile
FROM scratch
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class BoxContainer extends DurableObject {
  async fetch(request) {
    this.ctx.container.start();
    return this.ctx.container.getTcpPort(8080).fetch(request);
  }
}
export default { fetch: (request, env) => env.BOX.getByName("a").fetch(request) };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[containers]]
class_name = "BoxContainer"
image = "./Dockerfile"

[[durable_objects.bindings]]
name = "BOX"
class_name = "BoxContainer"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["BoxContainer"]
```
```text Dockerfile
FROM scratch
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class BoxContainer extends DurableObject {
  async fetch(request) {
    this.ctx.container.start();
    return this.ctx.container.getTcpPort(8080).fetch(request);
  }
}
export default { fetch: (request, env) => env.BOX.getByName("a").fetch(request) };
```

## Not a finding when
- The class is only in `migrations` or a live entry of `exports`: that is enough.
- An entry of `exports` links the container by its name, and `class_name` is left out.
- A history that can't be read completely may create the class.

## Source
- https://developers.cloudflare.com/workers/wrangler/configuration/#containers
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 on each form but the one with key-value storage,
  which only the API refuses (unless `scheduling_policy` is `durable_object`).
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import text_of
from wslint.settings import nearest
from wslint.text import Span
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.located import Value

RULE = Rule("WS217", "container-without-class", Severity.ERROR, fix="unsafe", needs=("containers",))


def check(worker: Worker) -> Iterator[Outcome]:
    containers = worker.config.value("containers")
    if worker.document.is_pages or containers is None:
        return
    taken: dict[str, Span] = {}
    for table in containers.tables():
        value = table.get("class_name")
        name = text_of(value)
        if value is None or name is None:
            continue
        if name in taken:
            yield RULE.finding(
                value.span,
                f"wrangler refuses to deploy: the class `{name}` has two containers, and can have one",
                labels=(Label(taken[name], "the other one"),),
            )
            continue
        taken[name] = value.span
        yield from _unmatched(worker, table, value, name)


def _unmatched(worker: Worker, table: Value, value: Value, name: str) -> Iterator[Outcome]:
    config = worker.config
    bound = next((each for each in config.durable_objects if text_of(each.class_name) == name), None)
    live = config.history.live.get(name)
    entries = [entry.name for entry in config.durable_exports if entry.is_live]
    if bound is not None and not config.is_local(bound) and bound.script_name is not None:
        yield RULE.finding(
            value.span,
            f"wrangler refuses to deploy: the container's class `{name}` belongs to another Worker,"
            f" `{bound.script_name.string}`",
            labels=(Label(bound.script_name.span, "bound from there"),),
            help="move the container to that Worker's configuration",
        )
    elif bound is None and live is None and name not in entries and config.history.readable:
        own = [text_of(each.class_name) or "" for each in config.local_durable_objects]
        near = nearest(name, [*filter(None, own), *config.history.live, *entries])
        place = next(
            (each.span for each in config.local_durable_objects if text_of(each.class_name) == near), None
        )
        yield RULE.finding(
            value.span,
            f"wrangler refuses to deploy: the container's class `{name}` is neither bound nor created here",
            labels=(Label(place, f"`{near}` is bound here"),) if place is not None else (),
            help=f'write `class_name = "{near}"`'
            if near
            else f"bind `{name}` in `durable_objects` and create it",
            fix=Fix(f"name `{near}`", "unsafe", (edit.replace_string(value, near),)) if near else None,
        )
    elif live is not None and live.storage == "kv":
        happens = "wrangler refuses to deploy" if _is_managed(table) else "deploy is refused with code 10074"
        yield RULE.finding(
            value.span,
            f"{happens}: a container needs a class with SQLite storage, and `{name}` has key-value storage",
            labels=(Label(live.step.span, "created without SQLite here"),),
            help="create the class under `new_sqlite_classes`; a deployed one needs a new name for that",
        )


def _is_managed(table: Value) -> bool:
    policy = table.get("scheduling_policy")
    return policy is not None and policy.string == "durable_object"
