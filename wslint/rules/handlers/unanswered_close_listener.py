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
from collections.abc import Iterator, Sequence
from functools import lru_cache

from wslint.finding import Finding, Severity
from wslint.play import listener_laws
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.flow.uses import Use
from wslint.source.flow.values import End, HandlerSocket
from wslint.text import SourceFile, Span
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
    of_value: dict[int, list[Use]] = {}
    for use in flow.uses:
        of_value.setdefault(id(use.value), []).append(use)
    closing: list[object] = []
    for use in flow.uses:
        if use.action == "close" and isinstance(use.value, HandlerSocket) and use.where.cls not in closing:
            closing.append(use.where.cls)
    seen: set[object] = set()
    for use in flow.uses:
        way = (id(use.value), id(use.where.function), tuple(use.where.branches), use.where.deferred)
        if use.action != "accept" or way in seen:
            continue
        seen.add(way)
        if (
            use.certain
            and isinstance(use.value, End)
            and use.where.cls not in closing
            and not _may_close(use, of_value[id(use.value)])
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


def _may_close(accept: Use, uses: Sequence[Use]) -> bool:
    """Whether code closes the socket later, or may: it went somewhere that is not followed. `uses` are the socket's."""
    refusals = [use for use in uses if use.action == "close" and _refuses(use, accept)]
    kept_in: list[SourceFile] = []
    for use in uses:
        if (use.action == "close" and _refuses(use, accept)) or (
            use.action == "escape" and use.name in _ORIGINS
        ):
            continue
        if _is_kept(use):
            if use.span.file not in kept_in:
                kept_in.append(use.span.file)
        elif use.action in ("close", "escape", "return", "spread") or (
            use.action == "read" and use.name == "close"
        ):
            return True
    return any(
        _closes_other(file, refusals) for file in kept_in
    )  # kept with others: some `close` may mean it


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


def _closes_other(file: SourceFile, refusals: list[Use]) -> bool:
    """Whether the file closes anything else that may be a socket."""
    refused = {at for use in refusals if use.span.file is file for at in range(use.span.start, use.span.end)}
    return any(at not in refused for at in _closes(file.data))


@lru_cache(maxsize=8)
def _closes(data: bytes) -> tuple[int, ...]:
    """Where the code closes something that is no writer."""
    writers = {match[1] for match in _WRITER.finditer(data)}
    return tuple(match.start() for match in _CLOSE.finditer(data) if match[1] not in writers)
