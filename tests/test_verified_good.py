"""What the real runtime answers with a 101, and what works after it: nothing may be said of any of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write
from wslint.finding import Severity

CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
"""

IMPORT = 'import { DurableObject } from "cloudflare:workers";\n'

GUARD = 'if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });'
ACCEPT = """const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });"""
MESSAGE = """webSocketMessage(ws, message) {
    ws.send(message);
  }"""
CLOSE = """webSocketClose(ws, code, reason) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }"""


def _class(
    *,
    head: str = "export class MatchDO extends DurableObject",
    fields: str = "",
    answer: str = ACCEPT,
    message: str = MESSAGE,
    close: str = CLOSE,
    more: str = "",
) -> str:
    body = "\n  ".join(
        part
        for part in (
            fields,
            f"async fetch(request) {{\n    {GUARD}\n    {answer}\n  }}",
            message,
            close,
            more,
        )
        if part
    )
    return f"{head} {{\n  {body}\n}}\n"


def _worker(body: str) -> str:
    return f"export default {{\n  async fetch(request, env, ctx) {{\n    {body}\n  }},\n}};\n"


FORWARD = 'return env.MATCH.getByName("lobby").fetch(request);'
STUB = 'const stub = env.MATCH.getByName("lobby");\n    '
URL = 'const url = new URL(request.url);\n    url.hostname = "object";\n    '

FORWARDS = {
    "the request": STUB + "return stub.fetch(request);",
    "an address and the request": STUB + URL + "return stub.fetch(url, request);",
    "a text and the request": STUB + "return stub.fetch(request.url, request);",
    "new Request of both": STUB + URL + "return stub.fetch(new Request(url, request));",
    "new Request of one": STUB + "return stub.fetch(new Request(request));",
    "an init with everything": STUB
    + "const { method, headers, body } = request;\n    return stub.fetch(new Request(request.url, { method, headers, body }));",
    "only the headers": STUB + "return stub.fetch(request.url, { headers: request.headers });",
    "headers as an object": STUB
    + "return stub.fetch(request.url, { headers: Object.fromEntries(request.headers) });",
    "a clone": STUB + "return stub.fetch(request.clone());",
    "only the one header": f"{GUARD}\n    {STUB}"  # else plain requests would ask for a socket too
    + 'return stub.fetch("https://object/", { headers: { Upgrade: "websocket" } });',
    "a changed copy of the headers": STUB
    + 'const headers = new Headers(request.headers);\n    headers.set("X-User", "ann");\n    '
    "return stub.fetch(request.url, { headers });",
    "a changed copy of the request": STUB
    + 'const copy = new Request(request);\n    copy.headers.set("X-User", "ann");\n    return stub.fetch(copy);',
    "the body was read": STUB + "await request.text();\n    return stub.fetch(request);",
    "with a timeout": STUB + "return stub.fetch(request, { signal: AbortSignal.timeout(5000) });",
    "any letter case": 'const upgrade = request.headers.get("Upgrade");\n    '
    'if (!upgrade || upgrade.toLowerCase() !== "websocket") return new Response(null, { status: 426 });\n    '
    + STUB
    + "return stub.fetch(request);",
    "destructured env": 'const { MATCH } = env;\n    return MATCH.get(MATCH.idFromName("lobby")).fetch(request);',
    "the context's exports": 'return ctx.exports.MatchDO.getByName("lobby").fetch(request);',
}

RESPONSES = {
    "as it is": STUB + "const response = await stub.fetch(request);\n    return response;",
    "the response as init": STUB
    + "const response = await stub.fetch(request);\n    const copy = new Response(response.body, response);\n    "
    'copy.headers.set("X-Room", "lobby");\n    return copy;',
    "the socket handed on": STUB + "const response = await stub.fetch(request);\n    "
    "return new Response(null, { status: 101, headers: response.headers, webSocket: response.webSocket });",
    "rewritten": STUB
    + "const response = await stub.fetch(request);\n    return new HTMLRewriter().transform(response);",
    "guarded by the socket": STUB
    + "const response = await stub.fetch(request);\n    if (response.webSocket) return response;\n    "
    "return new Response(response.body, { status: response.status, headers: response.headers });",
    "guarded by the status": STUB
    + "const response = await stub.fetch(request);\n    if (response.status === 101) return response;\n    "
    'if (!response.ok) return new Response("bad gateway", { status: 502 });\n    return response;',
    "caught": STUB + "try {\n      return await stub.fetch(request);\n    } catch {\n      "
    'return new Response("gone", { status: 503 });\n    }',
}

