"""Writes a planned project: whole, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from wslint.errors import CheckError
from wslint.record import field, record
from wslint.report.visible import visible
from wslint.scaffold import Plan, Planned, Verdict
from wslint.writing import clear, put


def write(plan: Plan, *, force: bool = False, skip_existing: bool = False) -> tuple[str, ...]:
    """Write what is to be created (and, forced, the conflicts); the paths written.

    Each file is written beside its place and moved. On any error what was created is removed again,
    and files that were replaced get their old content back.
    """
    if plan.conflicts() and not (force or skip_existing):
        raise CheckError("there are conflicts: nothing was written")
    wanted = [
        planned
        for planned in plan.files
        if planned.verdict is Verdict.CREATE or (force and planned.verdict is Verdict.CONFLICT)
    ]
    for planned in plan.files:
        clear(plan.folder / planned.path)  # what a killed run left beside it
    done = _Written()
    try:
        for planned in wanted:
            done.put(plan.folder / planned.path, planned)
    except OSError as error:
        left = done.take_back()
        reason = error.strerror or str(error)
        where = visible(os.fspath(error.filename or plan.folder))
        after = (
            f"; could not be taken back: {', '.join(map(visible, left))}" if left else ", nothing was kept"
        )
        raise CheckError(f"{where} can't be written: {reason}{after}") from None
    except BaseException:
        done.take_back()
        raise
    return tuple(planned.path for planned in wanted)


@record
class _Written:
    """What a run has changed so far, so that it can be undone."""

    folders: list[Path] = field(default_factory=list)
    created: list[Path] = field(default_factory=list)
    replaced: list[tuple[Path, bytes]] = field(default_factory=list)

    def put(self, target: Path, planned: Planned) -> None:
        self._make_folder(target.parent)
        replaces = planned.verdict is Verdict.CONFLICT
        if not replaces and os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, "appeared while the project was written", os.fspath(target))
        put(target, planned.text.encode("utf-8"), target.stat() if replaces else None)
        if replaces:
            self.replaced.append((target, planned.existing))
        else:
            self.created.append(target)

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir()
            self.folders.append(path)

    def take_back(self) -> list[str]:
        """Undo everything; what could not be undone."""
        undo: list[tuple[Path, Callable[[], object]]] = []
        for path, content in reversed(self.replaced):
            undo.append((path, partial(_restore, path, content)))
        undo += [(path, path.unlink) for path in reversed(self.created)]
        undo += [(path, path.rmdir) for path in reversed(self.folders)]
        left = []
        for path, action in undo:
            try:
                action()
            except OSError:
                left.append(os.fspath(path))
        return left


def _restore(path: Path, content: bytes) -> None:
    put(path, content, path.stat())
