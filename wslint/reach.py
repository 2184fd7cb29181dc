"""Which Workers can be ruled out as owners of a file without reading their modules.

A hook names a few files of a repository with a hundred Workers. To know that a Worker's modules lead to none of them,
they need not be parsed: what leads out of a folder stands in its files as a `..`, or as the name of a package of the
workspace. So folders are searched for these words, and the folders that they lead to, until no new one comes up. Where
anything might lead elsewhere in a way that words don't show (a build, an alias from above, a link), nothing is ruled
out, and the Worker is read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from wslint import system
from wslint.files import Files
from wslint.project.entrypoint import OUTPUT_FOLDERS, SCRIPT_SUFFIXES
from wslint.project.names import ASTRO, NITRO, SVELTE, VITE
from wslint.record import field, record
from wslint.regex import regex
from wslint.source.javascript.packages import workspace_packages
from wslint.source.javascript.tsconfig import NAMES as TSCONFIGS
from wslint.wrangler.config import STANDARD_NAMES

_MOST_FILES = 400
_MOST_BYTES = 4 * 1024 * 1024
"""Of one folder: to search more takes longer than to read the Worker."""

_SCRIPTS = tuple(SCRIPT_SUFFIXES)
_READ = (*_SCRIPTS, ".json", ".jsonc", ".toml", ".yaml", ".yml", ".py")
_DATA = (
    ".json",
    ".jsonc",
    ".toml",
    ".yaml",
    ".yml",
    ".lock",
    ".md",
    ".txt",
    ".html",
    ".css",
    ".sql",
    ".wasm",
)
_OTHER_WAYS = (b"..\\", b"\\x2e", b"\\u002e", b"\\u{2e}")
"""Ways to write `..` that are not looked into. Each has a backslash."""

_INSTALLED = b"node_modules/"

_UP = regex(rb"(?<![.\w])(?:\.\./)*\.\.(?!\.)(?:/[\w@.+\-/]*)?")
_PYTHON_UP = regex(rb"\b(?:from|import)\s+(\.{3,})")
_MAIN = regex(rb"""(?<![\w-])main["']?\s*[=:]\s*["']([^"'\n]*)["']""")
_MENTIONED = regex(rb"""(?<![\w-])main(?=["']?\s*[=:/])""")
_BUILDS = (b"command", b"base_dir", b"{{", b"${", b"alias")
"""Words of a configuration that may lead elsewhere."""

_ALIASES = (b"paths", b"baseUrl", b"extends", b"references")


class _Unclear(Exception):
    """Words do not tell where this leads."""


