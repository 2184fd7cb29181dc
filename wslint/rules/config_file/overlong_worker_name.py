"""A Worker name too long for workers.dev.

## What it does
Measures the name that each environment deploys under, `<name>-<environment>` where it has none of its
own, against the 63 characters of a host name's label.

## Why it fails
The name becomes the first label of `<name>.<subdomain>.workers.dev`, and DNS allows a label 63
characters. wrangler does not measure it, so only the deployment with `workers_dev` on shows it.

## Example
```toml wrangler.toml
name = "match-server-for-the-turn-based-strategy-game-of-the-year"
main = "index.js"
compatibility_date = "2026-07-01"

[env.production]
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match-server-for-the-turn-based-strategy-game-of-the-year"
main = "index.js"
compatibility_date = "2026-07-01"

[env.production]
name = "match-server-production"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- `workers_dev` is off, or routes are set and `workers_dev` is not on: the name is no host name then.
- The project is a Pages project.

## Source
- https://developers.cloudflare.com/workers/platform/limits/
- wrangler 4.164.0, run: a name of 80 characters passes `deploy --dry-run`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker

RULE = Rule("WS013", "overlong-worker-name", Severity.WARNING)

_LIMIT = 63


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    if config.name is None or len(config.name) <= _LIMIT or worker.document.is_pages:
        return
    enabled = config.value("workers_dev")
    if enabled is not None and enabled.data is False:
        return
    if enabled is None and any(config.value(key) is not None for key in ("route", "routes")):
        return
    own = config.section.get("name")
    top = config.root.get("name")
    labels = (Label(top.span, "the first part of the name"),) if own is None and top is not None else ()
    yield RULE.finding(
        own.span if own is not None else config.section_span,
        f"`{config.name}` has {len(config.name)} characters, and a host name on workers.dev takes {_LIMIT}: "
        "the deployment fails while `workers_dev` is on",
        labels=labels,
    )
