"""What a JavaScript or TypeScript entrypoint exports, form by form."""

from __future__ import annotations

from pathlib import Path

import pytest

from wslint.files import Files
from wslint.source.facts import SourceFacts
from wslint.source.javascript import analyse, syntax
from wslint.text import SourceFile

DURABLE = 'import { DurableObject } from "cloudflare:workers";\n'


def facts_of(folder: Path, sources: dict[str, str], main: str = "index.ts") -> SourceFacts:
    """Write the files and analyse the one called `main`."""
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    files = Files(folder)
    entrypoint = files.read(folder / main)
    assert entrypoint is not None
    return analyse(entrypoint, files, folder)


def kinds(facts: SourceFacts) -> dict[str, str]:
    return {name: export.kind for name, export in facts.exports.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # declarations
        ("export class A {}", {"A": "class"}),
        ("export abstract class A {}", {"A": "class"}),
        ("@decorated export class A {}", {"A": "class"}),
        ("export @decorated({ x: 1 }) class A {}", {"A": "class"}),
        ("export const A = class {}", {"A": "class"}),
        ("export const A = class B extends C {}", {"A": "class"}),
        ("export const A = (class {} as unknown as Wide)", {"A": "class"}),
        ("export const A = wrap(class {})", {"A": "unknown"}),
        ("export const A = wrap(B); class B {}", {"A": "unknown"}),
        ("class B {} export const A = B", {"A": "class"}),
        ("class B {} export const A: typeof B = B!", {"A": "class"}),
        ("const C = B; class B {} export const A = C", {"A": "class"}),
        ("export const A = undeclared", {"A": "unknown"}),
        ("export const a = 1, B = class {}, c = { }", {"a": "value", "B": "class", "c": "object"}),
        ("export const [a, { b, c: d = 1, ...e }] = f()", dict.fromkeys("abde", "unknown")),
        ("export let A; A = class {}", {"A": "unknown"}),
        ("export let A = class {}; A = wrap(A)", {"A": "unknown"}),
        ("export var a: string = 'x'", {"a": "value"}),
        ("export const a = [1], b = null, c = /x/, d = `x`, e = true", dict.fromkeys("abcde", "value")),
        ("export function f() {}", {"f": "function"}),
        ("export async function* f() {}", {"f": "function"}),
        ("export const f = async () => {}, g = function () {}", {"f": "function", "g": "function"}),
        ("export function f(a: string): void; export function f(a: any) {}", {"f": "function"}),
        ("export enum E { A }", {"E": "unknown"}),
        ("export const enum E { A }", {"E": "unknown"}),
        ("export namespace N { export const a = 1 }", {"N": "unknown"}),
        ("export import A = B.C", {"A": "unknown"}),
        # lists
        ("class A {} export { A }", {"A": "class"}),
        ("export { A }; class A {}", {"A": "class"}),
        ("class A {} export { A as B }", {"B": "class"}),
        ("class A {} export { A as B, A as default }", {"B": "class", "default": "class"}),
        ('class A {} export { A as "with space" }', {"with space": "class"}),
        ("export {}", {}),
        # default
        ("export default {}", {"default": "object"}),
        ("export default { fetch() {} } satisfies ExportedHandler<Env>", {"default": "object"}),
        ("export default ({ fetch() {} }) as unknown as ExportedHandler", {"default": "object"}),
        ("export default <ExportedHandler>{ fetch() {} }", {"default": "object"}),
        ("export default class {}", {"default": "class"}),
        ("export default class A extends B {}", {"default": "class"}),
        ("export default abstract class A {}", {"default": "class"}),
        ("export default @decorated class A {}", {"default": "class"}),
        ("export default function () {}", {"default": "function"}),
        ("export default async function f() {}", {"default": "function"}),
        ("export default function* () {}", {"default": "function"}),
        ("export default (request) => {}", {"default": "function"}),
        ("export default (function () {})", {"default": "function"}),
        ("const worker = {}; export default worker", {"default": "object"}),
        ("const worker = {}; export default worker as any", {"default": "object"}),
        ("const a = {}; const b = a; export default b", {"default": "object"}),
        ("const app = new Hono(); export default app", {"default": "unknown"}),
        ("export default withSentry(options, {})", {"default": "unknown"}),
        ("export default new Router()", {"default": "unknown"}),
        ("export default 'text'", {"default": "value"}),
        ("export default undefined", {"default": "value"}),
        ("export default missing", {"default": "unknown"}),
        # types are no exports
        ("export type A = 1", {}),
        ("export interface A {}", {}),
        ("export default interface A {}", {}),
        ("export declare class A {}", {}),
        ("export declare const a: number", {}),
        ("export declare function f(): void", {}),
        ("export declare namespace N {}", {}),
        ("export namespace N { export type A = 1 }", {}),
        ("export function f(): void", {}),
        ("class A {} export type { A }", {}),
        ("class A {} export { type A }", {}),
        ("class A {} class B {} export { type A, B }", {"B": "class"}),
        ("interface A {} export { A }", {}),
        ("type A = 1; export { A as B }", {}),
        ("declare class A {} export { A }", {}),
        ('import type { A } from "./a"; export { A }', {}),
        ('import { type A } from "./a"; export { A }', {}),
        # declarations that merge: the value counts
        ("export class A {} export namespace A { export type T = 1 }", {"A": "class"}),
        ("export class A {} export namespace A { export const t = 1 }", {"A": "class"}),
        ("export interface A {} export class A {}", {"A": "class"}),
        ("export class A {} export interface A {}", {"A": "class"}),
        # near misses
        ("const text = `\nexport class A {}\n`", {}),
        ("// export class A {}\n/* export class B {} */", {}),
        ("declare module 'x' { export class A {} }", {}),
        ("declare global { interface A {} }", {}),
        ("export as namespace Lib; export class A {}", {"A": "class"}),
        ("\ufeffexport class A {}", {"A": "class"}),
        ("#!/usr/bin/env node\nexport class A {}", {"A": "class"}),
        ("'use strict';\r\nexport class A {}\r\n", {"A": "class"}),
    ],
)
def test_one_module(tmp_path: Path, text: str, expected: dict[str, str]) -> None:
    facts = facts_of(tmp_path, {"index.ts": text})
    assert kinds(facts) == expected
    assert facts.open_exports == []


