"""A tag asked for that no socket is given.

## What it does
Compares the text in `getWebSockets("player")` with the tags that the class gives its sockets in
`acceptWebSocket`.

## Why it fails
A tag that no socket has is no error: the list is empty, and what was meant for everybody in it reaches nobody.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
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
    for (const other of this.ctx.getWebSockets("player")) {
      try {
        other.send(message);
      } catch {}
    }
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

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
```
```js index.js
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server, ["player"]);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    for (const other of this.ctx.getWebSockets("player")) {
      try {
        other.send(message);
      } catch {}
    }
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

## Not a finding when
- Any of the class's tags is not written out.
- A socket of the class, or its context, is given to code that is not read.
- The class extends one that wslint can't read.

## Source
- https://developers.cloudflare.com/durable-objects/api/state/#getwebsockets
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wslint.finding import Finding, Label, Severity
from wslint.play import laws, tags
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import ClassFlow, Use
from wslint.source.flow.values import ArrayValue, DurableContext, End, LiteralValue, Value
from wslint.text import Span
from wslint.upgrade import durable_classes
from wslint.worker import Worker

RULE = Rule(
    "WS645",
    "tag-never-given",
    Severity.ERROR,
    causes=("S15",),
    languages=("javascript",),
    needs=("javascript",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    if worker.source is None or worker.source.language not in ("javascript", "typescript"):
        return
    for cls in durable_classes(worker):
        accepts = [use for use in cls.uses if use.action == "hibernate"]
        if any(use.action == "escape" and isinstance(use.value, (End, DurableContext)) for use in cls.uses):
            continue
        given = _tags(cls, accepts)
        if given is None and cls.base_known:
            yield from _played(worker, cls, accepts)
        for use in cls.uses if given is not None else ():
            if (
                use.action != "call"
                or use.name != "getWebSockets"
                or use.value is not None
                or not use.arguments
            ):
                continue
            asked = _text(use.arguments[0])
            if asked is None or given is None or asked in given:
                continue
            yield _finding(use.span, asked, sorted(given), accepts[0])


def _played(worker: Worker, cls: ClassFlow, accepts: list[Use]) -> Iterator[Finding]:
    """What only a play tells: tags out of constants, enumerations and conditions."""
    places = {(use.span.file.name, use.span.start) for use in accepts}
    for life in worker.lives:
        span = laws.class_span(life)
        if span.file is cls.span.file and span.start <= cls.span.start < span.end:
            for found in tags.never_given(life, places):
                yield _finding(found.place, found.tag, found.given, accepts[0])


def _finding(place: Span, asked: str, given: Iterable[str], accept: Use) -> Finding:
    known = ", ".join(f"`{tag}`" for tag in given) or "none"
    return RULE.finding(
        place,
        f"this list is always empty: no socket is given the tag `{asked}`",
        labels=(Label(accept.span, f"the tags that are given: {known}"),),
        help=f'accept with `acceptWebSocket(server, ["{asked}"])`, or ask for all with `getWebSockets()`',
    )


def _tags(cls: ClassFlow, accepts: list[Use]) -> set[str] | None:
    """All tags that the class gives; None when they are not all known."""
    if not accepts or not cls.base_known or cls.inherited:
        return None
    found: set[str] = set()
    for use in accepts:
        if not use.certain:
            return None
        if len(use.nodes) < 2:
            continue
        listed = use.arguments[1]
        if len(listed) != 1 or not isinstance(listed[0], ArrayValue):
            return None
        for item in listed[0].items:
            text = _text(item)
            if text is None:
                return None
            found.add(text)
    return found


def _text(values: tuple[Value, ...]) -> str | None:
    """The one text that is written out."""
    if len(values) == 1 and isinstance(values[0], LiteralValue) and isinstance(values[0].value, str):
        return values[0].value
    return None
