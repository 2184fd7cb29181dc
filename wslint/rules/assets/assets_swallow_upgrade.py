"""`run_worker_first` that leaves the handshake's path to the assets.

## What it does
Compares the path on which the Worker's code takes a handshake with `assets.run_worker_first`, where
`not_found_handling` answers for paths that no file has.

## Why it fails
With a list of rules, a path that none of them matches goes to the assets first, and
`single-page-application` answers every path that has no file with `index.html`: the handshake gets 200 and
a page, the Worker never sees it. `404-page` answers it with 404. A rule matches whole paths: `/ws/*` does
not match `/ws`.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]

[assets]
directory = "./public"
not_found_handling = "single-page-application"
run_worker_first = ["/api/*"]
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
```html public/index.html
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
not_found_handling = "single-page-application"
run_worker_first = ["/api/*", "/ws"]
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
```html public/index.html
<!doctype html>
<title>Match</title>
```

## Not a finding when
- `run_worker_first` is true or absent: without a list, only files and page loads in a browser go to the
  assets.
- A rule matches some path of the route.
- `not_found_handling` is `none`, or the page that it answers with is not in the folder.
- The path is not written out in the code.

## Source
- wrangler 4.164.0, run: real handshakes in `wrangler dev`, for each setting of `not_found_handling`.
- https://developers.cloudflare.com/workers/static-assets/routing/worker-script/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Fix, Label, Severity
from wslint.project.handshakes import (
    Handshake,
    WorkerFirst,
    asset_at,
    handshakes,
    literal,
    serves_assets,
    setting,
    worker_first,
)
from wslint.rules import Outcome, Rule, environments_note
from wslint.source.routes import written
from wslint.worker import Worker
from wslint.wrangler import edit

RULE = Rule(
    "WS712",
    "assets-swallow-upgrade",
    Severity.ERROR,
    causes=("R02",),
    languages=("config", "javascript", "python", "rust"),
    fix="safe",
    needs=("assets",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if not serves_assets(worker):
        return
    first = worker_first(worker)
    if first.value is None or first.value.kind != "array" or not first.known or not first.positive:
        return
    answer = _answer(worker)
    if answer is None:
        return
    for handshake in handshakes(worker):
        if any(first.may_take(path) for path in handshake.paths) or _has_file(worker, handshake):
            continue
        path = " or ".join(f"`{written(shape)}`" for shape in handshake.paths)
        exception = next((rule for shape in handshake.paths if (rule := first.exception(shape))), None)
        note = "" if not worker.config.owns("assets") else environments_note(worker)
        cause = (
            f"`{exception.string}` leaves"
            if exception is not None
            else "no rule takes the path, which leaves"
        )
        yield RULE.finding(
            (exception or first.value).span.head(),
            f"the handshake for {path} answers {answer}{note}: {cause} it to the assets",
            labels=(Label(handshake.test.span, handshake.label),),
            help="" if exception is not None else f"add {path} to `run_worker_first`",
            fix=None if exception is not None else _fix(worker, first, handshake),
        )


def _has_file(worker: Worker, handshake: Handshake) -> bool:
    """Whether a file answers: that is WS711's finding."""
    directory, handling = worker.assets_directory, setting(worker, "html_handling", "auto-trailing-slash")
    if directory is None or directory.path is None or handling is None:
        return False
    paths = [path for shape in handshake.paths if (path := literal(shape)) is not None]
    return any(asset_at(path, handling, directory.path, worker.workspace.files) for path in paths)


def _answer(worker: Worker) -> str | None:
    """What the assets answer for a path without a file; None when they leave it to the Worker."""
    directory = worker.assets_directory
    handling = setting(worker, "not_found_handling", "none")
    page = {"single-page-application": "index.html", "404-page": "404.html"}.get(handling or "")
    if directory is None or page is None:
        return None
    if directory.kind == "folder" and directory.path is not None:
        if page not in worker.workspace.files.listing(directory.path):
            return None
    elif directory.kind != "unknown" or page == "404.html":
        # An application that is built has an index.html; whether it has a 404 page, only the build knows.
        return None
    return "200 with `index.html`" if page == "index.html" else "404"


def _fix(worker: Worker, first: WorkerFirst, handshake: Handshake) -> Fix | None:
    """One more rule, for a path that is known from its beginning."""
    rule = written(handshake.paths[0])
    if len(handshake.paths) > 1 or not rule.startswith("/") or len(first.positive) >= 99 or len(rule) > 100:
        return None
    own = worker.config.environment is not None and worker.config.owns("assets")
    path = ("env", worker.config.environment, "assets") if own else ("assets",)
    document = worker.document
    return Fix(f"add `{rule}`", "safe", lambda: edit.add(document, (*path, "run_worker_first"), rule))
