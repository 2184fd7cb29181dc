"""What of the assets folder is published: everything that `.assetsignore` in it does not name."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.globs import Ignore
from wslint.record import frozen
from wslint.text import lines

IGNORE_FILE = ".assetsignore"
_ALWAYS_LEFT_OUT = (IGNORE_FILE, "_redirects", "_headers")


@frozen
class Published:
    """An assets folder that is there. `has_ignore_file`: whether it has a `.assetsignore`, empty or not; `_spec` is
    what that says."""

    folder: Path
    has_ignore_file: bool
    _spec: Ignore | None

    def __contains__(self, path: Path) -> bool:
        """Whether a file or folder inside is uploaded."""
        if self.folder not in path.parents:
            return False
        relative = path.relative_to(self.folder).as_posix()
        if self._spec is None:
            return relative.partition("/")[0] not in _ALWAYS_LEFT_OUT
        return self._spec.verdict(relative) is not True


def published(folder: Path, files: Files) -> Published:
    file = files.read(folder / IGNORE_FILE) if IGNORE_FILE in files.listing(folder) else None
    if file is None:
        return Published(folder, False, None)
    left_out = [f"/{name}" for name in _ALWAYS_LEFT_OUT]
    return Published(folder, True, Ignore([*left_out, *lines(file.data.decode("utf-8", "replace"))]))