@pytest.mark.parametrize(
    "main", ["index.js", "index.mjs", "index.jsx", "index.mts", "index.cts", "index.tsx"]
)
def test_every_grammar(tmp_path: Path, main: str) -> None:
    text = (
        "export class A { #x = 1 }\nconst B = class {}; export { B as C };\nexport default { fetch() {} };\n"
    )
    facts = facts_of(tmp_path, {main: text}, main)
    assert kinds(facts) == {"A": "class", "C": "class", "default": "object"}
    assert facts.language == ("typescript" if "ts" in main else "javascript")


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ({"index": 'export { A } from "./a"', "a": "export class A {}"}, {"A": "class"}),
        ({"index": 'export { A as B } from "./a"', "a": "export class A {}"}, {"B": "class"}),
        ({"index": 'export { default as B } from "./a"', "a": "export default class {}"}, {"B": "class"}),
        ({"index": 'export { default } from "./a"', "a": "export default {}"}, {"default": "object"}),
        ({"index": 'export * from "./a"', "a": "export class A {}\nexport default {}"}, {"A": "class"}),
        ({"index": 'export * as ns from "./a"', "a": "export class A {}"}, {"ns": "unknown"}),
        ({"index": 'import { A } from "./a"; export { A }', "a": "export class A {}"}, {"A": "class"}),
        ({"index": 'import A from "./a"; export { A }', "a": "export default class {}"}, {"A": "class"}),
        (
            {"index": 'import { A as B } from "./a"; export { B as C }', "a": "export class A {}"},
            {"C": "class"},
        ),
        (
            {"index": 'import * as ns from "./a"; export const A = ns.A', "a": "export class A {}"},
            {"A": "class"},
        ),
        ({"index": 'import * as ns from "./a"; export { ns }', "a": "export class A {}"}, {"ns": "unknown"}),
        ({"index": 'import { A } from "./a"; export const B = A', "a": "export class A {}"}, {"B": "class"}),
        (
            {"index": 'import { A } from "./a"; export const B = wrap(A)', "a": "export class A {}"},
            {"B": "unknown"},
        ),
        ({"index": 'import w from "./a"; export default w', "a": "export default {}"}, {"default": "object"}),
        (
            {
                "index": 'export { A } from "./a"',
                "a": 'export { B as A } from "./b"',
                "b": "export class B {}",
            },
            {"A": "class"},
        ),
        (
            {
                "index": 'export * from "./a"',
                "a": 'export * from "./b"',
                "b": 'export * from "./a"; export class B {}',
            },
            {"B": "class"},
        ),
        (
            {"index": 'export * from "./a"; export class A {}', "a": "export const A = 1, b = 2"},
            {"A": "class", "b": "value"},
        ),
        ({"index": 'export * as default from "./a"', "a": ""}, {"default": "unknown"}),
        # types of another module are no exports either
        ({"index": 'export { A } from "./a"', "a": "export interface A {}"}, {}),
        ({"index": 'export type { A } from "./a"', "a": "export class A {}"}, {}),
        ({"index": 'export type * from "./a"', "a": "export class A {}"}, {}),
        (
            {"index": 'export { type A, B } from "./a"', "a": "export class A {}\nexport class B {}"},
            {"B": "class"},
        ),
        ({"index": 'import { A } from "./a"; export { A }', "a": "export type A = 1"}, {}),
        (
            {
                "index": 'export { A } from "./a"',
                "a": 'export type { A } from "./b"',
                "b": "export class A {}",
            },
            {},
        ),
        ({"index": 'import type { A } from "./a"; export { A }', "a": "export class A {}"}, {}),
        # a name that the other module doesn't have
        ({"index": 'export { B } from "./a"', "a": "export class A {}"}, {}),
        # circles
        ({"index": 'export { A } from "./a"', "a": 'export { A } from "./index"'}, {}),
        (
            {
                "index": 'import { A } from "./a"; export { A }',
                "a": 'import { A } from "./index"; export { A }',
            },
            {"A": "unknown"},
        ),
        ({"index": "const a = b; const b = a; export { a }"}, {"a": "unknown"}),
    ],
)
def test_across_modules(tmp_path: Path, sources: dict[str, str], expected: dict[str, str]) -> None:
    facts = facts_of(tmp_path, {f"{name}.ts": text for name, text in sources.items()})
    assert kinds(facts) == expected
    assert facts.open_exports == []


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ('export * from "pkg"', {}, "outside the project"),
        ('export * from "./generated"', {}, "not in the tree"),
        ('export * from "./code.wasm"', {}, "not a JavaScript module"),
        ('export * from "./common.cjs"', {}, "CommonJS"),
        ('export * from "./star"', {"mine": "value"}, "outside the project"),
        ("export = { a: 1 }", {}, "CommonJS"),
        ("module.exports = { a: 1 }", {}, "CommonJS"),
        ("exports.a = 1", {}, "CommonJS"),
        ('Object.defineProperty(exports, "__esModule", { value: true })', {}, "CommonJS"),
    ],
)
def test_open_exports(tmp_path: Path, text: str, expected: dict[str, str], reason: str) -> None:
    facts = facts_of(
        tmp_path,
        {
            "index.ts": text,
            "common.cjs": "module.exports = { A: class {} }",
            "star.ts": 'export * from "pkg"; export const mine = 1',
            "code.wasm": "",
        },
    )
    assert kinds(facts) == expected
    assert [reason in each.why for each in facts.open_exports] == [True]
    assert facts.open_exports[0].span.file.name in ("index.ts", "common.cjs", "star.ts")


