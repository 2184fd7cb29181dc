"""Commands that write a tree of files to another folder, each under its own path: `cp -r`, rsync, sucrase and
capnweb-validate, which adds checks to what it copies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wslint.files import Files
from wslint.project.built import Built
from wslint.project.commands import Command, Commands
from wslint.source.javascript.resolve import COMPILED_FROM

_VALUES = ("--out", "-d", "--out-dir", "-t", "--transforms")


def source_of(output: Path, commands: Commands, files: Files) -> Built | None:
    for command in commands.named("cp", "rsync", "sucrase", "capnweb-validate"):
        for source, target in _copies(command, files):
            if not output.is_relative_to(target):
                continue
            inner = output.relative_to(target)
            for suffix in (inner.suffix, *COMPILED_FROM.get(inner.suffix, ())):
                found = source / inner.with_suffix(suffix) if inner.name else source
                if found != output and files.is_file(found):
                    return Built(found, f"`{command.name}`")
    return None


def _copies(command: Command, files: Files) -> Iterator[tuple[Path, Path]]:
    """What is copied, and where to: the path that each has afterwards."""
    given = [command.path(word) for word in command.plain(*_VALUES) if word != "build"]
    if command.name in ("cp", "rsync"):
        if len(given) < 2:
            return
        *sources, target = given
        for source in sources:
            # Into the folder where it is there or is named so; else under the new name.
            yield source, target / source.name
            if len(sources) == 1:
                yield source, target
        return
    out = command.option("--out", "-d", "--out-dir")
    for source in given or [command.folder]:
        if out is not None:
            yield source, command.path(out)
