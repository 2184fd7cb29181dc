"""An environment that is given to `wrangler deploy` after Vite has built without it.

## What it does
Finds scripts of package.json that run `vite build`, where `@cloudflare/vite-plugin` builds the Worker, and then
`wrangler deploy --env X`, without `CLOUDFLARE_ENV` for the build.

## Why it fails
The plugin chooses the environment when it builds: it writes a configuration with that one environment in it, and
wrangler deploys what was written. A later `--env X` finds no such environment there. wrangler goes on all the same:
it deploys a Worker called `<name>-X` with "No bindings found", whose `env.ROOM` is undefined.

## Example
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "MatchDO" }] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["MatchDO"] }],
  "env": {
    "staging": { "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "MatchDO" }] } }
  }
}
```
```json package.json
{
  "scripts": { "build": "vite build", "deploy:staging": "npm run build && wrangler deploy --env staging" },
  "devDependencies": { "@cloudflare/vite-plugin": "^1.60.0", "vite": "^8.0.0" }
}
```
```ts vite.config.ts
import { cloudflare } from "@cloudflare/vite-plugin";

export default { plugins: [cloudflare()] };
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  fetch() {
    return new Response("ok");
  }
}

export default {
  fetch(request, env) {
    return env.MATCH.getByName("main").fetch(request);
  },
};
```

## Use instead
```jsonc wrangler.jsonc
{
  "name": "match",
  "main": "index.js",
  "compatibility_date": "2026-07-01",
  "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "MatchDO" }] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["MatchDO"] }],
  "env": {
    "staging": { "durable_objects": { "bindings": [{ "name": "MATCH", "class_name": "MatchDO" }] } }
  }
}
```
```json package.json
{
  "scripts": { "build": "vite build", "deploy:staging": "CLOUDFLARE_ENV=staging npm run build && wrangler deploy" },
  "devDependencies": { "@cloudflare/vite-plugin": "^1.60.0", "vite": "^8.0.0" }
}
```
```ts vite.config.ts
import { cloudflare } from "@cloudflare/vite-plugin";

export default { plugins: [cloudflare()] };
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  fetch() {
    return new Response("ok");
  }
}

export default {
  fetch(request, env) {
    return env.MATCH.getByName("main").fetch(request);
  },
};
```

## Not a finding when
- `CLOUDFLARE_ENV` is set in the script, in an `.env` file beside vite.config, or by vite.config itself.
- The script deploys only: how the build before it was started is not known.
- The Worker is not built by the plugin.

## Source
- https://developers.cloudflare.com/workers/vite-plugin/reference/cloudflare-environments/
- @cloudflare/vite-plugin and wrangler 4.164.0, run: `vite build`, then `wrangler deploy --env staging --dry-run`
  exits 0 and prints "No bindings found".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.finding import Label, Severity
from wslint.record import replace
from wslint.rules import Outcome, Rule
from wslint.text import SourceFile
from wslint.worker import Worker
from wslint.wrangler.located import ParseError, Value

if TYPE_CHECKING:
    from wslint.project.commands import Command
    from wslint.source.javascript.literals import Script

RULE = Rule("WS240", "environment-not-built", Severity.ERROR, needs=("environment",))

VARIABLE = "CLOUDFLARE_ENV"
_MOST_STEPS = 20


def check(worker: Worker) -> Iterator[Outcome]:
    environment = worker.config.environment
    if environment is None or not worker.config.bindings or worker.config.section_entry is None:
        return
    from wslint.project.cloudflare_vite import builds

    files = worker.workspace.files
    script = builds(worker.document, files)
    package = files.read(script.file.path.parent / "package.json") if script is not None else None
    if script is None or package is None or _is_chosen_elsewhere(worker, script):
        return
    scripts = _scripts(package)
    for name, value in scripts.items():
        steps = _steps(value, scripts, script)
        if _builds_then_deploys(steps, environment):
            yield RULE.finding(
                value.span,
                f"`{name}` deploys a Worker without bindings: the build chooses the environment, it has no"
                f" `{VARIABLE}`, and `--env {environment}` comes after it",
                labels=(Label(worker.config.section_entry.key_span, "the environment that is meant"),),
                help=f"set `{VARIABLE}={environment}` for `vite build`, and deploy without `--env`",
            )


def _scripts(package: SourceFile) -> dict[str, Value]:
    from wslint.wrangler import jsonc

    try:
        table = jsonc.parse(package).root.get("scripts")
    except ParseError:
        return {}
    entries = table.entries if table is not None else {}
    return {name: entry.value for name, entry in entries.items() if entry.value.string}


def _steps(value: Value, scripts: dict[str, Value], script: Script) -> list[Command]:
    """The commands of a script in the order in which they run, those of scripts that it calls among them."""
    from wslint.project.commands import commands_in, script_run

    folder = script.file.path.parent
    waiting = commands_in(value.string or "", folder)
    found: list[Command] = []
    while waiting and len(found) < _MOST_STEPS:
        command = waiting.pop(0)
        called = scripts.get(script_run(command) or "")
        if called is None or called is value:
            found.append(command)
            continue
        inner = commands_in(called.string or "", folder)
        # What the environment is given here holds for the script that is called too.
        waiting[:0] = [replace(each, environment=(*command.environment, *each.environment)) for each in inner]
    return found


def _builds_then_deploys(steps: list[Command], environment: str) -> bool:
    built = False
    for step in steps:
        if any(name == VARIABLE for name, _ in step.environment):
            return False
        if step.name == "vite" and "build" in step.words:
            built = True
        elif step.name == "wrangler" and built and ("deploy" in step.words or "upload" in step.words):
            return step.option("--env", "-e") == environment
    return False


def _is_chosen_elsewhere(worker: Worker, script: Script) -> bool:
    """Whether vite.config or an `.env` file names the variable."""
    files, folder = worker.workspace.files, script.file.path.parent
    if VARIABLE.encode() in script.file.data:
        return True
    for name in files.listing(folder):
        if name.startswith(".env"):
            file = files.read(folder / name) if files.is_file(folder / name) else None
            if file is not None and VARIABLE.encode() in file.data:
                return True
    return False
