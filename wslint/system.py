"""The one door to what lies outside of the program: the disk, the environment, the clock, the terminal.

Whatever a check asks of the operating system it asks here. Where a run is recorded, each question is noted with what
was answered: a later run with the same answers says the same, so that `cache.py` need only ask again. A test holds
that nobody goes around. Only what Python has loaded at its start is imported, as the cache has to answer in a blink.
"""

from __future__ import annotations

import os
import stat
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Named = str | os.PathLike[str]

try:
    from _blake2 import blake2b  # `hashlib` loads OpenSSL for it
except ImportError:
    from hashlib import blake2b


class Record:
    """What a run asked and was answered, in order, and what it wrote."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.listed: dict[str, dict[str, str]] = {}
        """The folders whose entries were asked for: each name, with what `_rows` says that it is."""
        self.said: list[tuple[str, str]] = []
        self.started = time.time_ns()
        self.modules: set[str] = set()
        """The files of modules that other processes of the run have loaded."""
        self.spoilt = False
        """Whether the run rests on something that is not noted, or that changed under it."""

    def note(self, question: str, answer: str) -> None:
        if self.answers.setdefault(question, answer) != answer:
            self.spoilt = True


_record: Record | None = None
_places: dict[tuple[int, int], int] = {}
"""The files that `identity` was asked of, numbered: numbers of the disk's own are others after each checkout."""


def record() -> Record:
    """Note from now on."""
    global _record
    _record = Record()
    _places.clear()
    return _record


def recorded() -> Record | None:
    """What was noted so far; nothing more is noted."""
    global _record
    found, _record = _record, None
    return found


Told = tuple[dict[str, str], dict[str, dict[str, str]], bool, list[tuple[int, int]], set[str]]
"""What another process noted: answers, folders, whether it is spoilt, the numbered files, modules."""


def record_apart() -> None:
    """Note from now on what this process asks, which was forked from one that is recorded."""
    global _record
    if _record is not None:
        _record = Record()


def noted_apart() -> Told | None:
    """What this process noted, for the one that it was forked from."""
    if _record is None:
        return None
    modules = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
    return _record.answers, _record.listed, _record.spoilt, list(_places), modules - {""}


def take(told: Told | None) -> None:
    """Note what another process noted, as if it had been asked here."""
    if _record is None or told is None:
        return
    answers, listed, spoilt, places, modules = told
    for question, answer in answers.items():
        if question.startswith("same ") and answer != "none":
            answer = _numbered(places[int(answer)], _places)
        _record.note(question, answer)
    _record.listed.update(listed)
    _record.spoilt = _record.spoilt or spoilt
    _record.modules |= modules


def cores() -> int:
    """How many processes run at once. What a run says does not depend on it."""
    try:
        return len(os.sched_getaffinity(0))
    except (AttributeError, OSError):
        return os.cpu_count() or 1


def said(stream: str, text: str) -> None:
    """Note what the run writes: to `out` or to `err`."""
    if _record is not None:
        _record.said.append((stream, text))


def spoil() -> None:
    """Say that the run rests on something that can't be noted."""
    if _record is not None:
        _record.spoilt = True


def note(question: str, answer: str) -> None:
    if _record is not None:
        _record.note(question, answer)


def digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()


def kind(path: Named) -> str:
    """`file`, `dir`, `other` or `missing`; a link counts as what it leads to."""
    name = os.fspath(path)
    found = _kind(name)
    if _record is not None:
        _record.note(f"kind {name}", found)
    return found


def _kind(name: str) -> str:
    try:
        mode = os.stat(name).st_mode
    except (OSError, ValueError):
        return "missing"
    return "file" if stat.S_ISREG(mode) else "dir" if stat.S_ISDIR(mode) else "other"


def is_file(path: Named) -> bool:
    return kind(path) == "file"


def is_dir(path: Named) -> bool:
    return kind(path) == "dir"


def is_there(path: Named) -> bool:
    """Whether there is anything of that name, be it a link to nowhere."""
    name = os.fspath(path)
    found = _there(name)
    if _record is not None:
        _record.note(f"there {name}", found)
    return found != "no"


def is_link(path: Named) -> bool:
    name = os.fspath(path)
    found = _there(name)
    if _record is not None:
        _record.note(f"there {name}", found)
    return found == "link"


def _there(name: str) -> str:
    try:
        return "link" if stat.S_ISLNK(os.lstat(name).st_mode) else "yes"
    except (OSError, ValueError):
        return "no"


def real(path: Named) -> str:
    """The path with its links followed."""
    name = os.fspath(path)
    found = os.path.realpath(name)
    if _record is not None:
        _record.note(f"real {name}", found)
    return found


def resolved(path: Path) -> Path:
    """As `real`, of a Path."""
    return type(path)(real(path))


def identity(path: Named) -> object:
    """What two paths to one file have in common, links or not; the path itself for no file."""
    name = os.fspath(path)
    found = _place(name)
    if _record is not None:
        _record.note(f"same {name}", _numbered(found, _places))
    return name if found is None else found


def _place(name: str) -> tuple[int, int] | None:
    try:
        found = os.stat(name)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _numbered(found: tuple[int, int] | None, places: dict[tuple[int, int], int]) -> str:
    return "none" if found is None else str(places.setdefault(found, len(places)))


def names(folder: Named) -> list[str]:
    """The names in a folder, sorted; none of one that can't be read."""
    name = os.fspath(folder)
    found = _names(name)
    if _record is not None:
        _record.note(f"names {name}", listed(found))
    return found or []


def _names(name: str) -> list[str] | None:
    try:
        return sorted(os.listdir(name))
    except (OSError, ValueError):
        return None


