"""hono and itty-router, dispatched for one path."""

from __future__ import annotations

import subprocess
import sys
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


PACKAGE = '{ "dependencies": { "itty-router": "@VERSION" } }'
CORS = """\
import { AutoRouter, cors } from "itty-router";

const { preflight, corsify } = cors();
const router = AutoRouter({ before: [preflight], finally: [corsify] });
router.get("/ws/:code", (request, env) => env.MATCH.getByName(request.code).fetch(request.clone()));
export default @EXPORT;
"""


@pytest.mark.parametrize(
    ("version", "status"), [("^6.0.0", 200), ("^5.0.9", 101), ("5.0.4", 200), (">=5.0.9", None), ("*", None)]
)
@pytest.mark.parametrize("export", ["router", "{ ...router }", "{ fetch: router.fetch }"])
def test_corsify_of_each_version(version: str, status: int | None, export: str, tmp_path: Path) -> None:
    files = {"wrangler.toml": CONFIG, "package.json": PACKAGE.replace("@VERSION", version)}
    files["index.js"] = MATCH + CORS.replace("@EXPORT", export)
    predicted = traced(tmp_path, files).predicted
    assert (predicted.status, predicted.certain) == (status, status is not None)


@pytest.mark.parametrize(
    ("version", "give", "status"),
    [
        ("6.0.0", "request.url, { body: request.body, headers: request.headers }", 500),
        ("5.0.22", "request.url, { body: request.body, headers: request.headers }", 101),
        (">=5.0.22", "request.url, { body: request.body, headers: request.headers }", None),
        ("6.0.0", "request.url, { headers: request.headers }", 101),
        (">=5.0.22", "request.url, request", 500),
    ],
)
def test_what_the_proxy_of_each_version_gives(
    version: str, give: str, status: int | None, tmp_path: Path
) -> None:
    files = {"wrangler.toml": CONFIG, "package.json": PACKAGE.replace("@VERSION", version)}
    files["index.js"] = MATCH + ITTY.replace("@MAKE", "AutoRouter()").replace("@GIVE", give)
    assert traced(tmp_path, files).predicted.status == status


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ("{ before: [() => error(401)] }", 401),
        ("{ before: [() => {}] }", 101),
        ("{ finally: [(answer) => answer] }", 101),
        ("{ finally: [() => {}] }", 101),
        ("{ finally: [(answer) => new Response(answer.body, answer)] }", 101),
        ("{ finally: [(answer) => new Response(answer.body, { status: answer.status })] }", 500),
        ("{ finally: [(answer) => { answer.headers.set('a', 'b'); return answer; }] }", 500),
        ("{ finally: [() => { throw new Error('no'); }], catch: () => new Response(null, { status: 503 }) }", 503),
        ("{ format: (answer) => answer.status === 101 ? answer : new Response('x') }", 101),
        ("{ missing: () => error(410) }", 101),
        ("{ routes: [] }", None),
    ],
)  # fmt: skip
def test_options_of_autorouter(options: str, status: int | None, tmp_path: Path) -> None:
    source = ITTY.replace("@MAKE", f"AutoRouter({options})").replace("@GIVE", "request.clone()")
    assert answer(tmp_path, source)[0] == status


def test_itty_needs_no_hono_to_be_loaded_before(tmp_path: Path) -> None:
    source = ITTY.replace("@MAKE", "Router()").replace("@GIVE", "request")
    for name, text in {"wrangler.toml": CONFIG, "index.js": MATCH + source}.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-m", "wslint", "trace", str(tmp_path), "--url", "/ws/ABCDE"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "101  the socket is open" in ended.stdout


def test_hono_middleware_before_its_own_404(tmp_path: Path) -> None:
    source = hono(f"app.use(logger());\napp.get('/ws/:code', {FORWARD});")
    assert answer(tmp_path, source, "/nothing") == (404, True)


@pytest.mark.parametrize(
    "make",
    [
        "createFactory().createApp()",
        "new Hono().basePath('/')",
        "new Hono({ strict: false })",
    ],
)
def test_ways_to_make_a_router_of_hono(make: str, tmp_path: Path) -> None:
    source = f"""\
import {{ Hono }} from "hono";
import {{ createFactory }} from "hono/factory";

const app = {make};
app.get("/ws/:code", ...createFactory().createHandlers((c, next) => next(), {FORWARD}));
export default {{ ...app, async scheduled() {{}} }};
"""
    assert answer(tmp_path, source) == (101, True)


