"""A foreign class that the Worker named by `script_name` does not have.

## What it does
Follows `script_name` of Durable Object bindings to the Worker of that name in the workspace, and looks
there for the class: among its exports, and among the classes that its lifecycle creates.

## Why it fails
Cloudflare refuses the upload with code 10061. `wrangler dev` with both configurations does not start:
"The Workers runtime failed to start". A dry run can't see it, since it knows one Worker only.

## Example
```toml lobby/wrangler.toml
name = "lobby"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "Match"
script_name = "match"
```
```js lobby/index.js
export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```
```toml match/wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js match/index.js
export class MatchDO {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml lobby/wrangler.toml
name = "lobby"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
script_name = "match"
```
```js lobby/index.js
export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
```
```toml match/wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js match/index.js
export class MatchDO {
  fetch() {
    return new Response("hello");
  }
}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- No Worker of that name is in the workspace (WS205), or one of several has the class.
- The other Worker's exports can't be read completely: only its lifecycle counts then.
- The other Worker binds the class itself: WS201 and WS301 report it there.

## Source
- https://developers.cloudflare.com/workers/observability/errors/
- wrangler 4.164.0, run: `wrangler dev -c lobby/wrangler.toml -c match/wrangler.toml` starts when the
  class is exported and created, and ends at start when either is missing.
- workerd 1.20261117.1, run: it does not start, `no such Durable Object namespace is defined by that service`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import text_of
from wslint.settings import nearest
from wslint.worker import Worker

RULE = Rule(
    "WS208",
    "class-missing-in-script",
    Severity.ERROR,
    causes=("C10",),
    languages=("config", "javascript", "python", "rust"),
    needs=("script",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    for binding in worker.config.durable_objects:
        value, name, script = binding.class_name, text_of(binding.class_name), text_of(binding.script_name)
        if value is None or name is None or script is None or script == worker.name:
            continue
        owners = worker.workspace.owner(worker, binding)
        problems = [_problem(owner, name) for owner in owners]
        if not problems or None in problems:
            continue
        owner = owners[0]
        near = nearest(name, dict.fromkeys((*owner.config.history.live, *owner.exported_classes)))
        place = owner.config.section.get("name") or owner.config.root.get("name")
        labels = []
        if near is not None and owner.source is not None and near in owner.source.exports:
            labels.append(Label(owner.source.exports[near].span, f"`{script}` exports `{near}`"))
        elif near is not None and near in owner.config.history.live:
            labels.append(Label(owner.config.history.live[near].step.span, f"`{script}` creates `{near}`"))
        elif place is not None:
            labels.append(Label(place.span, f"this is `{script}`"))
        yield RULE.finding(
            value.span,
            f"deploy is refused with code 10061: the Worker `{script}` {problems[0]}",
            labels=tuple(labels),
            help=f"bind `{near}`"
            if near and near != name
            else f"give `{script}` the class, or bind one that it has",
        )


def _problem(owner: Worker, name: str) -> str | None:
    """What the other Worker lacks, in words that follow its name; None when it may have the class."""
    if owner.document.is_pages:
        return None
    if any(text_of(binding.class_name) == name for binding in owner.config.local_durable_objects):
        return None
    if owner.export(name).verdict == "no":
        return f"does not export a class `{name}`"
    config = owner.config
    declared = {entry.name for entry in config.durable_exports if entry.is_live}
    history = config.history
    if not history.readable or history.pruned or name in history.live or name in declared:
        return None  # a pruned history may have created the class before it begins
    return f"has no migration or `exports` entry that creates `{name}`"
