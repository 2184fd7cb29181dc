"""A key of the past that still does no harm.

## What it does
Finds keys that wrangler has deprecated or forgotten without a loss: `type`, `zone_id`, `usage_model`,
`site.entry-point`, `delivery_delay` of a queue producer and their like.

## Why it fails
It does not fail today. wrangler prints a warning, and each release may turn one of them into an error,
as 4.111 did with `legacy_env`.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
usage_model = "bundled"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The key is refused (WS009), or the Worker loses something by it (WS018).

## Source
- wrangler 4.164.0, run: a warning for each, and exit code 0.
- https://developers.cloudflare.com/workers/wrangler/deprecations/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.rules.config_file.ignored_key import LOST
from wslint.text import Span
from wslint.worker import Worker
from wslint.wrangler.unknown_keys import OUTDATED

RULE = Rule("WS010", "deprecated-key", Severity.INFO)


def check(worker: Worker) -> Iterator[Outcome]:
    note = environments_note(worker)
    config = worker.config
    for judged in config.unknown_keys:
        refused = judged.pattern == "legacy_env" and config.environment is None
        if judged.verdict == "outdated" and judged.pattern not in LOST and not refused:
            message = f"wrangler ignores `{judged.pattern}`{note}: {OUTDATED[judged.pattern]}"
            yield RULE.finding(judged.entry.key_span, message)
    for span, text in _deprecated(worker):
        yield RULE.finding(span, f"wrangler warns{note}: {text}")


def _deprecated(worker: Worker) -> Iterator[tuple[Span, str]]:
    """Keys that wrangler knows and deprecates."""
    section = worker.config.section
    entry = section.entry("site", "entry-point")
    if entry is not None and "main" not in section.entries:
        yield entry.key_span, "`site.entry-point` is deprecated, `main` names the entrypoint"
    for path, old, text in (
        (
            ("queues", "producers"),
            "delivery_delay",
            "`delivery_delay` has no effect: the delay is the queue's own setting",
        ),
        (("pipelines",), "pipeline", "`pipeline` is deprecated, the key is `stream`"),
        (("containers",), "instances", "`instances` is deprecated, the key is `max_instances`"),
        (("containers",), "durable_objects", "`durable_objects` is deprecated, the key is `class_name`"),
        (("containers",), "wrangler_ssh", "`wrangler_ssh` is deprecated, the key is `ssh`"),
    ):
        tables = section.get(*path)
        for item in tables.tables() if tables is not None else ():
            found = item.entry(old)
            if found is not None:
                yield found.key_span, text
    for key in ("account_id", "route"):
        found = section.entry(key)
        if found is not None and found.value.string == "":
            yield found.value.span, f"`{key}` is empty and counts as absent"
