"""A handshake's path that `_redirects` sends elsewhere.

## What it does
Reads `_redirects` in the assets folder and compares its rules with the path on which the Worker's code
takes a handshake.

## Why it fails
Redirects come before the Worker, for handshakes too. A client for WebSockets follows none: the handshake
answers 302 or 301, and the browser reports 1006.

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
```txt public/_redirects
/ws /live 302
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
```txt public/_redirects
/ws /live 302
```

## Not a finding when
- `run_worker_first` takes the path.
- The rule answers with status 200: it names another file.
- The path is not written out in the code.

## Source
- wrangler 4.164.0, run: a handshake on a path of `_redirects` answers 302.
- https://developers.cloudflare.com/workers/static-assets/redirects/
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.project.handshakes import handshakes, literal, serves_assets, worker_first
from wslint.rules import Outcome, Rule, environments_note
from wslint.text import SourceFile, Span
from wslint.worker import Worker

RULE = Rule(
    "WS713",
    "redirected-upgrade",
    Severity.ERROR,
    causes=("R03", "P08"),
    languages=("config", "javascript", "python", "rust"),
    needs=("assets",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    directory = worker.assets_directory
    if not serves_assets(worker) or directory is None or directory.kind != "folder" or directory.path is None:
        return
    if "_redirects" not in worker.workspace.files.listing(directory.path):
        return
    file = worker.workspace.files.read(directory.path / "_redirects")
    redirects = dict(_redirects(file)) if file is not None else {}
    first = worker_first(worker)
    note = "" if not worker.config.owns("assets") else environments_note(worker)
    for handshake in handshakes(worker):
        paths = [literal(shape) for shape in handshake.paths if not first.may_take(shape)]
        found = [(path, redirects[path]) for path in paths if path is not None and path in redirects]
        if len(found) == len(handshake.paths):
            path, (span, status) = found[0]
            yield RULE.finding(
                span,
                f"the handshake for `{path}` answers {status}{note}, which no WebSocket client follows: "
                "`_redirects` comes before the Worker",
                labels=(Label(handshake.test.span, handshake.label),),
                help=f"add `{path}` to `run_worker_first`, or take the line out",
            )


def _redirects(file: SourceFile) -> Iterator[tuple[str, tuple[Span, str]]]:
    """The redirects of one fixed path each, from the last to the first: wrangler takes the first."""
    for number in range(len(file.line_starts), 0, -1):
        words = file.line_text(number).split("#")[0].split()
        if len(words) not in (2, 3) or not words[0].startswith("/") or "*" in words[0] or "/:" in words[0]:
            continue
        status = words[2] if len(words) == 3 else "302"
        if status in ("301", "302", "303", "307", "308") and words[0] != words[1]:
            start = file.line_starts[number - 1]
            yield words[0], (Span(file, start, start + len(file.line_text(number).encode())), status)
