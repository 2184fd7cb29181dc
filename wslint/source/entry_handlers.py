"""The handlers that a Worker's entrypoint gives to the runtime: `fetch`, `queue`, `scheduled`, `email`, `tail`.

Everything that can't be read to its end makes the answer unknown: a spread of something from elsewhere, a
wrapper's result, an object that other code was given.
"""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.record import fields, frozen
from wslint.regex import regex
from wslint.source import tree
from wslint.source.facts import SourceFacts
from wslint.source.handshake import MAX_BYTES, Lower, Resolve, javascript_modules, python_modules
from wslint.text import SourceFile

_MODULES = ("cloudflare:workers", "workers")
_RUNTIME_BASES = {"WorkerEntrypoint": _MODULES, "WorkflowEntrypoint": _MODULES}
_ROUTERS = frozenset({"hono", "hono/tiny", "hono/quick"})
"""Modules whose `Hono` is a class with `fetch` and no handler of other events."""
_RUST_EVENT = regex(rb"\bevent\s*\(\s*(\w+)")
"""Also behind `cfg_attr` and under the macro's other paths: one too many keeps a rule silent."""
_PYTHON_OLD = regex(r"on_(fetch|queue|scheduled|email|tail)")
_DEEPEST = 12


@frozen
class _Module:
    file: SourceFile
    module: tree.Module


@frozen
class _Reader:
    """What it takes to follow a name from one module into another."""

    lower: Lower
    resolve: Resolve

    def open(self, file: SourceFile) -> _Module | None:
        return _Module(file, self.lower(file)) if len(file.data) <= MAX_BYTES else None


def entry_handlers(facts: SourceFacts, files: Files, project: Path) -> frozenset[str] | None:
    """The names of the handlers of the entrypoint; None where they can't all be known."""
    if facts.open_exports or facts.format == "service-worker":
        return None
    if facts.language == "rust":
        return frozenset(
            match[1].decode() for file in facts.files for match in _RUST_EVENT.finditer(file.data)
        )
    python = facts.language == "python"
    reader = _reader(facts, files, project)
    entry = reader.open(facts.entrypoint)
    if entry is None:
        return None
    if python:
        return _python(reader, entry, facts)
    if "default" not in facts.exports:
        return frozenset() if facts.exports else None
    return _of_name(reader, entry, "default", 0)


def class_members(facts: SourceFacts, files: Files, project: Path, name: str) -> frozenset[str] | None:
    """The members of an exported class and of its bases; None where they can't all be known."""
    if facts.open_exports or facts.language == "rust" or name not in facts.exports:
        return None
    reader = _reader(facts, files, project)
    entry = reader.open(facts.entrypoint)
    return _of_name(reader, entry, name, 0) if entry is not None else None


def _reader(facts: SourceFacts, files: Files, project: Path) -> _Reader:
    if facts.language == "python":
        return _Reader(*python_modules(files, facts.entrypoint.path.parent))
    return _Reader(*javascript_modules(files, project))


def _python(reader: _Reader, entry: _Module, facts: SourceFacts) -> frozenset[str] | None:
    old = frozenset(match[1] for name in facts.exports if (match := _PYTHON_OLD.fullmatch(name)))
    if "Default" not in facts.exports:
        return old if old else None
    found = _of_name(reader, entry, "Default", 0)
    return None if found is None else found | old


def _of_name(reader: _Reader, where: _Module, name: str, depth: int) -> frozenset[str] | None:
    """The handlers of what a module calls `name`."""
    if depth > _DEEPEST:
        return None
    values = [
        statement.value
        for statement in where.module.body
        if isinstance(statement, tree.Declare)
        and isinstance(statement.pattern, tree.Name)
        and statement.pattern.name == name
    ]
    if len(values) > 1:
        return None
    if values:
        found = _of_value(reader, where, values[0], depth + 1) if values[0] is not None else None
        added = _added(where.module, name)
        return None if found is None or added is None else found | added
    for item in where.module.imports:
        if item.local == name:
            target = reader.resolve(where.file, item.specifier)
            inside = reader.open(target) if target is not None else None
            return _of_name(reader, inside, item.imported, depth + 1) if inside is not None else None
    return None


def _of_value(reader: _Reader, where: _Module, value: tree.Expression, depth: int) -> frozenset[str] | None:
    if isinstance(value, tree.Name):
        return _of_name(reader, where, value.name, depth)
    if isinstance(value, tree.Table):
        return _of_table(reader, where, value, depth)
    if isinstance(value, tree.Class):
        return _of_class(reader, where, value, depth)
    if isinstance(value, tree.Call) and value.new and isinstance(value.function, tree.Name):
        made = _imported(where.module, value.function.name)
        if made is not None and made[0] in _ROUTERS and made[1] == "Hono":
            return frozenset({"fetch"})
    return None


def _of_table(reader: _Reader, where: _Module, table: tree.Table, depth: int) -> frozenset[str] | None:
    names: set[str] = set()
    for entry in table.entries:
        if entry.key is not None:
            names.add(entry.key)
            continue
        spread = entry.value.value if isinstance(entry.value, tree.Spread) else None
        inner = _of_value(reader, where, spread, depth + 1) if spread is not None else None
        if inner is None:
            return None
        names |= inner
    return frozenset(names)


def _of_class(reader: _Reader, where: _Module, cls: tree.Class, depth: int) -> frozenset[str] | None:
    own = frozenset(member.name for member in cls.members if not member.static and not member.private)
    if len(cls.bases) != 1 or not isinstance(cls.bases[0], tree.Name) or depth > _DEEPEST:
        return None
    base = cls.bases[0].name
    made = _imported(where.module, base)
    if made is not None and made[0] in _RUNTIME_BASES.get(made[1], ()):
        return own
    above = _of_name(reader, where, base, depth + 1)
    return None if above is None else own | above


def _imported(module: tree.Module, name: str) -> tuple[str, str] | None:
    """The specifier and the exported name of an import."""
    return next(((item.specifier, item.imported) for item in module.imports if item.local == name), None)


def _added(module: tree.Module, name: str) -> frozenset[str] | None:
    """The handlers that a module adds to an object of that name later; None where they can't be told: it is
    assigned anew or by computed keys, or handed to other code. Its members may be read and called, a router's
    methods add routes and no handlers.
    """
    names: set[str] = set()
    waiting: list[object] = [module.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (list, tuple)):
            waiting.extend(node)
        elif (
            isinstance(node, tree.Assign)
            and isinstance(node.target, tree.Member)
            and _is(node.target.object, name)
        ):
            names.add(node.target.name)
            waiting.append(node.value)
        elif (
            isinstance(node, tree.Assign)
            and isinstance(node.target, tree.Index)
            and _is(node.target.object, name)
        ):
            return None
        elif isinstance(node, tree.Declare) and isinstance(node.pattern, tree.Name):
            if node.pattern.name != "default" or not _is(node.value, name):
                waiting.append(node.value)
        elif isinstance(node, tree.Class):
            waiting += [base for base in node.bases if not _is(base, name)]
            waiting += [member.value for member in node.members]
        elif isinstance(node, (tree.Member, tree.Index)) and _is(node.object, name):
            waiting += [node.index] if isinstance(node, tree.Index) else []
        elif _is(node, name):
            return None
        elif isinstance(node, tree.Node):
            waiting.extend(getattr(node, each) for each in fields(node))
    return frozenset(names)


def _is(node: object, name: str) -> bool:
    return isinstance(node, tree.Name) and node.name == name
