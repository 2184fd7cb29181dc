"""What of the assets folder is published: everything that `.assetsignore` in it does not name."""

from __future__ import annotations

from pathlib import Path

from wslint.files import Files
from wslint.globs import Ignore
from wslint.record import frozen
from wslint.text import lines

IGNORE_FILE = ".assetsignore"
_MOST_LINES = 5_000
_ALWAYS_LEFT_OUT = (IGNORE_FILE, "_redirects", "_headers")


@frozen
class Published:
    """An assets folder that is there. `has_ignore_file`: whether it has a `.assetsignore`, empty or not; `_spec` is
    what that says, and None where it can't be read or says more than anybody writes: nothing is known to be uploaded
    then."""

    folder: Path
    has_ignore_file: bool
    _spec: Ignore | None

    def __contains__(self, path: Path) -> bool:
        """Whether a file or folder inside is uploaded."""
        if self.folder not in path.parents:
            return False
        relative = path.relative_to(self.folder).as_posix()
        return self._spec is not None and self._spec.verdict(relative) is not True


def published(folder: Path, files: Files) -> Published:
    left_out = [f"/{name}" for name in _ALWAYS_LEFT_OUT]
    if IGNORE_FILE not in files.listing(folder):
        return Published(folder, False, Ignore(left_out))
    file = files.read(folder / IGNORE_FILE)
    own = lines(file.data.decode("utf-8", "replace")) if file is not None else []
    known = file is not None and len(own) <= _MOST_LINES
    return Published(folder, True, Ignore([*left_out, *own]) if known else None)
