"""A heartbeat that the automatic answer does not know.

## What it does
Compares what a client of the project sends by a timer with the text of the Worker's
`WebSocketRequestResponsePair`.

## Why it fails
The runtime compares whole texts, letter by letter, and never answers a binary message. A heartbeat that differs goes
to `webSocketMessage`: it wakes the object every time, which costs what the automatic answer was to save, and where the
handler does not know it either, the client waits for its answer in vain.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "public" }
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(`you said ${message}`);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```
```html public/index.html
<!doctype html>
<title>match</title>
<script>
const socket = new WebSocket(`wss://${location.host}/ws`);
socket.addEventListener("message", (event) => {
  document.title = event.data;
});
setInterval(() => socket.readyState === WebSocket.OPEN && socket.send("PING"), 30000);
socket.addEventListener("close", () => location.reload());
</script>
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
assets = { directory = "public" }
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(`you said ${message}`);
  }
  webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```
```html public/index.html
<!doctype html>
<title>match</title>
<script>
const socket = new WebSocket(`wss://${location.host}/ws`);
socket.addEventListener("message", (event) => {
  document.title = event.data;
});
setInterval(() => socket.readyState === WebSocket.OPEN && socket.send("ping"), 30000);
socket.addEventListener("close", () => location.reload());
</script>
```

## Not a finding when
- A client of the project sends the very text, or by a timer something that is not written out.
- What is sent by the timer is no constant, or has nothing of a heartbeat.
- The Worker's text is not known, or there are several.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#setwebsocketautoresponse
- workerd 1.20261117.1, run: `ping` is answered, `Ping` and the bytes of `ping` come to the handler.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.play.laws import automatic_answers
from wslint.project.handshakes import clients
from wslint.rules import Outcome, Rule
from wslint.source.heartbeats import BINARY, Sent, sent_texts
from wslint.worker import Worker

RULE = Rule(
    "WS481",
    "unmatched-heartbeat",
    Severity.WARNING,
    causes=("S20",),
    languages=("javascript", "python", "rust"),
)

_BEAT = re.compile(r"ping|heart_?-?beat|keep_?-?alive|\balive\b", re.I)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.front is not None:
        return
    files = {client.place.file.path: client.place.file for client in clients(worker) if client.own_host}
    sent = [one for file in files.values() for one in sent_texts(file, worker.workspace.files)]
    beats = [one for one in sent if one.by_timer]
    if not beats or len(worker.workspace.documents) > 1 or any(one.text is None for one in beats):
        return
    answers = automatic_answers(worker)
    texts = {text for text, _ in answers}
    if len(texts) != 1 or texts & {one.text for one in sent}:
        return
    (wanted,), place = texts, answers[0][1]
    for beat in beats:
        if not _is_heartbeat(beat.text or "", wanted):
            continue
        yield RULE.finding(
            beat.place,
            f"{_said(beat)} is not what the automatic answer is given for (`{wanted}`): it wakes the object each time",
            labels=(Label(place, "only this very text is answered"),),
            help=f"send `{wanted}` as a text",
        )


def _is_heartbeat(text: str, wanted: str) -> bool:
    """Whether a text is meant for the automatic answer: it has its word in it, or speaks of a heartbeat."""
    return text == BINARY or wanted.strip().lower() in text.lower() or _BEAT.search(text) is not None


def _said(beat: Sent) -> str:
    return "a binary heartbeat" if beat.text == BINARY else f"the heartbeat `{beat.text}`"
