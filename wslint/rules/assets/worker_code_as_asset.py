"""A `_worker.js` among the static assets.

## What it does
Looks into the folder that `assets.directory` names for a `_worker.js`, as builds for Pages and older adapters
of frameworks leave it there: a file or a folder.

## Why it fails
`wrangler deploy` ends with "Uploading a Pages _worker.js directory as an asset", which would give the server's
code to everyone. A `.assetsignore` in that folder says that it is not to be uploaded.

## Example
```toml wrangler.toml
name = "match"
main = "dist/_worker.js/index.js"
compatibility_date = "2026-07-01"
assets = { directory = "dist", binding = "ASSETS" }
```
```js dist/_worker.js/index.js
export default { fetch: () => new Response("ok") };
```
```html dist/index.html
<!doctype html>
```

## Use instead
```toml wrangler.toml
name = "match"
main = "dist/_worker.js/index.js"
compatibility_date = "2026-07-01"
assets = { directory = "dist", binding = "ASSETS" }
```
```js dist/_worker.js/index.js
export default { fetch: () => new Response("ok") };
```
```html dist/index.html
<!doctype html>
```
```text dist/.assetsignore
_worker.js
```

## Not a finding when
- The folder has a `.assetsignore`, whatever it says: wrangler then asks nothing (WS705 does).
- `_worker.js` stands deeper in the folder, or the folder is not built.
- `public` or `static` holds a `.assetsignore`, which the build copies.
- It is a Pages project.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 on this project, with a file of that name too, and 0 once
  there is a `.assetsignore`.
- https://developers.cloudflare.com/workers/static-assets/binding/#ignoring-assets
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule
from wslint.worker import Worker
from wslint.wrangler.published import IGNORE_FILE, published

RULE = Rule("WS704", "worker-code-as-asset", Severity.ERROR, needs=("assets",))

_COPIED = ("public", "static")
"""Folders whose content builds copy into the assets folder."""


def check(worker: Worker) -> Iterator[Outcome]:
    assets, files = worker.assets_directory, worker.workspace.files
    if worker.document.is_pages or assets is None or assets.kind != "folder":
        return
    if (
        worker.document.redirect is not None
        or assets.path is None
        or assets.value is None
        or "_worker.js" not in files.listing(assets.path)
    ):
        return
    copied = any(IGNORE_FILE in files.listing(worker.document.folder / name) for name in _COPIED)
    if copied or published(assets.path, files).has_ignore_file:
        return
    kind = "folder" if files.is_dir(assets.path / "_worker.js") else "file"
    yield RULE.finding(
        assets.value.span,
        f"wrangler refuses to deploy: the {kind} `_worker.js` in `{assets.value.string}` would be published",
        help=f"write `_worker.js` into a `{IGNORE_FILE}` in that folder, or build the Worker elsewhere",
    )
