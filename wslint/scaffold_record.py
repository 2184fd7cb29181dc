"""What a generated project remembers: what was asked for, by which version, and each file as it was written.

With it a newer version knows what has changed on either side since then.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import textwrap
import zlib
from pathlib import Path
from typing import Any

from wslint.errors import CheckError
from wslint.record import frozen

NAME = ".wslint-scaffold.toml"
LOCKS = frozenset({"uv.lock", "package-lock.json", "Cargo.lock"})
"""What a tool writes anew: only whether it is still the same is of interest."""
MAX_BYTES = 8_000_000
"""Of the files together: more is no record of ours."""
_HEAD = """\
# What `wslint new` was asked for and what it wrote: `wslint new --diff` and `wslint new --update` need it.
# Nobody else does. It is nothing to edit; keep it in version control.
"""


@frozen
class Record:
    version: str
    answers: dict[str, Any]
    files: dict[str, str]
    """Each file as it was written, or its hash: see `kept`."""


def kept(path: str, text: str) -> str:
    """What is kept of a file."""
    return f"sha256 {hashlib.sha256(text.encode('utf-8')).hexdigest()}" if path in LOCKS else text


def dump(record: Record) -> str:
    """The text of the file that keeps a record."""
    lines = [_HEAD, "[scaffold]", f"version = {json.dumps(record.version)}"]
    lines += [f"{name} = {json.dumps(value)}" for name, value in record.answers.items()]
    packed = base64.b64encode(zlib.compress(json.dumps(record.files).encode("utf-8"), 9)).decode("ascii")
    return "\n".join([*lines, 'files = """', *textwrap.wrap(packed, 118), '"""', ""])


def load(text: str) -> Record:
    """The record that a file keeps. Raises CheckError."""
    import tomli

    try:
        answers = tomli.loads(text)["scaffold"]
        inflating = zlib.decompressobj()
        data = inflating.decompress(base64.b64decode(answers.pop("files")), MAX_BYTES)
        files = json.loads(data)
        version = answers.pop("version")
    except (KeyError, TypeError, AttributeError, ValueError, binascii.Error, zlib.error):
        raise CheckError(f"{NAME} is no record of `wslint new`") from None
    if not isinstance(files, dict) or not all(isinstance(file, str) for file in files.values()):
        raise CheckError(f"{NAME} is no record of `wslint new`")
    return Record(str(version), answers, files)


def read(folder: Path) -> Record | None:
    """The record of a project; None where there is none. Raises CheckError for one that can't be read."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CheckError(f"{NAME} can't be read: {getattr(error, 'strerror', None) or error}") from None
    return load(text)
