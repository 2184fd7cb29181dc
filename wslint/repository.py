"""What git's HEAD has of a configuration: the nearest thing to "what was deployed" that a tree knows.

Only `git cat-file --batch` is run, which reads objects: no hook, filter or file system monitor of
the repository is executed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from wslint.files import Files
from wslint.source.facts import Unknown
from wslint.text import SourceFile, Span
from wslint.worker import Workspace
from wslint.wrangler.config import ConfigDocument, load_document
from wslint.wrangler.located import ParseError

_TIMEOUT_SECONDS = 10


def attach(workspace: Workspace, documents: Iterable[ConfigDocument]) -> None:
    """Set `committed` on the documents that HEAD has in another form."""
    by_top: dict[Path, list[ConfigDocument]] = {}
    for document in documents:
        top = _top(document.folder, workspace.files)
        if top is not None:
            by_top.setdefault(top, []).append(document)
    for top, inside in by_top.items():
        blobs = _blobs(top, [document.file.path.relative_to(top).as_posix() for document in inside])
        for document, blob in zip(inside, blobs, strict=True):
            if isinstance(blob, str):
                start = Span(document.file, 0, 0)
                workspace.unknown.append(Unknown(start, "whether committed migrations were rewritten", blob))
            elif blob is not None and blob != document.file.data:
                _attach(document, blob)


def _attach(document: ConfigDocument, blob: bytes) -> None:
    name = f"{document.file.name} (HEAD)"
    try:
        document.committed = load_document(SourceFile(document.file.path, name, blob))
    except ParseError:
        document.committed = None  # a commit that did not parse says nothing


def _top(folder: Path, files: Files) -> Path | None:
    """The folder of the repository that holds `folder`: the first with a `.git` in it."""
    for candidate in (folder, *folder.parents):
        if ".git" in files.listing(candidate):
            return candidate
    return None


def _blobs(top: Path, paths: list[str]) -> list[bytes | str | None]:
    """For each path its bytes in HEAD, None where HEAD has none, or the reason why git did not say."""
    import subprocess

    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    question = "".join(f"HEAD:{path}\n" for path in paths).encode()
    try:
        answer = subprocess.run(
            ["git", "-C", os.fspath(top), "cat-file", "--batch"],
            input=question,
            capture_output=True,
            timeout=_TIMEOUT_SECONDS,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0"},
            check=False,
        )
    except FileNotFoundError:
        return ["git is not installed"] * len(paths)
    except (OSError, subprocess.TimeoutExpired):
        return ["git did not answer"] * len(paths)
    if answer.returncode != 0:
        return ["git could not read the repository"] * len(paths)
    return _split(answer.stdout, len(paths))


def _split(output: bytes, count: int) -> list[bytes | str | None]:
    """The objects in the output of `git cat-file --batch`, in the order they were asked for."""
    found: list[bytes | str | None] = []
    position = 0
    while len(found) < count:
        end = output.find(b"\n", position)
        if end == -1:
            return [*found, *["git did not answer"] * (count - len(found))]
        words = output[position:end].split(b" ")
        position = end + 1
        if len(words) == 3 and words[1] == b"blob" and words[2].isdigit():
            size = int(words[2])
            found.append(output[position : position + size])
            position += size + 1
        else:
            found.append(None)
    return found
