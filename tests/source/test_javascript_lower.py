"""Lowering JavaScript and TypeScript: each piece of syntax against its dump, spans, and bad input."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.source.dump import dump_module
from wslint.files import Files
from wslint.source import tree
from wslint.source.javascript.lower import lower, needs_lowering
from wslint.source.javascript.lower.lowering import DEEPEST

WORKER = """\
import { DurableObject } from "cloudflare:workers";
import type { Env } from "./env";

/** A room. */
export class Room extends DurableObject<Env> {
  #sockets = new Map<WebSocket, { id: string }>();
  private count = 0;
  static { register(this); }

  constructor(ctx: DurableObjectState, private readonly config: Config | null = null) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(async () => { this.count = (await ctx.storage.get<number>("n")) ?? 0; });
  }

  async fetch(request: Request): Promise<Response> {
    if (request.headers.get("Upgrade") !== "websocket") {
      return new Response(`no upgrade from ${request.url}`, { status: 426 });
    } else if (this.count > 10) throw new Error("full");
    const [client, server] = Object.values(new WebSocketPair()) as [WebSocket, WebSocket];
    this.ctx.acceptWebSocket(server!, ["tag"]);
    for (const socket of this.ctx.getWebSockets()) socket.send(/jo+in/.source);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage = async (ws: WebSocket, { type = "text", ...rest }: Message) => {
    switch (type) {
      case "ping": ws.send("pong"); break;
      default: await this.handle?.(rest)?.[0];
    }
  };
}

