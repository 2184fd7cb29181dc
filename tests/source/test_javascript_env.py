"""Which bindings a Worker uses: `env` followed by data, from the runtime to `env.NAME`."""

from __future__ import annotations

from pathlib import Path

import pytest

from wslint.files import Files
from wslint.source.facts import BindingUse, SourceFacts
from wslint.source.javascript import analyse

DURABLE = 'import { DurableObject } from "cloudflare:workers";\n'
HONO = 'import { Hono } from "hono";\n'


def facts_of(folder: Path, sources: dict[str, str], main: str = "index.ts") -> SourceFacts:
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    files = Files(folder)
    entrypoint = files.read(folder / main)
    assert entrypoint is not None
    return analyse(entrypoint, files, folder)


def shown(use: BindingUse) -> str:
    """`NAME`, `NAME.method`, with a `?` in front of the dot when the code allows for its absence."""
    return use.name + ("?" if use.guarded else "") + (f".{use.method}" if use.method else "")


def uses(facts: SourceFacts) -> list[str]:
    for use in facts.binding_uses:
        assert use.span.text == use.name
    return [shown(use) for use in facts.binding_uses]


def fetch(body: str) -> str:
    """A Worker whose fetch handler has this body."""
    return f"export default {{ async fetch(request, env, ctx) {{ {body} }} }};"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # where env comes from: the default export's handlers
        (fetch("return env.MATCH.idFromName('x')"), ["MATCH.idFromName"]),
        ("export default { fetch(request, bindings) { bindings.MATCH.get() } }", ["MATCH.get"]),
        ("export default { fetch: async (request, env) => env.MATCH.get() }", ["MATCH.get"]),
        ("export default { fetch: async function (request, env) { env.MATCH.get() } }", ["MATCH.get"]),
        ("export default { 'fetch'(request, env) { env.MATCH.get() } }", ["MATCH.get"]),
        ("export default { scheduled(event, env) { env.A } }", ["A"]),
        ("export default { queue(batch, env) { env.A } }", ["A"]),
        ("export default { email(message, env) { env.A } }", ["A"]),
        ("export default { tail(events, env) { env.A } }", ["A"]),
        ("export default { fetch(r, env) { env.A } } satisfies ExportedHandler<Env>", ["A"]),
        ("export default { fetch(r, env: Env, ctx?: any) { env.A } } as any", ["A"]),
        ("const worker: ExportedHandler<Env> = { fetch(r, env) { env.A } }; export default worker", ["A"]),
        ("const worker = { fetch(r, env) { env.A } }; export { worker as default }", ["A"]),
        ("function fetch(r, env) { env.A } export default { fetch }", ["A"]),
        ("const handle = (r, env) => env.A; export default { fetch: handle }", ["A"]),
        ("const api = { handle(r, env) { env.A } }; export default { fetch: api.handle }", ["A"]),
        ("export default withSentry(() => ({}), { fetch(r, env) { env.A } })", ["A"]),
        ("const worker = { fetch(r, env) { env.A } }; export default wrap(options, worker)", ["A"]),
        # not a handler, not the second parameter
        ("export default { other(request, env) { env.A } }", []),
        ("export default { fetch(env) { env.A } }", []),
        ("export const fetch = (request, env) => env.A; export default {}", []),
        ("function unused(request, env) { env.A } export default {}", []),
        # where env comes from: classes
        (DURABLE + "export class A extends DurableObject { f() { this.env.B.get() } }", ["B.get"]),
        (DURABLE + "class B extends DurableObject {} export class A extends B { f() { this.env.C } }", ["C"]),
        (
            'import * as w from "cloudflare:workers"; export class A extends w.WorkerEntrypoint { f() { this.env.B } }',
            ["B"],
        ),
        (
            'import { WorkflowEntrypoint as W } from "cloudflare:workers"; export class A extends W { run() { this.env.B } }',
            ["B"],
        ),
        (
            DURABLE + "export class A extends DurableObject { f = () => { this.env.B }; g = this.env.C }",
            ["B", "C"],
        ),
        (DURABLE + "export class A extends DurableObject { f() { list.map(() => this.env.B) } }", ["B"]),
        (DURABLE + "export class A extends DurableObject { f() { const { env } = this; env.B } }", ["B"]),
        (DURABLE + "export class A extends DurableObject { f() { const { env: { B } } = this } }", ["B"]),
        (DURABLE + "export class A extends DurableObject { f() { const { env: e } = this; e.B } }", ["B"]),
        (
            DURABLE + "export class A extends DurableObject { constructor(ctx, e) { super(ctx, e); e.B } }",
            ["B"],
        ),
        (
            DURABLE
            + "export class A extends DurableObject { #env; constructor(c, e) { super(c, e); this.#env = e } f() { this.#env.B } }",
            ["B"],
        ),
        (
            DURABLE
            + "export class A extends DurableObject { constructor(c, private bindings: Env) { super(c, bindings) } f() { this.bindings.B } }",
            ["B"],
        ),
        ("export class A { constructor(state, env) { this.env = env } fetch() { this.env.B } }", ["B"]),
        (
            "class A { constructor(state, env) { this.e = env } fetch() { this.e.B } } export { A as C }",
            ["B"],
        ),
        (
            "export class A implements DurableObject { constructor(private s, private env) {} async fetch() { this.env.B } }",
            ["B"],
        ),
        (
            "class Base { constructor(s, env) { this.env = env; env.B } async fetch() {} } export class A extends Base {}",
            ["B"],
        ),
        ('import { Agent } from "agents"; export class A extends Agent<Env> { f() { this.env.B } }', ["B"]),
        ('import { Server } from "partyserver"; export class A extends Server { f() { this.env.B } }', ["B"]),
        # `this` of something else, a class of something else
        (DURABLE + "export class A extends DurableObject { f() { function g() { this.env.B } } }", []),
        (DURABLE + "export class A extends DurableObject { f() { return { g() { this.env.B } } } }", []),
        (
            DURABLE + "export class A extends DurableObject { f() { return class { g() { this.env.B } } } }",
            [],
        ),
        (DURABLE + "export class A extends DurableObject { static f() { this.env.B } }", []),
        ("export class A { f() { this.env.B } }", []),
        ("export class Oops extends Error { constructor(message, options) { super(); options.code } }", []),
        ("export class Point { constructor(x, y) { y.z } }", []),
        ('import { Base } from "other"; export class A extends Base { f() { this.env.B } }', []),
        # where env comes from: an import
        ('import { env } from "cloudflare:workers"; env.A.get()', ["A.get"]),
        ('import { env as e } from "cloudflare:workers"; export const f = () => e.A', ["A"]),
        ('import * as w from "cloudflare:workers"; w.env.A', ["A"]),
        ('import { env } from "elsewhere"; env.A', []),
        ('import type { env } from "cloudflare:workers"; type A = typeof env.A', []),
        # ways to read a name
        (fetch("env['A'].get(); env[`B`].get(); env[c].get()"), ["A.get", "B.get"]),
        (
            fetch("(env as any).A.get(); env!.B.get(); (<any>env).C; (env satisfies Env).D"),
            ["A.get", "B.get", "C", "D"],
        ),
        (fetch("const { A, B: b, ...rest } = env; A.get(); b.put(); rest.C"), ["A.get", "B.put", "C"]),
        (fetch("const { A: { get } } = env"), ["A"]),
        (fetch("let A; ({ A } = env); A.get()"), ["A.get"]),
        (fetch("const e = env; e.A"), ["A"]),
        (fetch("let e; e = env as any; e.A"), ["A"]),
        ("let e; export default { fetch(r, env) { e = env } }; function f() { e.A }", ["A"]),
        ("export default { fetch(request, { A, B: b }, ctx) { b.get() } }", ["A", "B.get"]),
        ("export default { fetch(request, env = {}) { env.A } }", ["A"]),
        (fetch("`${env.A} and ${env.B}`; f(...env.C)"), ["A", "B", "C"]),
        (fetch("return () => () => env.A"), ["A"]),
        (fetch("for (const x of env.A) { } switch (y) { case env.B: }"), ["A", "B"]),
        # names that are not env
        (fetch("const f = (env) => env.A; { const env = {}; env.B } env.C"), ["C"]),
        (fetch("for (const env of list) env.A; try {} catch (env) { env.B }"), []),
        (fetch("function env() {} env.A"), []),
        (fetch("function f() { var env = 1; env.A } class env2 {} env.B"), ["B"]),
        (fetch("x.env.A; ({ env: 1 }).env.B; env: for (;;) {}; 'env.C' // env.D\n"), []),
        (fetch("type T = typeof env.A; let x: typeof env.B; process.env.C"), []),
        (fetch("env.A = 1; delete env.B; env.C.d = 1"), ["C"]),
        (fetch("const other = { env }; other.env.A"), []),
    ],
)
def test_binding_uses(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert uses(facts_of(tmp_path, {"index.ts": text})) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return env.A", "A"),
        ("return env.A.get('x')", "A.get"),
        ("return env.A!.get('x')", "A.get"),
        ("return env.A.get.call(x)", "A"),
        ("return f(env.A)", "A"),
        ("const ns = env.A; return ns.get(ns.idFromName('x'))", "A.idFromName"),
        ("const { A: ns } = env; return ns.get(ns.idFromString('x'))", "A.idFromString"),
        ("const { A } = env; A.put('x'); A.get('x')", "A.put"),
        ("let ns; ns = env.A; ns.getByName('x')", "A.getByName"),
        ("g(env.A); function g(ns: DurableObjectNamespace) { ns.newUniqueId() }", "A.newUniqueId"),
        ("const ns = env.A; { const ns = other; ns.idFromName('x') }", "A"),
    ],
)
def test_method_called_on_a_binding(tmp_path: Path, body: str, expected: str) -> None:
    assert uses(facts_of(tmp_path, {"index.ts": fetch(body)})) == [expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("env.A?.get()", ["A?.get"]),
        ("if (env.A) { env.A.get() }", ["A?", "A?.get"]),
        ("if (!env.A) return; env.A.get()", ["A?", "A?.get"]),
        ("if (x && env.A) { env.A.get() }", ["A?", "A?.get"]),
        ("env.A && env.A.get()", ["A?", "A?.get"]),
        ("env.A ?? fallback", ["A?"]),
        ("env.A || fallback", ["A?"]),
        ("env.A ? env.A.get() : null", ["A?", "A?.get"]),
        ("typeof env.A === 'undefined'", ["A?"]),
        ("if (env.A === undefined) throw 1", ["A?"]),
        ("if (null != env.A) env.A.get()", ["A?", "A?.get"]),
        ("if ('A' in env) env.A.get()", ["A?.get"]),
        ("Boolean(env.A)", ["A?"]),
        ("while (env.A) {}", ["A?"]),
        ("switch (env.A) {}", ["A?"]),
        ("env.A ??= 1", ["A?"]),
        ("env.A instanceof B", ["A?"]),
        ("try { env.A.get() } catch {}", ["A?.get"]),
        ("const a = env.A; if (!a) return; a.get()", ["A?.get"]),
        ("const { A } = env; A?.get()", ["A?.get"]),
        ("const { A = 1 } = env", ["A?"]),
        ("const { A: { b } = {} } = env", ["A?"]),
        # not guards
        ("env.A.get()?.b", ["A.get"]),
        ("if (env.A.get()) {}", ["A.get"]),
        ("x ?? env.A", ["A"]),
        ("env.A === 'production'", ["A"]),
        ("try { } catch { env.A.get() }", ["A.get"]),
        ("try { env.A.get() } finally { }", ["A.get"]),
        ("try { later(() => env.A.get()) } catch {}", ["A.get"]),
        ("if (env.A) {} env.B.get()", ["A?", "B.get"]),
        ("const f = () => { if (env.A) {} }; env.A.get()", ["A?", "A.get"]),
        ("-env.A; void env.A", ["A", "A"]),
    ],
)
def test_guards(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert uses(facts_of(tmp_path, {"index.ts": fetch(body)})) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            fetch("handle(request, env)") + "function handle(request, bindings) { bindings.A.get() }",
            ["A.get"],
        ),
        (fetch("handle(env)") + "const handle = async ({ A, B: b }) => b.get()", ["A", "B.get"]),
        (fetch("return (async (e) => e.A)(env)"), ["A"]),
        (fetch("const local = (e) => e.A; local(env)"), ["A"]),
        (fetch("inner(env); function inner(e) { e.A }"), ["A"]),
        (fetch("api.handle(env)") + "const api = { handle(e) { e.A } }", ["A"]),
        (fetch("Api.handle(env)") + "class Api { static handle(e) { e.A } }", ["A"]),
        (fetch("new Api(env)") + "class Api { constructor(e) { e.A } }", ["A"]),
        (fetch("new Api(1, env)") + "class Api { constructor(x, private e) {} f() { this.e.A } }", ["A"]),
        (
            fetch("new Api(env)")
            + "class Base { constructor(e) { this.e = e } f() { this.e.A } } class Api extends Base {}",
            ["A"],
        ),
        (
            fetch("new Api(env)")
            + "class Base { constructor(e) { e.A } } class Api extends Base { constructor(x) { super(x) } }",
            ["A"],
        ),
        (fetch("class Local { constructor(e) { e.A } } new Local(env)"), ["A"]),
        (fetch("f(env)") + "function f(e) { g(e) } function g(e) { h(e) } function h(e) { e.A }", ["A"]),
        (fetch("f(env)") + "function f(e, n) { e.A; f(e, n - 1) }", ["A"]),
        (fetch("f(request, env)") + "function f(this: void, request, e) { e.A }", ["A"]),
        (DURABLE + "export class A extends DurableObject { f() { this.g(this.env) } g(e) { e.B } }", ["B"]),
        (DURABLE + "export class A extends DurableObject { f() { this.g(this.env) } g = (e) => e.B }", ["B"]),
        (
            DURABLE
            + "class P extends DurableObject { g(e) { e.B } } export class A extends P { f() { this.g(this.env) } }",
            ["B"],
        ),
        # another position, an unknown function, a spread in front
        (fetch("f(env, request)") + "function f(a, b) { b.A }", []),
        (fetch("f(...list, env)") + "function f(a, b) { b.A }", []),
        (fetch("f(env)") + "function f() { arguments[0].A }", []),
        (fetch("f(env)") + "function f(...all) { all.A }", []),
        (fetch("const f = (x) => {}; f(env)") + "function f(e) { e.A }", []),
        (fetch("unknown(env); a.b.c(env); x[0](env)"), []),
    ],
)
def test_env_as_an_argument(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert uses(facts_of(tmp_path, {"index.ts": text})) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("const app = new Hono(); app.get('/', (c) => c.env.A.get())", ["A.get"]),
        ("const app = new Hono<{ Bindings: Env }>(); app.use('*', async (c, next) => { c.env.A })", ["A"]),
        ("const app = new Hono().get('/', (c) => c.env.A).post('/', (c) => c.env.B)", ["A", "B"]),
        ("new Hono().basePath('/x').get('/', (c) => c.env.A)", ["A"]),
        (
            "const app = new Hono(); app.on('GET', '/', middleware(), async function (c) { const { A } = c.env; A.get() })",
            ["A.get"],
        ),
        ("const app = new Hono(); app.get('/', (c) => { const { env } = c; env.A })", ["A"]),
        ("const app = new Hono(); app.get('/', ({ env }) => env.A)", ["A"]),
        ("const app = new Hono(); app.get('/', ({ env: { A } }) => A.get())", ["A.get"]),
        ("const app = new Hono(); app.get('/', handler); function handler(c) { c.env.A }", ["A"]),
        (
            "const app = new Hono(); app.get('/', (c) => handler(c)); const handler = (c) => handle(c.env); const handle = (e) => e.A",
            ["A"],
        ),
        (
            "const app = new Hono(); app.onError((error, c) => c.env.A); app.notFound((c) => c.env.B)",
            ["A", "B"],
        ),
        ("function routes(app) { app.get('/', (c) => c.env.A) } routes(new Hono())", ["A"]),
        (
            "const app = new Hono(); app.get('/', (c) => c.env.B); export default { fetch(r, env) { env.A; return app.fetch(r, env) } }",
            ["B", "A"],
        ),
        (
            'import { upgradeWebSocket } from "hono/cloudflare-workers"; new Hono().get("/ws", upgradeWebSocket((c) => c.env.A))',
            ["A"],
        ),
        (
            'import { createMiddleware } from "hono/factory"; const m = createMiddleware(async (c, next) => { c.env.A })',
            ["A"],
        ),
        # not a handler, not Hono
        ("const app = new Hono(); app.fetch((c) => c.env.A); app.get('/', (x, c) => c.env.B)", []),
        ("const app = new Other(); app.get('/', (c) => c.env.A)", []),
        ("const app = new Hono(); app.get('/', (c) => c.req.env.A)", []),
        ("const app = new Hono(); app.get('/', wrap((c) => c.env.A))", []),
    ],
)
def test_hono(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert uses(facts_of(tmp_path, {"index.ts": HONO + text})) == expected


def test_across_modules(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        {
            "index.ts": 'import handler from "./handler";\nimport "./routes";\nexport { Room } from "./room";\nexport default handler;',
            "handler.ts": 'import { route } from "./lib";\nimport * as tools from "./tools";\n'
            "export default { fetch(r, env, c) { env.H; route(r, env); tools.log(env); new tools.Store(env) } };",
            "lib/index.ts": "export { route } from './route';",
            "lib/route.ts": "export const route = (request, { ROUTE }) => ROUTE.fetch(request);",
            "tools.js": "export function log(e) { e.LOG } export class Store { constructor(e) { this.e = e } read() { this.e.STORE.get() } }",
            "app.ts": 'import { Hono } from "hono"; export const app = new Hono();',
            "routes.ts": 'import { app } from "./app"; app.get("/", (c) => c.env.ROUTES);',
            "room.ts": 'import { Base } from "./base"; export class Room extends Base { f() { this.env.ROOM } }',
            "base.ts": 'import { DurableObject } from "cloudflare:workers"; export class Base extends DurableObject { g() { this.env.BASE } }',
            "index.test.ts": 'import worker from "./index"; import { env } from "cloudflare:workers"; env.TEST',
        },
    )
    # file by file, in reading order
    assert uses(facts) == ["H", "ROUTES", "ROOM", "LOG", "STORE.get", "BASE", "ROUTE.fetch"]


def test_values_that_modules_export_to_each_other(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        {
            "index.ts": 'import { rooms as r, settings } from "./all"; r.idFromName("x"); settings.A;',
            "all.ts": 'export * from "./bindings";',
            "bindings.ts": 'import { env } from "cloudflare:workers";\n'
            "export const rooms = env.ROOMS; export const settings = env;",
        },
    )
    assert uses(facts) == ["A", "ROOMS.idFromName"]


def test_types_of_another_worker_bring_none_of_its_uses(tmp_path: Path) -> None:
    """TypeScript drops an import that is only used as a type: the other Worker's code is not run."""
    facts = facts_of(
        tmp_path,
        {
            "index.ts": 'import { Env, OtherDO } from "./other";\n'
            "let ns: DurableObjectNamespace<OtherDO>; type X = typeof OtherDO;\n" + fetch("env.MINE"),
            "other.ts": DURABLE
            + "export interface Env {}\nexport class OtherDO extends DurableObject { f() { this.env.OTHERS } }",
        },
    )
    assert uses(facts) == ["MINE"]
    assert [file.name for file in facts.files] == ["index.ts"]


def test_the_same_import_in_javascript_brings_the_file_and_no_instance(tmp_path: Path) -> None:
    other = DURABLE + "export class OtherDO extends DurableObject { f() { this.env.OTHERS } }"
    files = {"index.js": 'import { OtherDO } from "./other";\n' + fetch("env.MINE"), "other.js": other}
    facts = facts_of(tmp_path, files, "index.js")
    assert uses(facts) == ["MINE"]
    assert [file.name for file in facts.files] == ["index.js", "other.js"]


@pytest.mark.parametrize(
    "more", ["new OtherDO();", "export { OtherDO };", "export const Mine = wrap(OtherDO);"]
)
def test_a_class_that_is_exported_or_mentioned_runs(tmp_path: Path, more: str) -> None:
    other = DURABLE + "export class OtherDO extends DurableObject { f() { this.env.OTHERS } }"
    first = 'import { OtherDO } from "./other";\n' + more
    facts = facts_of(tmp_path, {"index.js": first + fetch("env.MINE"), "other.js": other}, "index.js")
    assert uses(facts) == ["MINE", "OTHERS"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (fetch("ctx.exports.A.get()"), ["A"]),
        ("export default { fetch(request, env, { exports }) { exports.A } }", ["A"]),
        (fetch("const { A, B: b } = ctx.exports; ctx.exports['C']"), ["A", "B", "C"]),
        (DURABLE + "export class A extends DurableObject { f() { this.ctx.exports.B } }", ["B"]),
        (
            DURABLE
            + "export class A extends DurableObject { constructor(state, env) { super(state, env); state.exports.B } }",
            ["B"],
        ),
        ('import { exports } from "cloudflare:workers"; exports.A', ["A"]),
        (HONO + "new Hono().get('/', (c) => c.executionCtx.exports.A)", ["A"]),
        (fetch("exports.A; ctx.other.A; env.exports"), []),
    ],
)
def test_context_exports(tmp_path: Path, text: str, expected: list[str]) -> None:
    facts = facts_of(tmp_path, {"index.ts": text})
    assert [span.text for span in facts.context_exports_uses] == expected


