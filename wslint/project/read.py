"""From the module that `main` leads to, to source facts."""

from __future__ import annotations

import os
from pathlib import Path

from wslint.files import Files
from wslint.project.names import APPENDED
from wslint.record import replace
from wslint.source.facts import ExportFact, SourceFacts, Unknown
from wslint.text import SourceFile
from wslint.worker import Entrypoint
from wslint.wrangler.config import WorkerConfig


def read_source(
    entrypoint: Entrypoint, config: WorkerConfig, files: Files
) -> tuple[Entrypoint, SourceFacts | None]:
    """The facts of what the entrypoint reaches, with the entrypoint (its `why` set where there are none)."""
    read, facts = _read(entrypoint, config, files)
    names = entrypoint.names
    if facts is not None and names is not None:
        exports = {name: fact for name, fact in facts.exports.items() if name in names | {"default"}}
        facts = replace(facts, exports=exports, open_exports=[])
    return read, facts


def _read(
    entrypoint: Entrypoint, config: WorkerConfig, files: Files
) -> tuple[Entrypoint, SourceFacts | None]:
    path = entrypoint.path
    if path is not None and entrypoint.kind == "generated" and entrypoint.appended:
        return entrypoint, _appended(path, entrypoint, config, files)
    if path is None or entrypoint.kind not in ("source", "rust"):
        return entrypoint, None
    project = config.document.folder
    if entrypoint.kind == "rust":
        from wslint.project.worker_build import crate_of
        from wslint.source.rust import analyser

        crate = crate_of(config, files)
        facts = (
            analyser.analyse(files.read(path) if files.is_file(path) else None, files, project, crate.folder)
            if crate is not None
            else None
        )
        if facts is None:
            return replace(entrypoint, kind="unknown", why="no single worker crate was found"), None
        return entrypoint, facts
    file = _router(project, files) if files.is_dir(path) else files.read(path)
    if file is None and files.is_dir(path):
        return replace(entrypoint, kind="none", why="no file in `functions/` has a handler"), None
    if file is None:
        why = f"`{files.name(path)}` {files.problem(path)}"
        return replace(entrypoint, kind="unknown", why=why), None
    if file.data.startswith((b"\xff\xfe", b"\xfe\xff")):  # as some editors of Windows save
        why = f"`{files.name(path)}` is UTF-16, which no build reads"
        return replace(entrypoint, kind="unknown", why=why), None
    if path.suffix == ".py":
        from wslint.source import python

        return entrypoint, python.analyse(file, files, project)
    from wslint.source import javascript

    facts = javascript.analyse(file, files, project)
    _close(facts, config, files)
    return entrypoint, facts


def _appended(path: Path, entrypoint: Entrypoint, config: WorkerConfig, files: Files) -> SourceFacts:
    """What a script adds to a framework's own Worker, whose default export is not read."""
    from wslint.source import javascript

    text = f"{entrypoint.appended}\nexport default globalThis.adapter;\n"
    file = SourceFile(path.with_name(APPENDED), APPENDED, text.encode("utf-8", "surrogateescape"))
    facts = javascript.analyse(file, files, config.document.folder)
    span = entrypoint.value.span if entrypoint.value is not None else config.section_span
    facts.unknown.append(Unknown(span, "what the framework's own Worker does", "a build writes it"))
    return facts


def _router(folder: Path, files: Files) -> SourceFile | None:
    from wslint.project.functions import router_of

    return router_of(folder, files)


def _close(facts: SourceFacts, config: WorkerConfig, files: Files) -> None:
    """Answer what `export *` of a framework's output brings, which is not built but known."""
    if not facts.open_exports:
        return
    from wslint.project.frameworks import entrypoint_of

    left = []
    for each in facts.open_exports:
        specifier = each.span.text.strip("'\"`")
        path = Path(os.path.normpath(each.span.file.path.parent / specifier))
        known = entrypoint_of(config, path, files) if specifier.startswith(".") else None
        if known is None or known.names is None:
            left.append(each)
            continue
        for name in sorted(known.names - {"default"}):
            facts.exports.setdefault(name, ExportFact(name, "unknown", each.span))
    facts.open_exports = left
