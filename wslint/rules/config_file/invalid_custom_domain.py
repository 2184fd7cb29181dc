"""A custom domain that is a pattern.

## What it does
Finds routes with `custom_domain = true` whose pattern has a `*` or a path.

## Why it fails
A custom domain is one whole host name. `wrangler deploy` ends with "Invalid Routes".

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
routes = [{ pattern = "match.example.com/*", custom_domain = true }]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
routes = [{ pattern = "match.example.com", custom_domain = true }]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The route is no custom domain: it takes both `*` and paths.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1.
- https://developers.cloudflare.com/workers/configuration/routing/custom-domains/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker
from wslint.wrangler import edit
from wslint.wrangler.located import Value

RULE = Rule("WS017", "invalid-custom-domain", Severity.ERROR, fix="unsafe")


def check(worker: Worker) -> Iterator[Outcome]:
    for route in _routes(worker):
        pattern, custom = route.get("pattern"), route.get("custom_domain")
        if (
            pattern is None
            or not pattern.string
            or pattern.is_placeholder
            or custom is None
            or custom.data is not True
        ):
            continue
        found = [name for mark, name in (("*", "`*`"), ("/", "a path")) if mark in pattern.string]
        if found:
            yield RULE.finding(
                pattern.span,
                f"deploy is refused{environments_note(worker)}: a custom domain is a whole host name, "
                f"and `{pattern.string}` has {' and '.join(found)}",
                fix=_fix(pattern),
            )


def _routes(worker: Worker) -> Iterator[Value]:
    routes = worker.config.section.get("routes")
    if routes is not None:
        yield from routes.tables()
    route = worker.config.section.get("route")
    if route is not None and route.kind == "table":
        yield route


def _fix(pattern: Value) -> Fix | None:
    host = (pattern.string or "").removeprefix("https://").removeprefix("http://").partition("/")[0]
    if not host or "*" in host:
        return None
    return Fix(f"use `{host}`", "unsafe", (edit.replace_string(pattern, host),))
