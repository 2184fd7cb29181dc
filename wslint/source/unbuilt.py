"""wasm-bindgen glue that is not in the tree, because nobody has built the project yet.

Which crate it will come from is told by the place and the name that the import gives it, and by what the
build command says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from wslint.files import Files
from wslint.record import record
from wslint.source.facts import ClassFacts, SourceFacts
from wslint.source.glue import crate_named
from wslint.source.rust.cargo import RustCrate
from wslint.text import SourceFile

_BUILDS = re.compile(r"\bwasm-(?:pack\s+build|bindgen)\b[^&|;\n]*")
_FOR_WEB = re.compile(r"(?:--target|-t)[ =]web\b")


@record
class Unbuilt:
    """A module that an import means and that is not there; `names` are what is asked of it."""

    path: Path
    crate: RustCrate
    names: dict[str, str]  # exported name of the entrypoint → name in the module
    imported: set[str]


def unbuilt_modules(facts: SourceFacts, files: Files) -> list[Unbuilt]:
    """The missing modules of a Worker that will be built from a crate of the project."""
    found: dict[Path, Unbuilt] = {}
    for file in facts.files:
        if file.path.suffix not in (".js", ".mjs", ".ts", ".mts") or b".js" not in file.data:
            continue
        for path, crate, exported, imported in _missing(file, files):
            known = found.setdefault(path, Unbuilt(path, crate, {}, set()))
            known.imported |= imported
            if file is facts.entrypoint:
                known.names |= exported
    return list(found.values())


def _missing(file: SourceFile, files: Files) -> Iterator[tuple[Path, RustCrate, dict[str, str], set[str]]]:
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
        crate = None if files.is_file(path) else crate_named(path, files)
        if crate is None:
            continue
        exported = {name: export.imported for name, export in module.exports.items() if export.source is item}
        for name, export in module.exports.items():
            if export.local is not None and export.local in item.names:
                exported[name] = item.names[export.local]
        yield path, crate, exported, {*item.names.values(), *exported.values()}


def class_in(rust: SourceFacts, name: str) -> ClassFacts | None:
    """The Durable Object class of a crate that its glue will export under a name."""
    fact = rust.exports.get(name)
    return fact.cls if fact is not None else None


def is_built_for_web(commands: Iterable[str]) -> bool:
    """Whether these commands build wasm for `--target web`, all of them."""
    builds = [build for command in commands for build in _BUILDS.findall(command)]
    return bool(builds) and all(_FOR_WEB.search(build) for build in builds)
