"""A `main` that names a folder.

## What it does
Reports a `main` that leads to a folder instead of a file.

## Why it fails
`wrangler deploy` and `wrangler dev` end with "The provided entry-point path, …, points to a directory,
rather than a file". Unlike an import, `main` does not stand for the `index` file inside.

## Example
```toml wrangler.toml
name = "match"
main = "src"
compatibility_date = "2026-07-01"
```
```ts src/index.ts
export default { fetch: () => new Response("ok") };
```

## Use instead
```toml wrangler.toml
name = "match"
main = "src/index.ts"
compatibility_date = "2026-07-01"
```
```ts src/index.ts
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- `main` names a file without its suffix beside which no folder of that name stands.
- A folder is named in `assets.directory`, `site.bucket` or the older `site.entry-point`: those are folders.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 on this project.
- https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Severity
from wslint.project.entrypoint import GUESSED_SUFFIXES
from wslint.rules import Outcome, Rule
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS210", "folder-as-entrypoint", Severity.ERROR, fix="unsafe")

USUAL_NAMES = ("worker", "dist/worker", "index", "dist/index", "src/worker", "src/index")
"""wrangler's guesses, and the usual place when `main` is the project's folder."""


def check(worker: Worker) -> Iterator[Outcome]:
    main, folder = worker.config.main, worker.entrypoint.path
    if worker.entrypoint.kind != "folder" or main is None or folder is None or worker.document.is_pages:
        return
    if main is not worker.config.value("main"):
        return  # `site.entry-point` stands for the `index.js` in it
    files = worker.workspace.files
    inside = [name + suffix for name in USUAL_NAMES for suffix in (*GUESSED_SUFFIXES, ".py")]
    found = [name for name in (*inside, "entry.py", "src/entry.py") if files.is_file(folder / name)]
    written = f"{(main.string or '').rstrip('/')}/{found[0]}" if found else None
    yield RULE.finding(
        main.span,
        f"wrangler refuses to deploy: the entrypoint `{main.string}` is a folder",
        help=f"name the file in it: `{written}`" if written else "name the file in it",
        fix=Fix(f"name `{written}`", "unsafe", (edit.replace_string(main, written),))
        if written and len(found) == 1
        else None,
    )
