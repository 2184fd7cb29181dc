"""A message that is parsed without a guard.

## What it does
Finds `JSON.parse` of a message outside a `try`. In a listener of a plain socket it is reported always, in
`webSocketMessage` only with `--pedantic`.

## Why it fails
A message that is no JSON throws. In a listener that cuts this client off with 1006; in `webSocketMessage`
the error is only logged and the client waits for an answer.

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
    server.accept();
    server.addEventListener("message", (event) => {
      const { type } = JSON.parse(event.data);
      server.send(type);
    });
    return new Response(null, { status: 101, webSocket: client });
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
    server.accept();
    server.addEventListener("message", (event) => {
      try {
        const { type } = JSON.parse(event.data);
        server.send(type);
      } catch {
        server.send("not understood");
      }
    });
    return new Response(null, { status: 101, webSocket: client });
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
```

## Not a finding when
- A `try` or a `.catch` stands around it, here or further out.
- The listener is asynchronous: its error is only logged.

## Source
- https://developers.cloudflare.com/durable-objects/best-practices/websockets/
- workerd 1.20261117.1, run.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Severity
from wslint.play import listener_laws
from wslint.rules import Outcome, Rule
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End, FunctionValue, Message
from wslint.text import Span
from wslint.values.event import Raised
from wslint.worker import Worker

RULE = Rule(
    "WS512",
    "unguarded-parse",
    Severity.WARNING,
    causes=("L14", "L15"),
    languages=("javascript", "python"),
    local=True,
)


def check(worker: Worker) -> Iterator[Outcome]:
    seen: list[Span] = []
    for use, outcome in _followed(worker):
        seen.append(use.span)
        yield outcome
    seen += [use.span for use in worker.flow.uses if _is_guarded(use)] if worker.flow else []
    for found in listener_laws.unparsed(worker):
        if any(span.file is found.place.file and span.start <= found.place.start < span.end for span in seen):
            continue
        seen.append(found.place)
        yield RULE.finding(
            found.place.head(),
            _CUTS_OFF if found.cuts_off else _LOGGED,
            help="put it into a `try` and answer with an error message",
            within=found.within,
        )


def _is_guarded(use: Use) -> bool:
    if use.action != "parse" or not isinstance(use.value, Message):
        return False
    return use.where.tried or use.where.holds("checked", use.value)


_LOGGED = "a message that is no JSON ends this handler: the error is only logged, and the client waits for an answer"
_CUTS_OFF = "a message that is no JSON cuts the client off with 1006: an error in a listener ends its socket"


def _followed(worker: Worker) -> Iterator[tuple[Use, Outcome]]:
    flow = worker.flow
    for use in flow.uses if flow else ():
        message = use.value
        if (
            use.action != "parse"
            or use.where.tried
            or not isinstance(message, Message)
            or message.part != "message"
        ):
            continue
        if use.where.deferred == "constructor-gate" and use.where.cls is not None:
            continue  # it resets the whole object: a rule of its own
        if use.where.holds("checked", message) or _is_caught(worker, use.span):
            continue
        if message.socket is None:
            if use.where.handler == "webSocketMessage":
                yield (
                    use,
                    RULE.finding(
                        use.span,
                        _LOGGED,
                        help="put it into a `try` and answer with an error message",
                        confidence="medium",
                    ),
                )
        elif isinstance(message.socket, End) and _is_synchronous(worker, message):
            yield (
                use,
                RULE.finding(
                    use.span,
                    _CUTS_OFF,
                    help="put it into a `try` and answer with an error message",
                ),
            )


def _is_caught(worker: Worker, span: Span) -> bool:
    """Whether the plays saw what a message that is no JSON throws here, and the code always took it."""
    thrown = [
        event
        for life in worker.lives
        for event in life.machine.events
        if isinstance(event, Raised)
        and event.text.startswith("SyntaxError")
        and event.place is not None
        and event.place.file is span.file
        and span.start <= event.place.start < span.end
    ]
    return bool(thrown) and all(event.caught for event in thrown)


def _is_synchronous(worker: Worker, message: Message) -> bool:
    """Whether every listener of the socket's messages is a plain function."""
    assert worker.flow is not None and message.socket is not None
    listeners = [
        value
        for use in worker.flow.of(message.socket, "listen")
        if use.name == "message"
        for value in use.arguments[0]
        if isinstance(value, FunctionValue)
    ]
    return bool(listeners) and not any(listener.node.is_async for listener in listeners)
