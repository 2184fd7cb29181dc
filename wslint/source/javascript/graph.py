"""The modules that an entrypoint reaches, and what a name means across them."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Literal

from wslint.boundary import OUTSIDE
from wslint.files import Files
from wslint.record import frozen
from wslint.source.facts import ClassFacts, ExportFact, ExportKind, Unknown
from wslint.source.javascript.model import Class, Declaration, Export, Import, Module, Reference
from wslint.source.javascript.module import read_module
from wslint.source.javascript.resolve import Target, resolve
from wslint.text import SourceFile

WORKERS = "cloudflare:workers"
_MOST_LINKS = 200
"""A chain of aliases or re-exports is followed through so many links at most."""

_MOST_BASES = 50

Bases = tuple[list[tuple[Module, Class]], str, bool]
"""The project's classes above a class, the base outside the project or "", and whether it is known."""

_WHY_NOT = {
    "outside": "it leads to a package outside the project",
    "missing": "the file is not in the tree; a build may generate it",
    "data": "it is not a JavaScript module",
}


@frozen
class Meaning:
    """What a name stands for.

    `found`: `declaration` in `module`; `member` is what was asked of it beyond its name
    (`router.handle` gives the object `router` and `handle`). `module`: a whole module of the
    project. `outside`: `outside` names it, `cloudflare:workers.DurableObject`, or it is a global.
    `type`: it is no value. `absent`: the module doesn't export it. `unknown`: not followed.
    """

    kind: Literal["found", "module", "outside", "type", "absent", "unknown"]
    module: Module | None = None
    declaration: Declaration | None = None
    member: Reference = ()
    outside: str = ""


UNKNOWN = Meaning("unknown")
TYPE = Meaning("type")
ABSENT = Meaning("absent")


