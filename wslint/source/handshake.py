"""From source facts to the flow of requests, responses and sockets, in whatever language.

Lowering and following cost far more than reading exports, so they are done only for files that
mention what a handshake is made of, and only when a rule asks.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wslint.files import Files
from wslint.regex import regex
from wslint.source import tree
from wslint.source.facts import SourceFacts
from wslint.source.flow import analyse
from wslint.source.flow.uses import Flow
from wslint.text import SourceFile

MAX_BYTES = 256 * 1024
"""Larger files are bundles, or data: following values through one costs seconds and tells little."""

Lower = Callable[[SourceFile], tree.Module]
Resolve = Callable[[SourceFile, str], SourceFile | None]


def follow(facts: SourceFacts, files: Files, project: Path, is_bound: Callable[[str], bool]) -> Flow | None:
    """What the Worker's code does with the values of a handshake; None where nothing was read."""
    if facts.language in ("javascript", "typescript"):
        lower, resolve = javascript_modules(files, project)
        from wslint.source.javascript.lower import needs_lowering

        wanted = needs_lowering
    elif facts.language == "python":
        from wslint.source.python.lower import needs_lowering as wanted

        lower, resolve = python_modules(files, facts.entrypoint.path.parent)
    elif facts.language == "rust":
        from wslint.source.rust.flow_lower import lower as lower_rust
        from wslint.source.rust.flow_lower import needs_lowering as wanted

        lower, resolve = (lambda file: lower_rust(file, files)), _rust(files)
    else:
        return None
    relevant = [file for file in facts.files if len(file.data) <= MAX_BYTES and wanted(file.data)]
    if not relevant:
        return None
    if len(facts.entrypoint.data) > MAX_BYTES:
        return None
    known = {file.path for file in relevant}

    def find(importer: SourceFile, specifier: str) -> tuple[SourceFile, tree.Module] | None:
        """A module that has nothing to do with the handshake counts as outside: what is given to it
        escapes, which silences the rules."""
        target = resolve(importer, specifier)
        if target is None or (target.path not in known and not _only_hands_on(target)):
            return None
        return target, lower(target)

    modules = [(file, lower(file)) for file in relevant]
    return analyse((facts.entrypoint, lower(facts.entrypoint)), modules, find, is_bound)


_HANDS_ON = regex(rb"\bexport\s{0,50}(?:\*[^;{}*]{0,200}|\{[^{};]{0,2000}\}\s{0,50})\bfrom\s{0,50}[\"']")


def _only_hands_on(file: SourceFile) -> bool:
    """Whether a module without a word of handshakes exports what others have: `export { play } from "./play"`."""
    if file.path.name == "__init__.py":
        return b"import" in file.data and len(file.data) <= MAX_BYTES
    return (
        file.path.suffix not in (".py", ".rs")
        and len(file.data) <= MAX_BYTES
        and _HANDS_ON.search(file.data) is not None
    )


def _rust(files: Files) -> Resolve:
    from wslint.source.rust.modules import module_file

    return lambda importer, specifier: module_file(importer, specifier, files)


def python_modules(files: Files, root: Path) -> tuple[Lower, Resolve]:
    from wslint.source.python.lower import lower

    def find(importer: SourceFile, specifier: str) -> SourceFile | None:
        """`match`, `.match`, `package.match`: below the entrypoint's folder, or the importing file's."""
        name = specifier.lstrip(".")
        dots = len(specifier) - len(name)
        folder = importer.path.parent if dots else root
        for _ in range(dots - 1):
            folder = folder.parent
        base = folder.joinpath(*name.split(".")) if name else folder
        for path in (base.with_name(f"{base.name}.py"), base / "__init__.py"):
            if files.is_file(path):
                return files.read(path)
        return None

    return lambda file: lower(file, files), find


def javascript_modules(files: Files, project: Path) -> tuple[Lower, Resolve]:
    from wslint.source.javascript.lower import lower
    from wslint.source.javascript.resolve import resolve

    def find(importer: SourceFile, specifier: str) -> SourceFile | None:
        target = resolve(files, specifier, importer.path, project)
        return files.read(target.path) if target.path is not None else None

    return lambda file: lower(file, files), find
