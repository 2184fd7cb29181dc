"""What `wslint init` does: check the project, show what it proposes, and write it where it is told to."""

from __future__ import annotations

import os
from pathlib import Path

from wslint import baseline
from wslint.boundary import boundary_of
from wslint.errors import EXIT_CLEAN, EXIT_FINDINGS, CheckError
from wslint.files import Files
from wslint.fix import diff
from wslint.init_plan import BASELINE, Here, Proposed, installed_commit, proposals, refuse_outside
from wslint.output import say, write
from wslint.report.visible import visible
from wslint.writing import replace_all, write_new


def run_init(folder: Path, yes: bool) -> int:
    """Propose or write; returns the exit code. Raises CheckError for what can't be read or written."""
    if not folder.is_dir():
        raise CheckError(f"{folder} is no folder")
    found = list(proposals(Here(folder, installed_commit(), _known(folder))))
    if not found:
        write("nothing to add: the project speaks of wslint already\n")
        return EXIT_CLEAN
    if not yes:
        files = Files(Path(os.getcwd()))
        changes = {one.path.absolute(): (one.before or b"", one.after) for one in found}
        new = frozenset(one.path.absolute() for one in found if one.before is None)
        write(diff(changes, files, new), form="patch")
        say(f"Nothing was written. Next: wslint init {'' if folder == Path() else f'{folder} '}--yes")
        return EXIT_FINDINGS
    _write(found, folder)
    return EXIT_CLEAN


def _known(folder: Path) -> bytes | None:
    """The baseline of what is found now; None where nothing is."""
    from wslint.check import Options, run
    from wslint.settings import find_settings

    limit = boundary_of([folder])
    options = Options(find_settings(folder, limit))
    result = run([folder], options, Files(boundary=limit))
    if not result.findings or (folder / BASELINE).exists():
        return None
    return baseline.text_of(result.findings, folder.absolute())


def _write(found: list[Proposed], folder: Path) -> None:
    """The changed files first, which may be refused, then the new ones."""
    for one in found:
        refuse_outside(one.path, folder)
    replace_all(
        {one.path: (one.before, one.after) for one in found if one.before is not None}, [folder.resolve()]
    )
    for one in found:
        name = visible(os.fspath(one.path.relative_to(folder)))
        if one.before is None:
            try:
                one.path.parent.mkdir(parents=True, exist_ok=True)
                write_new(one.path, one.after)
            except OSError as error:
                raise CheckError(f"{name} can't be written: {error.strerror or error}") from None
        write(f"{'create' if one.before is None else 'change'}    {name}\n")
