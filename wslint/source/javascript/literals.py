"""JavaScript configurations (vite.config.ts, svelte.config.js …) read as far as their literals go.

Nothing is run. A value is looked for through names, `defineConfig(…)`, functions with one answer and the usual
ways to write a path; where those end, the answer is None.
"""

from __future__ import annotations

import os
from pathlib import Path

from wslint.files import Files
from wslint.source import tree
from wslint.source.nodes import nodes_in
from wslint.text import SourceFile, Span

SUFFIXES = ("ts", "mts", "js", "mjs", "cts", "cjs")
_MOST_STEPS = 50
_MOST_STEPS_IN_ALL = 200_000
"""No configuration that a person wrote takes a hundredth of it."""
_JOINS = frozenset({"resolve", "join", "normalize"})
_HERE = frozenset({"__dirname", "import.meta.dirname", "process.cwd"})


class Script:
    """One configuration or build script."""

    def __init__(self, file: SourceFile, module: tree.Module) -> None:
        self.file = file
        self.imports = {item.local: item for item in module.imports}
        self.body = module.body
        self._steps = 0
        self._depth = 0  # names may stand for each other in a circle
        self._names: dict[str, list[tree.Expression | None]] = {}
        for node in nodes_in(module.body):
            if isinstance(node, tree.Declare) and isinstance(node.pattern, tree.Name):
                self._names.setdefault(node.pattern.name, []).append(node.value)

    @property
    def exported(self) -> tree.Expression | None:
        """The default export, or what a CommonJS module exports, settled."""
        declared = self._names.get("default", [])
        if declared:
            return self.settle(declared[-1])
        for statement in self.body:
            value = statement.value if isinstance(statement, tree.Do) else None
            if isinstance(value, tree.Assign) and _dotted(value.target) in (
                "module.exports",
                "exports.default",
            ):
                return self.settle(value.value)
        return None

    def settle(self, node: tree.Expression | None) -> tree.Expression | None:
        """A value behind names, `await`, a helper that returns its argument, and functions with one `return`."""
        if not self._enter():
            return node
        try:
            return self._settled(node)
        finally:
            self._depth -= 1

    def _enter(self) -> bool:
        """Whether to look further: not too deep, and not for ever."""
        self._steps += 1
        if self._depth > _MOST_STEPS or self._steps > _MOST_STEPS_IN_ALL:
            return False
        self._depth += 1
        return True

    def _settled(self, node: tree.Expression | None) -> tree.Expression | None:
        for _ in range(_MOST_STEPS):
            if isinstance(node, tree.Name):
                values = self._names.get(node.name, [])
                if len(values) != 1:
                    return node
                node = values[0]
            elif isinstance(node, tree.Await):
                node = node.value
            elif isinstance(node, tree.Function):
                returned = [each for each in node.body if isinstance(each, tree.Return)]
                if len(returned) != 1 or any(isinstance(each, tree.If) for each in node.body):
                    return node
                node = returned[0].value
            elif isinstance(node, tree.Call) and _is_identity(node):
                node = node.arguments[0]
            elif isinstance(node, tree.Member):
                found = self.get(node.object, node.name)
                if found is None:
                    return node
                node = found
            else:
                return node
        return node

    def get(self, node: tree.Expression | None, *keys: str) -> tree.Expression | None:
        """The value at a path of keys, settled; None where a step is not there or no object literal."""
        for key in keys:
            node = self._entry(self.settle(node), key)
            if node is None:
                return None
        return self.settle(node)

    def _entry(self, node: tree.Expression | None, key: str, depth: int = 0) -> tree.Expression | None:
        if not isinstance(node, tree.Table) or depth > _MOST_STEPS or self._steps > _MOST_STEPS_IN_ALL:
            return None
        for entry in reversed(node.entries):
            if entry.key == key:
                return entry.value
            if isinstance(entry.value, tree.Spread) and entry.key is None:
                found = self._entry(self.settle(entry.value.value), key, depth + 1)
                if found is not None:
                    return found
        return None

    def is_open(self, node: tree.Expression | None, depth: int = 0) -> bool:
        """Whether a table may have keys that are not seen, or is no table at all."""
        settled = self.settle(node)
        if not isinstance(settled, tree.Table) or depth > _MOST_STEPS or self._steps > _MOST_STEPS_IN_ALL:
            return True
        for entry in settled.entries:
            if entry.key is None and not (
                isinstance(entry.value, tree.Spread) and not self.is_open(entry.value.value, depth + 1)
            ):
                return True
        return False

    def text(self, node: tree.Expression | None) -> str | None:
        settled = self.settle(node)
        return settled.value if isinstance(settled, tree.Text) else None

    def texts(self, node: tree.Expression | None) -> list[str]:
        """A text, or the texts of an array."""
        settled = self.settle(node)
        items = settled.items if isinstance(settled, tree.Array) else [settled]
        return [text for text in map(self.text, items) if text is not None]

    def path(self, node: tree.Expression | None, base: Path | None = None) -> Path | None:
        """A path as configurations write it: a text, `path.resolve(__dirname, …)`, `new URL(…, import.meta.url)`."""
        if not self._enter():
            return None
        try:
            return self._path(node, base)
        finally:
            self._depth -= 1

    def _path(self, node: tree.Expression | None, base: Path | None) -> Path | None:
        folder = self.file.path.parent
        settled = self.settle(node)
        if isinstance(settled, tree.Text) and settled.value is not None:
            return Path(os.path.normpath((base or folder) / settled.value))
        if settled is not None and self._written(settled) in _HERE:
            return folder
        if isinstance(settled, tree.Member):
            return self.path(settled.object) if settled.name in ("pathname", "href") else None
        called = _dotted(settled.function) if isinstance(settled, tree.Call) else ""
        if called in _HERE:
            return folder
        if not isinstance(settled, tree.Call) or not settled.arguments:
            return None
        if called == "URL" or called.endswith("fileURLToPath"):
            return self.path(settled.arguments[0], folder)
        if called.rpartition(".")[2] in _JOINS:
            found = folder
            for each in settled.arguments:
                step = self.path(each, found)
                if step is None:
                    return None
                found = step
            return found
        return None

    def _written(self, node: tree.Node) -> str:
        return self.file.data[node.start : node.end].decode("utf-8", "replace")

    def calls(self, *specifiers: str) -> list[tree.Call]:
        """The calls, anywhere in the file, of what is imported from one of these packages."""
        wanted = {local for local, item in self.imports.items() if item.specifier in specifiers}
        return [
            node
            for node in nodes_in(self.body)
            if isinstance(node, tree.Call)
            and (isinstance(node.function, (tree.Name, tree.Member)))
            and _dotted(node.function).partition(".")[0] in wanted
        ]

    def argument(self, call: tree.Call, index: int = 0) -> tree.Expression | None:
        return self.settle(call.arguments[index]) if len(call.arguments) > index else None

    def span(self, node: tree.Node) -> Span:
        return Span(self.file, node.start, node.end)


