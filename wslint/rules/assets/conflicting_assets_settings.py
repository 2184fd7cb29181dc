"""Assets settings that exclude each other.

## What it does
Finds `assets` together with `site`, and an `assets.binding` or `run_worker_first` without a Worker script.

## Why it fails
`wrangler deploy` ends with an error. A project of assets alone has no code that could use a binding or
run first.

## Example
```toml wrangler.toml
name = "match"
compatibility_date = "2026-07-01"

[assets]
directory = "./dist"
binding = "ASSETS"
```
```html dist/index.html
<!doctype html>
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"

[assets]
directory = "./dist"
binding = "ASSETS"
```
```html dist/index.html
<!doctype html>
```
```js index.js
export default { fetch: (request, env) => env.ASSETS.fetch(request) };
```

## Not a finding when
- `run_worker_first` is false.
- A script in package.json gives `wrangler deploy` the entrypoint, or a build tool names it.

## Source
- wrangler 4.164.0, run: "Cannot use assets and Workers Sites in the same Worker", "Cannot use assets with a
  binding in an assets-only Worker", "Cannot set run_worker_first without a Worker script".
- https://developers.cloudflare.com/workers/static-assets/binding/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker

RULE = Rule("WS703", "conflicting-assets-settings", Severity.ERROR, needs=("assets",))

_SCRIPT_GIVEN = regex(
    rb"wrangler(?: versions)? (?:deploy|upload|dev)[^\"&|;]{0,500}?\s[\w./-]{1,200}\.(?:[mc]?[jt]sx?|py)\b"
)


def check(worker: Worker) -> Iterator[Outcome]:
    config = worker.config
    assets = config.entry("assets")
    if assets is None or assets.value.kind != "table" or worker.document.redirect is not None:
        return
    if config.environment is not None and not config.owns("assets") and not config.owns("main"):
        return  # the top level's finding
    note = environments_note(worker)
    site = config.root.entries.get("site")
    if site is not None and site.value.kind == "table":
        yield RULE.finding(
            assets.key_span,
            f"deploy is refused{note}: `assets` and `site` exclude each other",
            labels=(Label(site.key_span, "the older way to serve files"),),
        )
    if config.value("main") is not None or site is not None or _is_given(worker):
        return
    binding = assets.value.entry("binding")
    if binding is not None and binding.value.string:
        yield RULE.finding(
            binding.key_span,
            f"deploy is refused{note}: `assets.binding` without `main`, no code could use it",
        )
        return
    first = assets.value.entry("run_worker_first")
    if first is not None and (first.value.data is True or first.value.items):
        yield RULE.finding(
            first.key_span,
            f"deploy is refused{note}: `run_worker_first` without `main`, there is no Worker to run",
        )


def _is_given(worker: Worker) -> bool:
    """Whether the entrypoint may come from elsewhere: a script's argument, a bundler's plugin."""
    directory = worker.assets_directory
    if directory is not None and directory.kind == "unknown" and directory.value is None:
        return True
    package = worker.workspace.files.read(worker.document.folder / "package.json")
    return package is not None and (_SCRIPT_GIVEN.search(package.data) is not None or b"vite" in package.data)
