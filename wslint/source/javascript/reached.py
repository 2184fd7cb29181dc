"""Which classes of the modules that are read can run at all: a module that is imported for a helper brings its
classes along, and nothing ever constructs them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wslint.source.javascript.model import Class, Import, Module
from wslint.source.javascript.names import names_of
from wslint.source.javascript.syntax import NodePath

if TYPE_CHECKING:
    from wslint.source.javascript.flow import Flow

Key = tuple[Path, int]
"""A class by the place of its name."""

_ONLY_NAMED = frozenset({"export_specifier", "export_statement", "class_heritage", "extends_clause"})
"""Where a class is passed on or extended: that alone constructs nothing."""


class Reached:
    """The classes that the entrypoint exports, that code mentions as values, and the bases of both."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._known: set[Key] | None = None

    def runs(self, module: Module, cls: Class) -> bool:
        """Whether the class may be constructed. One that stands inside a function or has no name always may."""
        if self._known is None:
            self._known = self._find()
        return _key(cls) in self._known or not _is_declared(module, cls)

    def _find(self) -> set[Key]:
        graph = self.flow.graph
        found = self._exported(graph.entry)
        for module in graph.modules.values():
            for imported in module.imports:
                there = graph.module_at(module, imported) if _takes_all(module, imported) else None
                if there is not None:
                    found |= self._exported(there)
        everything = [(module, cls) for module in graph.modules.values() for cls in module.classes]
        for module, cls in everything:
            if _key(cls) in found or not _is_declared(module, cls) or self._is_mentioned(module, cls):
                found.add(_key(cls))
                found |= {_key(base) for _, base in graph.bases(module, cls)[0]}
        return found

    def _exported(self, module: Module) -> set[Key]:
        facts = self.flow.graph.exports_of(module).values()
        return {(fact.cls.span.file.path, fact.cls.span.start) for fact in facts if fact.cls is not None}

    def _is_mentioned(self, module: Module, cls: Class) -> bool:
        """Whether code names the class as a value, here or where it is imported."""
        places = [(module, cls.name), *self.flow.imported_as(_key(cls))]
        for there, name in places:
            syntax = self.flow.syntax(there)
            names = names_of(syntax) if syntax is not None else None
            binder = names.top_level(name) if names is not None else None
            if names is None or binder is None:
                return True
            own = cls if there is module else None
            if any(_is_value(path, own) for path in names.references(binder)):
                return True
        return False


def _key(cls: Class) -> Key:
    return cls.span.file.path, cls.span.start


def _is_declared(module: Module, cls: Class) -> bool:
    declared = module.declarations.get(cls.name)
    return declared is not None and declared.cls is cls


def _takes_all(module: Module, imported: Import) -> bool:
    """`import * as all` and `import("…")`: which of the names are used is not looked at."""
    if imported.type_only:
        return False
    return "*" in imported.names.values() or module.file.data[: imported.span.start].rstrip().endswith(b"(")


def _is_value(path: NodePath, own: Class | None) -> bool:
    leaf, parent = path[-1], path[-2]
    if own is not None and own.start <= leaf.start_byte < own.end:
        return False
    return parent.type not in _ONLY_NAMED
