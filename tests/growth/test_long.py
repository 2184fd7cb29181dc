"""Files in which one thing stands thousands of times: four times as many take about four times the time.

What one function does inside, in a comprehension or in a search, no count of steps sees. The ratio of two times is no
clock: a machine that is slow is slow at both. It is measured again where it is large, as a machine may be busy once."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pages import check_folder, write
from tests.source.test_hostile_files import CONFIG, PYTHON, RIGHT_JS, RUST, RUST_CARGO, _source

SIZE = 1500
MOST = 7.0
"""Four is linear, sixteen is quadratic."""
NOTHING = 0.3
"""Seconds: what is no longer is not measured."""

Files = dict[str, str]


def each(text: str, count: int) -> str:
    return "".join(text.replace("#", str(number)).replace("@", str(number + 1)) for number in range(count))


def typescript(after: str = "", body: str = "", imports: str = "") -> Files:
    return {
        "wrangler.toml": CONFIG.format(suffix="ts"),
        "index.ts": _source(after=after, body=body, imports=imports),
    }


def python(body: str = "pass", before: str = "") -> Files:
    config = 'compatibility_flags = ["python_workers"]\n' + CONFIG.format(suffix="py")
    return {"wrangler.toml": config, "index.py": before + PYTHON.replace("@", body)}


def rust(body: str = "", after: str = "") -> Files:
    config = CONFIG.format(suffix="js").replace("index.js", "build/index.js")
    return {"wrangler.toml": config, "Cargo.toml": RUST_CARGO, "src/lib.rs": RUST.replace("@", body) + after}


def configuration(more: str) -> Files:
    return {"wrangler.toml": CONFIG.format(suffix="js") + more, "index.js": RIGHT_JS}


ACCEPT = """\
const id = new URL(request.url).searchParams.get("id");
    const pair = new WebSocketPair();
    const server = pair[1];
"""


def page(script: str) -> Files:
    config = 'assets = { directory = "public" }\n' + CONFIG.format(suffix="js")
    return {
        "wrangler.toml": config,
        "index.js": RIGHT_JS,
        "public/index.html": f"<script>\n{script}</script>\n",
    }


LONG: dict[str, Callable[[int], Files]] = {
    "classes": lambda count: typescript(each("class C# {}\n", count)),
    "exported classes": lambda count: typescript(each("export class C# {}\n", count)),
    "a chain of classes": lambda count: typescript(
        f"class C{count} {{}}\n" + each("class C# extends C@ {}\n", count)
    ),
    "imports": lambda count: typescript(imports=each('import { a# } from "pkg#";\n', 4 * count)),
    "arguments": lambda count: typescript(f"f({each('#, ', 4 * count)});"),
    "parts of a template": lambda count: typescript("const t = `" + each("${a#} ", 2 * count) + "`;"),
    "pairs": lambda count: typescript(body=each("new WebSocketPair();\n", count)),
    "accepts": lambda count: typescript(body=ACCEPT + each("server.accept();\n", count)),
    "sockets by their id": lambda count: typescript(
        body=ACCEPT + "server.accept();\n" + each("this.sockets.set(id, server);\n", count)
    ),
    "sockets of a page": lambda count: page(
        each("const s# = new WebSocket(`wss://${location.host}/ws`);\n", count)
    ),
    "exports of the context": lambda count: typescript(
        body=each('this.ctx.exports.MatchDO.getByName("a");\n', count)
    ),
    "a chain of middleware": lambda count: {
        "wrangler.toml": CONFIG.format(suffix="js"),
        "index.js": 'import { Hono } from "hono";\n'
        'import { poweredBy } from "hono/powered-by";\n'
        'import { MatchDO } from "./match";\n'
        "export { MatchDO };\nconst app = new Hono();\n"
        + each('app.use("*", poweredBy());\n', count)
        + "export default app;\n",
        "match.js": RIGHT_JS,
    },
    "reads of env": lambda count: typescript(body=each("this.env.A#;\n", 2 * count)),
    "else if": lambda count: typescript(body="if (a) {} " + "else if (b) {} " * (2 * count)),
    "??": lambda count: typescript(body="x = a" + " ?? b" * (count // 10) + ";"),
    "migrations": lambda count: configuration('[[migrations]]\ntag = "v1"\n' * count),
    "classes of a migration": lambda count: configuration(
        '[[migrations]]\ntag = "v9"\nnew_sqlite_classes = [' + each('"C#", ', 2 * count) + "]\n"
    ),
    "one class of a migration": lambda count: configuration(
        '[[migrations]]\ntag = "v9"\nnew_sqlite_classes = [' + '"C", ' * (2 * count) + "]\n"
    ),
    "routes": lambda count: {
        "wrangler.toml": f"routes = [{each(chr(34) + 'a.example.com/*' + chr(34) + ', ', 2 * count)}]\n"
        + CONFIG.format(suffix="js"),
        "index.js": RIGHT_JS,
    },
    "classes of Python": lambda count: python(before=each("class C#: pass\n", count)),
    "a chain of Python": lambda count: python(
        before="class C0: pass\n" + each("class C@(C#): pass\n", count)
    ),
    "calls of Python": lambda count: python("x = 1" + each("\n        f(#)", count)),
    "functions of Rust": lambda count: rust(after=each("fn f#() {}\n", count)),
    "awaits of Rust": lambda count: rust(body=each("stub.fetch_with_request(req).await?;\n", count)),
    "structs of Rust": lambda count: rust(after=each("struct S#;\n", count)),
}


def seconds(files: Files, folder: Path) -> float:
    """What a check takes without collections: those go through what all other tests have left, too."""
    write(files, folder)
    gc.disable()
    try:
        start = time.process_time()
        check_folder(folder)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("kind", LONG)
def test_four_times_as_many_take_four_times_the_time(kind: str, tmp_path: Path) -> None:
    make = LONG[kind]
    seconds(make(2), tmp_path / "first")  # what is loaded once is no growth
    times: list[tuple[float, float]] = []
    for attempt in range(3):
        once, four = (seconds(make(SIZE * by), tmp_path / f"{attempt}-{by}") for by in (1, 4))
        times.append((once, four))
        if four < max(MOST * once, NOTHING):
            return
    pytest.fail(f"{kind}: {times}")
