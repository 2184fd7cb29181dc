"""Keeping a run for `cache.py` to answer from, and forgetting all of them."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from wslint import cache, system
from wslint.errors import EXIT_CLEAN, EXIT_FINDINGS, CheckError

MOST_RUNS = 8
"""Kept for one folder: an editor, a hook and a person ask differently."""

MOST_FILES = 256
"""Folders in which wslint was run and what was said is kept: those of the longest ago go first."""

MOST_IN_ALL = 256 * 1024 * 1024

_DIGEST = 32
"""The length of what `system.digest` gives."""

_SUFFIXES = (".answers", ".new")

_CHANGES = ("fix", "unsafe_fixes", "diff", "output_file", "update_baseline", "add_ignore")
"""Options that do more than to say something."""


def keep(options: dict[str, Any], code: int) -> None:
    """Keep the run that ends here, where all that it rests on was noted. That it can't be kept is no failure."""
    record, key = system.recorded(), cache.key()
    if record is None or not key or record.spoilt:
        return
    if code not in (EXIT_CLEAN, EXIT_FINDINGS) or any(options[name] for name in _CHANGES):
        return
    with suppress(OSError, ValueError):
        path = cache.file_of_answers()
        files = _code_files(record)
        if path is not None and files is not None:
            body = cache.packed(code, record.said, files, needed(record))
            store(path, key, body)
            bound(os.path.dirname(path))


def needed(record: system.Record) -> dict[str, str]:
    """The questions without those whose answers follow from others: of a thousand Workers three quarters are left out.

    What a folder's entries say need not be asked of each name, and a path leads to itself where the one above does and
    it is no link.
    """
    read = {
        question.split(" ", 2)[2]
        for question, answer in record.answers.items()
        if question.startswith("read ") and len(answer) == _DIGEST and answer.isalnum()
    }
    return {
        question: answer
        for question, answer in record.answers.items()
        if not _follows(record, question, answer, read)
    }


def _follows(record: system.Record, question: str, answer: str, read: set[str]) -> bool:
    way, _, path = question.partition(" ")
    above, name = os.path.split(path)
    if way == "names":
        return path in record.listed and answer == system.listed(list(record.listed[path]))
    rows = record.listed.get(above) if name not in ("", ".", "..") else None
    there = {"/": "yes", "-": "yes", "@": "link", None: "no"}[rows.get(name)] if rows is not None else ""
    if way == "there":
        return answer == there
    there = there or record.answers.get(f"there {path}", "")
    if way == "kind":
        if answer == "dir":
            return rows is not None and rows.get(name) == "/"
        return path in read if answer == "file" else answer == "missing" and there == "no"
    if way == "real":
        is_plain = path == answer == os.path.normpath(path) and above != path
        return is_plain and there in ("yes", "no") and record.answers.get(f"real {above}") == above
    return False


def _code_files(record: system.Record) -> dict[str, str] | None:
    """The files that the run's code came from; None where one is not a file, or was changed since it was loaded."""
    data = os.path.join(os.path.dirname(__file__), "data")
    paths = [os.path.join(data, name) for name in sorted(os.listdir(data)) if not name.startswith("__")]
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if path is not None and name.partition(".")[0] not in sys.stdlib_module_names:
            paths.append(path)
    paths += sorted(record.modules.difference(paths))
    found = {}
    for path in paths:
        if os.stat(path).st_mtime_ns >= record.started:
            return None
        found[path] = cache.signature(path)
    return found


def store(path: str, key: str, body: bytes) -> None:
    """Put a run before those that are kept. The file takes its place whole, whoever writes at the same time."""
    kept = [(key, body)]
    with suppress(OSError, ValueError):
        kept += [(name, other) for name, other in cache.bodies(path) if name != key and other]
    pieces, size = [cache.MAGIC], len(cache.MAGIC)
    for name, each in kept[:MOST_RUNS]:
        head = f"{name} {len(each)} {cache.sealed(name, each)}\n".encode("ascii")
        size += len(head) + len(each)
        if size > cache.MOST_BYTES:
            break
        pieces += [head, each]
    if len(pieces) == 1:
        return
    place = os.path.dirname(path)
    os.makedirs(place, mode=0o700, exist_ok=True)
    if not cache.is_ours(os.lstat(place)):
        return
    beside = f"{path}.{os.getpid()}.{time.time_ns()}.new"
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(descriptor, "wb") as handle:
            handle.writelines(pieces)
        os.replace(beside, path)
    except BaseException:  # Ctrl-C too
        with suppress(OSError):
            os.unlink(beside)
        raise


def bound(place: str) -> None:
    """Remove what was written the longest ago where there is too much, and what a killed run left."""
    found = sorted(_files(place), reverse=True)
    size = 0
    for number, (written, bytes_, path) in enumerate(found):
        size += bytes_
        is_left = path.endswith(".new") and written < time.time_ns() - 3600 * 10**9
        if number >= MOST_FILES or size > MOST_IN_ALL or is_left:
            with suppress(OSError):
                os.unlink(path)


def _files(place: str) -> Iterator[tuple[int, int, str]]:
    """Our files in the folder: when they were written, their sizes, their paths."""
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.name.endswith(_SUFFIXES) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    yield found.st_mtime_ns, found.st_size, entry.path


def clear() -> tuple[int, str]:
    """Forget all runs. Says how many files went, and where from; raises CheckError where one stays."""
    place = cache.folder()
    if place is None or not os.path.isdir(place):
        return 0, place or ""
    count = 0
    try:
        for _, _, path in list(_files(place)):
            os.unlink(path)
            count += 1
    except OSError as error:
        raise CheckError(f"{place} can't be cleared: {error.strerror or error}") from None
    return count, place
