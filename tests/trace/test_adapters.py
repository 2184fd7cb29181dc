"""Code of packages that is not read, beside a socket's route or in front of it: the route keeps its certain answer, or
is unknown; it is never said to be closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.projects import checked, codes
from tests.trace.projects import CONFIG, MATCH, traced

SOCKET = 'if (url.pathname.startsWith("/ws/")) return env.MATCH.getByName("lobby").fetch(request);'
MISSING = 'return new Response("Not found", { status: 404 });'
TRPC = (
    'return fetchRequestHandler({ endpoint: "/trpc", req: request, router, createContext: () => ({ env }) });'
)
ORPC = 'const { matched, response } = await handler.handle(request, { prefix: "/rpc", context: { env } });\n'

HEAD = """\
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { trpcServer } from "@hono/trpc-server";
import { RPCHandler } from "@orpc/server/fetch";
import { Hono } from "hono";
import { router } from "./router";

const handler = new RPCHandler(router);
const app = new Hono();
"""
ROUTER = """\
import { initTRPC } from "@trpc/server";
const t = initTRPC.context().create();
export const router = t.router({ hi: t.procedure.query(() => "hi") });
"""
SERVED = "export default {\n  async fetch(request, env, ctx) {\n    const url = new URL(request.url);\nBODY  },\n};\n"
HONO = 'app.get("/ws/:id", (c) => c.env.MATCH.getByName("lobby").fetch(c.req.raw));\nexport default app;\n'


def served(*lines: str) -> str:
    return SERVED.replace("BODY", "".join(f"    {line}\n" for line in lines))


def project(entry: str, cls: str = MATCH) -> dict[str, str]:
    return {"wrangler.toml": CONFIG, "index.js": HEAD + cls + entry, "router.js": ROUTER}


def outcome(
    folder: Path, files: dict[str, str], url: str = "/ws/ABCDE"
) -> tuple[list[str], int | None, bool]:
    found = codes(checked(files, folder))
    predicted = traced(folder, {}, url).predicted
    return found, predicted.status, predicted.certain


@pytest.mark.parametrize(
    "entry",
    [
        served(SOCKET, TRPC),
        served(f'if (url.pathname.startsWith("/trpc")) {TRPC}', SOCKET, MISSING),
        served(SOCKET, ORPC, MISSING.replace("return ", "return response ?? ")),
        served(f'if (url.pathname.startsWith("/rpc")) {{ {ORPC} if (matched) return response; }}', SOCKET, MISSING),
        'app.use("/trpc/*", trpcServer({ router }));\n' + HONO,
        'app.all("/trpc/*", (c) => fetchRequestHandler({ endpoint: "/trpc", req: c.req.raw, router }));\n' + HONO,
    ],
)  # fmt: skip
def test_a_route_beside_an_adapter_is_certain(entry: str, tmp_path: Path) -> None:
    assert outcome(tmp_path, project(entry)) == ([], 101, True)
    assert outcome(tmp_path, project(entry), "/trpc/hi" if "/trpc" in entry else "/rpc/hi")[1] is None


@pytest.mark.parametrize(
    "entry",
    [
        served(TRPC),
        served(ORPC, "if (matched) return response;", SOCKET, MISSING),
        served(ORPC.replace("const { matched, response }", "const result"), "if (result.matched) return result.response;", SOCKET, MISSING),
        'app.use("*", trpcServer({ router }));\n' + HONO,
        'app.use("*", async (c, next) => {\n  ' + ORPC.replace("(request", "(c.req.raw").replace("{ env }", "{}")
        + "  if (matched) return c.newResponse(response.body, response);\n  await next();\n});\n" + HONO,
    ],
)  # fmt: skip
def test_a_route_behind_an_adapter_is_unknown(entry: str, tmp_path: Path) -> None:
    assert outcome(tmp_path, project(entry)) == ([], None, False)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (SOCKET.replace(".fetch(request)", ".fetch(request.url)"), (["WS417"], 426, True)),
        (SOCKET.replace('return env.MATCH.getByName("lobby").fetch(request)', "return new Response(null, { status: 101 })"), (["WS403"], 500, True)),
        ('if (url.pathname.startsWith("/ws/")) { const r = await env.MATCH.getByName("a").fetch(request); r.headers.set("x", "y"); return r; }', (["WS411"], 500, True)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rest", [(TRPC,), (ORPC, MISSING.replace("return ", "return response ?? "))])
def test_a_broken_route_beside_an_adapter_is_found(
    line: str, expected: tuple[list[str], int, bool], rest: tuple[str, ...], tmp_path: Path
) -> None:
    assert outcome(tmp_path, project(served(line, *rest))) == expected


MCP = """\
import { McpAgent } from "agents/mcp";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";

