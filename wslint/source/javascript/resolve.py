"""Which file an import means: the answer that wrangler's bundler would give, without an install."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from wslint.files import Files
from wslint.record import frozen
from wslint.source.javascript import packages
from wslint.source.javascript.syntax import MODULE_SUFFIXES
from wslint.source.javascript.tsconfig import aliases_for
from wslint.source.javascript.vite import vite_aliases

GUESSED = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json")
COMPILED_FROM = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
_TEXT = {
    ".txt",
    ".html",
    ".sql",
    ".css",
    ".svg",
    ".md",
    ".json",
    ".jsonc",
    ".toml",
    ".yaml",
    ".yml",
    ".graphql",
}
DATA_SUFFIXES = frozenset(_TEXT | {".wasm", ".bin", ".png", ".pem"})
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")


@frozen
class Target:
    """Where an import leads.

    `module`: a source file of the project. `data`: a file that is no module (wasm, text, JSON).
    `outside`: a package, or a module of the runtime. `missing`: a file of the project that isn't
    there, such as one that a build generates.
    """

    kind: Literal["module", "data", "outside", "missing"]
    path: Path | None = None


OUTSIDE = Target("outside")
MISSING = Target("missing")
DATA = Target("data")


def resolve(files: Files, specifier: str, importer: Path, project: Path) -> Target:
    """What `specifier` means in the file `importer`; `project` is where `/src/x` starts (Vite)."""
    if specifier.startswith("/"):
        found = _at(files, Path(os.path.normpath(specifier)))
        return found or _at(files, project / specifier.lstrip("/")) or _absent(specifier)
    key = (f"javascript resolve {specifier}", os.fspath(importer.parent))
    known = files.cache.get(key)
    if not isinstance(known, Target):
        known = files.cache[key] = _resolve(files, specifier, importer.parent)
    return known


def _resolve(files: Files, specifier: str, folder: Path) -> Target:
    name, query, _ = specifier.partition("?")
    if query:  # ./page.html?raw, ./code.wasm?module
        return DATA
    if name.startswith(("./", "../")) or name in (".", ".."):
        return _at(files, Path(os.path.normpath(folder / name))) or _absent(name)
    if ":" in name or "\0" in name or not name:  # cloudflare:workers, node:fs, virtual:…
        return OUTSIDE
    for candidate in vite_aliases(files, folder).candidates(name):
        found = _at(files, candidate)
        if found is not None:
            return found
    if name.startswith("#"):
        return _private(files, name, folder)
    candidates, asked = aliases_for(files, folder).candidates(name)
    for candidate in candidates:
        found = _at(files, candidate)
        if found is not None:
            return found
    parts = packages.split(name)
    if parts is None or name.startswith(("@/", "~")):
        return _absent(name)  # no package can be called so: an alias that only a build tool knows
    own = packages.package_of(files, folder)
    if own is not None and own.name == parts[0] and own.data.get("exports") is not None:
        return _in_package(files, own, parts[1]) or MISSING
    place, installed = packages.find(files, parts[0], folder)
    if place is None:
        return MISSING if asked and not installed else OUTSIDE
    package = packages.package_at(files, place) or packages.Package(place, {})
    return _in_package(files, package, parts[1]) or _absent(name)


def _private(files: Files, name: str, folder: Path) -> Target:
    """`#name`, from `imports` of the file's own package.json."""
    package = packages.package_of(files, folder)
    imports = package.data.get("imports") if package is not None else None
    if package is None or imports is None:
        return MISSING
    for target in packages.match(imports, name):
        if not target.startswith("."):
            return OUTSIDE
        found = _at(files, Path(os.path.normpath(package.folder / target)))
        if found is not None:
            return found
    return MISSING


def _in_package(files: Files, package: packages.Package, subpath: str) -> Target | None:
    for target in packages.targets(package, subpath):
        path = Path(os.path.normpath(package.folder / target))
        found = _at(files, path) if path != package.folder else None
        if found is None and not files.is_dir(path):
            source = files.built_from(path)
            found = _as_target(source) if source is not None else None
        if found is not None:
            return found
    return None


def _absent(name: str) -> Target:
    return DATA if Path(name).suffix in DATA_SUFFIXES else MISSING


def _at(files: Files, path: Path) -> Target | None:
    """The file that a path means, with its suffix written, left out or that of the compiled file."""
    found = _file(files, path)
    if found is not None or not files.is_dir(path):
        return found
    package = packages.package_at(files, path)
    for key in ("module", "main"):
        main = package.data.get(key) if package is not None else None
        if isinstance(main, str):
            found = _file(files, Path(os.path.normpath(path / main)))
            if found is not None:
                return found
    return _file(files, path / "index")


def _file(files: Files, path: Path) -> Target | None:
    folder, name = path.parent, path.name
    names = files.listing(folder)  # one listing answers every guess
    guesses = [name]
    guesses += [path.stem + each for each in COMPILED_FROM.get(path.suffix, ())]
    guesses += [name + each for each in GUESSED]
    for guess in guesses:
        if guess in names and files.is_file(folder / guess):
            return _as_target(folder / guess)
    return None


def _as_target(path: Path) -> Target:
    if path.name.endswith(_DECLARATIONS):
        return MISSING  # types of a file that isn't there
    return Target("module", path) if path.suffix in MODULE_SUFFIXES else DATA
