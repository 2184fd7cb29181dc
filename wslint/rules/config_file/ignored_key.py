"""A key of an older wrangler whose effect is lost.

## What it does
Finds keys that once gave the Worker something and that wrangler now ignores: `build.upload`,
`legacy_assets`, `experimental_services`, `durable_objects.classes`, `durable_objects.migrations`.

## Why it fails
wrangler prints the warning "Unexpected fields found" and deploys without it. The Worker then fails where
it relies on what is gone: files that are not served, a service or a class that is not there, modules
that are not found.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
legacy_assets = "./public"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "./dist" }
```
```html dist/index.html
<!doctype html>
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The key had no effect on the Worker (WS010).
- What took its place is there as well: `services`, `assets`, `rules` or a `migrations` at the top level.

## Source
- wrangler 4.164.0, run: a warning and exit code 0.
- https://developers.cloudflare.com/workers/wrangler/migration/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker
from wslint.wrangler.unknown_keys import OUTDATED

RULE = Rule("WS018", "ignored-key", Severity.WARNING, needs=("unknown-keys",))

LOST: dict[str, tuple[str, tuple[str, ...]]] = {
    "legacy_assets": ("files are not served", ("assets", "site")),
    "experimental_assets": ("files are not served", ("assets", "site")),
    "experimental_services": ("the services are not bound", ("services",)),
    "build.upload": ("its entrypoint and rules are not used", ("main",)),
    "durable_objects.classes": ("no class is created", ("migrations", "exports")),
    "durable_objects.migrations": ("no class is created or renamed", ("migrations", "exports")),
}
"""What the Worker loses, and the keys that give it back."""


def check(worker: Worker) -> Iterator[Outcome]:
    for judged in worker.config.unknown_keys:
        if judged.verdict != "outdated" or judged.pattern not in LOST:
            continue
        loss, remedies = LOST[judged.pattern]
        if any(worker.config.value(key) is not None for key in remedies):
            continue
        yield RULE.finding(
            judged.entry.key_span,
            f"wrangler ignores `{judged.pattern}`{environments_note(worker)}: {loss}",
            help=OUTDATED[judged.pattern],
        )