EXPORT class Match extends McpAgent {
  server = new McpServer({ name: "demo", version: "1.0.0" });
  async init() {
    this.server.tool("add", {}, async () => ({ content: [] }));
  }
}

"""
PATHS = served(
    'if (url.pathname === "/sse") return Match.serveSSE("/sse").fetch(request, env, ctx);',
    'if (url.pathname === "/mcp") return Match.serve("/mcp").fetch(request, env, ctx);',
    MISSING,
)
OAUTH = """\
import OAuthProvider from "@cloudflare/workers-oauth-provider";
export default new OAuthProvider({
  apiRoute: "/mcp", apiHandler: Match.serve("/mcp"), defaultHandler: {}, tokenEndpoint: "/token",
});
"""


@pytest.mark.parametrize(
    "entry",
    [
        PATHS,
        'export default Match.serve("/mcp", { binding: "MATCH" });\n',
        'export default Match.mount("/mcp", { binding: "MATCH" });\n',
        OAUTH,
    ],
)
def test_an_mcp_agent_that_serves_itself(entry: str, tmp_path: Path) -> None:
    good = project(entry, MCP.replace("EXPORT", "export"))
    assert outcome(tmp_path / "good", good, "/mcp") == ([], None, False)
    bad = project(entry, MCP.replace("EXPORT", ""))
    assert outcome(tmp_path / "bad", bad, "/mcp")[0] == ["WS201"]


def test_a_path_that_no_mcp_agent_serves(tmp_path: Path) -> None:
    files = project(PATHS, MCP.replace("EXPORT", "export"))
    assert outcome(tmp_path, files, "/other") == ([], 404, True)


def test_an_mcp_agent_with_key_value_storage(tmp_path: Path) -> None:
    files = project(PATHS, MCP.replace("EXPORT", "export"))
    files["wrangler.toml"] = CONFIG.replace("new_sqlite_classes", "new_classes")
    assert "WS313" in outcome(tmp_path, files, "/mcp")[0]


CONTAINER = """\
import { Container, getContainer, getRandom, switchPort } from "@cloudflare/containers";

EXPORT class Match extends Container {
  defaultPort = 8080;
  sleepAfter = "10m";
  HANDLER
}

"""
CONTAINERS = '\n[[containers]]\nclass_name = "Match"\nimage = "./Dockerfile"\n'


@pytest.mark.parametrize(
    "forwarded",
    [
        'return getContainer(env.MATCH, "a").fetch(request);',
        "return getContainer(env.MATCH).fetch(request);",
        "return (await getRandom(env.MATCH, 3)).fetch(switchPort(request, 9000));",
        'return env.MATCH.getByName("a").fetch(request);',
    ],
)
@pytest.mark.parametrize(
    "handler",
    [
        "",
        "onStart() {}\n  onStop() {}",
        "async fetch(request) { return this.containerFetch(request, 8080); }",
        "async fetch(request) { await this.startAndWaitForPorts(); return super.fetch(request); }",
    ],
)
def test_a_container_answers_itself(forwarded: str, handler: str, tmp_path: Path) -> None:
    cls = CONTAINER.replace("HANDLER", handler)
    more = {"Dockerfile": "FROM scratch\n", "wrangler.toml": CONFIG + CONTAINERS}
    good = project(served(forwarded), cls.replace("EXPORT", "export")) | more
    assert outcome(tmp_path / "good", good) == ([], None, False)
    bad = project(served(forwarded), cls.replace("EXPORT", "")) | more
    assert outcome(tmp_path / "bad", bad)[0] == ["WS201"]


TLDRAW = """\
import { TLSocketRoom } from "@tldraw/sync-core";
import { DurableObject } from "cloudflare:workers";

