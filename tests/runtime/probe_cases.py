"""What `wslint probe` is held against: projects that show a symptom, and which causes must be among the first
three that it names.

Most are the Examples of rules; `files` changes or replaces them where the symptom needs another line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.runtime.examples import example
from wslint.rules import load_rules

Server = Literal["workerd", "wrangler dev"]

CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
"""
OBJECT = """\
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
%s
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) { ws.send(message); }
  webSocketClose(ws) { ws.close(1000); }
}

export default { async fetch(request, env) {
  const stub = env.MATCH.getByName("lobby");
%s
} };
"""


def project(worker: str, guard: str = "") -> dict[str, str | bytes]:
    """A sound Durable Object whose guard, or whose Worker in front of it, has these lines."""
    return {"wrangler.toml": CONFIG, "index.js": OBJECT % (guard, worker)}


@dataclass(frozen=True)
class Case:
    """One of `causes`, or of those of the rule `code`, must be among the first three.

    That must hold of the answer alone, unless it is a 500 that hides everything; then the server's log must
    tell, and so must the project, where a rule finds the mistake (`found`). Where four causes look the same, one
    is the fourth: `alone` is false, and only the project tells.
    """

    id: str
    code: str = ""
    symptom: str = ""
    found: bool = True
    alone: bool = True
    causes: tuple[str, ...] = ()
    files: dict[str, str | bytes] = field(default_factory=dict)
    path: str = "/ws/ABCDE"
    send: str | None = "hello"
    subprotocols: tuple[str, ...] = ()
    environment: str | None = None
    probes: int = 1
    server: Server = "workerd"

    @property
    def expected(self) -> tuple[str, ...]:
        return load_rules()[self.code].rule.causes if self.code else self.causes

    @property
    def hides(self) -> bool:
        """Whether the answer says nothing of the reason."""
        return self.symptom == "hidden-500"

    @property
    def project(self) -> dict[str, str | bytes]:
        return {**(example(self.code, "Example") if self.code else {}), **self.files}


def rule(code: str, symptom: str, **options: object) -> Case:
    """The Example of a rule."""
    return Case(code, code, symptom, **options)  # type: ignore[arg-type]


def own(
    id: str, symptom: str, causes: tuple[str, ...], files: dict[str, str | bytes], **options: object
) -> Case:
    """A project of our own."""
    return Case(id, "", symptom, causes=causes, files=files, **options)  # type: ignore[arg-type]


WASM = b"\0asm\1\0\0\0"
GUARD_400 = (
    '    if (request.headers.get("Upgrade") !== "websocket") '
    'return new Response("expected websocket", { status: 400 });'
)

HIDDEN = [
    rule("WS113", "hidden-500"),
    rule("WS201", "hidden-500"),
    rule("WS202", "hidden-500", environment="staging", files={
        "index.js": example("WS202", "Example")["index.js"]
    }),
    rule("WS207", "hidden-500"),
    rule("WS212", "hidden-500"),
    rule("WS214", "hidden-500"),
    rule("WS215", "hidden-500"),
    rule("WS401", "hidden-500"),
    rule("WS403", "hidden-500"),
    rule("WS404", "hidden-500"),
    rule("WS405", "hidden-500"),
    rule("WS406", "hidden-500"),
    rule("WS410", "hidden-500"),
    rule("WS411", "hidden-500"),
    rule("WS413", "hidden-500"),
    rule("WS414", "hidden-500", probes=2),
    rule("WS418", "hidden-500"),
    rule("WS419", "hidden-500", path="/feed"),
    rule("WS420", "hidden-500", path="/ws"),
    rule("WS421", "hidden-500"),
    rule("WS423", "hidden-500"),
    rule("WS426", "hidden-500"),
    rule("WS428", "hidden-500"),
    rule("WS429", "hidden-500"),
    rule("WS431", "hidden-500"),
    rule("WS430", "hidden-500"),
    rule("WS439", "hidden-500"),
    rule("WS452", "hidden-500"),
    rule("WS546", "hidden-500"),
    rule("WS630", "hidden-500"),
    rule("WS435", "hidden-500", path="/ws"),
    rule("WS514", "hidden-500"),
    rule("WS605", "hidden-500"),
    rule("WS613", "hidden-500"),
    rule("WS615", "hidden-500"),
    rule("WS616", "hidden-500"),
    rule("WS618", "hidden-500"),
    rule("WS619", "hidden-500"),
    rule("WS620", "hidden-500"),
    rule("WS801", "hidden-500", files={
        "index.js": 'import "./pkg/match_bg.wasm";\nexport { MatchDO } from "./pkg/match.js";\n'
        "export default { fetch(request, env) { return env.MATCH.getByName('x').fetch(request); } };\n",
        "pkg/match_bg.wasm": WASM,
    }),
    own("not returned", "hidden-500", ("H09",), project("  stub.fetch(request);")),
    own("pair returned", "hidden-500", ("H11",), {
        "wrangler.toml": CONFIG,
        "index.js": OBJECT.replace("const [client, server] = Object.values(new WebSocketPair());", "const client = new WebSocketPair();")
        .replace("acceptWebSocket(server)", "acceptWebSocket(client[1])") % ("", "return stub.fetch(request);"),
    }),
    own("no guard, headers lost", "hidden-500", ("F01",), project("  return stub.fetch(request.url);")),
    own("a wrapper", "hidden-500", ("F07",), project("  return stub.fetch(new Proxy(request, {}));"), found=False),
    own("a body", "hidden-500", ("F11",), project('  return stub.fetch(new Request(request, { body: "x" }));')),
    own("hung", "hidden-500", ("A08",), project("  await new Promise(() => {});"), found=False),
]  # fmt: skip