@record
class Reach:
    """What may be reached from where in one repository."""

    top: Path
    files: Files
    _kept: dict[str, bytes] = field(default_factory=dict)
    """Files that are looked into more than once."""

    def rules_out(self, config: Path, wanted: Iterable[Path]) -> bool:
        """Whether the modules of a configuration's Workers lead to none of these files, for sure."""
        try:
            areas = self._from(config)
        except _Unclear:
            return False
        return not any(path.is_relative_to(area) for path in wanted for area in areas)

    def _from(self, config: Path) -> set[Path]:
        """The folders that hold all modules of a configuration's Workers."""
        folder = config.parent
        if config.name not in STANDARD_NAMES or system.real(config) != os.fspath(config):
            raise _Unclear
        self._main(config)
        reached = {folder}
        waiting = [folder]
        while waiting:
            for area in self._leads_to(waiting.pop()):
                if not any(area.is_relative_to(known) for known in reached):
                    reached.add(area)
                    waiting.append(area)
        return reached

    def _main(self, config: Path) -> None:
        """See that each `main` is a file that somebody wrote, and where no tool puts another one in its place."""
        data = self._kept_text(config)
        mains = [os.fsdecode(each) for each in _MAIN.findall(data)]
        if not mains or len(mains) != len(_MENTIONED.findall(data)) or any(word in data for word in _BUILDS):
            raise _Unclear
        names = self.files.listing(config.parent)
        if not names.isdisjoint(SVELTE | ASTRO | NITRO | VITE | {"Cargo.toml"}):
            raise _Unclear
        for text in mains:
            path = Path(os.path.normpath(config.parent / text))
            parts = Path(text).parts
            if "\\" in text or not OUTPUT_FOLDERS.isdisjoint(parts) or not self.files.is_file(path):
                raise _Unclear

    def _leads_to(self, area: Path) -> frozenset[Path]:
        """The folders outside of one that its files may lead to."""
        key = ("reach", os.fspath(area))
        known = self.files.cache.get(key)
        if known is None:
            try:
                known = frozenset(self._searched(area))
            except _Unclear:
                known = _Unclear
            self.files.cache[key] = known
        if not isinstance(known, frozenset):
            raise _Unclear
        return known

    def _searched(self, area: Path) -> Iterator[Path]:
        self._above(area)
        packages = dict(workspace_packages(self.files, area))
        texts: list[tuple[str, bytes]] = []
        places = [folder / "node_modules" for folder in area.parents if folder.is_relative_to(self.top)]
        for folder, names in self._folders(area):
            places += [Path(folder, name) for name in names if name == "node_modules"]
            texts += [
                (folder, self._text(os.path.join(folder, name))) for name in names if name.endswith(_READ)
            ]
        linked = [pair for place in places for pair in self._links(place)]
        whole = b"\n".join([data for _, data in texts])
        if b"\\" in whole and any(word in whole for word in _OTHER_WAYS):
            raise _Unclear
        if os.fsencode(self.top) + b"/" in whole:
            raise _Unclear
        for folder, data in texts if b".." in whole else ():
            if b".." in data:
                for up in {*_UP.findall(data), *(_up(dots) for dots in _PYTHON_UP.findall(data))}:
                    yield from self._at(Path(os.path.normpath(os.path.join(folder, os.fsdecode(up)))), area)
        for name, package in (*packages.items(), *linked):
            if not package.is_relative_to(area) and os.fsencode(name) in whole:
                yield self._area(package)

    def _folders(self, area: Path) -> Iterator[tuple[str, list[str]]]:
        """The folders below one, itself first, with the names in them; installed packages are not walked into.
        Paths are texts here: there are many."""
        waiting, count = [os.fspath(area)], 0
        while waiting:
            folder = waiting.pop()
            rows = system.rows(folder) or []
            count += len(rows)
            if count > _MOST_FILES:
                raise _Unclear
            names: list[str] = []
            for name, what in rows:
                if name == "Cargo.toml" or (what == "@" and name != "node_modules"):
                    raise _Unclear
                if what == "/" and name not in ("node_modules", ".git"):
                    waiting.append(os.path.join(folder, name))
                elif name != ".git":
                    names.append(name)
            yield folder, names

    def _text(self, path: str) -> bytes:
        """What a file inside of the repository holds: there are no links on the way to it."""
        data = self._kept.get(path) or system.read(path, _MOST_BYTES)
        if isinstance(data, str):
            raise _Unclear
        if path.endswith(_SCRIPTS) and _INSTALLED in data:
            raise _Unclear
        return data

    def _kept_text(self, path: Path) -> bytes:
        name = os.fspath(path)
        if not self.files.holds(path):
            raise _Unclear
        if name not in self._kept:
            self._kept[name] = self._text(name)
        return self._kept[name]

    def _above(self, area: Path) -> None:
        """See that nothing that stands above gives names in a folder another meaning."""
        above = [folder for folder in area.parents if folder.is_relative_to(self.top)]
        if any(not VITE.isdisjoint(self.files.listing(folder)) for folder in above):
            raise _Unclear
        for names, words in ((TSCONFIGS, _ALIASES), (("package.json",), (b"imports", b"exports"))):
            if any(self.files.has(area, name) for name in names):
                continue
            found = next(
                (folder / name for folder in above for name in names if self.files.has(folder, name)), None
            )
            if found is not None and any(word in self._kept_text(found) for word in words):
                raise _Unclear

    def _links(self, place: Path) -> list[tuple[str, Path]]:
        """The packages in a node_modules folder that are links to folders of the repository."""
        key = ("reach links", os.fspath(place))
        known = self.files.cache.get(key)
        if not isinstance(known, list):
            known = self.files.cache[key] = list(self._linked(place, ""))
        return known

    def _linked(self, place: Path, scope: str) -> Iterator[tuple[str, Path]]:
        for name in sorted(self.files.listing(place)):
            if name.startswith("@") and not scope:
                yield from self._linked(place / name, f"{name}/")
            elif not name.startswith(".") and system.is_link(place / name):
                real = Path(system.real(place / name))
                if "node_modules" not in real.parts and real.is_relative_to(self.top):
                    yield scope + name, real

    def _at(self, path: Path, area: Path) -> Iterator[Path]:
        """The folders that hold what a path outside of a folder may mean."""
        if path.is_relative_to(area):
            # `../area` may be `area.ts` beside it.
            beside = path == area and self._has_suffixed(path)
            yield from (self._area(path.parent),) if beside else ()
            return
        if "node_modules" in path.parts or not path.is_relative_to(self.top):
            return
        if self.files.is_dir(path):
            yield self._area(path)
            if not self._has_suffixed(path):
                return
        elif path.suffix in _DATA and self.files.is_file(path):
            if path.suffix in (".json", ".jsonc") and any(word in self._kept_text(path) for word in _ALIASES):
                raise _Unclear
            return
        yield self._area(path.parent)

    def _has_suffixed(self, path: Path) -> bool:
        """Whether there is a file that a path without its suffix may mean."""
        return any(name.startswith(f"{path.name}.") for name in self.files.listing(path.parent))

    def _area(self, folder: Path) -> Path:
        """The package that a folder belongs to, or the folder itself."""
        above = [
            each for each in (folder, *folder.parents) if each != self.top and each.is_relative_to(self.top)
        ]
        if not above:
            raise _Unclear
        marks = ("package.json", *STANDARD_NAMES)
        return next((each for each in above if any(self.files.has(each, name) for name in marks)), folder)


def _up(dots: bytes) -> bytes:
    """Python's dots as a path: one of them is the folder itself."""
    return b"/".join([b".."] * (len(dots) - 1))
