"""tsconfig.json: `paths` and `baseUrl`, through `extends`."""

from __future__ import annotations

import os
from pathlib import Path

from wslint.files import Files
from wslint.record import frozen
from wslint.source.javascript.packages import read_json

NAMES = ("tsconfig.json", "jsconfig.json")
MOST_CONFIGS = 50
"""A chain of `extends` and `references` is followed through so many files at most."""


@frozen
class Aliases:
    """What bare specifiers mean to the files below one tsconfig.json.

    `paths` are pattern (with at most one `*`), targets, and the folder that targets start from.
    """

    paths: tuple[tuple[str, tuple[str, ...], Path], ...] = ()
    base: Path | None = None

    def candidates(self, specifier: str) -> tuple[list[Path], bool]:
        """The files that a specifier may mean, best first, and whether an alias asked for it.

        A bare `*` pattern and `baseUrl` don't count as asking: they catch packages too.
        """
        found: list[Path] = []
        asked = False
        best: tuple[int, str, tuple[str, ...], Path] | None = None
        for pattern, targets, base in self.paths:
            before, star, after = pattern.partition("*")
            if not star:
                if pattern == specifier:
                    best = (len(specifier) + 1, "", targets, base)
                    break
            elif (
                specifier.startswith(before)
                and specifier.endswith(after)
                and len(specifier) >= len(before) + len(after)
                and (best is None or len(before) > best[0])
            ):
                best = (len(before), specifier[len(before) : len(specifier) - len(after)], targets, base)
        if best is not None:
            asked = best[0] > 0
            found += [_join(best[3], target.replace("*", best[1], 1)) for target in best[2]]
        if self.base is not None:
            found.append(_join(self.base, specifier))
        return found, asked


NO_ALIASES = Aliases()


def aliases_for(files: Files, folder: Path) -> Aliases:
    """The aliases that hold for files in a folder: of the nearest tsconfig.json upwards."""
    passed: list[tuple[str, str]] = []
    found = NO_ALIASES
    for each in (folder, *folder.parents):
        key = ("javascript tsconfig", os.fspath(each))
        known = files.cache.get(key)
        if isinstance(known, Aliases):
            found = known
            break
        passed.append(key)
        path = next((each / name for name in NAMES if files.is_file(each / name)), None)
        if path is not None:
            found = _load(files, path)
            break
    for key in passed:
        files.cache[key] = found
    return found


def _load(files: Files, path: Path) -> Aliases:
    """The aliases of one config. The extending file wins over what it extends.

    A config that only lists `references` (Vite's templates) has the aliases of those.
    """
    paths: list[tuple[str, tuple[str, ...], Path]] | None = None
    base: Path | None = None
    queue, seen = [path], {path}
    while queue and len(seen) <= MOST_CONFIGS:
        config = queue.pop(0)
        data = read_json(files, config)
        if not isinstance(data, dict):
            continue
        options = data.get("compilerOptions")
        options = options if isinstance(options, dict) else {}
        own_base = options.get("baseUrl")
        if isinstance(own_base, str) and base is None:
            base = _join(config.parent, _here(own_base, path))
        own_paths = options.get("paths")
        if isinstance(own_paths, dict) and paths is None:
            start = _join(config.parent, _here(own_base, path)) if isinstance(own_base, str) else None
            paths = _read_paths(own_paths, start or base or config.parent, path)
        extends = data.get("extends")
        listed = [extends] if isinstance(extends, str) else extends if isinstance(extends, list) else []
        following = [_extended(files, config, each) for each in reversed(listed) if isinstance(each, str)]
        if paths is None and not listed:
            references = data.get("references")
            for each in references if isinstance(references, list) else ():
                if isinstance(each, dict) and isinstance(each.get("path"), str):
                    place = _join(config.parent, each["path"])
                    following.append(place / "tsconfig.json" if files.is_dir(place) else place)
        for each in following:
            if each is not None and each not in seen:
                seen.add(each)
                queue.append(each)
    return Aliases(tuple(paths or ()), base)


def _read_paths(
    table: dict[object, object], start: Path, root: Path
) -> list[tuple[str, tuple[str, ...], Path]]:
    return [
        (pattern, tuple(_here(each, root) for each in targets if isinstance(each, str)), start)
        for pattern, targets in table.items()
        if isinstance(pattern, str) and isinstance(targets, list)
    ]


def _extended(files: Files, config: Path, extends: str) -> Path | None:
    """The file behind `extends`; one in a package outside the tree brings no paths of the project."""
    if extends.startswith((".", "/")):
        place = _join(config.parent, extends)
        for path in (place, place.with_name(place.name + ".json"), place / "tsconfig.json"):
            if files.is_file(path):
                return path
        return None
    for folder in config.parents:
        place = folder / "node_modules" / extends
        for path in (place, place.with_name(place.name + ".json"), place / "tsconfig.json"):
            if files.is_file(path):
                return path
    return None


def _here(text: str, root: Path) -> str:
    return text.replace("${configDir}", os.fspath(root.parent))


def _join(folder: Path, relative: str) -> Path:
    return Path(os.path.normpath(folder / relative))