@pytest.mark.parametrize(
    "text",
    [
        'export { A } from "pkg"',
        'import { A } from "pkg"; export { A }',
        'import A from "pkg"; export { A }',
        'export { A } from "./generated"',
        'import { A } from "./.open-next/worker.js"; export { A }',
        'export { A } from "./common.cjs"',
        'export { A } from "./star"',
        'import A from "./data.json"; export { A }',
        'export { default as A } from "./page.html"',
    ],
)
def test_names_from_what_is_not_read_are_exported_all_the_same(tmp_path: Path, text: str) -> None:
    facts = facts_of(
        tmp_path,
        {
            "index.ts": text,
            "common.cjs": "module.exports = { A: class {} }",
            "star.ts": 'export * from "pkg"',
            "data.json": "{}",
            "page.html": "",
        },
    )
    assert kinds(facts) == {"A": "unknown"}
    assert facts.open_exports == []


def test_missing_file_is_listed_as_unknown(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, {"index.ts": 'export { A } from "./generated.js"'})
    assert [(each.span.text, each.what) for each in facts.unknown] == [
        ('"./generated.js"', "what `./generated.js` exports")
    ]


def test_places_of_an_export(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        {
            "index.ts": 'export { Room as MatchDO } from "./room";\nexport * from "./lobby";\nexport default {};\n',
            "room.ts": "class Room {}\nexport { Room };\n",
            "lobby.ts": "// é\nexport class Lobby {}\n",
        },
    )
    match, lobby, default = (facts.exports[name] for name in ("MatchDO", "Lobby", "default"))
    assert (match.span.file.name, match.span.text, match.span.first.column) == ("index.ts", "MatchDO", 18)
    assert match.declared is not None
    assert (match.declared.file.name, match.declared.text, match.declared.first.line) == (
        "room.ts",
        "Room",
        1,
    )
    assert match.cls is not None
    assert match.cls.name == "Room"
    assert (lobby.span.file.name, lobby.span.text, lobby.span.first.line) == ("lobby.ts", "Lobby", 2)
    assert (default.span.text, default.declared and default.declared.text) == ("default", "{}")


