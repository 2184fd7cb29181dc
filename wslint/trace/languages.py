"""Lowering and finding modules in the Worker's own language."""

from __future__ import annotations

from pathlib import Path

from wslint.source import tree
from wslint.source.handshake import MAX_BYTES
from wslint.text import SourceFile
from wslint.worker import Worker


def lower(worker: Worker, file: SourceFile) -> tree.Module | None:
    """The lowered module; None for a file that is too large or of no known language."""
    if len(file.data) > MAX_BYTES:
        return None
    files = worker.workspace.files
    if file.path.suffix == ".py":
        from wslint.source.python.lower import lower as lower_python

        return lower_python(file, files)
    if file.path.suffix == ".rs":
        from wslint.source.rust.lower import lower as lower_rust

        return lower_rust(file, files)
    from wslint.source.javascript.lower import lower as lower_javascript

    return lower_javascript(file, files)


def find(worker: Worker, importer: SourceFile, specifier: str) -> SourceFile | None:
    """The project's file that a specifier means; None for what is outside, missing, or no code."""
    from wslint.source import handshake

    files = worker.workspace.files
    if importer.path.suffix == ".py":
        _, resolve = handshake.python_modules(files, _root(worker, importer))
        return resolve(importer, specifier)
    if importer.path.suffix == ".rs":
        return None
    from wslint.source.javascript.resolve import resolve as resolve_javascript

    target = resolve_javascript(files, specifier, importer.path, worker.document.folder)
    if target.kind != "module" or target.path is None:
        return None
    file = files.read(target.path)
    return file if file is not None and len(file.data) <= MAX_BYTES else None


def _root(worker: Worker, importer: SourceFile) -> Path:
    source = worker.source
    return source.entrypoint.path.parent if source is not None else importer.path.parent
