"""Both `route` and `routes`.

## What it does
Finds sections that have the two keys together.

## Why it fails
wrangler takes exactly one of them and ends with an error otherwise.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
route = "match.example.com/*"
routes = ["play.example.com/*"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
routes = ["match.example.com/*", "play.example.com/*"]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- One stands at the top level and the other in an environment, or `route` is empty: wrangler takes that.

## Source
- wrangler 4.164.0, run: `Expected exactly one of the following fields ["routes","route"].`
- https://developers.cloudflare.com/workers/wrangler/configuration/#types-of-routes
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker

RULE = Rule("WS016", "conflicting-routes", Severity.ERROR)


def check(worker: Worker) -> Iterator[Outcome]:
    route = worker.config.section.entries.get("route")
    routes = worker.config.section.entries.get("routes")
    if route is None or routes is None or route.value.string == "":
        return
    yield RULE.finding(
        route.key_span,
        f"wrangler refuses `route` beside `routes`{environments_note(worker)}: put it into the list",
        labels=(Label(routes.key_span, "the list"),),
    )