PAIRS = {
    "Object.values": ACCEPT,
    "by index": ACCEPT.replace(
        "const [client, server] = Object.values(new WebSocketPair());",
        "const pair = new WebSocketPair();\n    const client = pair[0];\n    const server = pair[1];",
    ),
    "by key": ACCEPT.replace(
        "[client, server] = Object.values(new WebSocketPair())",
        "{ 0: client, 1: server } = new WebSocketPair()",
    ),
    "iterated": ACCEPT.replace("Object.values(new WebSocketPair())", "new WebSocketPair()"),
    "spread": ACCEPT.replace("Object.values(new WebSocketPair())", "[...new WebSocketPair()]"),
    "names swapped": ACCEPT.replace("[client, server]", "[server, client]")
    .replace("acceptWebSocket(server)", "acceptWebSocket(client)")
    .replace("webSocket: client", "webSocket: server"),
    "sent after accepting": ACCEPT.replace("return new", 'server.send("welcome");\n    return new'),
    "refused with a code": ACCEPT.replace("return new", 'server.close(4001, "full");\n    return new'),
    "an await before the answer": ACCEPT.replace(
        "return new", 'await this.ctx.storage.get("state");\n    return new'
    ),
    "redundant headers": ACCEPT.replace(
        "webSocket: client", 'webSocket: client, headers: { Upgrade: "websocket", Connection: "Upgrade" }'
    ),
}

CLASSES = {
    "arrow properties": _class(
        message="webSocketMessage = async (ws, message) => {\n    ws.send(message);\n  };",
        close="webSocketClose = (ws, code, reason) => {\n    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);\n  };",
    ),
    "handlers assigned in the constructor": _class(
        fields="constructor(ctx, env) {\n    super(ctx, env);\n    this.webSocketMessage = (ws, message) => ws.send(message);\n    "
        "this.webSocketClose = (ws) => ws.close();\n  }",
        message="",
        close="",
    ),
    "inherited handlers": _class(head="class Base extends DurableObject")
    + "\nexport class MatchDO extends Base {}\n",
    "a mixin": "const Closing = (Base) =>\n  class extends Base {\n    webSocketClose(ws) {\n      ws.close();\n    }\n  };\n\n"
    + _class(head="export class MatchDO extends Closing(DurableObject)", close=""),
    "no base class": _class(
        head="export class MatchDO",
        fields="constructor(ctx) {\n    this.ctx = ctx;\n  }",
    ),
    "no error handler": _class(),
    "try around the close": _class(
        close="webSocketClose(ws, code, reason) {\n    try {\n      ws.close(code, reason);\n    } "
        "catch {\n      ws.close(1000);\n    }\n  }"
    ),
    "plain sockets with listeners": _class(
        answer="const [client, server] = Object.values(new WebSocketPair());\n    server.accept();\n    "
        'server.addEventListener("message", (event) => server.send(event.data));\n    '
        "return new Response(null, { status: 101, webSocket: client });",
        message="",
        close="",
    ),
    "listeners after an await": _class(
        answer="const [client, server] = Object.values(new WebSocketPair());\n    server.accept();\n    "
        'const state = await this.ctx.storage.get("state");\n    '
        'server.addEventListener("message", () => server.send(JSON.stringify(state)));\n    '
        "return new Response(null, { status: 101, webSocket: client });",
        message="",
        close="",
    ),
}

