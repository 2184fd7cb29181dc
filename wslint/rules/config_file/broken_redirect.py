"""A deploy configuration that leads nowhere.

## What it does
Follows `.wrangler/deploy/config.json`, by which a build tool makes wrangler deploy a generated
configuration in place of the user's.

## Why it fails
wrangler ends with an error when that file is no JSON, has no `configPath`, names a file that is not
there or one with environments, or lies in another folder than the configuration that it would replace.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```json .wrangler/deploy/config.json
{ "configPath": "../../output/wrangler.json" }
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
```json .wrangler/deploy/config.json
{ "configPath": "../../output/config.json" }
```
```json output/config.json
{ "name": "match", "main": "../index.js", "compatibility_date": "2026-07-01" }
```
```js index.js
export default { fetch: () => new Response("ok") };
```

## Not a finding when
- The configuration has a name that only `--config` gives: then no redirect holds.
- A script in package.json builds the target that is missing now; `--pedantic` shows it.

## Source
- wrangler 4.164.0, run: each form ends `deploy --dry-run` with exit code 1.
- https://developers.cloudflare.com/workers/wrangler/configuration/#generated-wrangler-configuration
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.text import Span
from wslint.worker import Workspace
from wslint.wrangler.config import ConfigDocument

RULE = Rule("WS008", "broken-redirect", Severity.ERROR)

_PROBLEMS = {
    "unreadable": "wrangler can't read this deploy configuration as JSON",
    "without-path": "wrangler refuses this deploy configuration: it has no `configPath`",
    "missing-target": "wrangler refuses this deploy configuration: the file that it names is not there",
    "elsewhere": "wrangler refuses this deploy configuration: it lies in another folder than `{name}`",
    "environments": "wrangler refuses this configuration: a redirected one can't have `env`",
}


def check(workspace: Workspace) -> Iterator[Outcome]:
    for document in workspace.documents:
        redirect = document.redirect
        if redirect is None or redirect.state in ("valid", "outside"):
            continue
        built = redirect.state == "missing-target" and _is_built(workspace, document)
        yield RULE.finding(
            redirect.span,
            _PROBLEMS[redirect.state].format(name=document.file.name),
            labels=(
                Label(
                    Span(document.file, 0, len(document.file.data)).head(), "in place of this configuration"
                ),
            ),
            help="run the build again, or remove the file if it is left over",
            confidence="medium" if built else "high",
        )


def _is_built(workspace: Workspace, document: ConfigDocument) -> bool:
    """Whether a script is there that writes the target anew."""
    package = workspace.files.read(document.folder / "package.json")
    return package is not None and b"build" in package.data
