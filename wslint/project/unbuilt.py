"""wasm-bindgen glue that is not in the tree, because nobody has built the project yet.

Which crate it will come from is told by the place and the name that the import gives it, and by what the
build command says.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from wslint.files import Files
from wslint.project.glue import crate_named
from wslint.project.wasm_pack import WasmBuild
from wslint.record import frozen, record
from wslint.source import tree
from wslint.source.facts import ClassFacts, SourceFacts
from wslint.source.javascript.model import Import, Module
from wslint.source.rust.cargo import RustCrate, read_crate
from wslint.text import SourceFile, Span

if TYPE_CHECKING:
    from wslint.source.flow.uses import ClassFlow


@record
class Unbuilt:
    """A module that an import means and that is not there; `names` are what is asked of it, `places` the imports."""

    path: Path
    crate: RustCrate
    names: dict[str, str]  # exported name of the entrypoint → name in the module
    imported: set[str]
    locals: dict[tuple[Path, str], str]  # file and name there → name in the module
    places: set[tuple[Path, int]]


def unbuilt_modules(facts: SourceFacts, builds: list[WasmBuild], files: Files) -> list[Unbuilt]:
    """The missing modules of a Worker that will be built from a crate of the project."""
    found: dict[Path, Unbuilt] = {}
    for file in facts.files:
        if file.path.suffix not in (".js", ".mjs", ".ts", ".mts") or b".js" not in file.data:
            continue
        for path, crate, exported, item in _missing(file, builds, files):
            known = found.setdefault(path, Unbuilt(path, crate, {}, set(), {}, set()))
            known.imported |= {*item.names.values(), *exported.values()}
            known.locals |= {(file.path, local): name for local, name in item.names.items()}
            known.places.add((file.path, item.span.start))
            if file is facts.entrypoint:
                known.names |= exported
    return list(found.values())


def _missing(
    file: SourceFile, builds: list[WasmBuild], files: Files
) -> Iterator[tuple[Path, RustCrate, dict[str, str], Import]]:
    from wslint.source.javascript.module import read_module

    module = read_module(files, file)
    for item in module.imports:
        if (
            item.type_only
            or not item.specifier.startswith(("./", "../"))
            or not item.specifier.endswith(".js")
        ):
            continue
        path = Path(os.path.normpath(file.path.parent / item.specifier))
        crate = None if files.is_file(path) else crate_behind(path, builds, files)
        if crate is None:
            continue
        exported = {name: export.imported for name, export in module.exports.items() if export.source is item}
        for name, export in module.exports.items():
            inner = _name_in(module, item, export.local) if export.local is not None else None
            if inner is not None:
                exported[name] = inner
        if item in module.stars:
            exported["*"] = "*"
        yield path, crate, exported, item


def _name_in(module: Module, item: Import, local: str) -> str | None:
    """What a name of the entrypoint is in the glue: imported, a member of the whole module, or a class that extends
    either and constructs it."""
    if local in item.names:
        return item.names[local]
    declared = module.declarations.get(local)
    if declared is None:
        return None
    reference = declared.target
    if declared.cls is not None and declared.cls.base is not None:
        text = module.file.data[declared.cls.start : declared.cls.end]
        reference = declared.cls.base if b"constructor" not in text or b"super(" in text else ()
    if not reference or reference[0] not in item.names:
        return None
    whole = item.names[reference[0]] == "*"
    if whole:
        return reference[1] if len(reference) == 2 else None
    return item.names[reference[0]] if len(reference) == 1 else None


@frozen
class RustClass:
    """A class as its crate writes it: the name, and the handlers that its glue will have."""

    name: str
    span: Span
    members: frozenset[str]


def held_by(cls: ClassFlow, modules: list[Unbuilt], rust: SourceFacts, files: Files) -> Iterator[RustClass]:
    """The classes of glue that is not built which a class of the project constructs."""
    from wslint.source.nodes import nodes_in

    bodies = [each.function.body for each in cls.members.values() if each.function is not None]
    for node in nodes_in(bodies):
        if not isinstance(node, tree.Call) or not node.new or not isinstance(node.function, tree.Name):
            continue
        for module in modules:
            name = module.locals.get((cls.span.file.path, node.function.name))
            found = _declared(name, rust, files) if name is not None else None
            if found is not None:
                yield found


def _declared(name: str, rust: SourceFacts, files: Files) -> RustClass | None:
    from wslint.source.rust.flow_lower import lower

    known = rust.classes.get(name)
    for statement in lower(known.span.file, files).body if known is not None else ():
        value = statement.value if isinstance(statement, tree.Declare) else None
        if known is not None and isinstance(value, tree.Class) and value.name == name:
            return RustClass(name, known.span, frozenset(member.name for member in value.members))
    return None


def class_in(rust: SourceFacts, name: str) -> ClassFacts | None:
    """The Durable Object class of a crate that its glue will export under a name."""
    fact = rust.exports.get(name)
    return fact.cls if fact is not None else None


def is_built_for_web(glue: Path, builds: list[WasmBuild]) -> bool:
    """Whether this glue is built for `--target web`: by the command that writes it, else by all that there are."""
    own = [build for build in builds if build.glue == glue] or builds
    return bool(own) and all(build.target == "web" for build in own)


def crate_behind(glue: Path, builds: list[WasmBuild], files: Files) -> RustCrate | None:
    """The crate that a glue module is built from: as a command says, else by its place and name."""
    for build in builds:
        crate = read_crate(build.crate, files) if build.glue == glue else None
        if crate is not None and crate.depends_on_worker and not crate.problem:
            return crate
    return crate_named(glue, files)
