"""Pages `functions/`: the router that Pages compiles the files to, written out as a module.

Each file is a route by its place, each `_middleware` runs around those in its folder, and what they get is one
context. Written as code, all that follows requests through a Worker follows them here too. The module exists in
memory only: what is said of it, and not of a file of the project, is left out of every report.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from wslint import system
from wslint.files import Files
from wslint.project.names import FUNCTIONS, ROUTER, is_router
from wslint.record import frozen
from wslint.source import tree
from wslint.source.javascript.literals import script_at
from wslint.source.javascript.module import read_module
from wslint.text import SourceFile

_SUFFIXES = (".js", ".ts", ".mjs", ".mts", ".jsx", ".tsx")
_METHODS = ("Get", "Post", "Put", "Patch", "Delete", "Head", "Options")
_MOST_FILES = 500


@frozen
class Handler:
    """One export that answers: the name the router gives it, the module, its export, the method it is for
    (empty for all), and how many functions it lists (0: it is one)."""

    local: str
    specifier: str
    exported: str
    method: str
    listed: int


@frozen
class Route:
    """A file with its handlers, and those of the middlewares around it, the outermost first."""

    pattern: str
    handlers: tuple[Handler, ...]
    around: tuple[tuple[Handler, ...], ...]


def router_of(folder: Path, files: Files) -> SourceFile | None:
    """The router over `functions/` in a folder; None where no file there has a handler."""
    place = folder / FUNCTIONS
    routes = sorted(_routes(place, files), key=lambda route: (_openness(route.pattern), route.pattern))
    if not routes:
        return None
    lines = []
    for handler in dict.fromkeys(
        each for route in routes for group in (route.handlers, *route.around) for each in group
    ):
        lines.append(
            f"import {{ {handler.exported} as {handler.local} }} from {json.dumps(handler.specifier)};"
        )
    lines += [
        "export default {",
        "  async fetch(request, env, ctx) {",
        "    const url = new URL(request.url);",
    ]
    for index, route in enumerate(routes):
        lines += _branch(route, index)
    lines += ["    return env.ASSETS.fetch(request);", "  },", "};", ""]
    path = place / ROUTER
    return SourceFile(path, f"{files.name(place)}/", "\n".join(lines).encode())


def _openness(pattern: str) -> tuple[int, int]:
    """Fixed paths are tried before those with a parameter, and those before what takes everything below."""
    return pattern.count("[["), pattern.count("[")


def _branch(route: Route, index: int) -> Iterator[str]:
    yield f"    if ({_condition(route.pattern)}) {{"
    chain = [*route.around, route.handlers]
    inner = "env.ASSETS.fetch(request)"
    for depth, group in enumerate(reversed(chain)):
        for handler in group:
            names = [f"{handler.local}[{each}]" for each in range(handler.listed)] or [handler.local]
            for step, name in enumerate(reversed(names)):
                context = f"c{index}_{depth}_{handler.local}_{step}"
                yield (
                    f"      const {context} = {{ request, env, params: {{}}, data: {{}},"
                    f" waitUntil: (promise) => ctx.waitUntil(promise), next: () => {inner} }};"
                )
                inner = f"{name}({context})"
    last = chain[-1]
    only = {handler.method for handler in last}
    if "" not in only and len(only) == 1 and not route.around:
        yield f'      if (request.method === "{next(iter(only)).upper()}") return {inner};'
    else:
        yield f"      return {inner};"
    yield "    }"


def _condition(pattern: str) -> str:
    """A test of the path: `[id]` stands for one part of it, `[[path]]` for all that follows."""
    if "[" not in pattern:
        return f"url.pathname === {json.dumps(pattern)}"
    parts = []
    for part in pattern.strip("/").split("/"):
        if part.startswith("[["):
            parts.append("(?:\\/.*)?")
        elif part.startswith("["):
            parts.append("\\/[^/]+")
        else:
            parts.append("\\/" + re.escape(part).replace("/", "\\/"))
    return f"/^{''.join(parts)}$/.test(url.pathname)"


def _routes(place: Path, files: Files) -> Iterator[Route]:
    number = 0
    middlewares: dict[Path, tuple[Handler, ...]] = {}
    for path in _files(place, files):
        number += 1
        handlers = tuple(_handlers(path, place, f"h{number}", files))
        if path.stem == "_middleware":
            middlewares[path.parent] = handlers
            continue
        if handlers:
            inner = path.relative_to(place).with_suffix("")
            parts = [part for part in inner.parts if part != "index" or part != inner.name]
            above = [folder for folder in (place, *_between(place, path.parent)) if folder in middlewares]
            around = tuple(middlewares[folder] for folder in above if middlewares[folder])
            yield Route("/" + "/".join(parts), handlers, around)


def _between(top: Path, folder: Path) -> list[Path]:
    inner = folder.relative_to(top).parts
    return [top.joinpath(*inner[: index + 1]) for index in range(len(inner))]


def _files(place: Path, files: Files) -> Iterator[Path]:
    """The modules below `functions/`, a folder's middleware before everything else in it."""
    waiting, left = [place], _MOST_FILES
    while waiting and left > 0:
        folder = waiting.pop(0)
        names = sorted(files.listing(folder), key=lambda name: (not name.startswith("_middleware."), name))
        for name in names:
            left -= 1
            path = folder / name
            if name.endswith(_SUFFIXES) and not name.endswith((".d.ts", ".test.ts", ".test.js", ".spec.ts")):
                yield path
            elif (
                "." not in name and files.is_dir(path) and not system.is_link(path) and name != "node_modules"
            ):
                waiting.append(path)


def _handlers(path: Path, place: Path, local: str, files: Files) -> Iterator[Handler]:
    """The handlers that answer a GET, which a handshake is, before the one for all methods; others only where
    there is neither."""
    file = files.read(path) if files.is_file(path) else None
    if file is None or is_router(path):
        return
    exported = read_module(files, file).exports
    specifier = "./" + path.relative_to(place).as_posix()
    for method in ("Get", ""):
        name = f"onRequest{method}"
        if name in exported:
            yield Handler(f"{local}{method}", specifier, name, method, _listed(path, name, files))
            return
    for method in _METHODS:
        name = f"onRequest{method}"
        if name in exported:
            yield Handler(f"{local}{method}", specifier, name, method, _listed(path, name, files))
            return


def _listed(path: Path, name: str, files: Files) -> int:
    """How many functions a handler that is an array has; 0 for a function."""
    script = script_at(path, files)
    value = script.settle(tree.Name(0, 0, name)) if script is not None else None
    return len(value.items) if isinstance(value, tree.Array) else 0