def script_at(path: Path, files: Files) -> Script | None:
    """The script in a file; None when there is none."""
    key = ("javascript literals", os.fspath(path))
    if key not in files.cache:
        file = files.read(path) if files.is_file(path) else None
        if file is None:
            files.cache[key] = None
        else:
            from wslint.source.javascript.lower import lower

            files.cache[key] = Script(file, lower(file, files))
    found = files.cache[key]
    return found if isinstance(found, Script) else None


def config_named(folder: Path, stem: str, files: Files) -> Script | None:
    """`<stem>.config.ts` or the like in a folder."""
    names = files.listing(folder)
    name = next((f"{stem}.config.{each}" for each in SUFFIXES if f"{stem}.config.{each}" in names), None)
    return script_at(folder / name, files) if name is not None else None


def _is_identity(call: tree.Call) -> bool:
    """`defineConfig(x)`, `defineNuxtConfig(x)` … give back what they are given."""
    function = call.function
    named = function.name if isinstance(function, (tree.Name, tree.Member)) else ""
    return len(call.arguments) == 1 and named.startswith("define") and not call.new


def _dotted(node: tree.Node) -> str:
    if isinstance(node, tree.Name):
        return node.name
    if isinstance(node, tree.Member):
        return f"{_dotted(node.object)}.{node.name}"
    return ""
