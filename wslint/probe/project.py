"""The project's findings, for a probe of what was deployed from it."""

from __future__ import annotations

from pathlib import Path

from wslint import boundary
from wslint.files import Files
from wslint.report.model import Result


def check_project(path: Path, allow_outside: bool = False) -> Result:
    """Check the project as `wslint check --pedantic` does, its settings included.

    Raises CheckError when nothing can be checked.
    """
    from wslint.check import Options, run
    from wslint.settings import find_settings

    files = Files(boundary=boundary.wanted(allow_outside))
    return run([path], Options(find_settings(path, files.boundary), pedantic=True), files)
