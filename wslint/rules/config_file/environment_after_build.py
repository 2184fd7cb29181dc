"""An environment that is chosen after the build.

## What it does
Finds scripts of package.json that run `wrangler deploy --env X` in a project that Cloudflare's Vite plugin builds,
where nothing chooses the environment for the build.

## Why it fails
The plugin writes the configuration that is deployed, for the environment that `CLOUDFLARE_ENV` names while it
builds, or else for the top level. wrangler then deploys that file: `--env staging` exits with 0, and the Worker
gets the top level's name, variables and bindings.

## Example
```toml wrangler.toml
name = "match"
main = "src/index.ts"
compatibility_date = "2026-07-01"

[env.staging]
vars = { STAGE = "staging" }
```
```ts src/index.ts
export default { fetch: (request: Request, env: { STAGE?: string }) => new Response(env.STAGE) };
```
```ts vite.config.ts
import { cloudflare } from "@cloudflare/vite-plugin";
export default { plugins: [cloudflare()] };
```
```json package.json
{
  "scripts": {
    "deploy:staging": "vite build && wrangler deploy --env staging"
  },
  "devDependencies": { "@cloudflare/vite-plugin": "^1.30.0", "vite": "^7.0.0", "wrangler": "^4.160.0" }
}
```

## Use instead
```toml wrangler.toml
name = "match"
main = "src/index.ts"
compatibility_date = "2026-07-01"

[env.staging]
vars = { STAGE = "staging" }
```
```ts src/index.ts
export default { fetch: (request: Request, env: { STAGE?: string }) => new Response(env.STAGE) };
```
```ts vite.config.ts
import { cloudflare } from "@cloudflare/vite-plugin";
export default { plugins: [cloudflare()] };
```
```json package.json
{
  "scripts": {
    "deploy:staging": "CLOUDFLARE_ENV=staging vite build && wrangler deploy"
  },
  "devDependencies": { "@cloudflare/vite-plugin": "^1.30.0", "vite": "^7.0.0", "wrangler": "^4.160.0" }
}
```

## Not a finding when
- `CLOUDFLARE_ENV` is set anywhere: in a script, an `.env` file, the Vite configuration, a workflow.
- The command names a configuration with `-c`, or an environment that the file does not have.
- Vite does not load the plugin.

## Source
- wrangler 4.164.0, run: beside a redirect as the plugin writes it for the top level, `deploy --dry-run --env staging`
  exits 0 and lists the top level's bindings; beside one for another environment it stops.
- https://developers.cloudflare.com/workers/vite-plugin/reference/cloudflare-environments/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.errors import CheckError
from wslint.finding import Label, Severity
from wslint.rules import Outcome, Rule
from wslint.text import SourceFile, Span
from wslint.worker import Worker
from wslint.wrangler import jsonc
from wslint.wrangler.located import ParseError, Value

RULE = Rule("WS020", "environment-after-build", Severity.ERROR)

PLUGIN = b"@cloudflare/vite-plugin"
CHOICE = b"CLOUDFLARE_ENV"

_DEPLOY = re.compile(
    r"\bwrangler(?:@\S+)?\s+(?:deploy|versions\s+upload)\b(?P<options>[^&|;\n]*)",
)
_ENVIRONMENT = re.compile(r"(?:--env|-e)[ =][\"']?([\w-]+)")
_CONFIG = re.compile(r"(?:^|\s)(?:-c|--config)\b")


def check(worker: Worker) -> Iterator[Outcome]:
    environment, files, folder = worker.config.environment, worker.workspace.files, worker.document.folder
    package = files.read(folder / "package.json") if environment is not None else None
    if package is None or PLUGIN not in package.data or not _is_built_by_plugin(worker):
        return
    if _is_chosen(worker, package):
        return
    for script in _scripts(package):
        for match in _DEPLOY.finditer(script.string or ""):
            chosen = _ENVIRONMENT.search(match["options"])
            if chosen is None or chosen[1] != environment or _CONFIG.search(match["options"]):
                continue
            yield RULE.finding(
                _place(script, chosen[0]),
                f"deploys the top level instead of `env.{environment}`: the Vite plugin builds for the environment of "
                "`CLOUDFLARE_ENV`, and `--env` comes after that",
                labels=(Label(worker.config.section_span, "nothing of this reaches the Worker"),),
                help=f"run the build with `CLOUDFLARE_ENV={environment}`, and leave `--env` out",
            )


def _is_built_by_plugin(worker: Worker) -> bool:
    files, folder = worker.workspace.files, worker.document.folder
    names = [name for name in files.listing(folder) if name.startswith("vite.config.")]
    texts = [file.data for name in names if (file := files.read(folder / name)) is not None]
    own = worker.document.file.path.name.encode("utf-8", "surrogateescape")
    return any(
        PLUGIN in text and CHOICE not in text and (b"configPath" not in text or own in text) for text in texts
    )


def _is_chosen(worker: Worker, package: SourceFile) -> bool:
    """Whether anything near may set the environment of the build."""
    files, folder = worker.workspace.files, worker.document.folder
    paths = [folder / name for name in files.listing(folder) if name.startswith((".env", "."))]
    for above in (folder, *folder.parents):
        flows = above / ".github" / "workflows"
        paths += [flows / name for name in sorted(files.listing(flows))]
        paths += [above / name for name in (".gitlab-ci.yml", "Makefile", "turbo.json", "package.json")]
        if ".git" in files.listing(above):
            break
    texts = [files.read(path) for path in paths if files.is_file(path)]
    return CHOICE in package.data or any(file is not None and CHOICE in file.data for file in texts)


def _scripts(package: SourceFile) -> Iterator[Value]:
    try:
        table = jsonc.parse(package).root.get("scripts")
    except (ParseError, CheckError):
        return
    for entry in table.entries.values() if table is not None else ():
        if entry.value.string is not None:
            yield entry.value


def _place(script: Value, words: str) -> Span:
    """The option in the script, or the script where it is written with escapes."""
    file = script.span.file
    at = file.data.find(words.encode(), script.span.start, script.span.end)
    return Span(file, at, at + len(words.encode())) if at != -1 else script.span
