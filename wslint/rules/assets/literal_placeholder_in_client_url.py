"""A placeholder that a client sends as it stands.

## What it does
Reads the addresses that the project's pages and client code give to `new WebSocket(…)`, and looks for a
part of the path that is `:code`, as the Worker's route writes it, or `${code}` between quotes, where
nothing is substituted.

## Why it fails
The placeholder stands for a value in the route's pattern; in an address it is five characters like any
other. Every client asks for the same object, the one named `:code`, or is refused by the check of the code:
it looks as if the server were wrong.

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
import { Hono } from "hono";
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

const app = new Hono();
app.get("/ws/:code", (c) => c.env.MATCH.getByName(c.req.param("code")).fetch(c.req.raw));

export default app;
```
```json package.json
{ "dependencies": { "hono": "4.13.19" } }
```
```html public/index.html
<!doctype html>
<title>Match</title>
<script>
  const code = location.hash.slice(1);
  const socket = new WebSocket(`wss://${location.host}/ws/:code`);
</script>
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
```
```js index.js
import { Hono } from "hono";
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

const app = new Hono();
app.get("/ws/:code", (c) => c.env.MATCH.getByName(c.req.param("code")).fetch(c.req.raw));

export default app;
```
```json package.json
{ "dependencies": { "hono": "4.13.19" } }
```
```html public/index.html
<!doctype html>
<title>Match</title>
<script>
  const code = location.hash.slice(1);
  const socket = new WebSocket(`wss://${location.host}/ws/${code}`);
</script>
```

## Not a finding when
- The address is changed before the socket is opened: `url.replace(":code", code)`.
- The colon starts a port.
- The page is a template that something fills in.

## Source
- https://developer.mozilla.org/en-US/docs/Web/API/WebSocket/WebSocket: the address is sent as it is.
- https://hono.dev/docs/api/routing#path-parameter
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.project.handshakes import clients, patterns
from wslint.record import replace
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.rules.assets._guards import passed_placeholders
from wslint.source.clients import HOLE, ClientUrl
from wslint.source.routes import parameters
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS716",
    "literal-placeholder-in-client-url",
    Severity.ERROR,
    causes=("R05",),
    languages=("javascript", "rust"),
)

_PLACEHOLDER = regex(r"(?<=/)(?::(?P<name>[A-Za-z_]\w*)|\$\{(?P<written>[A-Za-z_][\w.]*)\})(?=[/?#]|$)")


def check(worker: Worker) -> Iterator[Outcome]:
    known = patterns(worker)
    passed = {one.parameter: one for one in passed_placeholders(worker)}
    for client in clients(worker):
        for match in placeholders(client):
            name = match["name"]
            route = next((test for test in known if name in parameters(test)), None) if name else None
            if name is None and not client.quoted:
                continue
            guard = passed.get(name) if name else None
            confident = not client.in_page if name is None else route is not None
            labels: tuple[Label, ...] = (
                (Label(route.span, "the route's pattern"),) if route is not None else ()
            )
            if guard is not None:
                labels += (Label(guard.comparison, f"`:{name}` has {guard.length} characters too"),)
            finding = RULE.finding(
                _place(client, match.group()),
                f"clients ask for `{_path(client).replace(HOLE, '…')}`: `{match.group()}` is sent as it stands, "
                + (
                    "passes the check of its length, and all meet in the object of that name"
                    if guard is not None
                    else "so all meet the object of that name, or the check of its value refuses them"
                ),
                labels=labels,
                help=_help(name, match["written"]),
                confidence="high" if confident else "medium",
            )
            # Where the handshake is let through it succeeds: what goes wrong is only who meets whom.
            yield replace(finding, severity=Severity.WARNING) if guard is not None else finding
            break


def placeholders(client: ClientUrl) -> Iterator[re.Match[str]]:
    """The parts of a client's address that are a placeholder as written: `:code`, `${code}` between quotes."""
    return _PLACEHOLDER.finditer(_path(client))


def _path(client: ClientUrl) -> str:
    return client.path if client.path is not None else client.text


def _help(name: str | None, written: str | None) -> str:
    if name is None:
        return f"write the address between backticks, so that `${{{written}}}` is substituted"
    return f"put the value there, between backticks: `${{{name}}}`"


def _place(client: ClientUrl, text: str) -> Span:
    """The placeholder itself, where it stands in one piece in the text."""
    span = client.place
    at = span.file.data.find(b"/" + text.encode(), span.start, span.end)
    return span if at == -1 else Span(span.file, at + 1, at + 1 + len(text.encode()))
