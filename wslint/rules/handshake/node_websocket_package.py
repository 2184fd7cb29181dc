"""The `ws` package in a Worker.

## What it does
Finds `new` of what is imported from `ws` (a client, `WebSocketServer`, `WebSocket.Server`) in code that a Worker's
entrypoint reaches.

## Why it fails
The package speaks through Node's sockets. For Workers its browser build is bundled, which is one function that throws
`ws does not work in the browser`, and has no `WebSocketServer`: at the top of a module the Worker does not start, in a
handler the request answers 500. `nodejs_compat` does not help.

## Example
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs_compat"]
```
```js index.js
import WebSocket from "ws";

export default {
  async fetch() {
    const feed = new WebSocket("wss://scores.example/live");
    const first = await new Promise((resolve, reject) => {
      feed.on("message", (data) => resolve(data.toString()));
      feed.on("error", reject);
    });
    return new Response(first);
  },
};
```

## Use instead
```toml wrangler.toml
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
```
```js index.js
export default {
  async fetch() {
    const feed = new WebSocket("wss://scores.example/live");
    const first = await new Promise((resolve, reject) => {
      feed.addEventListener("open", () => feed.send("who plays?"));
      feed.addEventListener("message", (event) => resolve(event.data));
      feed.addEventListener("error", reject);
    });
    return new Response(first);
  },
};
```

## Not a finding when
- Only a type of the package is used, or the import is dynamic.
- The file asks whether there is a WebSocket of the runtime's first (`typeof WebSocket`, `globalThis.WebSocket`).
- `alias` replaces the package, package.json gives its name to another one, or another bundler than wrangler or Vite
  makes `main`.

## Source
- https://github.com/sveltejs/kit/issues/12007
- workerd 1.20261117.1, run with ws 8.18: the words above; `import_ws.WebSocketServer is not a constructor`.
"""

from __future__ import annotations

from collections.abc import Iterator

from wslint.finding import Label, Severity
from wslint.regex import regex
from wslint.rules import Outcome, Rule
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import SourceFile, Span
from wslint.worker import Worker

RULE = Rule(
    "WS489",
    "node-websocket-package",
    Severity.ERROR,
    causes=("L18",),
    languages=("javascript",),
    needs=("javascript",),
)

_PACKAGE = "ws"
_ASKS_FIRST = regex(
    rb"typeof\s+WebSocket\b|\b(?:globalThis|self|window)\s*(?:\?\.|\.|\[)\s*['\"]?WebSocket\b"
)
_SERVERS = ("WebSocketServer", "Server")


def check(worker: Worker) -> Iterator[Outcome]:
    from wslint.source.javascript.lower import lower

    if worker.source is None or not _is_bundled_for_workers(worker):
        return
    for file in worker.source.files:
        if b"ws" not in file.data or _ASKS_FIRST.search(file.data):
            continue
        module = lower(file, worker.workspace.files)
        imported = {one.local: one for one in module.imports if one.specifier == _PACKAGE}
        declared = _declared(module) if imported else set()
        inside = _in_functions(module) if imported else set()
        for node in nodes_in(module.body) if imported else ():
            one, is_default = _constructed(node, imported)
            if one is None or one.local in declared:
                continue
            yield _finding(file, node, one, (is_default, id(node) not in inside))


def _is_bundled_for_workers(worker: Worker) -> bool:
    """Whether wrangler or Vite bundles the source that is read here, and takes the package's build for browsers."""
    assert worker.source is not None
    main, path = worker.config.main_path, worker.source.entrypoint.path
    if (
        main is None
        or worker.config.value("no_bundle") is not None
        or not path.match(main.removeprefix("./"))
    ):
        return False
    alias = worker.config.value("alias") or worker.config.root.get("alias")
    return (alias is None or _PACKAGE not in alias.entries) and worker.package_name(_PACKAGE) == _PACKAGE


def _constructed(node: tree.Node, imported: dict[str, tree.Import]) -> tuple[tree.Import | None, bool]:
    """What of the package `new` makes; whether it is the one function that its browser build has."""
    if not isinstance(node, tree.Call) or not node.new:
        return None, False
    made = node.function
    if isinstance(made, tree.Name) and made.name in imported:
        one = imported[made.name]
        return (one, one.imported == "default") if one.imported != "*" else (None, False)
    if isinstance(made, tree.Member) and isinstance(made.object, tree.Name) and made.object.name in imported:
        one = imported[made.object.name]
        if one.imported == "*":
            return one, made.name == "default"
        return (one, False) if made.name in _SERVERS else (None, False)
    return None, False


def _declared(module: tree.Module) -> set[str]:
    """Names that something in the file declares once more."""
    found: set[str] = set()
    for node in nodes_in(module.body):
        if isinstance(node, tree.Declare | tree.Parameter) and isinstance(node.pattern, tree.Name):
            found.add(node.pattern.name)
    return found


def _in_functions(module: tree.Module) -> set[int]:
    return {
        id(inner)
        for node in nodes_in(module.body)
        if isinstance(node, tree.Function)
        for inner in nodes_in(node.body)
    }


def _finding(file: SourceFile, node: tree.Node, one: tree.Import, how: tuple[bool, bool]) -> Outcome:
    is_default, at_load = how
    words = "ws does not work in the browser" if is_default else f"{one.imported} is not a constructor"
    if not is_default and one.imported in ("*", "default"):
        words = "… is not a constructor"
    effect = "the Worker does not start" if at_load else "this throws"
    return RULE.finding(
        Span(file, node.start, node.end).head(),
        f"{effect}: `{words}`, because for Workers `ws` is bundled as for browsers",
        labels=(Label(Span(file, one.start, one.end), "the package that needs Node's sockets"),),
        help="use the runtime's own `new WebSocket(url)`, and `new WebSocketPair()` to serve one",
    )