@pytest.mark.parametrize(
    ("sources", "bases", "known"),
    [
        ({"index": "export class A {}"}, (), True),
        ({"index": "export class A implements DurableObject {}"}, (), True),
        (
            {"index": DURABLE + "export class A extends DurableObject<Env> {}"},
            ("cloudflare:workers.DurableObject",),
            True,
        ),
        (
            {
                "index": 'import { DurableObject as Base } from "cloudflare:workers"; export class A extends Base {}'
            },
            ("cloudflare:workers.DurableObject",),
            True,
        ),
        (
            {"index": 'import * as cf from "cloudflare:workers"; export class A extends cf.DurableObject {}'},
            ("cloudflare:workers.DurableObject",),
            True,
        ),
        (
            {"index": DURABLE + "class B extends (DurableObject as any) {} export class A extends B {}"},
            ("B", "cloudflare:workers.DurableObject"),
            True,
        ),
        (
            {
                "index": 'import { B } from "./b"; export class A extends B {}',
                "b": 'export { Base as B } from "./c"',
                "c": DURABLE + "export abstract class Base extends DurableObject {}",
            },
            ("Base", "cloudflare:workers.DurableObject"),
            True,
        ),
        (
            {"index": 'import B from "./b"; export class A extends B {}', "b": "export default class {}"},
            ("default",),
            True,
        ),
        (
            {"index": 'import { Agent } from "agents"; export class A extends Agent<Env> {}'},
            ("agents.Agent",),
            False,
        ),
        (
            {"index": 'import { Agent } from "agents"; class B extends Agent {} export class A extends B {}'},
            ("B", "agents.Agent"),
            False,
        ),
        ({"index": DURABLE + "export class A extends Mixin(DurableObject) {}"}, (), False),
        ({"index": DURABLE + "const B = wrap(DurableObject); export class A extends B {}"}, (), False),
        ({"index": "export class A extends EventTarget {}"}, ("EventTarget",), False),
        ({"index": 'import { B } from "./generated"; export class A extends B {}'}, (), False),
        # a class of the project that only has the name
        (
            {"index": "class DurableObject {} export class A extends DurableObject {}"},
            ("DurableObject",),
            True,
        ),
        # circles end
        ({"index": "class B extends A {} export class A extends B {}"}, ("B",), False),
        # the base is a parameter, not the import of the same name
        (
            {
                "index": DURABLE
                + "export const A = ((DurableObject) => { class A extends DurableObject {} return A })(X)"
            },
            None,
            False,
        ),
    ],
)
def test_base_classes(
    tmp_path: Path, sources: dict[str, str], bases: tuple[str, ...] | None, known: bool
) -> None:
    facts = facts_of(tmp_path, {f"{name}.ts": text for name, text in sources.items()})
    cls = facts.exports["A"].cls
    if bases is None:
        assert cls is None
        assert (facts.classes["A"].bases, facts.classes["A"].base_known) == ((), known)
    else:
        assert cls is not None
        assert (cls.bases, cls.base_known) == (bases, known)


