"""Secrets or the Worker's own code among the static assets.

## What it does
Finds what `assets.directory` publishes although only the Worker and its people need it: `.dev.vars` and `.env`
files, wrangler's configuration, a repository, the module that `main` names and its source map.

## Why it fails
wrangler uploads every file of the folder, hidden ones too, and the assets are served before the Worker is asked.
Once deployed, anyone can read `/.dev.vars`.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "." }
```
```js index.js
export default { fetch: () => new Response("ok") };
```
```html index.html
<!doctype html>
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
<!doctype html>
```

## Not a finding when
- `.assetsignore` in the folder names the file.
- It is an example such as `.env.example`, or a `_worker.js`, which wrangler refuses (WS704).
- The Worker has no code of its own and the folder holds none of these.

## Source
- wrangler 4.164.0, run: `dev` answers `/wrangler.toml`, `/index.js` and `/.dev.vars` with 200 and the file.
- https://developers.cloudflare.com/workers/static-assets/binding/#ignoring-assets
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wslint import system
from wslint.finding import Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import listed
from wslint.worker import Worker
from wslint.wrangler.published import IGNORE_FILE, Published, published

RULE = Rule("WS705", "private-file-as-asset", Severity.WARNING, needs=("assets",))

_PRIVATE = regex(r"\.dev\.vars(?:\.[\w-]+)?|\.env(?:\.[\w-]+)*|wrangler\.(?:toml|jsonc?)|\.git")
_EXAMPLE = regex(r"\.(?:example|sample|template|dist|defaults?)$")


def check(worker: Worker) -> Iterator[Outcome]:
    assets, files = worker.assets_directory, worker.workspace.files
    if worker.document.is_pages or assets is None or assets.kind != "folder":
        return
    if worker.document.redirect is not None or assets.path is None or assets.value is None:
        return
    uploaded = published(assets.path, files)
    found = [
        name
        for name in sorted(files.listing(assets.path))
        if _PRIVATE.fullmatch(name) and not _EXAMPLE.search(name) and assets.path / name in uploaded
    ]
    found += list(_code(worker, uploaded))
    if found:
        paths = [f"/{name}" for name in found]
        yield RULE.finding(
            assets.value.span,
            f"once deployed, anyone can read {listed(paths)}: everything in `{assets.value.string}` is published",
            help=f"name a folder with the public files alone, or list the others in a `{IGNORE_FILE}` there",
        )


def _code(worker: Worker, uploaded: Published) -> Iterator[str]:
    """The entrypoint and its source map, where they are uploaded."""
    files, path = worker.workspace.files, worker.entrypoint.path
    if path is None or not files.is_file(path):
        return
    for each in (path, path.with_name(f"{path.name}.map")):
        inside = system.resolved(uploaded.folder)
        if inside in each.parents and files.is_file(each):
            relative = each.relative_to(inside)
            if relative.parts[0] != "_worker.js" and Path(uploaded.folder, relative) in uploaded:
                yield relative.as_posix()
