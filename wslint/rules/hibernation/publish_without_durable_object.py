"""Nitro's pub/sub without the Durable Object that it needs.

## What it does
Finds projects of Nitro 2 or Nuxt whose preset is `cloudflare-module` or `cloudflare-pages` and whose WebSocket
routes call `peer.publish`.

## Why it fails
With these presets each socket lives in the isolate that took it, and the peer's `publish` does nothing but warn
`pub/sub support requires Durable Objects`. The preset `cloudflare-durable` keeps all sockets in one object.

## Example
```toml wrangler.toml
name = "chat"
main = ".output/server/index.mjs"
compatibility_date = "2026-07-01"
```
```json package.json
{ "dependencies": { "nitropack": "^2.13.6" }, "scripts": { "build": "nitro build" } }
```
```ts nitro.config.ts
export default defineNitroConfig({
  preset: "cloudflare-module",
  experimental: { websocket: true },
});
```
```ts routes/_ws.ts
export default defineWebSocketHandler({
  open(peer) {
    peer.subscribe("lobby");
  },
  message(peer, message) {
    peer.publish("lobby", message.text());
  },
});
```

## Use instead
```toml wrangler.toml
name = "chat"
main = ".output/server/index.mjs"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "$DurableObject", class_name = "$DurableObject" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["$DurableObject"] }]
```
```json package.json
{ "dependencies": { "nitropack": "^2.13.6" }, "scripts": { "build": "nitro build" } }
```
```ts nitro.config.ts
export default defineNitroConfig({
  preset: "cloudflare-durable",
  experimental: { websocket: true },
});
```
```ts routes/_ws.ts
export default defineWebSocketHandler({
  open(peer) {
    peer.subscribe("lobby");
  },
  message(peer, message) {
    peer.publish("lobby", message.text());
  },
});
```

## Not a finding when
- The preset comes from elsewhere too: `NITRO_PRESET`, `SERVER_PRESET` or `--preset` in a script.
- The configuration binds `$DurableObject`.
- Nitro 3.

## Source
- https://github.com/nitrojs/nitro/issues/2171
- https://nitro.build/guide/websocket
- nitropack 2.13.6 with crossws 0.3.5 and 0.4.17, their source.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint import system
from wslint.finding import Label, Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.rules.compatibility._flags import manifests, packages
from wslint.text import SourceFile, Span
from wslint.worker import Worker

RULE = Rule(
    "WS624", "publish-without-durable-object", Severity.WARNING, causes=("FW07",), languages=("javascript",)
)

_CONFIGS = tuple(
    f"{name}.config.{suffix}" for name in ("nitro", "nuxt") for suffix in ("ts", "js", "mts", "mjs")
)
_FOLDERS = ("routes", "api", "server/routes", "server/api", "src/routes", "src/api", "src/server/routes")
_PRESET = regex(rb"""\bpreset\s*:\s*(["'])cloudflare[-_](?:module|pages)\1""")
_ANY_PRESET = regex(rb"\bpreset\s*:")
_PUBLISH = regex(rb"\bpeer\.publish\s*\(")
_ELSEWHERE = regex(r"NITRO_PRESET|SERVER_PRESET|--preset")
_MOST_FILES = 200


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.entrypoint.kind not in ("generated", "none", "missing") or worker.config.durable_objects:
        return
    preset = _preset(worker)
    if preset is None or not packages(worker) & {"nitropack", "nuxt"} or _is_set_elsewhere(worker):
        return
    for file in _routes(worker):
        match = _PUBLISH.search(file.data)
        if match is not None and b"defineWebSocketHandler" in file.data:
            yield RULE.finding(
                Span(file, match.start(), match.end()).head(),
                "built with the preset below this reaches nobody: pub/sub needs a Durable Object, and this preset has none",
                labels=(Label(preset, "the preset"),),
                help='set `preset: "cloudflare-durable"` and bind the class `$DurableObject` under that name',
            )


def _preset(worker: Worker) -> Span | None:
    """Where the one preset of the project is written, if it is one without an object."""
    for name in _CONFIGS:
        path = worker.document.folder / name
        file = worker.workspace.files.read(path) if worker.workspace.files.is_file(path) else None
        match = _PRESET.search(file.data) if file is not None else None
        if file is not None and match is not None and len(_ANY_PRESET.findall(file.data)) == 1:
            return Span(file, match.start(), match.end())
    return None


def _is_set_elsewhere(worker: Worker) -> bool:
    for manifest in manifests(worker):
        scripts = manifest.get("scripts")
        if isinstance(scripts, dict) and any(_ELSEWHERE.search(str(script)) for script in scripts.values()):
            return True
    return False


def _routes(worker: Worker) -> Iterator[SourceFile]:
    """The files in the folders that Nitro takes its routes from."""
    files, left = worker.workspace.files, _MOST_FILES
    waiting = [worker.document.folder / folder for folder in _FOLDERS]
    while waiting and left > 0:
        folder = waiting.pop(0)
        for name in sorted(files.listing(folder)) if files.is_dir(folder) else ():
            left -= 1
            path = folder / name
            if name.endswith((".ts", ".js", ".mjs")):
                file = files.read(path)
                if file is not None:
                    yield file
            elif "." not in name and not system.is_link(path):
                waiting.append(path)
