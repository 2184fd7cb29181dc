"""What git's HEAD has of a configuration: the nearest thing to "what was deployed" that a tree knows.

Only `git cat-file --batch` is run, which reads objects. A repository is not trusted: no hook, filter,
alias, pager or file system monitor takes part in that command, and a partial clone, which would fetch
a missing object through a transport that `.git/config` names, is kept from it twice over.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from wslint import system
from wslint.files import MAX_BYTES, Files
from wslint.head import NO_GIT
from wslint.source.facts import Unknown
from wslint.text import SourceFile, Span
from wslint.worker import Workspace
from wslint.wrangler.config import ConfigDocument, load_document
from wslint.wrangler.located import ParseError

_TIMEOUT_SECONDS = 10

_A_PIPE_HOLDS = 4096
"""Bytes, on any system."""

_OUTPUT_LIMIT = 4 * MAX_BYTES
"""More than all configurations of any real workspace: what git says past it is not read."""


def attach(workspace: Workspace, documents: Iterable[ConfigDocument]) -> None:
    """Set `committed` on the documents that HEAD has; one that it has unchanged stands for itself."""
    by_top: dict[Path, list[ConfigDocument]] = {}
    for document in documents:
        top = _top(document.folder, workspace.files)
        # A question is a line: a name with a line end in it can't be asked for.
        if top is not None and "\n" not in os.fspath(document.file.path):
            by_top.setdefault(top, []).append(document)
    for top, inside in by_top.items():
        blobs = _blobs(top, [document.file.path.relative_to(top).as_posix() for document in inside])
        for document, blob in zip(inside, blobs, strict=True):
            if isinstance(blob, str) and document.has_lifecycle:
                start = Span(document.file, 0, 0)
                workspace.unknown.append(Unknown(start, "whether committed migrations were rewritten", blob))
            elif isinstance(blob, bytes):
                document.committed = document if blob == document.file.data else _load(document, blob)


def _load(document: ConfigDocument, blob: bytes) -> ConfigDocument | None:
    try:
        return load_document(SourceFile(document.file.path, f"{document.file.name} (HEAD)", blob))
    except ParseError:
        return None  # a commit that did not parse says nothing


def _top(folder: Path, files: Files) -> Path | None:
    """The folder of the repository that holds `folder`: the first with a `.git` in it."""
    for candidate in (folder, *folder.parents):
        if system.is_there(candidate / ".git"):
            return candidate
    return None


def _blobs(top: Path, paths: list[str]) -> list[bytes | str | None]:
    """For each path its bytes in HEAD, None where HEAD has none, or the reason why git did not say."""
    head = system.head(top)
    output = _ask(top, "".join(f"HEAD:{path}\n" for path in paths).encode("utf-8", "surrogateescape"))
    if not head or (isinstance(output, str) and head != NO_GIT) or system.head(top) != head:
        system.spoil()
    return [output] * len(paths) if isinstance(output, str) else _split(output, len(paths))


def _ask(top: Path, question: bytes) -> bytes | str:
    """What `git cat-file --batch` answers, or why it did not."""
    import subprocess
    from threading import Timer

    command = ["git", "--no-pager", "--no-replace-objects", "-C", os.fspath(top), "cat-file", "--batch"]
    with _readable(question) as questions:
        try:
            process = subprocess.Popen(
                command,
                stdin=questions,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(top),
            )
        except FileNotFoundError:
            return "git is not installed"
        except OSError:
            return "git can't be run"
        with process:
            timer = Timer(_TIMEOUT_SECONDS, process.kill)
            timer.start()
            try:
                assert process.stdout is not None
                output = process.stdout.read(_OUTPUT_LIMIT + 1)
                if len(output) > _OUTPUT_LIMIT:
                    process.kill()
                    return f"HEAD holds more than {_OUTPUT_LIMIT // (1024 * 1024)} MiB of configurations"
                status = process.wait()
            finally:
                timer.cancel()
    if status < 0:
        return "git did not answer"
    return output if status == 0 else "git can't read the repository"


def _readable(question: bytes) -> BinaryIO:
    """What git is asked, to be read from: all of it is there before git runs, as writing one pipe while reading another
    may block. A pipe holds a short question; `tempfile` brings along five compressors and a random generator."""
    if len(question) <= _A_PIPE_HOLDS:
        reading, writing = os.pipe()
        os.write(writing, question)
        os.close(writing)
        return open(reading, "rb")
    import tempfile

    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asks closes it
    file.write(question)
    file.seek(0)
    return file


def _environment(top: Path) -> dict[str, str]:
    """The environment for git: nothing of the caller's repository, and nothing that fetches."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {
        **environment,
        "GIT_CEILING_DIRECTORIES": os.fspath(top.parent),  # past a broken `.git`, git would search on above
        "GIT_NO_LAZY_FETCH": "1",  # git 2.45, and the security releases of 2024
        "GIT_ALLOW_PROTOCOL": "none",  # for older ones: no transport at all, whatever `.git/config` allows
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }


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
        if len(words) == 3 and words[2].isdigit():
            size = int(words[2])
            # A folder of that name is an object too: its bytes are passed over.
            found.append(output[position : position + size] if words[1] == b"blob" else None)
            position += size + 1
        else:
            found.append(None)
    return found