def test_classes_declared_anywhere(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        {
            "index.ts": 'import "./side"; export function make() { class Inner {} return Inner }\n'
            "const text = `class Quoted {}`; // class Commented {}\n"
            "declare class Ambient {}\nconst object = { Named: class {} };\nlet late; late = class {};",
            "side.ts": "class Side {}",
        },
    )
    assert set(facts.classes) == {"Inner", "Side", "Named", "late"}
    assert facts.exports.keys() == {"make"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("run() { return this.ctx.storage.sql.exec('x') }", "this.ctx.storage.sql"),
        ("run() { this.ctx.storage.kv.put('a', 1) }", "this.ctx.storage.kv"),
        ("sql = this.state.storage.sql", "this.state.storage.sql"),
        ("constructor(ctx) { ctx.storage\n.sql.exec('x') }", "ctx.storage\n.sql"),
        ("run() { const { storage } = this.ctx; storage.sql.exec('x') }", "storage.sql"),
        ("run() { const storage = this.ctx.storage; storage.sql.exec('x') }", "storage.sql"),
        ("run(storage: DurableObjectStorage) { storage.sql.exec('x') }", "storage.sql"),
        ("run() { const { sql } = this.ctx.storage; sql.exec('x') }", "sql"),
        ("run() { this.ctx.storage!.sql }", "this.ctx.storage!.sql"),
        ("run() { this.storage.sql.a(); this.storage.kv }", "this.storage.sql"),
        ("run() { return this.sql`select 1` }", None),
        ("run() { return storage.sql }", None),
        ("run() { return this.database.sql }", None),
        ("run() { return this.ctx.storage.get('sql') } /* storage.sql */", None),
        ("run() { return this.ctx.storage.sqlite }", None),
    ],
)
def test_first_use_of_sql(tmp_path: Path, body: str, expected: str | None) -> None:
    text = f"export class Before {{ run() {{ }} }}\nexport class A {{ {body} }}\nclass After {{ }}"
    facts = facts_of(tmp_path, {"index.ts": text})
    span = facts.classes["A"].uses_sql
    assert (span and span.text) == expected
    assert facts.classes["Before"].uses_sql is None
    assert facts.classes["After"].uses_sql is None


GLUE = """let wasm;
export class MatchDO {
  __destroy_into_raw() { const ptr = this.__wbg_ptr; return ptr; }
  constructor(state, env) { const ret = wasm.matchdo_new(state, env); this.__wbg_ptr = ret; }
}
export class Handwritten { }
async function __wbg_init(module) { wasm = module; }
export default __wbg_init;
"""