EXPORTS = {
    "export all": ('export * from "./match.js";\n', _class()),
    "default as": (
        'export { default as MatchDO } from "./match.js";\n',
        _class(head="export default class MatchDO extends DurableObject"),
    ),
    "import and export": ('import { MatchDO } from "./match.js";\n\nexport { MatchDO };\n', _class()),
    "a const": (
        'import { Match } from "./match.js";\n\nexport const MatchDO = Match;\n',
        _class(head="export class Match extends DurableObject"),
    ),
}


def _silent(tmp_path: Path, files: dict[str, str]) -> None:
    write({"wrangler.toml": CONFIG, **files}, tmp_path)
    found = check_folder(tmp_path).findings
    assert [
        f"{item.code} {item.span.file.name}:{item.span.first.line} {item.message}" for item in found
    ] == []


@pytest.mark.parametrize("body", FORWARDS.values(), ids=FORWARDS)
def test_forwards(body: str, tmp_path: Path) -> None:
    _silent(tmp_path, {"index.js": IMPORT + _class() + _worker(body)})


@pytest.mark.parametrize("body", RESPONSES.values(), ids=RESPONSES)
def test_responses(body: str, tmp_path: Path) -> None:
    _silent(tmp_path, {"index.js": IMPORT + _class() + _worker(body)})


@pytest.mark.parametrize("answer", PAIRS.values(), ids=PAIRS)
def test_pairs(answer: str, tmp_path: Path) -> None:
    _silent(tmp_path, {"index.js": IMPORT + _class(answer=answer) + _worker(FORWARD)})


@pytest.mark.parametrize("source", CLASSES.values(), ids=CLASSES)
def test_classes(source: str, tmp_path: Path) -> None:
    _silent(tmp_path, {"index.js": IMPORT + source + _worker(FORWARD)})


@pytest.mark.parametrize(("entry", "source"), EXPORTS.values(), ids=EXPORTS)
def test_exports(entry: str, source: str, tmp_path: Path) -> None:
    _silent(tmp_path, {"index.js": entry + _worker(FORWARD), "match.js": IMPORT + source})


def test_a_default_class(tmp_path: Path) -> None:
    entry = (
        'import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";\n'
        + _class()
        + "export default class extends WorkerEntrypoint {\n  fetch(request) {\n    "
        'return this.env.MATCH.getByName("lobby").fetch(request);\n  }\n}\n'
    )
    _silent(tmp_path, {"index.js": entry})


def test_the_imported_env(tmp_path: Path) -> None:
    entry = (
        'import { DurableObject, env } from "cloudflare:workers";\n'
        + _class()
        + 'export default {\n  fetch(request) {\n    return env.MATCH.getByName("lobby").fetch(request);\n  },\n};\n'
    )
    _silent(tmp_path, {"index.js": entry})


def test_a_worker_without_an_object(tmp_path: Path) -> None:
    files = {
        "wrangler.toml": 'name = "echo"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n',
        "index.js": _worker(
            GUARD
            + "\n    const [client, server] = Object.values(new WebSocketPair());\n    server.accept();\n    "
            'server.addEventListener("message", (event) => server.send(event.data));\n    '
            "return new Response(null, { status: 101, webSocket: client });"
        ),
    }
    _silent(tmp_path, files)


def test_through_another_worker(tmp_path: Path) -> None:
    gate = 'name = "gate"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\nservices = [{ binding = "GAME", service = "match" }]\n'
    _silent(
        tmp_path,
        {
            "wrangler.toml": gate,
            "index.js": _worker("return env.GAME.fetch(request);"),
            "match/wrangler.toml": CONFIG,
            "match/index.js": IMPORT + _class() + _worker(FORWARD),
        },
    )


def test_objects_that_only_push(tmp_path: Path) -> None:
    """No `webSocketMessage`: no error, because no message is expected."""
    source = _class(
        message="",
        more='push() {\n    for (const ws of this.ctx.getWebSockets()) {\n      try {\n        ws.send("news");\n      } catch {}\n    }\n  }',
    )
    write({"wrangler.toml": CONFIG, "index.js": IMPORT + source + _worker(FORWARD)}, tmp_path)
    assert [item.code for item in check_folder(tmp_path).findings if item.severity is Severity.ERROR] == []
