"""Every file that wslint writes in place of another one: whole or not at all, and only where it may.

A file takes the place of the old one by one rename, so that whoever reads it sees the old or the new text, and
a kill at any moment leaves one of both. It keeps mode and owner. What can't be kept, or is not wslint's to
change, is refused: a read-only file, another user's, one with several hard links (the others would keep the old
text), and a link that leads out of the folder that is checked.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from wslint.boundary import leads_out
from wslint.errors import CheckError
from wslint.record import record
from wslint.regex import regex

_TEMPORARY = regex(r"\.(?P<name>.+)\.(?P<process>[0-9]+)\.wslint-tmp")
_MODE = 0o7777


@record
class _Target:
    """A file to be written: where it really is, and what is there now."""

    path: Path
    given: Path
    found: os.stat_result | None


def replace_all(changes: dict[Path, tuple[bytes, bytes]], tops: Iterable[Path] | None = None) -> None:
    """Replace each file's text, when it still has the one before. All are looked at before the first is written.

    Links are followed, as they stay links, but to nothing outside of `tops`. Raises CheckError for what may not
    be written; files before one that fails are written, none is ever half written.
    """
    tops = list(tops) if tops is not None else None
    targets = [(_target(path, tops), before, after) for path, (before, after) in changes.items()]
    for target, before, _ in targets:
        _check_unchanged(target, before)
    for target, before, after in targets:
        _check_unchanged(target, before)
        _write(target, after)


def write_report(
    path: Path, data: bytes, is_ours: Callable[[bytes], bool], tops: Iterable[Path] | None = None
) -> None:
    """Write a file that the command line names. What is there must be empty, or one of ours (`is_ours` tells by
    its bytes). Devices and pipes, such as /dev/stdout, are written to as they are."""
    target = _target(path, list(tops) if tops is not None else None, must_exist=False)
    if target.found is not None and (not stat.S_ISREG(target.found.st_mode) or _is_stream(path)):
        if stat.S_ISDIR(target.found.st_mode):
            raise CheckError(f"{path} can't be written: Is a directory")
        try:
            _send(target.path, data)
        except OSError as error:
            if error.errno == errno.ENXIO:
                raise CheckError(f"{path} can't be written: nobody reads this pipe") from None
            raise _cannot(path, error) from None
        return
    if target.found is not None:
        try:
            known = target.path.read_bytes()
        except OSError as error:
            raise _cannot(path, error) from None
        if known == data:
            return
        if known.strip() and not is_ours(known):
            raise CheckError(f"{path} is not wslint's own: name another file, or remove it")
    _write(target, data)


def _is_stream(path: Path) -> bool:
    """Whether a path means what is open already: `/dev/stdout` may be a file, and what it holds stays."""
    return os.path.abspath(path).startswith(("/dev/fd/", "/dev/stdout", "/dev/stderr", "/proc/self/fd/"))


def _send(path: Path, data: bytes) -> None:
    """Write into a device or a pipe, or behind what a stream holds. A pipe that nobody reads is not waited for."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_NONBLOCK", 0))
    try:
        if hasattr(os, "set_blocking"):
            os.set_blocking(descriptor, True)
        _write_all(descriptor, data)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _target(path: Path, tops: list[Path] | None, must_exist: bool = True) -> _Target:
    """Where a path leads. Raises CheckError where it leads to nothing that may be written."""
    real = Path(os.path.realpath(path))
    if tops is not None and leads_out(path, tops):
        raise CheckError(f"{path} is a link that leads out of {tops[0]}: nothing is written there")
    try:
        found = os.stat(real)
    except FileNotFoundError as error:
        if must_exist:
            raise _cannot(path, error) from None
        return _Target(real, path, None)
    except (OSError, ValueError) as error:
        raise _cannot(path, error) from None
    if must_exist and not stat.S_ISREG(found.st_mode):
        raise CheckError(f"{path} can't be written: it is not a regular file")
    if stat.S_ISREG(found.st_mode):
        if not found.st_mode & 0o222 or not os.access(real, os.W_OK):
            raise CheckError(f"{path} can't be written: it is read-only")
        if found.st_nlink > 1:
            raise CheckError(
                f"{path} can't be written: {found.st_nlink} names lead to this file (hard links), and would part"
            )
    return _Target(real, path, found)


def _cannot(path: Path, error: Exception) -> CheckError:
    return CheckError(f"{path} can't be written: {getattr(error, 'strerror', None) or error}")


def _check_unchanged(target: _Target, before: bytes) -> None:
    try:
        now = target.path.read_bytes()
    except OSError as error:
        raise _cannot(target.given, error) from None
    if now != before:
        raise CheckError(f"{target.given} changed while it was being fixed: it is left as it is")


def _write(target: _Target, data: bytes) -> None:
    try:
        put(target.path, data, target.found)
    except OSError as error:
        raise _cannot(target.given, error) from None


def put(path: Path, data: bytes, found: os.stat_result | None = None) -> None:
    """Put a file in its place by one rename, with owner and mode of the one that was `found` there. Raises
    OSError, and leaves nothing beside it then."""
    clear(path)
    beside = temporary(path)
    try:
        write_new(beside, data, 0o666 if found is None else 0o600)
        if found is not None:
            _keep(beside, path, found)
        os.replace(beside, path)
    except BaseException:  # Ctrl-C too
        with suppress(OSError):
            os.unlink(beside)
        raise


def write_new(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file that must not exist yet, through to the disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, mode)
    try:
        _write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def temporary(path: Path) -> Path:
    """The name of a file that is to take the place of `path`: its process tells whether it is still wanted."""
    return path.with_name(f".{path.name}.{os.getpid()}.wslint-tmp")


def clear(path: Path) -> None:
    """Remove what a killed run left beside a file: it ended before its rename, so the file is as it was."""
    with suppress(OSError):
        for name in os.listdir(path.parent):
            match = _TEMPORARY.fullmatch(name)
            if match is not None and match["name"] == path.name and not _runs(int(match["process"])):
                with suppress(OSError):
                    os.unlink(path.parent / name)


def _runs(process: int) -> bool:
    """Whether a process is alive. On Windows the question would end it, but no open file can be removed there."""
    if os.name == "nt":
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return process != os.getpid()


def _keep(beside: Path, path: Path, found: os.stat_result) -> None:
    """Give the new file what the old one has: owner, group, extended attributes (access lists), mode."""
    own = os.stat(beside)
    if (own.st_uid, own.st_gid) != (found.st_uid, found.st_gid) and hasattr(os, "chown"):
        os.chown(beside, found.st_uid, found.st_gid)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(path):
                os.setxattr(beside, name, os.getxattr(path, name))
    os.chmod(beside, stat.S_IMODE(found.st_mode) & _MODE)