export class Match extends DurableObject {
  room = null;
  async fetch(request) {
    const sessionId = new URL(request.url).searchParams.get("sessionId");
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    const room = await this.getRoom();
    room.handleSocketConnect({ sessionId, socket: server });
    return new Response(null, { status: 101, webSocket: client });
  }
  async getRoom() {
    this.room ??= new TLSocketRoom({ onDataChange: () => {} });
    return this.room;
  }
}

"""
CONNECTS = "    room.handleSocketConnect({ sessionId, socket: server });\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ([], 101)),
        ("server.accept();", "console.log(server);", ([], 101)),  # the room that gets it may accept it
        (CONNECTS, CONNECTS.replace("server });", "server, meta: null });"), ([], 101)),
        ("webSocket: client", "webSocket: server", (["WS409"], 101)),
        ("status: 101, ", "", (["WS405"], 500)),
        ("server.accept()", "this.ctx.acceptWebSocket(server)", (["WS501", "WS507"], 101)),
    ],
)
def test_tldraws_room(old: str, new: str, expected: tuple[list[str], int], tmp_path: Path) -> None:
    files = project(served(SOCKET, MISSING), TLDRAW.replace(old, new))
    assert outcome(tmp_path, files)[:2] == expected


CONTEXTS = """\
function createExecutionContext(ctx) {
  const pending = [];
  return {
    waitUntil(promise) { pending.push(promise); },
    passThroughOnException: ctx.passThroughOnException.bind(ctx),
    async drain() { await Promise.allSettled(pending); },
  };
}
const handle = (request, env, ctx) => {
  ctx.waitUntil(Promise.resolve());
  return env.MATCH.getByName("lobby").fetch(REQUEST);
};
"""


@pytest.mark.parametrize(
    "entry",
    [
        served("const own = createExecutionContext(ctx);", "const response = await handle(request, env, own);", "ctx.waitUntil(own.drain());", "return response;"),
        "const wrap = (inner) => ({ fetch: async (request, env, ctx) => { const own = createExecutionContext(ctx); try { return await inner(request, env, own); } finally { await own.drain(); } } });\nexport default wrap(handle);\n",
    ],
)  # fmt: skip
def test_contexts_that_a_worker_makes_itself(entry: str, tmp_path: Path) -> None:
    good = project(CONTEXTS.replace("REQUEST", "request") + entry)
    assert outcome(tmp_path / "good", good) == ([], 101, True)
    bad = project(CONTEXTS.replace("REQUEST", "request.url") + entry)
    assert outcome(tmp_path / "bad", bad) == (["WS417"], 426, True)


PROXY = """\
export default new Proxy({}, {
  get: (_, name) => name === "fetch" && ((request, env, ctx) => handle(request, env, createExecutionContext(ctx))),
});
"""
WRAPPED = 'import { withContext } from "some-context";\nexport default withContext({ fetch: handle });\n'


@pytest.mark.parametrize("entry", [PROXY, WRAPPED])
@pytest.mark.parametrize("forwarded", ["request", "request.url"])
def test_a_wrapper_that_is_not_followed_is_unknown(entry: str, forwarded: str, tmp_path: Path) -> None:
    assert outcome(tmp_path, project(CONTEXTS.replace("REQUEST", forwarded) + entry)) == ([], None, False)
