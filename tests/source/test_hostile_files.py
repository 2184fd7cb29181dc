"""Files that real projects have and parsers dislike: no crash, nothing false, and work that grows with the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write
from wslint.source.flow.interpreter import Interpreter

CONFIG = """\
name = "match"
main = "index.{suffix}"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{{ name = "MATCH", class_name = "MatchDO" }}]
migrations = [{{ tag = "v1", new_sqlite_classes = ["MatchDO"] }}]
"""

RIGHT = """\
import { DurableObject } from "cloudflare:workers";
@IMPORTS
export class MatchDO extends DurableObject<Env> {
  @MEMBERS
  async fetch(request: Request): Promise<Response> {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  async webSocketMessage(ws: WebSocket, message: string | ArrayBuffer) {
    @BODY
    ws.send(message);
  }
  async webSocketClose(ws: WebSocket, code: number, reason: string) {
    ws.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}
@AFTER
export default {
  async fetch(request: Request, env: Env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
"""


def _source(*, imports: str = "", members: str = "", body: str = "", after: str = "") -> str:
    filled = RIGHT.replace("@IMPORTS", imports).replace("@MEMBERS", members)
    return filled.replace("@BODY", body).replace("@AFTER", after)


STRANGE = {
    "generic tagged templates": _source(
        members="sql<T>(parts: TemplateStringsArray, ...values: unknown[]): T[] {\n    return [];\n  }",
        body="const rows = this.sql<{ id: string; at: number }>`select id, at from moves where id = ${message}`;\n    "
        "const [first] = this.sql<Move>`select * from moves`;\n    console.log(rows, first);",
    ),
    "decorators": _source(
        imports='import { callable, observe } from "./decorators";',
        members='@observe({ deep: true }) accessor turn = 0;\n  @callable({ description: "a move" })\n  async move(@arg() id: string) {\n    '
        "return id;\n  }",
    ),
    "JSX": _source(
        after='export function Page({ name }: { name: string }) {\n  return (\n    <main class="match" onClick={() => alert(`<${name}>`)}>\n      '
        "{name && <b>{name}</b>} &nbsp; {/* a comment */}\n      <></>\n    </main>\n  );\n}\n"
    ),
    "types at their worst": _source(
        imports='import type { A } from "./a";\ndeclare module "x" { export const y: number; }',
        after="type Deep<T> = T extends (infer U)[] ? Deep<U> : { [K in keyof T as `on${Capitalize<K & string>}`]?: T[K] };\n"
        "function assertIs<T>(value: unknown): asserts value is T {}\nabstract class Q<in out T> { declare x?: T; static { Q; } }\n"
        "enum Color { Red = 1 << 2 }\nnamespace N.M { export let z = 1; }\nlet u = <any>N; let v = u!.a!?.b satisfies A;\n",
    ),
    "a byte order mark and odd line ends": "\ufeff" + _source().replace("\n", "\r\n"),
    "characters beyond the plane": _source(body='ws.send("\U0001f98a \u202e \\u{1F98A}");'),
    "a label, a generator, a getter": _source(
        members="get size() {\n    return this.ctx.getWebSockets().length;\n  }\n  *ids() {\n    yield* [1, 2];\n  }\n  static #made = 0;\n  static make = async () => MatchDO.#made++;",
        body="outer: for (const id of this.ids()) for (;;) { if (id) continue outer; else break outer; }",
    ),
}

BROKEN = {
    "an unclosed template": _source(after="const broken = `select ${"),
    "an unclosed class": _source(after="class Broken { method( {"),
    "a merge conflict": _source(
        body="<<<<<<< HEAD\n    const a = 1;\n=======\n    const a = 2;\n>>>>>>> other"
    ),
    "half a handler": _source().replace("ws.send(message);", "ws.send(message"),
    "binary": "\x00\x01\x02 export class MatchDO \xff",
    "nothing": "",
    "only a comment": "// @ts-nocheck",
}


@pytest.mark.parametrize("source", STRANGE.values(), ids=STRANGE)
def test_nothing_false_is_said_of_strange_files(source: str, tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG.format(suffix="tsx" if "<main" in source else "ts")}, tmp_path)
    name = "index.tsx" if "<main" in source else "index.ts"
    (tmp_path / name).write_bytes(source.encode())
    found = check_folder(tmp_path).findings
    assert [f"{item.code} {item.span.first.line} {item.message}" for item in found] == []


@pytest.mark.parametrize("source", BROKEN.values(), ids=BROKEN)
def test_broken_files_cause_no_crash_and_no_handshake_error(source: str, tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG.format(suffix="ts")}, tmp_path)
    (tmp_path / "index.ts").write_text(source, encoding="latin-1")
    codes = [item.code for item in check_folder(tmp_path).findings if item.code[2] in "45678"]
    assert codes == []


def _minified(functions: int) -> str:
    """One line as bundlers write it: short names, commas, calls of calls."""
    parts = ['import{DurableObject as D}from"cloudflare:workers";']
    for number in range(functions):
        other = f"f{number // 2}" if number else "String"
        parts.append(f"var f{number}=(e,t=0)=>e?(t++,{other}(e.a?.b??[t,{{c:e}}])):null;")
    parts.append(
        'export class MatchDO extends D{async fetch(e){if(e.headers.get("Upgrade")!=="websocket")return new Response(null,{status:426});'
        "let[t,n]=Object.values(new WebSocketPair());return this.ctx.acceptWebSocket(n),new Response(null,{status:101,webSocket:t})}"
        "webSocketMessage(e,t){f9(t),e.send(t)}webSocketClose(e,t,n){e.close(t===1005||t===1006?1e3:t,n)}}"
        'export default{fetch:(e,t)=>t.MATCH.getByName("lobby").fetch(e)};'
    )
    return "".join(parts)


def _long(functions: int) -> str:
    """Four lines a function, each calling one further up."""
    helpers = "\n".join(
        f"  step{number}(state: unknown, depth: number): unknown {{\n    if (!depth) return {{ state, at: Date.now() }};\n    "
        f"return this.step{number // 2}({{ state, seen: depth }}, depth - 1);\n  }}"
        for number in range(functions)
    )
    return _source(
        members=helpers, body=f"const state = this.step{functions - 1}(message, 3);\n    console.log(state);"
    )


def _steps(
    folder: Path, source: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, bool, list[str]]:
    """How many expressions were evaluated, whether no bound was met, and what was found."""
    made: list[Interpreter] = []
    start = Interpreter.__init__

    def noted(self: Interpreter, *arguments: object) -> None:
        start(self, *arguments)  # type: ignore[arg-type]
        made.append(self)

    monkeypatch.setattr(Interpreter, "__init__", noted)
    folder.mkdir()
    write({"wrangler.toml": CONFIG.format(suffix=suffix), f"index.{suffix}": source}, folder)
    found = [item.code for item in check_folder(folder).findings]
    monkeypatch.undo()
    return sum(one.steps for one in made), all(one.flow.complete for one in made), found


@pytest.mark.parametrize(
    ("make", "suffix", "size"), [(_minified, "js", 400), (_long, "ts", 625)], ids=["minified", "5,000 lines"]
)
def test_the_work_grows_with_the_file(
    make: object, suffix: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(make)
    small = _steps(tmp_path / "small", make(size), suffix, monkeypatch)
    large = _steps(tmp_path / "large", make(2 * size), suffix, monkeypatch)
    assert small[2] == large[2] == []
    assert small[1] and large[1]
    assert large[0] < 2.5 * small[0]


def test_a_function_that_walks_its_own_kind_ends_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resolver of schemas calls itself for each property: each call looks like a new one."""
    walker = """\
function resolve(schema: any, seen: any[]): any {
  if (schema.items) return resolve(schema.items, [...seen, schema]);
  if (schema.additionalProperties) return resolve(schema.additionalProperties, [schema]);
  for (const part of schema.anyOf ?? []) resolve(part, seen);
  for (const part of schema.allOf ?? []) resolve(part.not, [part, ...seen]);
  for (const name of Object.keys(schema.properties)) resolve(schema.properties[name], [name, schema]);
  return resolve(schema.definitions.root, seen) ?? resolve(schema.$defs.root, seen);
}
"""
    steps, complete, found = _steps(
        tmp_path / "walk",
        _source(body="resolve(JSON.parse(String(message)), []);", after=walker),
        "ts",
        monkeypatch,
    )
    assert complete
    assert steps < 20_000
    assert [code for code in found if code != "WS512"] == []


def test_a_lone_return_ends_a_line_in_every_reader(tmp_path: Path) -> None:
    """Python's `ast` counts it, tree-sitter does not: places of both are those of the text."""
    from tests.pages import check_folder, write
    from wslint import fix

    config = 'name = "m"\nmain = "entry.py"\ncompatibility_date = "2026-07-01"\ncompatibility_flags = ["python_workers"]\n'
    config += '[[durable_objects.bindings]]\nname = "MATCH"\nclass_name = "MatchDO"\n'
    config += '[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["MatchDO"]\n'
    code = (
        "from workers import DurableObject, WorkerEntrypoint\r# a\fb\x85c\u2028d\r\n"
        "class MatchDO(DurableObject):\r    pass\r"
        "class Default(WorkerEntrypoint):\n    async def fetch(self, request):\r"
        '        return await self.env.MATCH.get_by_name("lobby").fetch(request)\r'
    )
    write({"wrangler.toml": config, "entry.py": code}, tmp_path)
    found = [finding for finding in check_folder(tmp_path).findings if finding.span.file.name == "entry.py"]
    (misspelt,) = (finding for finding in found if "get_by_name" in finding.span.text)
    assert misspelt.span.first.line == 7
    texts, _ = fix.apply(found, unsafe=True)
    assert texts[tmp_path / "entry.py"].decode() == code.replace("get_by_name", "getByName")


# Depth and growth


RUST_CARGO = '[package]\nname = "m"\nversion = "0.1.0"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\nworker = "0.8"\n'
RUST = """\
use worker::*;
#[durable_object]
pub struct MatchDO { state: State }
impl DurableObject for MatchDO {
    fn new(state: State, _env: Env) -> Self { Self { state } }
    async fn fetch(&self, req: Request) -> Result<Response> {
        @
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        Response::from_websocket(pair.client)
    }
}
#[event(fetch)]
async fn main(req: Request, env: Env, _ctx: Context) -> Result<Response> {
    env.durable_object("MATCH")?.get_by_name("a")?.fetch_with_request(req).await
}
"""
PYTHON = """\
from workers import DurableObject, Response, WorkerEntrypoint
from js import WebSocketPair
class MatchDO(DurableObject):
    async def fetch(self, request):
        @
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.MATCH.getByName("a").fetch(request)
"""
DEEP_RUST = {
    "blocks": ("{", "1;", "}"),
    "unsafe": ("unsafe {", "1;", "}"),
    "if": ("if a {", "", "}"),
    "else if": ("if a {} ", "", "else if b {} "),
    "if let": ("if let Some(x) = y {", "", "}"),
    "match": ("match a { _ => ", "1", "}"),
    "arms": ("", "match a { @ _ => 1 }", ""),
    "loops": ("loop {", "", "}"),
    "parentheses": ("let x = (", "1", ");"),
    "tuples": ("let (", "a", ") = 1;"),
    "patterns": ("let Some((", "a", ")) = 1 else { return };"),
    "unary": ("!", "x", ""),
    "chains": ("", "x", ".y()"),
    "sums": ("a + ", "b;", ""),
    "closures": ("|| ", "1;", ""),
    "calls": ("f(", "1", ")"),
    "generics": ("let x: A<", "B", "> = 1;"),
    "modules": ("", "}}}} @ fn x() {{{{", ""),
    "awaits": ("", "x", ".await"),
    "questions": ("", "x", "?"),
}
DEEP_PYTHON = {
    "elif": ("if a: pass\n        ", "", "elif b: pass\n        "),
    "sums": ("x = a", "", " + b"),
    "not": ("x = ", "b", "not "),
    "chains": ("x = a", "", ".b()"),
    "attributes": ("x = a", "", ".b"),
    "subscripts": ("x = a", "", "[0]"),
    "parentheses": ("x = (", "1", ")"),
    "tuples": ("(", "a", ",) = b"),
    "lambdas": ("x = lambda: ", "1", ""),
    "ternaries": ("x = a if b else ", "c", ""),
    "awaits": ("x = ", "b", "await "),
    "ands": ("x = a", "", " and b"),
    "comparisons": ("x = a", "", " < b"),
    "f-strings": ("x = f'{", "a", "}'"),
    "matches": ("match a:\n", "", "            case 1: pass\n"),
}


@pytest.mark.parametrize("levels", [60, 180, 2_000])
@pytest.mark.parametrize("kind", DEEP_RUST)
def test_rust_nests_as_deep_as_it_likes(kind: str, levels: int, tmp_path: Path) -> None:
    before, middle, after = DEEP_RUST[kind]
    if kind == "arms":
        body = middle.replace("@", "".join(f"{number} => {number}, " for number in range(levels)))
    elif kind == "modules":
        body = middle.replace("@", "mod a { " * levels + "}" * levels)
    elif kind == "else if":
        body = before + after * levels
    else:
        body = before * levels + middle + after * levels
    config = CONFIG.format(suffix="js").replace("index.js", "build/index.js")
    write(
        {"wrangler.toml": config, "Cargo.toml": RUST_CARGO, "src/lib.rs": RUST.replace("@", body)}, tmp_path
    )
    check_folder(tmp_path)
    if levels < 100:
        _trace(tmp_path)


@pytest.mark.parametrize("levels", [60, 180, 2_000])
@pytest.mark.parametrize("kind", DEEP_PYTHON)
def test_python_nests_as_deep_as_it_likes(kind: str, levels: int, tmp_path: Path) -> None:
    before, middle, after = DEEP_PYTHON[kind]
    repeats_before = kind in ("parentheses", "tuples", "lambdas", "ternaries", "f-strings")
    body = (before * levels + middle + after * levels) if repeats_before else before + after * levels + middle
    config = CONFIG.format(suffix="py") + 'compatibility_flags = ["python_workers"]\n'
    config = 'compatibility_flags = ["python_workers"]\n' + CONFIG.format(suffix="py")
    write({"wrangler.toml": config, "index.py": PYTHON.replace("@", body)}, tmp_path)
    check_folder(tmp_path)
    if levels < 100:
        _trace(tmp_path)


def _trace(folder: Path) -> None:
    from wslint.files import Files
    from wslint.trace import predict

    workspace, findings = predict.open_folder([folder], Files(folder))
    for worker in workspace.workers:
        predict.trace_worker(worker, "/ws/ABCDE", findings)


def test_a_match_of_a_hundred_arms_is_still_followed(tmp_path: Path) -> None:
    """Depth is no reason to miss what stands behind it."""
    arms = "match a { " + "".join(f"{number} => {{}}, " for number in range(100)) + " _ => {} }"
    config = CONFIG.format(suffix="js").replace("index.js", "build/index.js")
    files = {"wrangler.toml": config, "Cargo.toml": RUST_CARGO}
    broken = RUST.replace("@", arms).replace("self.state.accept_web_socket(&pair.server);", "")
    write({**files, "src/lib.rs": broken}, tmp_path / "deep")
    write({**files, "src/lib.rs": broken.replace(arms, "")}, tmp_path / "flat")
    deep, flat = (check_folder(tmp_path / name) for name in ("deep", "flat"))
    assert [one.code for one in deep.findings] == [one.code for one in flat.findings]


GROWING = {
    "scripts": lambda size: {"public/index.html": "<script>new WebSocket('/ws');</script>\n" * size},
    "scripts that are not closed": lambda size: {
        "public/index.html": "<script>" * size + "new WebSocket('/ws')"
    },
    "tags that are not closed": lambda size: {
        "public/index.html": "<script " * size + "new WebSocket('/ws')"
    },
    "suppressions": lambda size: {"index.js": RIGHT_JS + "// wslint: ignore[WS401] x\n" * size},
    "environments": lambda size: {
        "wrangler.toml": CONFIG.format(suffix="js")
        + "".join(f'[env.e{n}]\nname = "e{n}"\n' for n in range(size))
    },
    "flags": lambda size: {
        "wrangler.toml": f"compatibility_flags = {[f'flag{n}' for n in range(size)]}\n"
        + CONFIG.format(suffix="js")
    },
    "else if": lambda size: {"index.js": RIGHT_JS + "if (a) {} " + "else if (b) {} " * size},
    "nested classes": lambda size: {"index.js": RIGHT_JS + "class A { m() { " * size + "} }" * size},
}
RIGHT_JS = (
    'import { DurableObject } from "cloudflare:workers";\nexport class MatchDO extends DurableObject {}\n'
    'export default { async fetch(request, env) { return env.MATCH.getByName("a").fetch(request); } };\n'
)


@pytest.mark.parametrize("kind", GROWING)
def test_work_grows_with_the_file(kind: str, tmp_path: Path) -> None:
    """Counted in calls, not in seconds: a machine that is busy elsewhere says the same."""
    import sys

    counts = []
    write({"wrangler.toml": CONFIG.format(suffix="js"), "index.js": RIGHT_JS}, tmp_path / "first")
    check_folder(tmp_path / "first")  # what is loaded once is no growth
    for number, size in enumerate((25, 100, 400) if kind == "environments" else (50, 200, 800)):
        folder = tmp_path / str(number)
        write(
            {"wrangler.toml": CONFIG.format(suffix="js"), "index.js": RIGHT_JS, **GROWING[kind](size)}, folder
        )
        calls = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        sys.setprofile(count)
        try:
            check_folder(folder)
        finally:
            sys.setprofile(None)
        counts.append(calls)
    assert (counts[2] - counts[1]) / max(counts[1] - counts[0], 1) < 6, counts  # 4 is linear, 16 is quadratic
