"""What a build form answers with, and the matching of an output file to the entries of a bundler."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from wslint.files import Files
from wslint.record import frozen
from wslint.source.javascript.literals import Script
from wslint.source.javascript.syntax import MODULE_SUFFIXES
from wslint.source.tree import Expression, Table

COMPILED = frozenset({".js", ".mjs", ".cjs"})


@frozen
class Built:
    """A built file, led back. `source` is the module it is made from, `how` what makes it, as people call it;
    `names` are the only exports of the source that reach the output, None where all do; `why` and `mend` say
    what takes the others away, and what to do about it."""

    source: Path
    how: str
    names: frozenset[str] | None = None
    why: str = ""
    mend: str = ""


@frozen
class Input:
    """One entry of a bundler: the module, and the name that the configuration gives its output."""

    path: Path
    name: str | None = None


def module_at(path: Path, files: Files) -> Path | None:
    """The source module that a path means, with its suffix or without; None where there is none."""
    if path.suffix in MODULE_SUFFIXES and files.is_file(path):
        return path
    for suffix in (".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs"):
        for guess in (path.with_name(path.name + suffix), path / f"index{suffix}"):
            if files.is_file(guess):
                return guess
    return None


def written_to(output: Path, file: Path | None) -> bool:
    """Whether this very file is written."""
    return file is not None and file == output


def in_folder(output: Path, folder: Path, inputs: Iterable[Input], base: Path | None = None) -> Input | None:
    """The input whose output in `folder` a file is: by its name, its path below `base`, or its stem."""
    if not output.is_relative_to(folder) or output.suffix not in COMPILED:
        return None
    wanted = output.relative_to(folder).with_suffix("")
    known = list(inputs)
    common = base or _common(known)
    for each in known:
        if each.name is not None:
            if Path(each.name) in (wanted, output.relative_to(folder)):
                return each
        elif common is not None and each.path.is_relative_to(common):
            if each.path.relative_to(common).with_suffix("") == wanted:
                return each
    return None


def _common(inputs: list[Input]) -> Path | None:
    """The lowest folder above all inputs, where bundlers start the paths of their outputs."""
    parents = [os.fspath(each.path.parent) for each in inputs if each.name is None]
    return Path(os.path.commonpath(parents)) if parents else None


def inputs_of(script: Script, node: Expression | None, base: Path | None = None) -> list[Input]:
    """A bundler's `input` or `entry`: a path, an array of paths, or a table from name to path."""
    from wslint.source.tree import Array

    settled = script.settle(node)
    if isinstance(settled, Table):
        named = []
        for entry in settled.entries:
            path = script.path(entry.value, base)
            if entry.key is not None and path is not None:
                named.append(Input(path, entry.key))
        return named
    items = settled.items if isinstance(settled, Array) else [settled]
    paths = (script.path(item, base) for item in items)
    return [Input(path) for path in paths if path is not None]
