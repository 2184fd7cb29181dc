"""hono and itty-router, dispatched for one path."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import CONFIG, MATCH, traced

HONO = """\
import { Hono } from "hono";
import { logger } from "hono/logger";
@IMPORTS

const app = new Hono();
@APP
export default app;
"""

FORWARD = "(c) => c.env.MATCH.getByName(c.req.param('code') ?? 'a').fetch(c.req.raw)"


def answer(folder: Path, source: str, url: str = "/ws/ABCDE") -> tuple[int | None, bool]:
    predicted = traced(folder, {"wrangler.toml": CONFIG, "index.js": MATCH + source}, url).predicted
    return predicted.status, predicted.certain


def hono(app: str, imports: str = "") -> str:
    return HONO.replace("@APP", app).replace("@IMPORTS", imports)


@pytest.mark.parametrize(
    ("app", "path", "status"),
    [
        (f"app.get('/ws/:code', {FORWARD});", "/ws/ABCDE", 101),
        (f"app.get('/ws/:code', {FORWARD});", "/ws", 404),
        (f"app.get('/ws/:code', {FORWARD});", "/ws/ABCDE/more", 404),
        (f"app.get('/ws/*', {FORWARD});", "/ws", 101),
        (f"app.post('/ws/:code', {FORWARD});", "/ws/ABCDE", 404),
        (f"app.all('/ws/:code', {FORWARD});", "/ws/ABCDE", 101),
        (f"app.get('/ws/:code{{[A-Z]+}}', {FORWARD});", "/ws/ABCDE", 101),
        (f"app.get('/ws/:code{{[0-9]+}}', {FORWARD});", "/ws/ABCDE", 404),
        (f"app.use(logger());\napp.get('/ws/:code', {FORWARD});", "/ws/ABCDE", 101),
        (f"app.use('*', async (c, next) => {{ await next(); }});\napp.get('/ws/:code', {FORWARD});", "/ws/ABCDE", 101),
        ("app.use('*', async (c, next) => {\n  if (!c.req.query('token')) return c.text('no', 401);\n  await next();\n});\n"
         f"app.get('/ws/:code', {FORWARD});", "/ws/ABCDE", 401),
        ("app.use('*', async (c, next) => {\n  if (!c.req.query('token')) return c.text('no', 401);\n  await next();\n});\n"
         f"app.get('/ws/:code', {FORWARD});", "/ws/ABCDE?token=1", 101),
        ("app.get('/ws/:code', (c) => {\n  if (c.req.header('Upgrade') !== 'websocket') return c.text('no', 426);\n"
         "  return c.env.MATCH.getByName('a').fetch(c.req.raw);\n});", "/ws/ABCDE", 101),
        ("app.get('/ws/:code', (c) => c.env.MATCH.getByName('a').fetch(c.req));", "/ws/ABCDE", 500),
        ("app.get('/ws/:code', (c) => { c.env.MATCH.getByName('a').fetch(c.req.raw); });", "/ws/ABCDE", 404),
        ("app.use(async (c, next) => { await next(); });\napp.get('/ws/:code', (c) => { c.req.raw; });", "/ws/ABCDE", 500),
        (f"app.use(async (c, next) => {{ await next(); c.res.headers.set('a', 'b'); }});\napp.get('/ws/:code', {FORWARD});", "/ws/ABCDE", 500),
        (f"const api = new Hono();\napi.get('/:code', {FORWARD});\napp.route('/ws', api);", "/ws/ABCDE", 101),
        ("app.onError((error, c) => c.text('broken', 503));\n"
         "app.get('/ws/:code', (c) => c.env.MATCH.getByName('a').fetch('/ws'));", "/ws/ABCDE", 503),
        ("app.notFound((c) => c.text('nothing', 410));", "/ws/ABCDE", 410),
    ],
)  # fmt: skip
def test_hono(app: str, path: str, status: int, tmp_path: Path) -> None:
    assert answer(tmp_path, hono(app), path) == (status, True)


def test_hono_middleware_that_is_not_read_is_unknown(tmp_path: Path) -> None:
    source = hono(f"app.use(guard());\napp.get('/ws/:code', {FORWARD});", 'import { guard } from "guard";')
    assert answer(tmp_path, source)[0] is None


def test_the_route_is_a_hop(tmp_path: Path) -> None:
    source = hono(f"app.get('/health', (c) => c.text('ok'));\napp.get('/ws/:code', {FORWARD});")
    trace = traced(tmp_path, {"wrangler.toml": CONFIG, "index.js": MATCH + source})
    assert [hop.text for hop in trace.hops if hop.kind == "route"] == ["GET `/ws/:code`"]


ITTY = """\
import { Router, AutoRouter, error } from "itty-router";

const router = @MAKE;
router
  .get("/health", () => new Response("ok"))
  .get("/ws/:code", (request, env) => env.MATCH.getByName(request.params.code).fetch(@GIVE));
router.all("*", () => error(404));
export default { fetch: (request, env, ctx) => router.fetch(request, env, ctx) };
"""


@pytest.mark.parametrize(
    ("make", "give", "path", "status"),
    [
        ("Router()", "request", "/ws/ABCDE", 101),
        ("Router()", "request", "/nothing", 404),
        ('Router({ base: "/api" })', "request", "/api/ws/ABCDE", 101),
        ('Router({ base: "/api" })', "request", "/ws/ABCDE", 500),
        ("AutoRouter()", "request", "/ws/ABCDE", 500),
        ("AutoRouter()", "request.url", "/ws/ABCDE", 426),
    ],
)
def test_itty(make: str, give: str, path: str, status: int, tmp_path: Path) -> None:
    source = ITTY.replace("@MAKE", make).replace("@GIVE", give)
    assert answer(tmp_path, source, path)[0] == status
