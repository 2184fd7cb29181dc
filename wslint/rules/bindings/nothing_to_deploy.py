"""A configuration without code and without assets.

## What it does
Finds configurations that name neither `main` nor `assets` nor `site`, not even in an environment: empty ones, and
those of a wrangler that took the entrypoint from elsewhere.

## Why it fails
`wrangler deploy` and `wrangler dev` end with "Missing entry-point to Worker script or to assets directory". An
`index.js` beside the file, or `main` in package.json, is no longer taken.

## Example
```toml wrangler.toml
name = "match"
compatibility_date = "2026-07-01"
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
- An environment has what the top level lacks: then the top level is a base for it.
- A bundler's plugin, a framework's adapter or a command line names the entrypoint.
- The file declares databases, buckets or other resources: it may serve `wrangler d1` and its like alone.
- Durable Objects are bound (WS220), or `main` is misspelt (WS003) or swallowed by a table (WS005).
- It is a Pages project, by its keys, its `functions` or its scripts.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` exits 1 on this project, on an empty file, and where
  `site.entry-point` is `.`.
- https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from wslint.finding import Fix, Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.rules.bindings._names import SCRIPT_ARGUMENT, text_of
from wslint.rules.compatibility._flags import packages
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule("WS225", "nothing-to-deploy", Severity.ERROR, fix="unsafe")

_OF_A_DEPLOY = frozenset(
    {
        "$schema",
        "name",
        "account_id",
        "compatibility_date",
        "compatibility_flags",
        "workers_dev",
        "preview_urls",
    }
    | {"route", "routes", "triggers", "observability", "placement", "limits", "logpush", "vars", "env"}
    | {"build", "type", "zone_id", "usage_model", "webpack_config", "minify", "send_metrics", "keep_vars"}
    | {"upload_source_maps", "rules", "no_bundle", "tsconfig", "migrations", "exports", "define"}
)
"""Keys that say nothing of resources which other commands of wrangler use."""

_SUPPLIERS = regex(
    r"@cloudflare/vite-plugin|@opennextjs/.*|@astrojs/.*|@sveltejs/.*|@remix-run/.*|@react-router/.*|@tanstack/.*"
    r"|nitro(?:pack)?|nuxt|vinext|vike.*|waku|rwsdk|@hono/vite-.*|alchemy|sst|partykit|@cloudflare/next-on-pages"
    r"|@builder\.io/.*|@qwik\.dev/.*|@solidjs/start|solid-start.*|@redwoodjs/.*|@analogjs/.*|@angular/ssr"
)
"""Packages that make the configuration which is deployed, or name its entrypoint."""

_PAGES_FOLDERS = (".", "public", "static", "dist", "build", "out")

_USUAL = tuple(
    f"{folder}{name}"
    for folder in ("src/", "")
    for name in ("index.ts", "index.js", "worker.ts", "worker.js")
)


def check(worker: Worker) -> Iterator[Outcome]:
    config, document = worker.config, worker.document
    if document.is_pages or document.redirect is not None:
        return
    entries = [config.entry(key) for key in ("assets", "site")]
    main = config.main
    if (
        main is not None
        and main is not config.value("main")
        and posixpath.normpath(text_of(main) or "x") == "."
    ):
        yield RULE.finding(
            main.span,
            "wrangler refuses to deploy: `Missing entry-point to Worker script or to assets directory`, as it takes "
            "the project's own folder for none",
            help='write `main = "index.js"` at the top level',
        )
        return
    if main is not None or any(entries) or config.local_durable_objects or _may_be_elsewhere(worker):
        return
    found = [name for name in _USUAL if worker.workspace.files.is_file(document.folder / name)]
    path: edit.Path = ("main",)
    yield RULE.finding(
        document.environments[0].section_span,
        "wrangler refuses to deploy: `Missing entry-point to Worker script or to assets directory`",
        help=f'add `main = "{found[0]}"`'
        if found
        else "name the code in `main`, or a folder in `assets.directory`",
        fix=Fix(f"name `{found[0]}`", "unsafe", lambda: edit.add(document, path, found[0]))
        if len(found) == 1
        else None,
    )


def _may_be_elsewhere(worker: Worker) -> bool:
    """Whether an environment, another key, a tool or a command line may name what is deployed."""
    config, document, files = worker.config, worker.document, worker.workspace.files
    if any(
        other.value(key) is not None for other in document.environments for key in ("main", "assets", "site")
    ):
        return True
    if any(
        section.misplaced(key) for section in (config, document.environments[0]) for key in ("main", "assets")
    ):
        return True
    if not set(config.section.entries) <= _OF_A_DEPLOY:
        return True
    if any(
        value.is_placeholder
        for value in (config.value(key) for key in ("name", "compatibility_date"))
        if value
    ):
        return True
    package = files.read(document.folder / "package.json")
    if package is not None and (SCRIPT_ARGUMENT.search(package.data) or b"wrangler pages" in package.data):
        return True
    if files.is_dir(document.folder / "functions") or any(
        "_worker.js" in files.listing(document.folder / name) for name in _PAGES_FOLDERS
    ):
        return True  # a Pages project that names its folder on the command line, or in the dashboard
    return any(_SUPPLIERS.fullmatch(name) for name in packages(worker))
