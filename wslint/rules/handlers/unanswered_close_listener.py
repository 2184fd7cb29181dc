"""A plain socket whose close is never answered.

## What it does
Finds sockets accepted with `accept()` that no code closes, at a compatibility date before 2026-04-07.

## Why it fails
Until `web_socket_auto_reply_to_close` (the default from 2026-04-07) the runtime does not answer a Close
frame of such a socket. The client hangs in CLOSING, and the socket stays in memory.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2025-07-01"
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
    server.addEventListener("message", (event) => server.send(event.data));
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
compatibility_date = "2025-07-01"
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
    server.addEventListener("message", (event) => server.send(event.data));
    server.addEventListener("close", () => server.close());
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
- The compatibility date is 2026-04-07 or later, or the flag is listed.
- Some code closes the socket, or it is handed to code that may; where a `close` listener stands, what it does decides.

## Source
- https://developers.cloudflare.com/changelog/post/2026-04-07-websocket-auto-reply-to-close/
- https://github.com/cloudflare/workerd/issues/4327
- workerd 1.20261117.1, run at dates before and after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.finding import Finding, Severity
from wslint.play import listener_laws
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End, HandlerSocket
from wslint.text import Span
from wslint.worker import Worker

RULE = Rule(
    "WS509",
    "unanswered-close-listener",
    Severity.WARNING,
    causes=("L11",),
    languages=("javascript", "python"),
    needs=("uses accept",),
)


def check(worker: Worker) -> Iterator[Outcome]:
    flow = worker.flow
    if (
        flow is None
        or not flow.complete
        or worker.flag_enabled("web_socket_auto_reply_to_close") is not False
    ):
        return
    said: set[Span] = set()
    for use in flow.uses:
        if (
            use.action == "accept"
            and use.certain
            and isinstance(use.value, End)
            and not _may_close(worker, use)
        ):
            said.add(use.span)
            yield _finding(use.span, "nothing closes this socket")
    for talk in worker.conversations:
        for found in listener_laws.unanswered(talk):
            if not any(
                span.file is found.place.file and span.start <= found.place.start < span.end for span in said
            ):
                said.add(found.place)
                yield _finding(
                    found.place, "the `close` listener of this socket does not close it", found.within
                )


def _finding(place: Span, why: str, within: Span | None = None) -> Finding:
    return RULE.finding(
        place,
        f"a client's `close()` is never answered at this compatibility date: {why}, so the browser hangs in CLOSING",
        help="call `close()` in a `close` listener, or raise `compatibility_date` to 2026-04-07",
        within=within,
    )


def _may_close(worker: Worker, accept: Use) -> bool:
    """Whether code closes the socket later, or may: it went somewhere that is not followed."""
    assert worker.flow is not None
    closed = [use for use in worker.flow.uses if use.action == "close" and use.value is accept.value]
    refusals = [use for use in closed if _refuses(use, accept)]
    for use in worker.flow.uses:
        if use.value is accept.value:
            if use in refusals or (use.action == "escape" and use.name in _ORIGINS):
                continue
            if _is_kept(use):
                if _closes_other(use, refusals):
                    return True  # kept with others: some `close` may mean it
            elif use.action in ("close", "escape", "return", "spread") or (
                use.action == "read" and use.name == "close"
            ):
                return True
        elif (
            use.action == "close"
            and isinstance(use.value, HandlerSocket)
            and use.where.cls == accept.where.cls
        ):
            return True
    return False


_ORIGINS = frozenset(
    {"applyUpdate", "applyUpdateV2", "applyAwarenessUpdate", "removeAwarenessStates", "readSyncMessage"}
)
"""Functions of yjs and its protocols that are given a socket only to tell whose change it is."""

_CLOSE = re.compile(rb"(?:\b(\w+)\s*[!?]?\.\s*)?\bclose\s*\(")
_WRITER = re.compile(rb"\b(\w+)\s*=\s*[^;\n]{0,200}\.getWriter\(")


def _is_kept(use: Use) -> bool:
    """Whether a socket is put with others: `sockets.push(server)`, `this.rooms.get(name).add(server)`."""
    if use.action == "store":
        return True
    call = use.nodes[0] if use.action == "escape" and use.nodes else None
    if not isinstance(call, tree.Call) or not isinstance(call.function, tree.Member):
        return False
    of = call.function.object
    is_looked_up = (
        isinstance(of, tree.Call) and isinstance(of.function, tree.Member) and of.function.name == "get"
    )
    return call.function.name in ("push", "unshift") or (
        call.function.name in ("add", "set") and is_looked_up
    )


def _refuses(close: Use, accept: Use) -> bool:
    """Whether a socket is closed while its handshake is still answered, on a way that not every handshake takes:
    `server.close(1008, "no such room")`, or in a `catch`. Those that stay open are none of its business.
    Another `async` function or block may outlive the handshake: `spawn_local(talk(server))`."""
    here = close.where
    if here.is_async and here.function is not accept.where.function:
        return False
    return here.deferred is None and not set(here.branches) <= set(accept.where.branches)


def _closes_other(kept: Use, refusals: list[Use]) -> bool:
    """Whether the file closes anything else that may be a socket."""
    data = kept.span.file.data
    spans = [(use.span.start, use.span.end) for use in refusals if use.span.file is kept.span.file]
    writers = {match[1] for match in _WRITER.finditer(data)}
    return any(
        match[1] not in writers and not any(start <= match.start() < end for start, end in spans)
        for match in _CLOSE.finditer(data)
    )