class Graph:
    """Everything that can be reached from one entrypoint."""

    def __init__(self, files: Files, entrypoint: SourceFile, project: Path) -> None:
        self.files = files
        self.project = project
        self.entry = read_module(files, entrypoint)
        self.modules: dict[Path, Module] = {entrypoint.path: self.entry}
        self.unresolved: list[Unknown] = []
        self._targets: dict[int, Target] = {}
        self._exports: dict[tuple[Path, str], tuple[Module, Export] | None] = {}
        self._classes: dict[tuple[Path, int], ClassFacts] = {}
        self._bases: dict[tuple[Path, int], Bases] = {}
        self._walk()

    def _walk(self) -> None:
        """Read every module that an import leads to, nearest first."""
        queue = deque([self.entry])
        while queue:
            module = queue.popleft()
            for imported in module.imports:
                if imported.type_only:
                    continue
                target = self.target(module, imported)
                if target.kind == "missing":
                    what = f"what `{imported.specifier}` exports"
                    self.unresolved.append(Unknown(imported.span, what, self._why_missing(module, imported)))
                elif target.path is not None and target.path not in self.modules:
                    file = self.files.read(target.path)
                    if file is None:
                        why = f"the file {self.files.problem(target.path)}"
                        self.unresolved.append(Unknown(imported.span, f"`{imported.specifier}`", why))
                        continue
                    found = self.modules[target.path] = read_module(self.files, file)
                    queue.append(found)

    def _why_missing(self, module: Module, imported: Import) -> str:
        """A relative path, or an absolute one, may lead out of what is read."""
        specifier = imported.specifier
        if specifier.startswith((".", "/")) and not self.files.holds(module.file.path.parent / specifier):
            return f"it {OUTSIDE}"
        return _WHY_NOT["missing"]

    def target(self, module: Module, imported: Import) -> Target:
        key = id(imported)  # imports live as long as their module, which is kept in `files.cache`
        found = self._targets.get(key)
        if found is None:
            found = resolve(self.files, imported.specifier, module.file.path, self.project)
            self._targets[key] = found
        return found

    def module_at(self, module: Module, imported: Import) -> Module | None:
        """The module that an import leads to; None when it is none of the project's."""
        path = self.target(module, imported).path
        if path is None:
            return None
        known = self.modules.get(path)
        if known is None:  # reached through a type-only import
            file = self.files.read(path)
            known = read_module(self.files, file) if file is not None else None
        return known

    # Names

    def meaning(self, module: Module, reference: Reference, *, aliases: bool = True) -> Meaning:
        """What a name at the top level of a module stands for, through imports and aliases.

        Without `aliases`, it is the variable itself, even when that holds another one's value.
        """
        seen: set[tuple[Path, Reference]] = set()
        while len(seen) < _MOST_LINKS and (module.file.path, reference) not in seen:
            seen.add((module.file.path, reference))
            name, rest = reference[0], reference[1:]
            declared = module.declarations.get(name)
            if declared is not None:
                if declared.kind != "alias" or not aliases:
                    return Meaning("found", module, declared, rest)
                reference = declared.target + rest
                continue
            known = module.imported.get(name)
            if known is None:
                if name in module.types:
                    return TYPE
                return UNKNOWN if module.hidden else Meaning("outside", outside=".".join(reference))
            imported, other = known
            if imported.type_only:
                return TYPE
            stop, module, reference = self._through(module, imported, other, rest)
            if stop is not None:
                return stop
        return UNKNOWN  # names that stand for each other in a circle

    def _through(
        self, module: Module, imported: Import, other: str, rest: Reference
    ) -> tuple[Meaning | None, Module, Reference]:
        """One step through an import: the answer, or the module and the name to go on with."""
        for _ in range(_MOST_LINKS):
            if other == "*":
                if not rest:
                    return self._whole(module, imported), module, rest
                other, rest = rest[0], rest[1:]
            there = self.module_at(module, imported)
            if there is None:
                return self._beyond(module, imported, (other, *rest)), module, rest
            found = self.find_export(there, other)
            if found is None:
                if other in there.exported_types:
                    return TYPE, there, rest
                return (UNKNOWN if self.open_reasons(there) else ABSENT), there, rest
            module, export = found
            if export.local is not None:
                return None, module, (export.local, *rest)
            if export.source is None:
                return self._declared(module, export, rest)
            imported, other = export.source, export.imported
        return ABSENT, module, rest  # modules that re-export from each other in a circle

    def _declared(
        self, module: Module, export: Export, rest: Reference
    ) -> tuple[Meaning | None, Module, Reference]:
        declared = export.declaration
        if declared is None:
            return UNKNOWN, module, rest
        if declared.kind == "alias":
            return None, module, declared.target + rest
        return Meaning("found", module, declared, rest), module, rest

    def _whole(self, module: Module, imported: Import) -> Meaning:
        there = self.module_at(module, imported)
        if there is not None:
            return Meaning("module", there)
        return self._beyond(module, imported, ("*",))

    def _beyond(self, module: Module, imported: Import, names: Reference) -> Meaning:
        if self.target(module, imported).kind == "outside":
            return Meaning("outside", outside=".".join((imported.specifier, *names)))
        return UNKNOWN

    # Exports

    def star_closure(self, module: Module) -> list[Module]:
        """The module and everything its `export *` brings in, nearest first."""
        found, seen = [module], {module.file.path}
        for each in found:  # grows while it is walked
            for star in each.stars:
                there = self.module_at(each, star)
                if there is not None and there.file.path not in seen:
                    seen.add(there.file.path)
                    found.append(there)
        return found

    def find_export(self, module: Module, name: str) -> tuple[Module, Export] | None:
        """The export statement behind an exported name; `export *` does not carry `default`."""
        export = module.exports.get(name)
        if export is not None:
            return module, export
        if name == "default" or not module.stars:
            return None
        key = (module.file.path, name)
        if key not in self._exports:
            self._exports[key] = next(
                ((each, each.exports[name]) for each in self.star_closure(module) if name in each.exports),
                None,
            )
        return self._exports[key]

    def open_reasons(self, module: Module) -> list[Unknown]:
        """Why a module may export more names than were seen; empty when the list is complete."""
        found: list[Unknown] = []
        what = "which further names are exported"
        for each in self.star_closure(module):
            found += [Unknown(span, what, why) for span, why in each.hidden]
            if each.commonjs is not None:
                found.append(Unknown(each.commonjs, what, "it is a CommonJS module"))
            for star in each.stars:
                target = self.target(each, star)
                if target.kind != "module":
                    found.append(Unknown(star.span, what, _WHY_NOT[target.kind]))
                elif self.module_at(each, star) is None:
                    found.append(Unknown(star.span, what, "the file can't be read"))
        return found

    def exports_of(self, module: Module) -> dict[str, ExportFact]:
        """Every name that a module is seen to export as a value."""
        found: dict[str, ExportFact] = {}
        for each in self.star_closure(module):
            for name, export in each.exports.items():
                if name in found or (name == "default" and each is not module):
                    continue
                meaning = self.export_meaning(each, export)
                if meaning.kind in ("type", "absent"):
                    continue
                found[name] = self._fact(export, meaning)
        return found

    def export_meaning(self, module: Module, export: Export) -> Meaning:
        if export.source is not None:
            stop, there, reference = self._through(module, export.source, export.imported, ())
            return stop if stop is not None else self.meaning(there, reference)
        if export.local is not None:
            return self.meaning(module, (export.local,))
        stop, there, reference = self._declared(module, export, ())
        return stop if stop is not None else self.meaning(there, reference)

    def _fact(self, export: Export, meaning: Meaning) -> ExportFact:
        declared = meaning.declaration
        kind: ExportKind = "unknown"
        cls = None
        if declared is not None and declared.kind != "alias" and not meaning.member:
            kind = declared.kind
            if declared.cls is not None and meaning.module is not None:
                cls = self.class_facts(meaning.module, declared.cls)
        return ExportFact(export.name, kind, export.span, declared.span if declared else None, cls)

    # Classes

    def bases(self, module: Module, cls: Class) -> Bases:
        """The chain above a class."""
        key = (module.file.path, cls.start)
        if key not in self._bases:
            self._bases[key] = self._find_bases(module, cls)
        return self._bases[key]

    def _find_bases(self, module: Module, cls: Class) -> Bases:
        chain: list[tuple[Module, Class]] = []
        seen = {(module.file.path, cls.start)}
        while cls.has_base:
            if cls.base is None or len(chain) >= _MOST_BASES:
                return chain, "", False
            meaning = self.meaning(module, cls.base)
            declared = meaning.declaration
            if meaning.kind == "outside":
                return chain, meaning.outside, meaning.outside.startswith(f"{WORKERS}.")
            if declared is None or declared.cls is None or meaning.member or meaning.module is None:
                return chain, "", False
            module, cls = meaning.module, declared.cls
            if (module.file.path, cls.start) in seen:
                return chain, "", False
            seen.add((module.file.path, cls.start))
            chain.append((module, cls))
        return chain, "", True

    def class_facts(self, module: Module, cls: Class) -> ClassFacts:
        key = (module.file.path, cls.start)
        if key not in self._classes:
            chain, outside, known = self.bases(module, cls)
            names = [each.name for _, each in chain] + ([outside] if outside else [])
            links = [(module, cls), *chain]
            constructs = None
            for (below, inner), (_, base) in zip(links, chain, strict=False):
                text = below.file.data[inner.start : inner.end]
                if b"constructor" in text and b"super(" not in text:
                    break  # it makes something else and returns that
                if base.generated_from is not None:
                    constructs = base.span
            self._classes[key] = ClassFacts(
                cls.name, cls.span, tuple(names), known, cls.generated_from, cls.uses_sql, constructs
            )
        return self._classes[key]
