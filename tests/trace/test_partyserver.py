"""partyserver's and the agents SDK's routing and base classes, played for one path."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import CONFIG, traced

PACKAGE = '{ "dependencies": { "partyserver": "@VERSION", "agents": "@VERSION" } }'
SOURCE = """\
import { getServerByName, routePartykitRequest, Server } from "partyserver";
import { Agent, getAgentByName, routeAgentRequest } from "agents";

export class Match extends @BASE {
@MEMBERS
}
export default {
  async fetch(request, env) {
    @FETCH
  },
};
"""
ROUTE = "return (await routePartykitRequest(request, env)) ?? new Response('nothing', { status: 404 });"
ECHO = "onMessage(connection, message) { connection.send(message); }"


def answer(
    folder: Path,
    members: str = ECHO,
    fetch: str = ROUTE,
    path: str = "/parties/match/lobby",
    base: str = "Server",
    version: str = "0.5.10",
) -> tuple[int | None, str]:
    source = SOURCE.replace("@BASE", base).replace("@MEMBERS", members).replace("@FETCH", fetch)
    files = {
        "wrangler.toml": CONFIG,
        "index.js": source,
        "package.json": PACKAGE.replace("@VERSION", version),
    }
    predicted = traced(folder, files, path).predicted
    return (predicted.status if predicted.certain else None, predicted.reason)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/parties/match/lobby", 101),
        ("/parties/match/lobby/more", 101),
        ("/parties/match", 404),
        ("/parties", 404),
        ("/ws", 404),
        ("/parties/other/lobby", 400),
    ],
)
def test_paths_of_the_routing(path: str, status: int, tmp_path: Path) -> None:
    assert answer(tmp_path, path=path)[0] == status


def test_what_early_versions_do_without_a_binding_is_unknown(tmp_path: Path) -> None:
    assert answer(tmp_path, path="/parties/other/lobby", version="^0.0.70")[0] is None
    assert answer(tmp_path, path="/parties/other/lobby", version="latest")[0] is None


@pytest.mark.parametrize(
    ("fetch", "path", "status"),
    [
        ("return routePartykitRequest(request, env, { prefix: 'a/b' });", "/a/b/match/lobby", 101),
        ("return routePartykitRequest(request, env, { prefix: 'a/b' });", "/parties/match/lobby", 500),
        ("return routePartykitRequest(request, env, { prefix: env.PREFIX });", "/parties/match/lobby", None),
        ("return routePartykitRequest(request);", "/parties/match/lobby", 101),
        ("return routePartykitRequest(request, env, { onBeforeConnect: () => Response.json({}, { status: 403 }) });",
         "/parties/match/lobby", 403),
        ("return routePartykitRequest(request, env, { onBeforeConnect: (r) => { r.headers.set('a', 'b'); } });",
         "/parties/match/lobby", 101),
        ("return routePartykitRequest(request, env, { onBeforeRequest: () => new Response('no') });",
         "/parties/match/lobby", 101),
        ("return (await getServerByName(env.MATCH, 'a')).fetch(request);", "/", 101),
        ("return env.MATCH.getByName('a').fetch(request);", "/", 101),
        ("return env.MATCH.getByName('a').fetch(request.url);", "/", 404),
    ],
)  # fmt: skip
def test_ways_to_the_server(fetch: str, path: str, status: int | None, tmp_path: Path) -> None:
    assert answer(tmp_path, fetch=fetch, path=path)[0] == status


@pytest.mark.parametrize(
    ("members", "status", "words"),
    [
        ("static options = { hibernate: true };", 101, ""),
        ("onConnect(connection, { request }) { connection.setState({ at: request.url }); }", 101, ""),
        ("onConnect(connection) { this.broadcast(`${connection.id} is here`); }", 101, ""),
        ("onConnect() { null.x; }", 101, "1011"),
        ("async onStart() { throw new Error('no'); }", 101, "1011: Error: no"),
        ("onConnect() { throw 'no'; }", 500, ""),
        ("fetch() { return new Response('mine'); }", 200, ""),
        ("fetch(request) { return super.fetch(request); }", 101, ""),
        ("async fetch(request) { const a = await super.fetch(request); return new Response(a.body, { status: 200 }); }", 200, ""),
        ("onRequest() { return new Response('a page'); }", 101, ""),
    ],
)  # fmt: skip
def test_the_server(members: str, status: int, words: str, tmp_path: Path) -> None:
    found, reason = answer(tmp_path, members)
    assert found == status
    assert words in reason


@pytest.mark.parametrize(
    ("path", "version", "status"),
    [
        ("/agents/match/lobby", "0.32.0", 101),
        ("/agents/match/lobby/sub/inner/a", "0.32.0", None),
        ("/agents/other/lobby", "0.32.0", 400),
        ("/agents/other/lobby", "0.2.0", None),
        ("/parties/match/lobby", "0.32.0", 404),
    ],
)
def test_agents(path: str, version: str, status: int | None, tmp_path: Path) -> None:
    fetch = ROUTE.replace("routePartykitRequest", "routeAgentRequest")
    assert answer(tmp_path, fetch=fetch, path=path, base="Agent", version=version)[0] == status


MIDDLEWARE = """\
import { Hono } from "hono";
import { partyserverMiddleware } from "hono-party";
import { secureHeaders } from "hono/secure-headers";
import { Server } from "partyserver";

export class Match extends Server {
  onMessage(connection, message) {
    connection.send(message);
  }
}
const app = new Hono();
@APP
app.get("/", (c) => c.text("a page"));
export default app;
"""


@pytest.mark.parametrize(
    ("app", "path", "status"),
    [
        ("app.use('*', partyserverMiddleware());", "/parties/match/lobby", 101),
        ("app.use('*', secureHeaders(), partyserverMiddleware());", "/parties/match/lobby", 101),
        ("app.use('*', partyserverMiddleware());", "/", 200),
        ("app.use('*', partyserverMiddleware());", "/ws", 404),
        ("app.use('*', partyserverMiddleware({ options: { prefix: 'rooms' } }));", "/rooms/match/lobby", 101),
        (
            "app.use('*', partyserverMiddleware({ options: { prefix: 'rooms' } }));",
            "/parties/match/lobby",
            404,
        ),
        ("app.use('*', partyserverMiddleware({ onError: () => {} }));", "/parties/match/lobby", None),
        ("app.use('*', partyserverMiddleware());", "/parties/other/lobby", None),
    ],
)
def test_middleware_of_hono(app: str, path: str, status: int | None, tmp_path: Path) -> None:
    files = {"wrangler.toml": CONFIG, "index.js": MIDDLEWARE.replace("@APP", app)}
    files["package.json"] = PACKAGE.replace("@VERSION", "0.5.10")
    predicted = traced(tmp_path, files, path).predicted
    assert (predicted.status if predicted.certain else None) == status
