"""`resolve.alias` of vite.config: what Vite's own bundling takes bare specifiers for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from wslint.files import Files
from wslint.record import frozen

if TYPE_CHECKING:
    from wslint.source.javascript.literals import Script
    from wslint.source.tree import Expression

_NAMES = frozenset(f"vite.config.{suffix}" for suffix in ("ts", "mts", "js", "mjs", "cts", "cjs"))


@frozen
class ViteAliases:
    """Prefixes and the paths that take their place, the longest first."""

    prefixes: tuple[tuple[str, Path], ...] = ()

    def candidates(self, specifier: str) -> list[Path]:
        """A prefix holds for itself and for what follows it after a `/`."""
        return [
            Path(os.path.normpath(f"{path}/{specifier[len(prefix) :]}"))
            for prefix, path in self.prefixes
            if specifier == prefix or specifier.startswith(prefix if prefix.endswith("/") else f"{prefix}/")
        ]


NO_ALIASES = ViteAliases()


def vite_aliases(files: Files, folder: Path) -> ViteAliases:
    """The aliases of the nearest vite.config upwards, within the repository."""
    for each in (folder, *folder.parents):
        key = ("javascript vite aliases", os.fspath(each))
        known = files.cache.get(key)
        if isinstance(known, ViteAliases):
            return known
        names = files.listing(each)
        if not _NAMES.isdisjoint(names):
            found = files.cache[key] = _read(files, each)
            return found
        if ".git" in names:
            break
    return NO_ALIASES


def _read(files: Files, folder: Path) -> ViteAliases:
    name = next(name for name in sorted(_NAMES) if name in files.listing(folder))
    file = files.read(folder / name)
    if file is None or b"alias" not in file.data:
        return NO_ALIASES
    from wslint.source.javascript.literals import script_at

    script = script_at(folder / name, files)
    if script is None:
        return NO_ALIASES
    pairs = _pairs(script, script.get(script.exported, "resolve", "alias"))
    return ViteAliases(tuple(sorted(pairs, key=lambda pair: -len(pair[0]))))


def _pairs(script: Script, node: Expression | None) -> Iterator[tuple[str, Path]]:
    """`{ "@": path }`, and `[{ find: "@", replacement: path }]`."""
    from wslint.source import tree

    if isinstance(node, tree.Table):
        for entry in node.entries:
            path = script.path(entry.value)
            if entry.key is not None and path is not None:
                yield entry.key, path
    for item in node.items if isinstance(node, tree.Array) else ():
        find, path = script.text(script.get(item, "find")), script.path(script.get(item, "replacement"))
        if find is not None and path is not None:
            yield find, path