@pytest.mark.parametrize(
    ("app", "status"),
    [
        ("app.use('*', every(logger(), cors()));", 101),
        ("app.use('*', every(logger(), poweredBy()));", 500),
        ("app.use('*', every((c) => false, logger()));", 500),
        ("app.use('*', every((c) => true, (c) => c.text('no', 403)));", 403),
        ("app.use('*', some((c) => false, logger()));", 101),
        ("app.use('*', some(() => { throw new Error('a'); }, () => { throw new Error('b'); }));", 500),
        ("app.use('*', some((c) => true));", 101),
        ("app.use('*', except('/ws/*', (c) => c.text('no', 403)));", 101),
        ("app.use('*', except('/public/*', (c) => c.text('no', 403)));", 403),
        ("app.use('*', except((c) => true, (c) => c.text('no', 403)));", None),
        ("app.use('*', every(logger(), unknown()));", None),
    ],
)
def test_combined_middleware_of_hono(app: str, status: int | None, tmp_path: Path) -> None:
    imports = (
        'import { every, except, some } from "hono/combine";\nimport { cors } from "hono/cors";\n'
        'import { poweredBy } from "hono/powered-by";\nimport { unknown } from "unknown";'
    )
    assert answer(tmp_path, hono(f"{app}\napp.get('/ws/:code', {FORWARD});", imports))[0] == status


@pytest.mark.parametrize(
    ("middleware", "status"),
    [
        ("async (c, next) => { next(); }", 500),
        ("async (c, next) => { void next(); }", 500),
        ("(c, next) => { next().catch(() => {}); }", 500),
        ("async (c, next) => { next(); return c.text('mine', 418); }", 418),
        ("async (c, next) => { const p = next(); await p; }", 101),
        ("(c, next) => next().then(() => {})", 101),
        ("async (c, next) => { await next().catch(() => {}).finally(() => {}); }", 101),
        ("(c, next) => new Promise((resolve, reject) => { next().then(resolve, reject); })", 101),
        ("async (c, next) => { await Promise.race([next(), new Promise((r) => setTimeout(r, 9))]); }", 101),
        ("async (c, next) => { await Promise.allSettled([next()]); }", 101),
        ("async (c, next) => { if (c.req.query('a')) { await next(); return; } await next(); }", 101),
    ],
)
def test_hono_waits_for_what_a_middleware_waits_for(middleware: str, status: int, tmp_path: Path) -> None:
    source = hono(f"app.use(logger());\napp.use({middleware});\napp.get('/ws/:code', {FORWARD});")
    assert answer(tmp_path, source) == (status, True)


@pytest.mark.parametrize(
    ("app", "status"),
    [
        ("app.get('/ws/:code', async (c) => { const r = await c.env.MATCH.getByName('a').fetch(c.req.raw); return c.body(null, r); });", 500),
        ("app.get('/ws/:code{(ABCDE|b)}', (c) => c.env.MATCH.getByName('a').fetch(c.req.raw));", 101),
        ("app.get('/ws/:code', (c) => env(c).MATCH.getByName('a').fetch(c.req.raw));", 101),
        ("const sub = new Hono();\nsub.onError((error, c) => c.text('sub', 503));\n"
         "sub.get('/:code', () => { throw new Error('a'); });\napp.route('/ws', sub);", 503),
        ("const sub = new Hono();\nsub.onError((error, c) => c.text('sub', 503));\n"
         f"sub.get('/:code', {FORWARD});\napp.route('/ws', sub);", 101),
        ("const sub = new Hono();\nsub.get('/:code', () => { throw new Error('a'); });\n"
         "app.onError((error, c) => c.text('app', 502));\napp.route('/ws', sub);", 502),
        ("app.mount('/ws', () => undefined);\n"
         f"app.get('/ws/:code', {FORWARD});", 101),
        ("app.mount('/ws', (request, env) => env.MATCH.getByName('a').fetch(request), { replaceRequest: (r) => r });", None),
        ("app.mount('/:any', (request, env) => env.MATCH.getByName('a').fetch(request));", None),
    ],
)  # fmt: skip
def test_more_of_hono(app: str, status: int | None, tmp_path: Path) -> None:
    assert answer(tmp_path, hono(app, 'import { env } from "hono/adapter";'))[0] == status


@pytest.mark.parametrize(
    ("route", "path", "status"),
    [
        ("/ws/", "/ws", 101),
        ("//ws//:code/", "/ws/ABCDE", 101),
        ("/ws/:code?", "/ws", 101),
        ("/ws/:code+", "/ws/a/b", 101),
        ("/ws/*", "/ws/a/b", 101),
        ("*", "/ws", 101),
        ("/WS", "/ws", 404),
        ("/ws/:code", "/ws", 404),
    ],
)
def test_patterns_of_itty(route: str, path: str, status: int, tmp_path: Path) -> None:
    source = f"""\
import {{ AutoRouter }} from "itty-router";

const remember = (request) => {{ request.user = {{ name: "a" }}; }};
const router = AutoRouter({{ before: [remember] }});
router.get("{route}", ({{ user, clone }}, env) => env.MATCH.getByName(user.name).fetch(clone()));
export default router;
"""
    assert answer(tmp_path, source, path) == (status, True)
