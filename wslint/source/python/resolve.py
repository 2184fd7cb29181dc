"""What a name in a Python module leads to, through the imports of the project."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from wslint import system
from wslint.files import Files
from wslint.record import frozen
from wslint.source.facts import ClassFacts, ExportKind, Unknown
from wslint.source.python.flow import sql_use
from wslint.source.python.model import Class, Definition, Function, Import, Module
from wslint.source.python.modules import read_module
from wslint.text import SourceFile, Span

PLATFORM = frozenset({"workers", "js", "pyodide", "pyodide_js"})
"""Modules that the runtime brings, whatever lies beside the entrypoint."""

ENTRYPOINT_CLASSES = frozenset({"DurableObject", "WorkerEntrypoint", "WorkflowEntrypoint"})
DEPTH = 60
"""The longest chain of imports and aliases that is followed."""


@frozen
class Found:
    """What a name leads to: one of these is set, or none where it could not be followed.

    `external` is the dotted name of something outside the project (`workers.DurableObject`).
    """

    cls: Class | None = None
    function: Function | None = None
    module: Module | None = None  # where `cls` or `function` is declared, or the module itself
    external: str | None = None
    kind: ExportKind = "unknown"


NOTHING = Found()


class Project:
    """The modules that an entrypoint can import: those under its folder."""

    def __init__(self, entrypoint: SourceFile, files: Files, project: Path) -> None:
        self.root = entrypoint.path.parent
        self.project = project
        self.files = files
        self.unknown: list[Unknown] = []
        self.order: list[Module] = []
        self._modules: dict[object, Module] = {}
        self._by_path: dict[str, Module] = {}
        self._paths: dict[int, list[Path]] = {}
        self._resolved: dict[tuple[int, str], Found | None] = {}
        self._class_facts: dict[int, ClassFacts] = {}
        self.entry = self._load(entrypoint)
        self._follow()

    def _load(self, file: SourceFile) -> Module:
        path = os.fspath(file.path)
        module = self._by_path.get(path)
        if module is None:
            key = system.identity(file.path)
            module = self._modules.get(key)
            if module is None:
                module = self._modules[key] = read_module(file, self.files)
                self.order.append(module)
            self._by_path[path] = module
        return module

    def _follow(self) -> None:
        """Reads everything that is imported from the entrypoint on, in the order of the imports."""
        position = 0
        while position < len(self.order):
            module = self.order[position]
            position += 1
            for one in module.imports:
                if one.type_only:
                    continue
                paths = self.paths_of(module, one)
                for path in paths:
                    file = self.files.read(path)
                    if file is not None:
                        self._load(file)
                    else:
                        why = f"`{self.files.name(path)}` {self.files.problem(path)}"
                        self.unknown.append(Unknown(one.span, f"the module `{one.span.text}`", why))
                if not paths and one.level:
                    why = "there is no such file"
                    self.unknown.append(Unknown(one.span, f"the module `{one.span.text}`", why))

    def paths_of(self, module: Module, one: Import) -> list[Path]:
        """The files of the project that an import runs: packages on the way, the module, a submodule."""
        known = self._paths.get(id(one))
        if known is None:
            known = self._paths[id(one)] = self._find_paths(module, one)
        return known

    def _find_paths(self, module: Module, one: Import) -> list[Path]:
        base = self._base(module, one)
        if base is None:
            return []
        parts = [part for part in one.module.split(".") if part]
        found: list[Path] = []
        at = base
        for part in parts[:-1]:
            at = at / part
            if self.files.is_file(at / "__init__.py"):
                found.append(at / "__init__.py")
        last = self._file(base, parts)
        if last is not None:
            found.append(last)
        if one.name not in (None, "*") and (last is None or last.name == "__init__.py"):
            submodule = self._file(base, [*parts, str(one.name)])
            if submodule is not None:
                found.append(submodule)
        return found

    def _base(self, module: Module, one: Import) -> Path | None:
        """The folder in which the first part of an import lies; None outside the project."""
        if one.level:
            base = module.file.path.parent
            for _ in range(min(one.level, DEPTH) - 1):
                base = base.parent
            return base
        first = one.module.split(".")[0]
        if one.module in PLATFORM:
            return None
        for folder in (self.root, self.project):  # the latter where `base_dir` says so
            names = self.files.listing(folder)
            if first in names or f"{first}.py" in names:
                return folder
        return None

    def _file(self, base: Path, parts: Iterable[str]) -> Path | None:
        path = base.joinpath(*parts)
        if self.files.is_file(path / "__init__.py"):  # a package goes before a module of its name
            return path / "__init__.py"
        flat = Path(f"{path}.py")
        return flat if path != base and self.files.is_file(flat) else None

    def module_of(self, module: Module, one: Import, name: str | None = None) -> Module | None:
        """The module that an import names, or its submodule `name`; None outside the project."""
        base = self._base(module, one)
        parts = [part for part in one.module.split(".") if part] + ([name] if name else [])
        path = self._file(base, parts) if base is not None else None
        file = self.files.read(path) if path is not None else None
        return self._load(file) if file is not None else None

    def resolve(self, module: Module, name: str, depth: int = 0) -> Found | None:
        """What a module-level name is; None when the module has no such name."""
        key = (id(module), name)
        if key in self._resolved:
            return self._resolved[key]
        if depth > DEPTH:
            return NOTHING
        self._resolved[key] = NOTHING  # what a cycle of imports leads to
        found = self._resolve(module, name, depth)
        self._resolved[key] = found
        return found

    def _resolve(self, module: Module, name: str, depth: int) -> Found | None:
        definitions = module.names.get(name)
        if definitions is not None:
            preferred = [one for one in definitions if not one.fallback] or definitions
            all_found = [self.follow(module, one, depth + 1) for one in preferred]
            first = all_found[0]
            return first if all(one == first for one in all_found) else NOTHING
        for star in reversed(module.stars):
            target = self.module_of(module, star)
            if target is None:
                if star.module != "workers" or star.level:
                    return NOTHING
                if name in ENTRYPOINT_CLASSES:
                    return Found(external=f"workers.{name}")
            elif _is_public(target, name):
                found = self.resolve(target, name, depth + 1)
                if found is not None:
                    return found
        return None

    def follow(self, module: Module, definition: Definition, depth: int = 0) -> Found:
        """What one binding of a name leads to."""
        if definition.cls is not None:
            return Found(cls=definition.cls, module=module)
        if definition.function is not None:
            return Found(function=definition.function, module=module, kind="function")
        if definition.alias is not None:
            return self.path(module, definition.alias, depth + 1) or NOTHING
        one = definition.imported
        if one is None:
            return Found(kind=definition.kind)
        target = self.module_of(module, one)
        if one.name is None:
            return Found(module=target) if target is not None else Found(external=one.module)
        if target is not None:
            found = self.resolve(target, one.name, depth + 1)
            if found is not None:
                return found
        submodule = self.module_of(module, one, one.name)
        if submodule is not None:
            return Found(module=submodule)
        if target is not None or one.level:
            return NOTHING
        top = one.module.split(".")[0]
        if top == "workers" and one.name in ENTRYPOINT_CLASSES:
            return Found(external=f"workers.{one.name}")
        return Found(external=f"{one.module}.{one.name}")

    def path(self, module: Module, parts: tuple[str, ...], depth: int = 0) -> Found | None:
        """What a dotted name leads to; None when its first name is not bound at the top level."""
        found = self.resolve(module, parts[0], depth) if depth <= DEPTH else NOTHING
        if found is None and parts[0] in module.local_names:
            found = self.follow(module, module.local_names[parts[0]], depth + 1)
        for part in parts[1:]:
            if found is None:
                return None
            if found.external is not None:
                found = Found(external=f"{found.external}.{part}")
            elif found.cls is not None:
                method = found.cls.methods.get(part)
                found = Found(function=method, module=found.module) if method is not None else NOTHING
            elif found.module is not None and found.function is None:
                found = self.resolve(found.module, part, depth + 1) or NOTHING
            else:
                return NOTHING
        return found

    def class_facts(self, cls: Class, module: Module) -> ClassFacts:
        """The class with all its bases, nearest first, through the classes of the project."""
        known = self._class_facts.get(id(cls))
        if known is None:
            bases: dict[str, None] = {}
            ancestors = self.ancestors(cls, module)
            base_known = len(ancestors) < DEPTH
            for one, place in [(cls, module), *ancestors]:
                for parts in one.bases:
                    found = self.path(place, parts) if parts is not None else NOTHING
                    name = ".".join(parts or ("?",))
                    if found is not None and found.cls is not None:
                        name = found.cls.name
                    elif found is not None and found.external is not None:
                        name = found.external
                        base_known &= is_known_module(name)
                    elif found is not None or parts is None or not hasattr(builtins, parts[0]):
                        base_known = False
                    bases.setdefault(name)
            known = ClassFacts(cls.name, cls.span, tuple(bases), base_known, uses_sql=sql_use(module, cls))
            self._class_facts[id(cls)] = known
        return known

    def ancestors(self, cls: Class, module: Module) -> list[tuple[Class, Module]]:
        """The project's classes that a class derives from, nearest first, as far as they are followed."""
        found: list[tuple[Class, Module]] = []
        seen = {id(cls)}
        waiting = [(cls, module)]
        while waiting and len(found) < DEPTH:
            one, place = waiting.pop(0)
            for parts in one.bases:
                base = self.path(place, parts) if parts is not None else None
                if base is None or base.cls is None or base.module is None or id(base.cls) in seen:
                    continue
                seen.add(id(base.cls))
                found.append((base.cls, base.module))
                waiting.append((base.cls, base.module))
        return found


def is_known_module(name: str) -> bool:
    """Whether a dotted name lies in the platform's modules or the standard library."""
    top = name.split(".")[0]
    return top in PLATFORM or top in sys.stdlib_module_names


def _is_public(module: Module, name: str) -> bool:
    """Whether `from module import *` brings a name."""
    if module.exported is not None and module.exported_known:
        return name in module.exported
    return not name.startswith("_")


def public_names(project: Project, module: Module) -> dict[str, Span]:
    """The names that leave a module, those of its stars too, each where the module writes it."""
    found: dict[str, Span] = {}
    waiting: list[tuple[Module, Span | None]] = [(module, None)]
    seen: set[int] = set()
    while waiting:
        one, written = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for name, definitions in one.names.items():
            if _is_public(one, name):
                found.setdefault(name, written or definitions[-1].span)
        for star in one.stars:
            target = project.module_of(one, star)
            if target is not None:
                waiting.append((target, written or star.span))
    if module.exported is not None and module.exported_known:
        return {name: span for name, span in found.items() if name in module.exported}
    return found
