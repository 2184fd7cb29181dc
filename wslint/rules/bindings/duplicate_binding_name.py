"""Two bindings of one name in one environment.

## What it does
Compares the names of all bindings that hold in an environment, whatever their kind: Durable Objects,
KV namespaces, queues (producers), variables, required secrets, assets and the rest.

## Why it fails
Each binding becomes one property of `env`. wrangler refuses a configuration that gives a name away
twice, but looks only at the environment being deployed. For `ratelimits` and `send_email` it does not
look at all: one of the two bindings is dropped without a word.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[kv_namespaces]]
binding = "MATCH"
id = "06779da6940b431db6e566b4846d64db"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js index.js
export class MatchDO {}
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[kv_namespaces]]
binding = "MATCH_CACHE"
id = "06779da6940b431db6e566b4846d64db"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
```
```js index.js
export class MatchDO {}
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The two bindings belong to different environments.
- A queue consumer has the name of a producer's queue: consumers are no bindings.
- One key of a JSON object is written twice (WS002).

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 with "MATCH assigned to Durable Object and KV
  Namespace bindings"; with `ratelimits` or `send_email` it exits 0 and lists only one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker
from wslint.wrangler.config import KINDS, Binding

RULE = Rule("WS203", "duplicate-binding-name", Severity.ERROR)

NOT_COMPARED = ("ratelimits", "send_email")


def check(worker: Worker) -> Iterator[Outcome]:
    first: dict[str, Binding] = {}
    for binding in worker.config.bindings:
        if not binding.name:
            continue  # WS204
        known = first.setdefault(binding.name, binding)
        if known is binding:
            continue
        here, there = _word(binding), _word(known)
        kinds = f"two {here} bindings" if here == there else f"{there} and {here} bindings"
        if binding.kind in NOT_COMPARED or known.kind in NOT_COMPARED:
            message = f"one of two bindings is lost without a warning: {kinds} are called `{binding.name}`"
        else:
            message = f"wrangler refuses the configuration: {kinds} are called `{binding.name}`"
        yield RULE.finding(
            binding.span,
            message,
            labels=(Label(known.span, "first used here"),),
            help="give each binding a name of its own, and read that name in the source",
        )


def _word(binding: Binding) -> str:
    return KINDS.get(binding.kind, f"`{binding.kind}`")
