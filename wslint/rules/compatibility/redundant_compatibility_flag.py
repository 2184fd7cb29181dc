"""A flag that the date or another flag turns on anyway.

## What it does
Finds enabling flags whose removal changes nothing: the compatibility date has them on, every date has,
or another flag in the list implies them.

## Why it fails
It does nothing. The runtime warns about the ones that the date turns on; before August 2026 it refused
to start with them, so raising the date broke deploys.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["url_standard"]
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
- An environment with an older date shares the list.
- The flag disables a feature: that may be written before the feature's date comes.
- `python_workers`: wrangler wants it in the list whatever else says so.

## Source
- workerd 1.20261117, run: `The compatibility flag url_standard became the default as of 2022-10-31 so
  does not need to be specified anymore.`
- https://developers.cloudflare.com/workers/configuration/compatibility-flags/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.compatibility import DATE, features, flags
from wslint.finding import Fix, Label, Severity
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import listed, remove_flag
from wslint.worker import Worker
from wslint.wrangler.located import Value

RULE = Rule("WS109", "redundant-compatibility-flag", Severity.INFO, fix="safe")


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    if not config.flags_known or {"nodejs_compat", "nodejs_compat_v2"} <= set(listed(worker)):  # WS110
        return
    names = listed(worker)
    if not any(name in flags() for name in names):
        return
    written = config.value("compatibility_flags")
    dates = _dates(worker, written)
    if not all(DATE.fullmatch(date) for date in dates):
        return
    for name, value in names.items():
        flag = flags().get(name)
        rest = [other for other in names if other != name]
        if flag is None or flag.disable in rest or name == "python_workers":
            continue
        if any(features(date, rest) != features(date, names) for date in dates):
            continue
        fix = remove_flag(worker, value)
        if fix is not None and name.startswith("nodejs_compat"):
            # frameworks and wranglers older than 4.122 look for the name in the list
            fix = Fix(fix.title, "unsafe", fix.edits)
        why, labels = _reason(worker, name, min(dates))
        message = f"`{name}` changes nothing: {why}"
        yield RULE.finding(value.span, message, labels=labels, help="drop it", fix=fix)


def _dates(worker: Worker, written: Value | None) -> list[str]:
    """The different dates of the environments that share a list of flags, worked out once for all of them."""
    key = ("dates of flags", f"{worker.document.file.path} {written.span.start if written else ''}")
    cache = worker.workspace.files.cache
    if key not in cache:
        sharing = [
            other.compatibility_date or ""
            for other in worker.document.environments
            if other.value("compatibility_flags") is written
        ]
        cache[key] = list(dict.fromkeys(sharing))
    found = cache[key]
    assert isinstance(found, list)
    return found


def _reason(worker: Worker, name: str, date: str) -> tuple[str, tuple[Label, ...]]:
    flag = flags()[name]
    if flag.always_on:
        return "it is on at every date", ()
    if flag.on_from(date):
        value = worker.config.value("compatibility_date")
        labels = (Label(value.span, "this date turns it on"),) if value is not None else ()
        return f"it is on by itself from {flag.default_from}", labels
    parent = next((other for other in flag.implied_by if other in listed(worker)), None)
    if parent is None:
        return "others that are on imply it", ()
    label = Label(listed(worker)[parent].span, "implied by this")
    return f"`{parent}` implies it from {flag.implied_from}", (label,)
