"""A configuration to deploy without `compatibility_date`.

## What it does
Finds Workers whose configuration gives no compatibility date, in the environment or above it, and
dates that are `null`.

## Why it fails
`wrangler deploy` stops and asks for the date. `wrangler dev` only warns and takes the newest date that
its runtime knows, so everything works until the first deploy.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
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
- The date is there under a misspelt key, or below a table header: WS003 and WS005 point at it.
- The environment inherits the date, or the top level leaves it to environments that set their own.
- A script of package.json passes `--compatibility-date` or `--latest`, or Cloudflare's Vite plugin
  builds the Worker: it has a default of its own.
- There is nothing to deploy (neither `main` nor `assets`), or it is a Pages project.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 with and without code, and for `--env`; `null` is
  refused as no string.
- https://developers.cloudflare.com/workers/configuration/compatibility-dates/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from wslint.compatibility import newest_date
from wslint.finding import Edit, Fix, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import packages, set_elsewhere
from wslint.source.facts import Unknown
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS101", "missing-compatibility-date", Severity.ERROR, causes=("T04",), fix="unsafe")

KEY: Literal["compatibility_date"] = "compatibility_date"
VITE_PLUGIN = "@cloudflare/vite-plugin"


def check(worker: Worker) -> Iterator[Outcome]:
    config, document = worker.config, worker.document
    date = newest_date(worker.workspace.today)
    own = config.section.get(KEY)
    if own is not None and own.kind == "null":
        yield RULE.finding(
            own.span,
            f"wrangler stops: `{KEY}` is null, and wrangler wants a text",
            help=f'write a date such as "{date}"',
            fix=Fix(f"write {date}", "unsafe", (Edit(own.span, f'"{date}"'),)),
        )
        return
    if document.is_pages or config.value(KEY) is not None:
        return
    if config.main is None and config.value("assets") is None:
        return
    if config.misplaced(KEY) or document.environments[0].misplaced(KEY):
        return  # it is written, but where wrangler does not read it: WS003, WS005
    setters = [other for other in document.environments if other.environment is not None and other.owns(KEY)]
    if setters and config.environment is None:
        return  # the top level is then a base for the environments, not a Worker of its own
    span = config.section_span if setters else document.environments[0].section_span
    why = set_elsewhere(worker, KEY) or (
        f"`{VITE_PLUGIN}` gives a date where there is none" if VITE_PLUGIN in packages(worker) else ""
    )
    if why:
        yield Unknown(span, f"whether the deploy has a `{KEY}`", why)
        return
    yield RULE.finding(
        span,
        "deploy is refused: `A compatibility_date is required when uploading a Worker`, "
        "although `wrangler dev` only warns",
        help=_advice(worker, date),
        fix=Fix(f"add the date {date}", "unsafe", lambda: edit.add(document, (KEY,), date)),
    )


def _advice(worker: Worker, date: str) -> str:
    line = f'{KEY} = "{date}"' if worker.document.format == "toml" else f'"{KEY}": "{date}"'
    return f"add `{line}` at the top level, where every environment inherits it"
