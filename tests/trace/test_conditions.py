"""What a handshake for one path is answered: routes, guards, helpers, and what is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import CONFIG, MATCH, answer, traced, worker

FORWARD = 'return env.MATCH.getByName("lobby").fetch(request);'
NOT_FOUND = 'return new Response("not found", { status: 404 });'

ROUTES = {
    "equality": f'const url = new URL(request.url);\nif (url.pathname === "/ws/ABCDE") {FORWARD}\n{NOT_FOUND}',
    "startsWith": f'const {{ pathname }} = new URL(request.url);\nif (pathname.startsWith("/ws/")) {FORWARD}\n{NOT_FOUND}',
    "expression": "const match = /^\\/ws\\/(?<code>[A-Z]{5})$/.exec(new URL(request.url).pathname);\n"
    f"if (match) return env.MATCH.getByName(match.groups.code).fetch(request);\n{NOT_FOUND}",
    "switch": "switch (new URL(request.url).pathname.split('/')[1]) {\n"
    f"  case 'health':\n    return new Response('ok');\n  case 'ws': {{\n    {FORWARD}\n  }}\n  default:\n    {NOT_FOUND}\n}}",
    "parts": "const [, kind, code] = new URL(request.url).pathname.split('/');\n"
    f"if (kind !== 'ws' || code === undefined || code.length !== 5) {NOT_FOUND}\n{FORWARD}",
    "early exit": f"const url = new URL(request.url);\nif (!url.pathname.startsWith('/ws/')) {NOT_FOUND}\n"
    f"const code = url.pathname.slice(4).toUpperCase();\nif (!/^[A-Z0-9]{{5}}$/.test(code)) {NOT_FOUND}\n{FORWARD}",
    "a table": "const handlers = { ws: () => env.MATCH.getByName('lobby').fetch(request) };\n"
    "const found = handlers[new URL(request.url).pathname.split('/')[1]];\n"
    f"if (found) return found();\n{NOT_FOUND}",
    "a ternary": "return new URL(request.url).pathname.includes('/ws/') ? env.MATCH.getByName('lobby').fetch(request)\n"
    "  : new Response('not found', { status: 404 });",
}


@pytest.mark.parametrize("name", ROUTES)
def test_routes_take_their_own_paths(name: str, tmp_path: Path) -> None:
    files = worker(ROUTES[name])
    assert answer(tmp_path, files, "/ws/ABCDE") == (101, True)
    assert answer(tmp_path, files, "/other") == (404, True)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("const id = env.MATCH.idFromName('a');\nreturn env.MATCH.get(id).fetch(request.url, request);", 101),
        ("return env.MATCH.getByName('a').fetch(request.url);", 426),
        ("return env.MATCH.getByName('a').fetch(new Request(request.url, { headers: { Upgrade: 'websocket' } }));", 101),
        ("return env.MATCH.getByName('a').fetch('/ws');", 500),
        ("return env.MATCH.getByName('a').fetch('ws://match/ws', request);", 500),
        ("const r = await env.MATCH.getByName('a').fetch(request);\nr.headers.set('x', 'y');\nreturn r;", 500),
        ("const r = await env.MATCH.getByName('a').fetch(request);\nconst c = new Response(r.body, r);\n"
         "c.headers.set('x', 'y');\nreturn c;", 101),
        ("const r = await env.MATCH.getByName('a').fetch(request);\nif (!r.ok) return new Response('', { status: 502 });\n"
         "return r;", 502),
        ("const r = await env.MATCH.getByName('a').fetch(request);\nreturn r.status === 101 ? r : new Response('no');", 101),
        ("try {\n  return await env.MATCH.getByName('a').fetch('/ws');\n} catch (error) {\n"
         "  return new Response(error.message, { status: 503 });\n}", 503),
        ("try {\n  return env.MATCH.getByName('a').fetch('/ws');\n} catch {\n"
         "  return new Response('', { status: 503 });\n}", 500),
        ("if (request.method !== 'GET') return new Response('', { status: 405 });\n" + FORWARD, 101),
        ("if (request.headers.get('upgrade')?.toLowerCase() != 'websocket') return new Response('', { status: 400 });\n"
         + FORWARD, 101),
        ("env.MATCH.getByName('a').fetch(request);", 500),
        ("const [client, server] = Object.values(new WebSocketPair());\nserver.accept();\n"
         "return new Response(null, { status: 101, webSocket: client });", 101),
        ("return new Response(null, { status: 101 });", 500),
        ("for (const prefix of ['/a', '/ws']) {\n  if (new URL(request.url).pathname.startsWith(prefix)) " + FORWARD
         + "\n}\n" + NOT_FOUND, 101),
    ],
)  # fmt: skip
def test_what_a_body_answers(body: str, status: int, tmp_path: Path) -> None:
    assert answer(tmp_path, worker(body)) == (status, True)


def test_helpers_and_other_modules_are_followed(tmp_path: Path) -> None:
    files = worker("return route(request, env);")
    files["index.js"] = 'import { route } from "./route.js";\n' + files["index.js"]
    files["route.js"] = (
        "const is = (url) => url.pathname.startsWith('/ws/');\n"
        "export async function route(request, env) {\n"
        "  if (!is(new URL(request.url))) return new Response('', { status: 404 });\n"
        "  const response = await env.MATCH.getByName('a').fetch(request);\n  return response;\n}\n"
    )
    assert answer(tmp_path, files) == (101, True)
    assert answer(tmp_path, files, "/nope") == (404, True)


def test_variables_of_the_configuration_decide(tmp_path: Path) -> None:
    body = "if (env.CLOSED === 'yes') return new Response('', { status: 503 });\n" + FORWARD
    for value, status in (("yes", 503), ("no", 101)):
        files = worker(body, CONFIG + f'\n[vars]\nCLOSED = "{value}"\n')
        assert answer(tmp_path, files) == (status, True)


@pytest.mark.parametrize(
    "body",
    [
        "if (request.headers.get('Origin') !== 'https://a') return new Response('', { status: 403 });\n"
        + FORWARD,
        "if (!(await env.STORE.get('open'))) return new Response('', { status: 403 });\n" + FORWARD,
        "if (env.SECRET !== 'x') return new Response('', { status: 401 });\n" + FORWARD,
        "if (Math.random() < 0.5) return new Response('', { status: 503 });\n" + FORWARD,
        "return await fetch('https://example.com', request);",
        "await new Promise((resolve) => { globalThis.later = resolve; });\n" + FORWARD,
    ],
)
def test_what_is_not_known_is_unknown(body: str, tmp_path: Path) -> None:
    config = CONFIG + '\n[[kv_namespaces]]\nbinding = "STORE"\nid = "1"\n'
    assert answer(tmp_path, worker(body, config)) == (None, False)


def test_a_binding_that_is_declared_nowhere_is_undefined(tmp_path: Path) -> None:
    body = "const open = await env.STORE.get('open');\n" + FORWARD
    assert answer(tmp_path, worker(body)) == (500, True)


def test_an_unknown_answer_says_what_it_depends_on(tmp_path: Path) -> None:
    body = (
        "if (request.headers.get('Origin') !== 'https://a') return new Response('', { status: 403 });\n"
        + FORWARD
    )
    reason = traced(tmp_path, worker(body)).predicted.reason
    assert "101, or 403" in reason
    assert "Origin" in reason
    assert "index.js:" in reason


def test_an_unknown_condition_without_consequence_changes_nothing(tmp_path: Path) -> None:
    body = "if (request.headers.get('Origin')) console.log('from a page');\n" + FORWARD
    assert answer(tmp_path, worker(body)) == (101, True)


def test_code_that_is_not_read_makes_the_answer_uncertain(tmp_path: Path) -> None:
    files = worker("audit(request.url);\n" + FORWARD)
    files["index.js"] = 'import { audit } from "audit";\n' + files["index.js"]
    assert answer(tmp_path, files) == (101, False)


def test_a_response_that_goes_through_unread_code_is_unknown(tmp_path: Path) -> None:
    files = worker("const r = await env.MATCH.getByName('a').fetch(request);\nreturn decorate(r);")
    files["index.js"] = 'import { decorate } from "decorate";\n' + files["index.js"]
    assert answer(tmp_path, files) == (None, False)


def test_many_conditions_without_consequence_change_nothing(tmp_path: Path) -> None:
    tests = "\n".join(f"if (request.headers.get('x-{index}')) console.log({index});" for index in range(100))
    assert answer(tmp_path, worker(tests + "\n" + FORWARD)) == (101, True)


def test_every_ending_of_many_guards_is_named(tmp_path: Path) -> None:
    tests = "\n".join(
        f"if (request.headers.get('x-{index}')) return new Response('', {{ status: {400 + index} }});"
        for index in range(40)
    )
    predicted = traced(tmp_path, worker(tests + "\n" + FORWARD)).predicted
    assert (predicted.status, predicted.certain) == (None, False)
    assert {ending.status for ending in predicted.endings} == {101, *range(400, 440)}
    assert all(ending.when for ending in predicted.endings)


def test_an_endless_loop_and_deep_recursion_end(tmp_path: Path) -> None:
    assert answer(tmp_path, worker("while (true) {\n  request.url;\n}")) == (None, False)
    assert answer(tmp_path, worker("const f = () => f();\nreturn f();")) == (None, False)


def test_the_host_is_only_known_when_it_is_given(tmp_path: Path) -> None:
    body = (
        "if (new URL(request.url).hostname !== 'a.example') return new Response('', { status: 421 });\n"
        + FORWARD
    )
    files = worker(body)
    assert answer(tmp_path, files, "/ws/ABCDE") == (None, False)
    assert answer(tmp_path, files, "wss://a.example/ws/ABCDE") == (101, True)
    assert answer(tmp_path, files, "ws://b.example/ws/ABCDE") == (421, True)


def test_a_query_is_part_of_the_address(tmp_path: Path) -> None:
    body = (
        "const token = new URL(request.url).searchParams.get('token');\nif (!token) return new Response('', { status: 401 });\n"
        + FORWARD
    )
    assert answer(tmp_path, worker(body), "/ws/ABCDE") == (401, True)
    assert answer(tmp_path, worker(body), "/ws/ABCDE?token=1") == (101, True)


def test_the_hops_of_a_right_project(tmp_path: Path) -> None:
    traces = traced(tmp_path, worker(ROUTES["equality"]))
    kinds = [hop.kind for hop in traces.hops]
    assert kinds == [
        "entrypoint", "route", "forward", "binding", "lifecycle", "class", "guard", "accept", "answer", "handlers",
    ]  # fmt: skip
    lines = MATCH.splitlines()
    by_kind = {hop.kind: hop for hop in traces.hops}
    accept, cls = by_kind["accept"].span, by_kind["class"].span
    assert accept is not None
    assert cls is not None
    assert "acceptWebSocket" in lines[accept.first.line - 1]
    assert "class Match" in lines[cls.first.line - 1]
    assert "`Upgrade` is kept" in by_kind["forward"].text
    assert "error: nobody" in by_kind["handlers"].text


STORED = """\
import { DurableObject } from "cloudflare:workers";

