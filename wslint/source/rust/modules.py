"""Which files a crate is made of, and which crates of the project a Worker links."""

from __future__ import annotations

import os
import re
from pathlib import Path

from wslint import system
from wslint.boundary import OUTSIDE
from wslint.files import Files
from wslint.record import field, record
from wslint.regex import regex
from wslint.source.facts import Unknown
from wslint.source.rust.cargo import PathDependency, RustCrate, read_crate
from wslint.source.rust.items import Module, RustFile, read_items
from wslint.text import SourceFile, Span

NOT_CODE = regex(
    rb'//[^\n]*|/\*.*?\*/|\br#"(?:[^"]|"(?!#))*"#|"(?:[^"\\]|\\.)*"|' + rb"'(?:[^'\\\n]|\\.)'", re.S
)
MENTIONS = regex(
    rb"\b([A-Za-z_]\w*)\s*::|\b(?:use|extern\s+crate)\s+(?:r#)?([A-Za-z_]\w*)|[{,]\s*([A-Za-z_]\w*)\s*[,}]"
)


@record
class CrateFiles:
    """One crate as read: `linked` is False for a dependency that no source line mentions."""

    crate: RustCrate
    linked: bool
    files: list[RustFile] = field(default_factory=list)


@record
class Reach:
    """Everything that a worker crate reaches inside the project, and what could not be followed."""

    crates: list[CrateFiles] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)


def reach(worker: RustCrate, files: Files) -> Reach:
    """The worker crate and the project's crates below it, each once, the worker crate first."""
    found = Reach()
    order: dict[object, CrateFiles] = {}
    waiting: list[tuple[RustCrate, bool]] = [(worker, True)]
    while waiting:
        crate, linked = waiting.pop(0)
        key = system.identity(crate.manifest.path)
        known = order.get(key)
        if known is not None and (known.linked or not linked):
            continue
        if known is None:
            known = order[key] = CrateFiles(crate, linked)
            found.crates.append(known)
            _read_modules(known, files, found.unknown)
        known.linked = linked
        mentioned: set[str] | None = None
        for dependency in crate.path_dependencies if linked else ():
            if mentioned is None:
                mentioned = _mentioned(known.files)
            inner = read_crate(dependency.folder, files)
            uses = dependency.name in mentioned
            if inner is not None and not inner.proc_macro:
                waiting.append((inner, uses))
            elif inner is None and uses:
                found.unknown.append(_missing_crate(crate, dependency, files))
    return found


def _missing_crate(crate: RustCrate, dependency: PathDependency, files: Files) -> Unknown:
    why = f"there is no package in `{files.name(dependency.folder)}`"
    if not files.holds(dependency.folder):
        why = f"`{files.name(dependency.folder)}` {OUTSIDE}"
    span = whole_line(crate.manifest, dependency.name.encode())
    return Unknown(span, f"the crate `{dependency.name}`", why)


def whole_line(file: SourceFile, name: bytes = b"") -> Span:
    """The first line of a manifest that names a dependency; the file's first line when none does."""
    found = re.search(rb"^.*\b" + re.escape(name).replace(b"_", b"[-_]") + rb"\b.*$", file.data, re.M)
    if found is None or not name:
        return Span(file, 0, len(file.data)).head()
    return Span(file, found.start(), found.end()).head()


def _mentioned(files: list[RustFile]) -> set[str]:
    """The names that could be a crate's in the code of these files: those before `::` or after `use`."""
    names: set[str] = set()
    for one in files:
        for match in MENTIONS.finditer(NOT_CODE.sub(b" ", one.file.data)):
            names.add((match[1] or match[2] or match[3]).decode())
    return names


def _read_modules(found: CrateFiles, files: Files, unknown: list[Unknown]) -> None:
    """Follows `mod name;` from the crate's root; modules stand in the order of their declarations."""
    root = files.read(found.crate.library)
    if root is None:
        why = f"`{files.name(found.crate.library)}` {files.problem(found.crate.library)}"
        unknown.append(Unknown(whole_line(found.crate.manifest), f"the crate `{found.crate.name}`", why))
        return
    seen = {system.identity(root.path)}
    waiting = [(root, root.path.parent)]
    while waiting:
        file, folder = waiting.pop()
        items = read_items(file, files)
        found.files.append(items)
        inner: list[tuple[SourceFile, Path]] = []
        for module in items.modules:
            path, below = _module_file(module, file, folder, files)
            if path is None:
                why = _why_missing(module, file, files)
                unknown.append(Unknown(module.span, f"the module `{module.name}`", why))
                continue
            real = system.identity(path)
            if real in seen:
                continue
            seen.add(real)
            read = files.read(path)
            if read is None:
                why = f"`{files.name(path)}` {files.problem(path)}"
                unknown.append(Unknown(module.span, f"the module `{module.name}`", why))
            else:
                inner.append((read, below))
        waiting += reversed(inner)


def _why_missing(module: Module, file: SourceFile, files: Files) -> str:
    if module.path is not None and not files.holds(file.path.parent / module.path):
        return f"`{module.path}` {OUTSIDE}"
    return f"neither `{module.name}.rs` nor `{module.name}/mod.rs` is there"


def _module_file(module: Module, file: SourceFile, folder: Path, files: Files) -> tuple[Path | None, Path]:
    """The file of `mod name;`, and the folder in which that file's own modules lie."""
    inside = folder.joinpath(*module.inside)
    if module.path is not None:
        base = inside if module.inside else file.path.parent
        path = Path(os.path.normpath(base / module.path))
        return (path if files.is_file(path) else None), path.parent
    flat = inside / f"{module.name}.rs"
    if files.is_file(flat):
        return flat, inside / module.name
    nested = inside / module.name / "mod.rs"
    return (nested if files.is_file(nested) else None), inside / module.name


def module_file(importer: SourceFile, path: str, files: Files) -> SourceFile | None:
    """The file of the module that `crate::objects::game`, `self::game` or `super` means in a file, as Cargo lays
    files out; None for another crate's, and for one whose place an attribute gives."""
    first, *rest = path.split("::")
    if first == "crate":
        root = next(
            (each / "lib.rs" for each in importer.path.parents if files.is_file(each / "lib.rs")), None
        )
        place = root
    elif first == "self":
        place = importer.path
    elif first == "super":
        place = _parent(importer.path, files)
    else:
        return None
    for name in rest:
        below = _below(place) if place is not None else None
        if below is None or name == "super":
            return None
        place = next(
            (one for one in (below / f"{name}.rs", below / name / "mod.rs") if files.is_file(one)), None
        )
    return files.read(place) if place is not None else None


def _below(file: Path) -> Path:
    """The folder in which a file's own modules lie."""
    return file.parent if file.name in ("lib.rs", "main.rs", "mod.rs") else file.with_suffix("")


def _parent(file: Path, files: Files) -> Path | None:
    """The file of the module around a file."""
    folder = file.parent.parent if file.name == "mod.rs" else file.parent
    named = folder.with_suffix(".rs")
    places = (folder / "mod.rs", folder / "lib.rs", named)
    return next((place for place in places if files.is_file(place)), None)
