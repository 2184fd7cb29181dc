"""The forms that a Worker's entrypoint has, and the ways to export a class."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import CONFIG, MATCH, traced

HEAD = """\
import * as Sentry from "@sentry/cloudflare";
import { Hono } from "hono";
import { instrument, instrumentDO } from "@microlabs/otel-cf-workers";
import { WorkerEntrypoint } from "cloudflare:workers";

const app = new Hono().get("/ws/:code", (c) => c.env.MATCH.getByName(c.req.param("code")).fetch(c.req.raw));
const options = (env) => ({ dsn: env.DSN });
"""


def answer(folder: Path, entry: str, cls: str = MATCH) -> tuple[int | None, bool]:
    predicted = traced(folder, {"wrangler.toml": CONFIG, "index.js": HEAD + cls + entry}).predicted
    return predicted.status, predicted.certain


@pytest.mark.parametrize(
    ("entry", "status"),
    [
        ("export default app;", 101),
        ("export default { ...app };", 101),
        ("export default { fetch: app.fetch, async queue() {}, async scheduled() {} };", 101),
        ("export default { fetch: app.fetch.bind(app) };", 101),
        ("export default { get fetch() { return app.fetch; } };", 101),
        ("export default Object.assign(app, { async queue() {} });", 101),
        ("export default app.fetch;", 500),
        ("export default { fetch: (request) => app.fetch(request) };", 500),
        ("export default { fetch: (request, env) => app.request(request, undefined, env) };", 101),
        ("export default { fetch: (request, env) => app.request('/ws/a', {}, env) };", 426),
        ("class Site {\n  fetch(request, env) {\n    return app.fetch(request, env);\n  }\n}\nexport default new Site();", 101),
        ("class Site {\n  fetch = app.fetch;\n}\nexport default new Site();", 101),
        ("class Site {\n  handle = app.fetch;\n}\nexport default new Site();", 500),
        ("export default class extends WorkerEntrypoint {\n  fetch(request) {\n    return app.fetch(request, this.env, this.ctx);\n  }\n}", 101),
        ("export default class extends WorkerEntrypoint {\n  fetch(request) {\n    return app.fetch(request);\n  }\n}", 500),
        ("export default Sentry.withSentry(options, app);", 101),
        ("export default Sentry.withSentry(options, { fetch: app.fetch, async queue() {} });", 101),
        ("export default instrument({ fetch: app.fetch }, options);", 101),
        ("const withLog = (handler) => ({ ...handler, fetch: (r, e, c) => handler.fetch(r, e, c) });\nexport default withLog(app);", 101),
    ],
)  # fmt: skip
def test_entrypoints(entry: str, status: int, tmp_path: Path) -> None:
    assert answer(tmp_path, entry) == (status, True)


@pytest.mark.parametrize(
    ("classes", "status"),
    [
        ("const classes = { Match: Inner };\nexport const { Match } = classes;", 101),
        ("const make = () => ({ Room: Inner });\nexport const { Room: Match } = make();", 101),
        ("export const Match = class extends Inner {};", 101),
        ("const mixed = (Base) => class extends Base {};\nexport const Match = mixed(Inner);", 101),
        ("export const Match = Sentry.instrumentDurableObjectWithSentry(options, Inner);", 101),
        ("export const Match = instrumentDO(Inner, options);", None),
        ("export const { Match } = { Other: Inner };", 500),
    ],
)
def test_exports_of_a_class(classes: str, status: int | None, tmp_path: Path) -> None:
    cls = MATCH.replace("export class Match", "class Inner") + classes + "\n"
    assert answer(tmp_path, "export default app;", cls)[0] == status


@pytest.mark.parametrize("base", ["({})", "(() => ({}))()", "workers", "none.at.all", "[]"])
def test_a_base_that_is_no_class_raises_nothing(base: str, tmp_path: Path) -> None:
    source = 'import * as workers from "cloudflare:workers";\n' + MATCH.replace(
        "extends DurableObject", f"extends {base}"
    )
    answer(
        tmp_path,
        'export default { fetch: (request, env) => env.MATCH.getByName("a").fetch(request) };\n',
        source,
    )