def test_wasm_bindgen_glue(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        {"index.js": 'export { MatchDO, Handwritten } from "./glue.js"', "glue.js": GLUE},
        "index.js",
    )
    generated = {name: export.cls and export.cls.generated_from for name, export in facts.exports.items()}
    assert generated == {"MatchDO": "rust", "Handwritten": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('addEventListener("fetch", (event) => {})', "service-worker"),
        ("self.addEventListener('fetch', handle)", "service-worker"),
        ("(() => { addEventListener('fetch', handle) })()", "service-worker"),
        ("export type Env = {}; addEventListener('fetch', handle)", "service-worker"),
        ("function start() { addEventListener('fetch', handle) }", "unknown"),
        ("const start = () => addEventListener('fetch', handle)", "unknown"),
        ("addEventListener('scheduled', handle)", "unknown"),
        ("// addEventListener('fetch', handle)", "unknown"),
        ("module.exports = {}", "unknown"),
        ("", "unknown"),
        ("export default {}; addEventListener('fetch', handle)", "modules"),
        ("export class A {}; addEventListener('fetch', handle)", "service-worker"),
        ('export * from "pkg"', "modules"),
    ],
)
def test_format(tmp_path: Path, text: str, expected: str) -> None:
    facts = facts_of(tmp_path, {"index.ts": text})
    assert facts.format == expected
    span = facts.service_worker_span
    assert (span is not None) == (expected == "service-worker")
    assert span is None or span.text.endswith(")")


CLOSED = "known"
OPEN = "open"


@pytest.mark.parametrize(
    ("text", "names", "state"),
    [
        # what the grammar doesn't know, inside a class: nothing is hidden
        ("export class A { x = this.sql<{ a: string }>`select 1` }\nexport class B {}", {"A", "B"}, CLOSED),
        (
            "export class A { async f() { return this.sql<Row>`select ${1}` } }\nexport class B {}",
            {"A", "B"},
            CLOSED,
        ),
        ("type M = typeof import('./m');\nexport class A {}", {"A"}, CLOSED),
        ('import defer * as m from "m";\nexport class A {}', {"A"}, CLOSED),
        ("export class A { f() { let x = ; } }\nexport class B {}", {"A", "B"}, CLOSED),
        ("export function f() { return @ }\nexport class B {}", {"f", "B"}, CLOSED),
        ("export class A { f() {} } }\nexport class B {}", {"A", "B"}, CLOSED),
        ("const exporter = { export: 1 }; exporter.export; let x = ;\nexport class A {}", {"A"}, CLOSED),
        ("/* export */ let x = ; // export class C\nexport class A {}", {"A"}, CLOSED),
        ('export type * from "./x";\nexport class A {}', {"A"}, CLOSED),
        # what an unclosed brace swallows may be exports
        ("export class A { f() { }\nexport class B {}\nexport class C {}", {"A"}, OPEN),
        ("export class A { f() { \nexport class B {}", set(), OPEN),
        ("class {{{ \nexport class A {}", None, OPEN),
        ("export { A, ?? B };\nclass A {}\nclass B {}", None, OPEN),
        ("export const a = 1, = 2, b = 3", None, OPEN),
        ("export clas A {}", None, OPEN),
    ],
)
def test_syntax_errors(tmp_path: Path, text: str, names: set[str] | None, state: str) -> None:
    facts = facts_of(tmp_path, {"index.ts": text})
    if names is not None:
        assert names <= facts.exports.keys()
        if state == CLOSED:
            assert facts.exports.keys() == names
    assert bool(facts.open_exports) == (state == OPEN), facts.open_exports


def test_syntax_error_behind_a_star(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path, {"index.ts": 'export * from "./a"', "a.ts": "export class A { f() { }\nexport class B {}"}
    )
    assert {each.span.file.name for each in facts.open_exports} == {"a.ts"}


def test_syntax_error_in_a_module_that_is_only_named(tmp_path: Path) -> None:
    """The names that the entrypoint exports are all written in it; only their kind is in doubt."""
    facts = facts_of(
        tmp_path,
        {"index.ts": 'export { B } from "./a"', "a.ts": "export class A { f() { }\nexport class B {}"},
    )
    assert kinds(facts) == {"B": "unknown"}
    assert facts.open_exports == []


@pytest.mark.parametrize("opening", ["(", "[", "{", "f(", "`${", "() => {", "a ? ", "<a>"])
def test_deep_nesting_ends(tmp_path: Path, opening: str) -> None:
    deep = opening * 10_000
    facts = facts_of(tmp_path, {"index.ts": f"export class A {{}}\nconst env = {deep}"})
    assert facts.entrypoint.name == "index.ts"


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("[", "]"), ("f(", ")"), ("{ a: ", "}")])
def test_deep_but_whole_nesting_is_read(tmp_path: Path, opening: str, closing: str) -> None:
    deep = f"{opening * 10_000}1{closing * 10_000}"
    facts = facts_of(tmp_path, {"index.ts": f"export const deep = {deep};\nexport class A {{}}"})
    assert facts.exports.keys() == {"deep", "A"}
    assert facts.exports["A"].kind == "class"
    assert facts.open_exports == []


