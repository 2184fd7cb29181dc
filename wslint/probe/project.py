"""The project's findings, for a probe of what was deployed from it."""

from __future__ import annotations

import os
from pathlib import Path

from wslint.report.model import Result


def check_project(path: Path) -> Result:
    """Check the project as `wslint check --pedantic` does, its settings included.

    Raises CheckError when nothing can be checked.
    """
    from wslint.check import Options, run
    from wslint.settings import find_settings

    start = Path(os.path.abspath(path))
    settings = find_settings(start if start.is_dir() else start.parent)
    return run([path], Options(settings, pedantic=True))
