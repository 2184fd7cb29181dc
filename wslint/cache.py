"""Answers of earlier runs: `wslint check` says again what it said, where all that it asked would be answered the same.

What is kept of a run is what it wrote, its exit code, and each question that it asked of the operating system
(`system.py`) with a digest of the answer: files' contents, folders' names, what is not there, links, git's HEAD, the
date, the terminal. They are asked again, all of them, each time. A run is found by its command line, its folder and
by what runs it. Nothing here trusts the file: whatever is odd about it makes a run without it.

Only modules that Python has loaded anyway, and `system`, are imported: that is what makes the answer quick.
"""

from __future__ import annotations

import os
import stat
import sys

from wslint import __version__, system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

MAGIC = b"wslint's answers, form 1\n"

MOST_BYTES = 32 * 1024 * 1024
"""Of one file of answers: that of ten thousand files checked is a tenth."""

_SEPARATOR = "\0"

_key = ""
"""Under which this run is kept; empty where it is not to be."""


def answer(arguments: list[str]) -> None:
    """Say what is known, and end the process. Comes back where nothing is, or not for sure; from then on it is noted
    what this run asks."""
    global _key
    try:
        if not _is_for_us(arguments):
            return
        path = file_of_answers()
        if path is None:
            return
        key = _key_of(arguments)
        known = find(path, key)
        if known is not None:
            _say(*known)
        _key = key
        system.record()
    except KeyboardInterrupt:
        os._exit(130)
    except Exception:
        return  # the run itself says what is wrong, if anything is


def key() -> str:
    return _key


def _is_for_us(arguments: list[str]) -> bool:
    """Whether this is a check whose output can be kept."""
    streams = (sys.stdout, sys.stderr)
    return (
        arguments[:1] == ["check"]
        and "--no-cache" not in arguments
        and os.name == "posix"
        and "_WSLINT_COMPLETE" not in os.environ
        and all(each is not None and each.encoding.lower() in ("utf-8", "utf8") for each in streams)
    )


def _key_of(arguments: list[str]) -> str:
    """What tells one run from another before anything is asked."""
    parts = [__version__, sys.version, sys.prefix, *sys.path, "", os.path.dirname(__file__), os.getcwd()]
    parts += [str(sys.stdout.isatty()), sys.getfilesystemencoding(), *arguments]
    return system.digest(os.fsencode(_SEPARATOR.join(parts)))


def folder() -> str | None:
    """Where answers are kept; None where there is no such place, or one that a project could fill.

    A project that brings its own answers, in a cache folder that a CI job keeps inside of it, would choose what is
    said of it.
    """
    home = os.environ.get("HOME", "")
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.join(home, ".cache") if os.path.isabs(home) else ""
    if not base:
        return None
    base, home = os.path.realpath(base), os.path.realpath(home) if home else ""
    here = os.path.realpath(os.getcwd())
    if _is_below(base, here):
        return None
    above = base
    while above != os.path.dirname(above) and above != home:
        if os.path.lexists(os.path.join(above, ".git")):
            return None
        above = os.path.dirname(above)
    return os.path.join(base, "wslint")


def _is_below(path: str, top: str) -> bool:
    return path == top or path.startswith(top.rstrip("/") + "/")


def is_ours(found: os.stat_result) -> bool:
    """Whether nobody else can have written here."""
    return found.st_uid == os.geteuid() and not found.st_mode & 0o022


def file_of_answers() -> str | None:
    """The file that holds for runs in the current folder."""
    place = folder()
    if place is None:
        return None
    return os.path.join(place, system.digest(os.fsencode(os.getcwd())) + ".answers")


def bodies(path: str) -> Iterator[tuple[str, bytes]]:
    """The kept runs in a file, by key, the newest first. Nothing is read of a file or folder that others may write;
    raises OSError or ValueError where it is damaged."""
    data = _bytes(path)
    if not data.startswith(MAGIC):
        return
    start = len(MAGIC)
    while start < len(data):
        end = data.index(b"\n", start)
        name, size, expected = data[start:end].decode("ascii").split(" ")
        start = end + 1
        body = data[start : start + int(size)]
        start += int(size)
        if int(size) < 0 or len(body) != int(size):
            raise ValueError("cut off")
        yield name, body if sealed(name, body) == expected else b""


def sealed(name: str, body: bytes) -> str:
    """The sum by which damage shows."""
    return system.digest(name.encode("ascii") + body)


def _bytes(path: str) -> bytes:
    above = os.lstat(os.path.dirname(path))
    if not stat.S_ISDIR(above.st_mode) or not is_ours(above):
        return b""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or not is_ours(found) or found.st_size > MOST_BYTES:
            return b""
        with open(descriptor, "rb", closefd=False) as handle:
            return handle.read(MOST_BYTES + 1)
    finally:
        os.close(descriptor)


def find(path: str, key: str) -> tuple[int, list[tuple[str, str]]] | None:
    """What the kept run said: its exit code, and what it wrote to which stream. None where there is none that holds."""
    try:
        body = next((body for name, body in bodies(path) if name == key), b"")
        return unpacked(body) if body else None
    except (OSError, ValueError, KeyError, IndexError, OverflowError, RecursionError):
        return None


def packed(
    code: int, said: list[tuple[str, str]], code_files: dict[str, str], answers: dict[str, str]
) -> bytes:
    """A run as it is kept. Raises ValueError for what can't be."""
    tokens = [str(code), str(len(said)), str(len(code_files)), str(len(answers))]
    for pairs in (said, code_files.items(), answers.items()):
        for one, other in pairs:
            tokens += [one, other]
    if any(_SEPARATOR in token for token in tokens):
        raise ValueError("a zero byte")
    return _SEPARATOR.join(tokens).encode("utf-8", "surrogateescape")


def unpacked(body: bytes) -> tuple[int, list[tuple[str, str]]] | None:
    """A run out of what was kept of it, where all is as it was."""
    tokens = body.decode("utf-8", "surrogateescape").split(_SEPARATOR)
    code, says, files, asks = (int(token) for token in tokens[:4])
    pairs = list(zip(tokens[4::2], tokens[5::2], strict=True))
    if len(pairs) != says + files + asks or min(says, files, asks) < 0 or code not in (0, 1):
        return None
    said, code_files, answers = pairs[:says], pairs[says : says + files], pairs[says + files :]
    if any(stream not in ("out", "err") for stream, _ in said):
        return None
    if any(signature(path) != known for path, known in code_files):
        return None
    ask = system.asker()
    return (code, said) if all(ask(question) == known for question, known in answers) else None


def signature(path: str) -> str:
    """What changes with a file of wslint's own, or of what it is made with."""
    found = os.stat(path)
    return f"{found.st_mtime_ns} {found.st_size} {found.st_ino}"


def _say(code: int, said: list[tuple[str, str]]) -> None:
    """Write what a run wrote, and end as it ended. Comes back where that fails: then the run says why."""
    streams = {"out": sys.stdout, "err": sys.stderr}
    for stream in streams.values():
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    for name, text in said:
        streams[name].write(text)
        streams[name].flush()
    os._exit(code)