def test_a_long_chain_of_files(tmp_path: Path) -> None:
    sources = {f"m{number}.ts": f'export * from "./m{number + 1}"' for number in range(300)}
    facts = facts_of(tmp_path, {**sources, "m300.ts": "export class A {}"}, "m0.ts")
    assert kinds(facts) == {"A": "class"}
    assert len(facts.files) == 301


@pytest.mark.parametrize(
    "text",
    ["x;" * 20_000, "f(a)(b)(c);" * 5_000, "x=[" + "1," * 30_000 + "]", "x=" + "[![]+[]]+" * 5_000 + "1"],
)
def test_dense_text_is_not_refused(tmp_path: Path, text: str) -> None:
    facts = facts_of(tmp_path, {"index.ts": f"{text};export class A {{}}"})
    assert kinds(facts) == {"A": "class"}
    assert facts.open_exports == []


def test_text_that_costs_the_parser_too_much_is_refused(tmp_path: Path) -> None:
    """tree-sitter needs 1.1 GB for this; see `STEPS_PER_BYTE`."""
    facts = facts_of(tmp_path, {"index.ts": "export class A {}\n" + "f<a," * 8000})
    assert facts.exports == {}
    assert [each.why for each in facts.open_exports] == ["the file is too tangled to parse in bounded time"]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02", b"\xff\xfe\x00export class A", b"\xef\xbb\xbf", b"export"]
)
def test_bytes_that_are_no_source(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "index.js").write_bytes(data)
    files = Files(tmp_path)
    entrypoint = files.read(tmp_path / "index.js")
    assert entrypoint is not None
    assert analyse(entrypoint, files, tmp_path).exports == {}


def test_comments_that_speak_to_wslint(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        {
            "index.ts": "// wslint: ignore[WS401] é\nimport './a'\nconst x = '// wslint: no';\n// other\n",
            "a.ts": "/* wslint: ignore-file wslint: twice */\n",
            "unreached.ts": "// wslint: ignore[WS402]\n",
        },
    )
    assert [(each.span.file.name, each.text) for each in facts.comments] == [
        ("index.ts", "// wslint: ignore[WS401] é"),
        ("a.ts", "/* wslint: ignore-file wslint: twice */"),
    ]


def test_workers_that_share_modules_parse_them_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("one.ts", "two.ts"):
        (tmp_path / name).write_text('export * from "./shared"')
    (tmp_path / "shared.ts").write_text("export class A {}")
    parsed: list[str] = []
    parse = syntax._parse

    def counted(file: SourceFile) -> syntax.Syntax | None:
        parsed.append(file.name)
        return parse(file)

    monkeypatch.setattr(syntax, "_parse", counted)
    files = Files(tmp_path)
    for name in ("one.ts", "two.ts"):
        entrypoint = files.read(tmp_path / name)
        assert entrypoint is not None
        assert kinds(analyse(entrypoint, files, tmp_path)) == {"A": "class"}
    assert sorted(parsed) == ["one.ts", "shared.ts", "two.ts"]


def test_only_the_last_trees_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree is many times as large as its file; facts must not depend on it staying around."""
    monkeypatch.setattr(syntax, "KEPT_TREES", 1)
    facts = facts_of(
        tmp_path,
        {
            "index.ts": 'import { use } from "./a"; export { A } from "./a"; export default { fetch(r, env) { use(env) } }',
            "a.ts": DURABLE + "export class A extends DurableObject {}; export const use = (env) => env.B",
        },
    )
    assert kinds(facts) == {"A": "class", "default": "object"}
    assert [use.name for use in facts.binding_uses] == ["B"]