def entries(folder: Named) -> list[tuple[str, bool]] | None:
    """The names in a folder, sorted, with whether each is a folder and no link to one; None where it can't be read."""
    found = rows(folder)
    return None if found is None else [(each, what == "/") for each, what in found]


def rows(folder: Named) -> list[tuple[str, str]] | None:
    """As `entries`, with `/` for a folder, `@` for a link, `-` for anything else."""
    name = os.fspath(folder)
    found = _rows(name)
    if _record is not None:
        _record.note(f"entries {name}", _rows_answer(found))
        if found is not None:
            _record.listed[name] = dict(found)
    return found


def _rows(name: str) -> list[tuple[str, str]] | None:
    try:
        with os.scandir(name) as found:
            return sorted([(row.name, _what(row)) for row in found])
    except (OSError, ValueError):
        return None


def _what(row: os.DirEntry[str]) -> str:
    return "/" if row.is_dir(follow_symlinks=False) else "@" if row.is_symlink() else "-"


def _rows_answer(found: list[tuple[str, str]] | None) -> str:
    return listed(None if found is None else [what + name for name, what in found])


def listed(found: list[str] | None) -> str:
    return "unread" if found is None else digest(os.fsencode("\0".join(found)))


def read(path: Named, most: int) -> bytes | str:
    """The bytes of a regular file, or why there are none, in words that follow the path. What became a pipe or
    a device since it was looked at is not waited for."""
    name = os.fspath(path)
    data = _read(name, most)
    if _record is not None:
        _record.note(f"read {most} {name}", _contents(data))
    return data


def read_start(path: Named, most: int) -> bytes:
    """The first bytes of a file; none of one that can't be read."""
    name = os.fspath(path)
    data = _start(name, most)
    if _record is not None:
        _record.note(f"start {most} {name}", digest(data))
    return data


def _contents(data: bytes | str) -> str:
    return data if isinstance(data, str) else digest(data)


def _read(name: str, most: int) -> bytes | str:
    try:
        descriptor = _opened(name)
    except (OSError, ValueError) as error:
        return f"can't be read: {getattr(error, 'strerror', None) or error}"
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            what = "it is a folder" if stat.S_ISDIR(found.st_mode) else "it is not a regular file"
            return f"can't be read: {what}"
        data = _all(descriptor, found.st_size, most + 1) if found.st_size <= most else b""
    except OSError as error:
        return f"can't be read: {error.strerror or error}"
    finally:
        os.close(descriptor)
    if found.st_size > most or len(data) > most:
        size = f"{most // (1024 * 1024)} MiB" if most >= 1024 * 1024 else f"{most // 1024} KiB"
        return f"is larger than {size}"
    return data


def _start(name: str, most: int) -> bytes:
    try:
        descriptor = _opened(name)
    except (OSError, ValueError):
        return b""
    try:
        found = os.fstat(descriptor)
        return _all(descriptor, found.st_size, most) if stat.S_ISREG(found.st_mode) else b""
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _opened(name: str) -> int:
    return os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


def _all(descriptor: int, size: int, most: int) -> bytes:
    """What a file holds, up to so many bytes: one read may give less than is there, and the file may have grown."""
    pieces: list[bytes] = []
    left = most
    while left > 0:
        asked = min(left, max(size + 1, 4096))
        piece = os.read(descriptor, asked)
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
        if len(piece) == size < asked:
            break  # the end was come to: so it is for nearly all
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def variable(name: str) -> str | None:
    """A variable of the environment."""
    found = os.environ.get(name)
    if _record is not None:
        _record.note(f"variable {name}", _set(found))
    return found


def _set(found: str | None) -> str:
    return "unset" if found is None else f"={found}"


def columns() -> int | None:
    """The width of the terminal that the report goes to; None for no terminal."""
    found = _columns()
    if _record is not None:
        _record.note("columns", str(found))
    return found


def _columns() -> int | None:
    """As `shutil` tells it, which brings three compressors along."""
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or None  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):  # stdout is closed, or no terminal
        return None


def today() -> str:
    """The date at Greenwich, as ISO 8601 writes it."""
    found = _today()
    if _record is not None:
        _record.note("today", found)
    return found


def _today() -> str:
    year, month, day = time.gmtime()[:3]
    return f"{year:04d}-{month:02d}-{day:02d}"


def head(top: Named) -> str:
    """What git's HEAD is in a repository, where the run is recorded; empty where that can't be told without git."""
    if _record is None:
        return ""
    name = os.fspath(top)
    found = _head(name)
    _record.note(f"head {name}", found)
    return found


def _head(top: str) -> str:
    from wslint.head import head_of

    return head_of(top)


def asker() -> Callable[[str], str]:
    """What answers noted questions anew. They are to be asked in the order in which they were noted."""
    places: dict[tuple[int, int], int] = {}

    def sized(what: str) -> tuple[str, int]:
        most, name = what.split(" ", 1)
        return name, int(most)

    def same(name: str) -> str:
        return _numbered(_place(name), places)

    ways: dict[str, Callable[[str], str]] = {
        "kind": _kind,
        "there": _there,
        "real": os.path.realpath,
        "same": same,
        "names": lambda name: listed(_names(name)),
        "entries": lambda name: _rows_answer(_rows(name)),
        "read": lambda what: _contents(_read(*sized(what))),
        "start": lambda what: digest(_start(*sized(what))),
        "variable": lambda name: _set(os.environ.get(name)),
        "columns": lambda _: str(_columns()),
        "today": lambda _: _today(),
        "head": _head,
    }

    def asked(question: str) -> str:
        way, _, what = question.partition(" ")
        return ways[way](what)

    return asked