export class Match extends DurableObject {
  open = true;
  constructor(ctx, env) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(async () => {
      const state = await ctx.storage.get("match");
      if (state) this.open = state.open;
      for (const player of state?.players ?? []) if (player.lost) await ctx.storage.put("lost", player.id);
    });
  }
  async fetch(request) {
    const state = await this.ctx.storage.get("match");
    if (!state) return new Response("no match", { status: 404 });
    @TEST
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage() {}
  webSocketClose(ws) { ws.close(); }
}

export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };
"""


def test_what_storage_holds_is_one_unknown(tmp_path: Path) -> None:
    source = STORED.replace(
        "@TEST", 'if (!(await this.ctx.storage.get("match"))) return new Response("", { status: 500 });'
    )
    predicted = traced(tmp_path, {"wrangler.toml": CONFIG, "index.js": source}).predicted
    assert predicted.status is None
    assert predicted.reason.startswith("101, or 404 where `state` (the stored `match`) is false")
    assert "500" not in predicted.reason


def test_what_the_gate_may_have_set_is_not_known(tmp_path: Path) -> None:
    source = STORED.replace("@TEST", 'if (!this.open) return new Response("", { status: 410 });')
    reason = traced(tmp_path, {"wrangler.toml": CONFIG, "index.js": source}).predicted.reason
    assert "410" in reason


def test_the_rest_of_a_list(tmp_path: Path) -> None:
    body = (
        "const [, kind, ...rest] = new URL(request.url).pathname.split('/');\n"
        "if (kind !== 'ws' || rest.length !== 1) return new Response('', { status: 404 });\n" + FORWARD
    )
    assert answer(tmp_path, worker(body), "/ws/ABCDE") == (101, True)
    assert answer(tmp_path, worker(body), "/ws/ABCDE/more") == (404, True)


def test_a_condition_on_what_code_changes_is_not_certain(tmp_path: Path) -> None:
    files = worker("if (count > 1) return new Response('', { status: 503 });\ncount += 1;\n" + FORWARD)
    files["index.js"] = "let count = 0;\n" + files["index.js"]
    predicted = traced(tmp_path, files).predicted
    assert [(ending.status, bool(ending.when)) for ending in predicted.endings] == [(503, True), (101, True)]
    files["index.js"] = files["index.js"].replace("count += 1;", "")
    assert answer(tmp_path, files) == (101, True)


def test_a_name_that_is_declared_nowhere_is_unknown(tmp_path: Path) -> None:
    assert answer(tmp_path, worker("reqest(request);\n" + FORWARD)) == (None, False)
    assert answer(tmp_path, worker("reportError(1);\nconsole.log(Date.now());\n" + FORWARD))[0] == 101


def test_a_module_that_throws_while_it_loads_is_unknown(tmp_path: Path) -> None:
    files = worker(FORWARD)
    files["index.js"] += "\nconst config = undefined;\nconsole.log(config.name);\n"
    predicted = traced(tmp_path, files).predicted
    assert predicted.status is None
    assert "throws while it loads" in predicted.reason


def test_ctx_exports_reach_a_class_without_a_binding(tmp_path: Path) -> None:
    assert answer(tmp_path, worker("return ctx.exports.Match.getByName('a').fetch(request);")) == (101, True)


@pytest.mark.parametrize(
    "asked",
    [
        "const most = env.LIMITS?.most ?? 5;",
        "const limits = env.LIMITS; const most = limits?.most;",
        "const most = env.LIMITS?.of.rooms;",
        "const most = env.LIMITS?.['most'] ?? 5;",
        "await env.LIMITER?.limit({ key: 'a' });",
    ],
)
def test_a_binding_that_is_not_declared_may_be_asked_for_with_care(asked: str, tmp_path: Path) -> None:
    assert answer(tmp_path, worker(f"{asked} {FORWARD}"), "/ws/ABCDE") == (101, True)


@pytest.mark.parametrize("asked", ["const most = env.LIMITS.most;", "const most = env.LIMITS.most?.rooms;"])
def test_one_that_is_asked_for_without_is_not(asked: str, tmp_path: Path) -> None:
    assert answer(tmp_path, worker(f"{asked} {FORWARD}"), "/ws/ABCDE") == (500, True)
