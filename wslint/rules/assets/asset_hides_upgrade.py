"""A static file at the path of the handshake.

## What it does
Looks in the assets folder for the file that answers the path on which the Worker's code takes a handshake,
as `html_handling` says.

## Why it fails
Files come before the Worker, whatever the request's `Upgrade` header says. `ws.html` and a file named `ws`
answer the handshake on `/ws` with 200, `ws/index.html` redirects it, and `index.html` answers one on `/`.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]

[assets]
directory = "./public"
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/ws") return env.MATCH.getByName("lobby").fetch(request);
    return new Response("not found", { status: 404 });
  },
};
```
```html public/ws.html
<!doctype html>
<title>Match</title>
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]

[assets]
directory = "./public"
run_worker_first = ["/ws"]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === "/ws") return env.MATCH.getByName("lobby").fetch(request);
    return new Response("not found", { status: 404 });
  },
};
```
```html public/ws.html
<!doctype html>
<title>Match</title>
```

## Not a finding when
- `run_worker_first` takes the path.
- The folder is not there: a build makes it.
- The path is not written out in the code.
- There is a `.assetsignore`.

## Source
- wrangler 4.164.0, run: handshakes on `/ws` beside `ws.html` and `ws/index.html`, and on `/` beside
  `index.html`.
- https://developers.cloudflare.com/workers/static-assets/routing/advanced/html-handling/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.project.handshakes import (
    asset_at,
    handshakes,
    literal,
    serves_assets,
    setting,
    worker_first,
)
from wslint.rules import Outcome, Rule, environments_note
from wslint.worker import Worker

RULE = Rule(
    "WS711",
    "asset-hides-upgrade",
    Severity.ERROR,
    causes=("R01",),
    languages=("config", "javascript", "python", "rust"),
    needs=("assets",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    directory = worker.assets_directory
    if not serves_assets(worker) or directory is None or directory.kind != "folder" or directory.path is None:
        return
    files, folder = worker.workspace.files, directory.path
    handling = setting(worker, "html_handling", "auto-trailing-slash")
    if handling is None or ".assetsignore" in files.listing(folder):
        return
    first = worker_first(worker)
    for handshake in handshakes(worker):
        found = [
            (path, answer)
            for shape in handshake.paths
            if not first.may_take(shape)
            and (path := literal(shape)) is not None
            and (answer := asset_at(path, handling, folder, files)) is not None
        ]
        if len(found) < len(handshake.paths) or directory.value is None:
            continue
        path, (file, status) = found[0]
        note = "" if not worker.config.owns("assets") else environments_note(worker)
        yield RULE.finding(
            handshake.test.span,
            f"the handshake for `{path}` answers {status}{note}: "
            f"the static file `{files.name(file)}` comes before the Worker",
            labels=(Label(directory.value.span, "the assets are here"),),
            help=f"add `{path}` to `run_worker_first`, or use a path that no file has",
        )