SHOWN = [
    own("error sent back", "status-out-of-range", ("H01",), project(
        "  try { const answer = await stub.fetch(request);\n"
        "  return new Response(answer.body, { status: answer.status, headers: answer.headers });\n"
        "  } catch (error) { return new Response(String(error.stack), { status: 500 }); }"
    )),
    rule("WS402", "empty-200"),
    rule("WS407", "plain-200"),
    rule("WS408", "not-found"),
    rule("WS412", "bad-gateway"),
    rule("WS416", "upgrade-required"),
    rule("WS417", "upgrade-required"),
    rule("WS441", "socketless-200", path="/ws"),
    rule("WS442", "json-200", path="/ws"),
    rule("WS443", "not-found", path="/ws", alone=False),
    rule("WS454", "upgrade-required"),
    rule("WS715", "not-found"),
    own("rebuilt from headers", "socketless-200", ("H03",), project(
        "  const answer = await stub.fetch(request);\n  return new Response(answer.body, { headers: answer.headers });"
    )),
    own("header stripped", "expected-websocket", ("F03",), project(
        "  const headers = new Headers(request.headers);\n  headers.delete('upgrade');\n"
        "  return stub.fetch(request.url, { headers });", GUARD_400
    )),
    own("method only", "expected-websocket", ("F01", "F02"), project(
        "  return stub.fetch(request.url, { method: request.method });", GUARD_400
    )),
    own("json", "json-200", ("H08", "FW05"), project("  return Response.json({ ok: await stub.fetch(request) });")),
    own("a redirect", "redirect", ("R03", "R01", "P08"), project(
        "  return Response.redirect(new URL('/live', request.url), 302);"
    ), found=False),
]  # fmt: skip

OPEN = [
    rule("WS409", "dropped-at-once"),
    rule("WS425", "silent-dead"),
    rule("WS427", "silent-dead"),
    rule("WS432", "dropped-at-once"),
    rule("WS436", "subprotocol-wrong", subprotocols=("chat", "superchat")),
    rule("WS718", "subprotocol-missing", path="/ws", subprotocols=("match.v1",)),
    rule("WS434", "silent-plain", path="/ws"),
    rule("WS503", "silent-handled"),
    rule("WS501", "silent-handled"),
    rule("WS502", "silent-handled"),
    rule("WS504", "silent-plain"),
    rule("WS505", "silent-handled", alone=False),
    rule("WS506", "undefined-text"),
    rule("WS507", "close-unanswered"),
    rule("WS508", "close-unanswered"),
    rule("WS509", "close-unanswered"),
    rule("WS512", "dropped-after-message"),
    rule("WS516", "object-text"),
    rule("WS517", "empty-binary"),
    rule("WS518", "silent-plain"),
    rule("WS547", "silent-plain"),
    rule("WS519", "dropped-after-message", send=""),
    own("waits for the open socket", "unanswered", ("A07",), project(
        "  return stub.fetch(request);",
        "    const pair = new WebSocketPair(); pair[1].accept();\n"
        "    await new Promise((resolve) => pair[1].addEventListener('message', resolve));",
    ), found=False),
    own("a sound one", "works", (), project("  return stub.fetch(request);"), found=False),
]  # fmt: skip

ASSETS = [
    rule("WS711", "html-200", path="/ws", server="wrangler dev"),
    rule("WS712", "html-200", path="/ws", server="wrangler dev"),
    rule("WS713", "redirect", path="/ws", server="wrangler dev"),
    rule("WS714", "html-200", path="/", server="wrangler dev"),
    own("another Worker", "worker-not-found", ("C10",), {
        "wrangler.toml": CONFIG.replace('class_name = "MatchDO" }', 'class_name = "MatchDO", script_name = "other" }')
        .replace('migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]\n', ""),
        "index.js": "export default { fetch: (request, env) => env.MATCH.getByName('x').fetch(request) };\n",
    }, server="wrangler dev"),
]  # fmt: skip

CASES = HIDDEN + SHOWN + OPEN + ASSETS
