"""A Worker without a name.

## What it does
Finds configurations of something to deploy, a Worker, assets or a Pages project, that name it nowhere.

## Why it fails
`wrangler deploy` ends with "You need to provide the name of your worker" unless `--name` is passed; on a
terminal it asks. `wrangler pages deploy` refuses the configuration.

## Example
```toml wrangler.toml
main = "index.js"
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
- The environments have names of their own: then the top level may never be deployed.
- The configuration lies in a folder of tests or fixtures.
- A script in package.json passes `--name`, a build tool redirects wrangler to another configuration, or
  the file has a name that only `--config` gives.

## Source
- wrangler 4.164.0, run: `deploy --dry-run` without a terminal exits 1.
- https://developers.cloudflare.com/workers/wrangler/configuration/#inheritable-keys
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker
from wslint.workspace import CONFIG_NAMES
from wslint.wrangler.located import Value

RULE = Rule("WS012", "missing-worker-name", Severity.WARNING)

_TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "e2e", "fixture", "fixtures", "__fixtures__"})


def check(worker: Worker) -> Iterator[Outcome]:
    config, document = worker.config, worker.document
    if document.file.path.name not in CONFIG_NAMES or document.redirect is not None:
        return
    if not _TEST_FOLDERS.isdisjoint(document.file.name.split("/")):
        return  # run by a test, never deployed
    if _named(config.section) or _named(document.root):
        return
    if document.is_pages:
        if config.environment is None:
            yield RULE.finding(
                config.section_span, "`wrangler pages deploy` refuses the configuration: it has no `name`"
            )
        return
    if config.main is None and config.value("assets") is None:
        return  # nothing to deploy
    some_named = any(_named(other.section) for other in document.environments)
    if some_named == (config.environment is None) or _is_passed(worker):
        return  # one finding a file, or one for each nameless environment beside named ones
    yield RULE.finding(
        config.section_span,
        f"deploy is refused{environments_note(worker)} unless `--name` is passed: the Worker has no `name`",
    )


def _named(section: Value) -> bool:
    name = section.get("name")
    return name is not None and name.kind != "null" and name.string != ""


def _is_passed(worker: Worker) -> bool:
    """Whether a script gives wrangler the name."""
    package = worker.workspace.files.read(worker.document.folder / "package.json")
    return package is not None and b"--name" in package.data
