"""An assets folder that is not there.

## What it does
Follows `assets.directory` from the configuration's folder.

## Why it fails
`wrangler deploy` ends with an error when the folder does not exist, when the path leads to a file, and
when `assets` names no folder at all.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "./pubilc" }
```
```js index.js
export default { fetch: () => new Response("ok") };
```
```html public/index.html
<title>Match</title>
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "./public" }
```
```js index.js
export default { fetch: () => new Response("ok") };
```
```html public/index.html
<title>Match</title>
```

## Not a finding when
- A build may make the folder: there is a `build.command`, a script or a file of a build tool, git ignores
  the folder, or its name is one that builds write to, such as `dist`.
- A tool or an option may name it: Vite's plugin, `--assets`.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1.
- https://developers.cloudflare.com/workers/static-assets/binding/#directory
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.settings import nearest
from wslint.source.facts import Unknown
from wslint.worker import Worker

RULE = Rule("WS701", "missing-assets-directory", Severity.ERROR, needs=("assets",))


def check(worker: Worker) -> Iterator[Outcome]:
    directory = worker.assets_directory
    entry = worker.config.entry("assets")
    if directory is None or entry is None or worker.document.is_pages or worker.document.redirect is not None:
        return
    if worker.config.environment is not None and not worker.config.owns("assets"):
        return  # the top level's finding
    note = environments_note(worker)
    span = directory.value.span if directory.value is not None else entry.key_span
    if directory.kind == "unnamed":
        yield RULE.finding(span, f"deploy is refused{note}: `assets` names no `directory`")
    elif directory.kind == "file":
        yield RULE.finding(
            span, f"deploy is refused{note}: `assets.directory` leads to a file, it takes a folder"
        )
    elif directory.kind == "missing" and directory.path is not None:
        near = nearest(directory.path.name, worker.workspace.files.listing(directory.path.parent))
        meant = f"; `{near}` is there" if near is not None else ""
        name = worker.workspace.files.name(directory.path)
        yield RULE.finding(span, f"deploy is refused{note}: the assets folder `{name}` does not exist{meant}")
    elif directory.kind == "unknown":
        yield Unknown(span, "whether the assets folder is there", directory.why)