export default {
  async fetch(request, env) {
    try {
      const stub = env.ROOM.get(env.ROOM.idFromName(new URL(request.url).pathname));
      return await stub.fetch(request);
    } catch ({ message }) { return Response.json({ message }, { status: 500 }); }
  },
} satisfies ExportedHandler<Env>;
"""


def lowered(source: str | bytes, suffix: str = ".ts") -> tree.Module:
    path = Path(f"/project/worker{suffix}")
    data = source.encode() if isinstance(source, str) else source
    files = Files(overlay={path: data})
    file = files.read(path)
    assert file is not None
    return lower(file, files)


def dumped(source: str, suffix: str = ".ts") -> str:
    return dump_module(lowered(source, suffix))


def nodes(module: tree.Module) -> Iterator[tuple[tree.Node, int]]:
    """Every node with its depth."""
    pending: list[tuple[object, int]] = [(item, 1) for item in [*module.imports, *module.body]]
    while pending:
        node, depth = pending.pop()
        if isinstance(node, tree.Node):
            yield node, depth
            slots = [name for base in type(node).__mro__ for name in getattr(base, "__slots__", ())]
            pending += [(getattr(node, name), depth + 1) for name in slots]
        elif isinstance(node, list | tuple):
            pending += [(item, depth) for item in node]


EXPRESSION = (tree.Name, tree.Member, tree.Call, tree.Await, tree.Operation, tree.Text)

EXPRESSIONS = [
    # names and literals
    ("this", "this"),
    ("super.x", "(. super x)"),
    ("[null, undefined, true, false]", "(array #null #undefined #true #false)"),
    ("[1, 0x1F, 1_000, 10n, .5, 0b11, 0o17]", "(array 1 31 1000 10 0.5 3 15)"),
    ("[, a, , ...b]", "(array #undefined a #undefined (... b))"),
    (r"'a\'b\x41\u{1F600}\u00e9'", "\"a'bA\U0001f600\u00e9\""),
    (r"'\ud83d\ude00'", '"\U0001f600"'),
    ("`text`", '"text"'),
    ("`a${b}${c()}d`", '(text "a" b "" (call c) "d")'),
    ("`${`${a}`}`", '(text "" (text "" a "") "")'),
    ("tag`a${b}`", '(call tag (text "a" b ""))'),
    ("a.b`c`", '(call (. a b) "c")'),
    ("sql<Row>`a${b}`", '(call sql (text "a" b ""))'),
    (r"/a\/b/gi", r'(new RegExp "a\/b")'),
    # objects
    ("({})", "(table)"),
    ("({a, b: 1, 'c d': 2, 3: 4, [e]: 5, ['f']: 6, ...g})", "(table (a a) (b 1) (c d 2) (3 4) (* 5) (f 6) (* (... g)))"),
    ("({m() {}, async *n() {}, 'o'() {}, [p]() {}})", "(table (m (fn m ())) (n (async fn* n ())) (o (fn o ())) (* (fn [p] ())))"),
    ("({get a() { return b }, set a(c) {}})", "(table (a (call (fn a () (return b)))) (* (fn a (c))))"),
    ("({a: async () => {}})", "(table (a (async => ())))"),
    # access and calls
    ("a.b.c", "(. (. a b) c)"),
    ("a.#b", "(. a #b)"),
    ("a['b'][0]", '(at (at a "b") 0)'),
    ("a?.b?.(c)?.[d]", "(at (call? (?. a b) c) d)"),
    ("a /* c */ . /* d */ b(/* e */ c, /* f */)", "(call (. a b) c)"),
    ("f(...a, b)", "(call f (... a) b)"),
    ("x.then(a).catch(b)", "(call (. (call (. x then) a) catch) b)"),
    ("import('x')", '(call import "x")'),
    ("import.meta.url", "(. (?) url)"),
    ("[new X, new X(1), new a.b(), new X().y, new (f())(2)]", "(array (new X) (new X 1) (new (. a b)) (. (new X) y) (new (call f) 2))"),
    # operators
    ("a + b - c", "(- (+ a b) c)"),
    ("a && b || c ?? d", "(?? (|| (&& a b) c) d)"),
    ("a ** b ** c", "(** a (** b c))"),
    ("a instanceof B || 'c' in d || #e in f", '(|| (|| (instanceof a B) (in "c" d)) (in #e f))'),
    ("[!a, -1, typeof b, void c, delete d.e]", "(array (! a) (- 1) (typeof b) (void c) (delete (. d e)))"),
    ("[void 0, !0, !1]", "(array #undefined #true #false)"),
    ("a ? b : c ? d : e", "(?: a b (?: c d e))"),
    ("(a, b, c)", "(, a b c)"),
    ("await a.b()", "(await (call (. a b)))"),
    # tree-sitter-javascript takes these for calls of a function named `await`
    ("await (a)", "(await a)"),
    ("await (a).b()", "(await (call (. a b)))"),
    ("await (await f(x)).c()", "(await (call (. (await (call f x)) c)))"),
    ("(await (f)(1)).b", "(. (await (call f 1)) b)"),
    ("a + await (b).c[0]", "(+ a (await (at (. b c) 0)))"),
    ("await ((a) => a)(b)", "(await (call (=> (a) (return a)) b))"),
    # assignments
    ("a = b = c", "(:= a (:= b c))"),
    ("a.b ??= c", "(:??= (. a b) c)"),
    ("a[b] ||= c", "(:||= (at a b) c)"),
    ("this.n++", "(:+= (. this n) 1)"),
    ("--n", "(:-= n 1)"),
    ("[a.b, c[d], , ...e] = f", "(:= (array (. a b) (at c d) _ (? e)) f)"),
    ("({a, b: {c}, 'd': e = 1, [g]: h, ...i} = j)", "(:= (table (a a) (b (table (c c))) (d e) ([g] h) ...i) j)"),
    # functions and classes
    ("a => a.b", "(=> (a) (return (. a b)))"),
    ("async (a, b = 1, ...c) => { d() }", "(async => (a b=1 ...c) (do (call d)))"),
    ("() => ({a})", "(=> () (return (table (a a))))"),
    ("function* f() { yield a; yield* b; yield }", "(fn* f () (do (? a)) (do (? b)) (do (?)))"),
    ("(function () {})()", "(call (fn ()))"),
    ("class extends B {}", "(class _ (extends B))"),
]  # fmt: skip

TYPESCRIPT_EXPRESSIONS = [
    ("(a as any).b", "(. a b)"),
    ("(<any>a).b!.c", "(. (. a b) c)"),
    ("a satisfies B", "a"),
    ("f<T>(a!)", "(call f a)"),
    ("f<T>", "f"),
    ("new X<T>(a)", "(new X a)"),
    ("a as const as B", "a"),
    ("a! += 1", "(:+= a 1)"),
    # the grammar reads these as `(await f)<T>(x)` and so on
    ("await f<T>(x)", "(await (call f x))"),
    ("(await a.b<T>(x)).c", "(. (await (call (. a b) x)) c)"),
    ("await a?.b<T>(x).c[0]", "(await (at (. (call (?. a b) x) c) 0))"),
    ("(await f)<T>(x)", "(call (await f) x)"),
    ("!await f<T>(x) || -g<T>(y)", "(|| (! (await (call f x))) (- (call g y)))"),
    ("a + await f<T>(x) + b", "(+ (+ a (await (call f x))) b)"),
    ("a === typeof f<T>(await g<U>(y))", "(=== a (typeof (call f (await (call g y)))))"),
    ("await sql<T>`x`", '(await (call sql "x"))'),
    ("sql<{ a: B[]; c(d: E): void; }>`x`", '(call sql "x")'),
    ("f(a < b, c > `x`)", '(call f (< a b) (> c "x"))'),
    ("[`<b>${a}</b>`, `c<d>`]", '(array (text "<b>" a "</b>") "c<d>")'),
    ("<T,>(a: T): a is B => a", "(=> (a:T) (return a))"),
    ("function (this: X, a?: number) {}", "(fn (a:number))"),
]

STATEMENTS = [
    ("let a, b = 1; var c; const d = 2", "(let a _) (let b 1) (var c _) (const d 2)"),
    ("const {a, b: [c, , d]} = e", "(const (table (a a) (b (array c _ d))) e)"),
    ("const {a = 1, b: {c = f()} = {}} = d", "(const (table (a a) (b (table (c c)))) d) (do (:??= a 1)) (do (:??= c (call f))) (do (:??= (table (c c)) (table)))"),
    ("using a = b(); { await using c = d() }", "(const a (call b)) (const c (call d))"),
    ("a(), b()", "(do (call a)) (do (call b))"),
    ("function f() { return a(), b }", "(function f (fn f () (do (call a)) (return b)))"),
    ("function f() { return }", "(function f (fn f () (return)))"),
    ("async function* f() {}", "(function f (async fn* f ()))"),
    ("function f({a = 1}, [b]) { c }", "(function f (fn f ((table (a a)) (array b)) (do (:??= a 1)) (do c)))"),
    ("throw new E('x')", '(throw (new E "x"))'),
    ("; debugger; {a; {b}}", "(do a) (do b)"),
    ("with (a) b()", "(do a) (do (call b))"),
    # branches
    ("if (a) b; else if (c) { d } else e", "(if a [(do b)] [(if c [(do d)] [(do e)])])"),
    ("switch (a) { case 1: b; break; case 2: c; return; default: d }", "(if (=== a 1) [(do b)] [(if (=== a 2) [(do c) (return)] [(do d)])])"),
    ("switch (a) { case 1: case 2: b }", "(if (|| (=== a 1) (=== a 2)) [(do b)])"),
    ("switch (a) { case 1: b; case 2: c; break; case 3: d }", "(if (=== a 1) [(do b) (do c)] [(if (=== a 2) [(do c)] [(if (=== a 3) [(do d)])])])"),
    ("switch (a) { default: b; case 1: c }", "(if (=== a 1) [(do c)] [(do b) (do c)])"),
    ("switch (a) { case 1: { b; break } case 2: c }", "(if (=== a 1) [(do b)] [(if (=== a 2) [(do c)])])"),
    ("switch (a) { case 1: default: b }", "(do a) (do b)"),
    ("switch (true) { case a > 1: b }", "(if (> a 1) [(do b)])"),
    ("switch (a()) { default: b }", "(do (call a)) (do b)"),
    ("x: for (;;) switch (a) { case 1: if (b) break; break x }", "(loop _ _ _ [(if (=== a 1) [(if b [(jump)]) (jump)])])"),
    # loops
    ("for (let i = 0, j; i < 3; i++, j--) a", "(let i 0) (let j _) (loop _ _ (< i 3) [(do a) (do (:+= i 1)) (do (:-= j 1))])"),
    ("for (i = 0;;) { break }", "(do (:= i 0)) (loop _ _ _ [(jump)])"),
    ("for (const [a, b = 1] of c) d", "(loop (array a b) c _ [(do (:??= b 1)) (do d)])"),
    ("for await (const a of b());", "(loop a (await (call b)) _ [])"),
    ("for (a.b in c) continue", "(loop (. a b) (call (. Object keys) c) _ [(jump)])"),
    ("while (a) b", "(loop _ _ a [(do b)])"),
    ("do a; while (b)", "(loop _ _ b [(do a)])"),
    ("l: while (a) { break l }", "(loop _ _ a [(jump)])"),
    # try
    ("try { a } catch { b }", "(try [(do a)] [(do b)] [])"),
    ("try { a } catch ({b}) { c } finally { d }", "(try [(do a)] [(let (table (b b)) _) (do c)] [(do d)])"),
    ("try { a } finally { b }", "(try [(do a)] _ [(do b)])"),
    # classes
    ("class A extends b.C {}", "(class A (class A (extends (. b C))))"),
    ("class A extends mixin(B) {}", "(class A (class A (extends (call mixin B))))"),
    ("class A { a; b = 1; static c = 2; #d = 3; 'e f' = 4; [g] = 5 }", "(class A (class A (extends) (field a _) (field b 1) (static field c 2) (private field #d 3) (field e f 4) (field [g] 5)))"),
    ("class A { a() {} get b() {} set b(c) {} static async d() {} #e() {} *[Symbol.iterator]() {} }", "(class A (class A (extends) (method a (fn a ())) (getter b (fn b ())) (setter b (fn b (c))) (static method d (async fn d ())) (private method #e (fn #e ())) (method [Symbol.iterator] (fn* [Symbol.iterator] ()))))"),
    ("class A { webSocketMessage = async (ws) => { ws.close() } }", "(class A (class A (extends) (field webSocketMessage (async => (ws) (do (call (. ws close)))))))"),
    ("class A { static { a() } }", "(class A (class A (extends) (static method static {} (fn static {} () (do (call a))))))"),
    ("class A { static() {} get() {} async() {} }", "(class A (class A (extends) (method static (fn static ())) (method get (fn get ())) (method async (fn async ()))))"),
    ("@a class A { @b() c = 1; @d e() {} }", "(class A (class A (extends) (field c 1) (method e (fn e ()))))"),
    # modules
    ("import 'a'; import b from 'c'; import d, * as e from 'f'", "(import c default b) (import f default d) (import f * e)"),
    ("import {a, b as c, default as d, 'e f' as g} from 'h'", "(import h a a) (import h b c) (import h default d) (import h e f g)"),
    ("export const a = 1; export function b() {} export class C {}", "(const a 1) (function b (fn b ())) (class C (class C (extends)))"),
    ("export default {a}", "(const default (table (a a)))"),
    ("export default function () {}", "(const default (fn ()))"),
    ("export default function f() {}", "(function f (fn f ())) (const default f)"),
    ("export default class A {}", "(class A (class A (extends))) (const default A)"),
    ("export default class {}", "(const default (class _ (extends)))"),
    ("export default async () => a", "(const default (async => () (return a)))"),
    ("class A {} export { A as default, A as B, A }", "(class A (class A (extends))) (const default A) (const B A)"),
    ("const a = 1, b = 2; export { a as b, b as a }", "(const a 1) (const b 2)"),
    ("export { a, b as c, default } from 'd'; export * as e from 'f'; export * from 'g'", "(import d a a) (import d b c) (import d default default) (import f * e) (import g * export * from g)"),
]  # fmt: skip

TYPESCRIPT_STATEMENTS = [
    ("interface A {} type B = C; declare const d: E; declare module 'f' {} function g(): void;", ""),
    ("import type A from 'a'; import {type B, c} from 'd'; export type {E} from 'f'; export type * from 'g'", "(import d c c)"),
    ("import type from 'a'", "(import a default type)"),
    ("import a = require('b'); export = c", "(import b * a) (do c)"),
    ("enum A { B, C = 'd', 'E' = 1 } export const enum F {}", '(const A (table (B (?)) (C "d") (E 1))) (const F (table))'),
    ("namespace A.B { c() } export namespace D {}", "(const A (? (fn () (do (call c))))) (const D (? (fn ())))"),
    ("abstract class A<T> extends B<T> implements C { abstract d(): void; e(f: G): void; declare h: I; [j: string]: K }", "(class A (class A (extends B)))"),
    ("class A { private readonly a?: B; protected static c = 1; private async d() {} override e() {} }", "(class A (class A (extends) (field a _) (static field c 1) (method d (async fn d ())) (method e (fn e ()))))"),
    ("class A { constructor(private ctx: X, readonly env = 1, plain: Y) { super() } }", "(class A (class A (extends) (method constructor (fn constructor (ctx:X env=1 plain:Y) (do (:= (. this ctx) ctx)) (do (:= (. this env) env)) (do (call super))))))"),
    ("function f(a: Request | null, b: x.WebSocket, c: Map<K, V>, d: A | B, e: A[], g: (undefined | A), ...h: H[]) {}", "(function f (fn f (a:Request b:WebSocket c:Map d e g:A ...h)))"),
    ("function f(a: Request & { b: C }, d: readonly A[], e: 'text', g: typeof h, i?: string) {}", "(function f (fn f (a:Request d e g i:string)))"),
    ("export abstract class A {} export declare class B {} export default interface C {}", "(class A (class A (extends)))"),
    ("let a!: B; const c = d as E", "(let a _) (const c d)"),
    ("import { a, type, b } from 'c'; export { d, type }; e({ type, f })", "(import c a a) (import c type type) (import c b b) (do (call e (table (type type) (f f))))"),
]  # fmt: skip

ERRORS = [
    ("f(a b)", "(do (call f a (! b)))"),
    ("a ? b : ; c", "(do (! a b (!) c))"),
    ("const a = ; b", "(const a (! b)) (do (!))"),
    ("const a = { b: 1, c: , d() {} }; e", "(const a (table (b 1) (c (!)) (d (fn d ())))) (do e)"),
    ("class A { a() { b } ] c() {} }", "(class A (class A (extends) (method a (fn a () (do b))) (field (unread) (!)) (method c (fn c ()))))"),
    ("} export class A {}", "(do (!)) (class A (class A (extends)))"),
    (") a(); export class A { m() {} } function f() {} {", "(do (! (fn () (do (call a))))) (class A (class A (extends) (method m (fn m ())))) (function f (fn f ()))"),
    ("export default { f() { const id = env.R.; return g } }", "(const default (table (f (fn f () (const id (. env R)) (do (!)) (return g)))))"),
    ("import { a b } from 'c'; import d from; e", "(import c b b) (do (!)) (do (!)) (do e)"),
]  # fmt: skip


@pytest.mark.parametrize("suffix", [".ts", ".js", ".tsx"])
@pytest.mark.parametrize(("source", "expected"), EXPRESSIONS)
def test_expressions(source: str, expected: str, suffix: str) -> None:
    assert dumped(f"_ = {source}", suffix) == f"(do (:= _ {expected}))"


@pytest.mark.parametrize(("source", "expected"), TYPESCRIPT_EXPRESSIONS)
def test_typescript_expressions(source: str, expected: str) -> None:
    assert dumped(f"_({source})") == f"(do (call _ {expected}))"


@pytest.mark.parametrize("suffix", [".ts", ".js", ".tsx"])
@pytest.mark.parametrize(("source", "expected"), STATEMENTS)
def test_statements(source: str, expected: str, suffix: str) -> None:
    assert dumped(source, suffix) == expected


@pytest.mark.parametrize(("source", "expected"), TYPESCRIPT_STATEMENTS)
def test_typescript_statements(source: str, expected: str) -> None:
    assert dumped(source) == expected


@pytest.mark.parametrize(("source", "expected"), ERRORS)
def test_errors_stay_in_their_place(source: str, expected: str) -> None:
    assert dumped(source) == expected


@pytest.mark.parametrize("suffix", [".jsx", ".js", ".tsx"])
def test_jsx_is_opaque_with_its_expressions_as_parts(suffix: str) -> None:
    source = "a = <b c={() => d.send()} {...e} f='g'><h>{i}</h>{/* j */}</b>; k = <></>"
    assert (
        dumped(source, suffix)
        == "(do (:= a (? (=> () (return (call (. d send)))) (... e) i))) (do (:= k (?)))"
    )


# Spans


def test_spans_are_those_of_the_source() -> None:
    data = WORKER.encode()
    found = {
        (type(node).__name__, data[node.start : node.end].decode()) for node, _ in nodes(lowered(WORKER))
    }
    assert {
        ("Import", "DurableObject"),
        ("Name", "stub"),
        ("Member", "env.ROOM.idFromName"),
        ("Call", "ctx.storage.get<number>(\"n\")"),
        ("Text", '"Upgrade"'),
        ("Text", "`no upgrade from ${request.url}`"),
        ("Text", "jo+in"),
        ("TableEntry", "webSocket: client"),
        ("Number", "101"),
        ("Parameter", "private readonly config: Config | null = null"),
        ("Parameter", '{ type = "text", ...rest }: Message'),
        ("TablePattern", '{ type = "text", ...rest }'),
        ("ArrayPattern", "[client, server]"),
        ("Declare", "stub = env.ROOM.get(env.ROOM.idFromName(new URL(request.url).pathname))"),
        ("ClassMember", "#sockets = new Map<WebSocket, { id: string }>()"),
        ("ClassMember", "static { register(this); }"),
        ("Operation", 'request.headers.get("Upgrade") !== "websocket"'),
        ("Return", "return await stub.fetch(request);"),
        ("Await", "await stub.fetch(request)"),
        ("Throw", 'throw new Error("full");'),
        ("Table", "{ message }"),
    } <= found  # fmt: skip


@pytest.mark.parametrize(
    "source", ["const r = !await a.f<T>(x).y", "const r = a + f<T>(x)", "const r = await f<T>`x`"]
)
def test_spans_of_what_the_grammar_misreads(source: str) -> None:
    found = {
        source[node.start : node.end] for node, _ in nodes(lowered(source)) if isinstance(node, EXPRESSION)
    }
    assert found <= {
        *("a", "a.f", "x", "a.f<T>(x)", "a.f<T>(x).y", "await a.f<T>(x).y", "!await a.f<T>(x).y", "r"),
        *("f", "f<T>(x)", "a + f<T>(x)", "f<T>`x`", "await f<T>`x`", "`x`"),
    }


def test_names_begin_where_they_are_written() -> None:
    data = WORKER.encode()
    for node, _ in nodes(lowered(WORKER)):
        if isinstance(node, tree.Name) and node.start != node.end:
            assert data[node.start : node.end].decode() in (node.name, "default", "/jo+in/")
        if isinstance(node, tree.Member) and node.object.start != node.object.end:
            assert data[node.name_start :].startswith(node.name.encode())
        if isinstance(node, tree.Function | tree.Class | tree.ClassMember) and node.name:
            at = data[node.name_start :]
            assert at.startswith(node.name.encode()) or node.name == "static {}"


def test_spans_are_byte_offsets() -> None:
    source = 'const é = "ü"; f(é)'
    call = lowered(source).body[1]
    assert source.encode()[call.start : call.end].decode() == "f(é)"


def test_worker() -> None:
    module = lowered(WORKER)
    assert [(item.specifier, item.imported) for item in module.imports] == [
        ("cloudflare:workers", "DurableObject")
    ]
    room, default = module.body
    assert isinstance(room, tree.Declare)
    assert isinstance(default, tree.Declare)
    assert isinstance(room.value, tree.Class)
    assert [(member.name, member.kind) for member in room.value.members] == [
        ("#sockets", "field"),
        ("count", "field"),
        ("static {}", "method"),
        ("constructor", "method"),
        ("fetch", "method"),
        ("webSocketMessage", "field"),
    ]
    assert isinstance(default.value, tree.Table)
    assert default.value.closed
    assert not any(isinstance(node, tree.Opaque) for node, _ in nodes(module))


def test_a_file_is_lowered_once() -> None:
    path = Path("/project/worker.ts")
    files = Files(overlay={path: b"a()"})
    file = files.read(path)
    assert file is not None
    assert lower(file, files) is lower(file, files)


# Bad input

N = 10_000
DEEP = {
    "arrays": "[" * N + "]" * N,
    "calls": "f(" * N + ")" * N,
    "new": "new X(" * N + ")" * N,
    "parentheses": "(" * N + "a" + ")" * N,
    "members": "a" + ".b" * N,
    "subscripts": "a" + "[0]" * N,
    "promises": "a" + ".then(b)" * N,
    "promises in promises": "a.then(() => " * N + "b" + ")" * N,
    "sums": "+".join(["a"] * N),
    "powers": "**".join(["a"] * N),
    "mixed operators": "a" + " + b - c" * N,
    "else if": "if (a) { b }" + " else if (a) { b }" * N + " else { c }",
    "if": "if (a) " * N + "b",
    "switch": "switch (a) {" + "".join(f"case {i}: f({i}); break;" for i in range(N)) + "default: g() }",
    "fallthrough": "switch (a) {" + "".join(f"case {i}: f({i});" for i in range(N)) + "default: g() }",
    "switches": "switch (a) { case 1: " * N + "}" * N,
    "blocks": "{" * N + "}" * N,
    "labels": "a:" * N + "b",
    "arrows": "a => " * N + "b",
    "default parameters": "(a = " * N + "b" + ") => c" * N,
    "ternaries": "a ? b : " * N + "c",
    "assignments": "a = " * N + "b",
    "prefixes": "!" * N + "a",
    "awaits": "await " * N + "a",
    "array patterns": "const " + "[" * N + "a" + "]" * N + " = b",
    "object patterns": "const " + "{a: " * N + "b" + "}" * N + " = c",
    "objects": "a = " + "{a: " * N + "1" + "}" * N,
    "methods": "a = " + "{a() { return " * N + "1" + "}}" * N,
    "functions": "function f() {" * N + "}" * N,
    "class fields": "a = " + "class { a = " * N + "1" + "}" * N,
    "class methods": "class A { a() { " * N + "}}" * N,
    "static blocks": "class A { static { " * N + "}}" * N,
    "bases": "class A extends " * N + "B" + " {}" * N,
    "templates": "`${" * N + "1" + "}`" * N,
    "sequence": ",".join("a" * N),
    "tries": "try {" * N + "} finally {}" * N,
    "loops": "for (;;) " * N + "a",
    "spreads": "[..." * N + "a" + "]" * N,
    "casts": "a" + " as A" * N,
    "assertions": "a" + "!" * N,
    "types": "function f(a: " + "A<" * N + "B" + ">" * N + ") {}",
    "unions": "function f(a: " + "|".join(["A"] * N) + ") {}",
    "elements": "a = " + "<a>{" * N + "}</a>" * N,
    "namespaces": "namespace a {" * N + "}" * N,
    "unclosed": "{[(" * N,
}


@pytest.mark.parametrize("suffix", [".ts", ".js", ".tsx"])
@pytest.mark.parametrize("kind", DEEP)
def test_nesting_is_bounded(kind: str, suffix: str) -> None:
    module = lowered(DEEP[kind], suffix)
    # An expression is a level, and up to two nodes that only hold it: an entry, an arrow's `return`; the deepest one
    # may be a class with its member
    assert max((depth for _, depth in nodes(module)), default=0) <= 2 * DEEPEST + 2


@pytest.mark.parametrize("calls", [200, 500, 800])
def test_what_is_left_of_the_stack_is_enough(calls: int) -> None:
    def deeper(left: int) -> None:
        if left:
            deeper(left - 1)
            return
        for kind in ("calls", "promises in promises", "static blocks", "class methods", "methods"):
            lowered(DEEP[kind])

    deeper(calls)


def test_the_far_end_of_a_long_chain_is_cut_off() -> None:
    source = "a" + "".join(f".get({index})" for index in range(1000))
    module = lowered(source)
    opaque = [node for node, _ in nodes(module) if isinstance(node, tree.Opaque)]
    numbers = {node.value for node, _ in nodes(module) if isinstance(node, tree.Number)}
    assert len(opaque) == 1
    assert source[opaque[0].start : opaque[0].end].startswith("a.get(0).get(1)")
    assert numbers == set(range(1000))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([".ts", ".js", ".tsx"]))
def test_bytes_never_raise(data: bytes, suffix: str) -> None:
    for node, _ in nodes(lowered(data, suffix)):
        assert 0 <= node.start <= node.end <= len(data)


PIECES = [
    "class",
    "function",
    "async",
    "*",
    "get",
    "set",
    "static",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "=>",
    ".",
    "?.",
    "...",
    "=",
    "??=",
    "+",
    "<",
    ">",
    "`",
    "${",
    "/",
    "'",
    '"',
    ",",
    ";",
    ":",
    "?",
    "!",
    "#",
    "@",
    "a",
    "b",
    "1",
    "if",
    "else",
    "for",
    "of",
    "in",
    "switch",
    "case",
    "default",
    "try",
    "catch",
    "finally",
    "return",
    "throw",
    "new",
    "await",
    "yield",
    "import",
    "export",
    "from",
    "as",
    "const",
    "let",
    "using",
    "enum",
    "namespace",
    "type",
    "<a>",
    "</a>",
    "this",
    "super",
    "constructor",
    "private",
    "\n",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from([".ts", ".js", ".tsx"]))
def test_words_never_raise(pieces: list[str], suffix: str) -> None:
    source = " ".join(pieces)
    for node, _ in nodes(lowered(source, suffix)):
        assert 0 <= node.start <= node.end <= len(source)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(WORKER)), st.integers(0, len(WORKER)), st.sampled_from([".ts", ".js", ".tsx"]))
def test_truncations_never_raise(start: int, end: int, suffix: str) -> None:
    lowered(WORKER[:end], suffix)
    lowered(WORKER[start:], suffix)
    lowered(WORKER[:start] + WORKER[end:], suffix)


# Relevance


@pytest.mark.parametrize(
    "source",
    [
        WORKER,
        "const pair = new WebSocketPair()",
        "server.accept()",
        'request.headers.get("upgrade")',
        "export const stub = (env, name) => env.ROOM.getByName(name)",
        "export default { fetch(request) {} }",
        "export const ok = () => Response.json({})",
        'import { Hono } from "hono"',
        "this.ctx.storage.setAlarm(1)",
        "ws.serializeAttachment({})",
    ],
)
def test_needed(source: str) -> None:
    assert needs_lowering(source.encode())


@pytest.mark.parametrize(
    "source", ["", "export const add = (a, b) => a + b", "const n = 1012", "type A = string"]
)
def test_not_needed(source: str) -> None:
    assert not needs_lowering(source.encode())