def test_uses_beside_a_syntax_error(tmp_path: Path) -> None:
    """What stands under the error is left out, what stands beside it is not."""
    text = DURABLE + (
        "export class A extends DurableObject {\n"
        "  f() { return this.sql<{ a: string }>`select ${this.env.IN_QUERY}` }\n"
        "  g() { this.env.B.get(); }\n"
        "  h() { let x = ; this.env.C.get() }\n"
        "}\n"
    )
    found = uses(facts_of(tmp_path, {"index.ts": text}))
    assert {"B.get", "C.get"} <= set(found)


def test_places_count_characters(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, {"index.ts": fetch("/* é */ env['MATCH'].get()")})
    (use,) = facts.binding_uses
    assert (use.span.text, use.span.first.line) == ("MATCH", 1)
    assert use.span.first.column == use.span.start  # one character of two bytes stands before it


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("[", "]"), ("f(", ")"), ("{ a: ", "}"), ("() => ", "")]
)
def test_deeply_nested_env_ends(tmp_path: Path, opening: str, closing: str) -> None:
    deep = f"x = {opening * 5000}env.DEEP{closing * 5000}"
    facts = facts_of(tmp_path, {"index.ts": fetch(f"env.NEAR; {deep}")})
    assert set(uses(facts)) <= {"NEAR", "DEEP"}


def test_nested_functions_that_pass_env_on_end(tmp_path: Path) -> None:
    """Each function hands it to the next, twice: the visited set keeps that linear."""
    chain = "".join(f"function f{n}(e) {{ f{n + 1}(e); f{n + 1}(e); e.A{n} }}" for n in range(300))
    facts = facts_of(tmp_path, {"index.ts": fetch("f0(env)") + chain})
    assert len(facts.binding_uses) == 300


def test_a_minified_bundle(tmp_path: Path) -> None:
    text = 'import{DurableObject as t}from"cloudflare:workers";var e=class extends t{async f(){return this.env.A.get(1)}},n={async fetch(e,t,n){let r=t.B,i=r.idFromName("x");return r.get(i).fetch(e)}};export{e as Room,n as default};'
    facts = facts_of(tmp_path, {"index.js": text}, "index.js")
    assert uses(facts) == ["A.get", "B.idFromName"]
    assert {name: export.kind for name, export in facts.exports.items()} == {
        "Room": "class",
        "default": "object",
    }
