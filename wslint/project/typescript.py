"""tsc, swc and Babel: each source file becomes a file of the same name in the output folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from wslint.files import Files
from wslint.project.built import Built
from wslint.project.commands import Command, Commands
from wslint.source.javascript.packages import read_json
from wslint.source.javascript.resolve import COMPILED_FROM

_MOST_EXTENDED = 20


def source_of(output: Path, commands: Commands, files: Files) -> Built | None:
    for command in commands.named("tsc", "tsgo", "vue-tsc"):
        if "--noEmit" not in command.words:
            for folder, root in _projects(command, files):
                found = _counterpart(output, folder, root, files)
                if found is not None:
                    return Built(found, "`tsc`")
    for command in commands.named("swc", "babel"):
        target = command.option("-d", "--out-dir")
        sources = command.plain("-d", "--out-dir", "--extensions", "--config-file", "-C")
        for source in sources if target is not None else ():
            place = command.path(source)
            # swc keeps the source folder's own name in its output unless it is told not to.
            found = _counterpart(output, command.path(target or ""), [place, place.parent], files)
            if found is not None:
                return Built(found, f"`{command.name}`")
    return None


def _counterpart(output: Path, folder: Path, roots: list[Path], files: Files) -> Path | None:
    if not output.is_relative_to(folder):
        return None
    inner = output.relative_to(folder)
    for root in roots:
        for suffix in (*COMPILED_FROM.get(output.suffix, ()), output.suffix):
            source = root / inner.with_suffix(suffix)
            if source != output and files.is_file(source):
                return source
    return None


def _projects(command: Command, files: Files) -> Iterator[tuple[Path, list[Path]]]:
    """The output folder of each project that a command compiles, with the folders its sources may start from."""
    named = command.option("-p", "--project")
    given = [named] if named is not None else command.plain("--outDir", "--rootDir")
    built = "-b" in command.words or "--build" in command.words
    places = [command.path(each) for each in given] if named or built else []
    for place in places or [command.folder]:
        config = place / "tsconfig.json" if not place.suffix else place
        options = _options(config, files)
        out, root = command.option("--outDir"), command.option("--rootDir")
        folder = command.path(out) if out else options.get("outDir")
        if folder is None:
            continue
        start = command.path(root) if root else options.get("rootDir")
        yield folder, [start] if start is not None else [config.parent / "src", config.parent]


def _options(config: Path, files: Files) -> dict[str, Path]:
    """`outDir` and `rootDir` of a tsconfig.json or of what it extends, each relative to where it is written."""
    found: dict[str, Path] = {}
    for _ in range(_MOST_EXTENDED):
        data = read_json(files, config)
        if not isinstance(data, dict):
            break
        options = data.get("compilerOptions")
        for key in ("outDir", "rootDir"):
            value = options.get(key) if isinstance(options, dict) else None
            if isinstance(value, str):
                found.setdefault(key, Path(os.path.normpath(config.parent / value)))
        extends = data.get("extends")
        if not isinstance(extends, str) or not extends.startswith("."):
            break
        config = Path(os.path.normpath(config.parent / extends))
        config = config if config.suffix == ".json" else config.with_name(config.name + ".json")
    return found
