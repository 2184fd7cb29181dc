"""Many Workers, checked by several processes: each takes the next few configurations until none is left.

The processes are forks: what the first one has read by then (configurations, tables, modules) is there in all of them
and costs no memory twice. What each hears it sends through a pipe of its own, and is put in the order of the
configurations, so that the output is the same to the byte as that of one process. What a process asks of the system
it sends too, for the cache.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

from wslint import system
from wslint.errors import CheckError
from wslint.files import Files
from wslint.finding import Finding
from wslint.hearing import Heard, Hearing
from wslint.text import SourceFile
from wslint.worker import Worker

_AT_ONCE = 4
"""Configurations that a process takes."""

_MOST_CHUNKS = 2_000
"""A number takes four bytes, and pipes hold sixteen thousand at least."""

_SIZE = 8
"""Bytes that say how long a message is."""

Group = list[Worker]


class WorkerFailed(Exception):
    """A process met a mistake in wslint; says where."""


def hear(hearing: Hearing, jobs: int) -> list[Heard]:
    """What is heard of all Workers, by so many processes where that is worth it and can be done."""
    groups = hearing.groups
    gc.freeze()  # a collection would go through all that stays, and the memory would no longer be shared
    if jobs < 2 or not _can_fork():
        return list(hearing.of_workers(groups))
    size = max(_AT_ONCE, -(-len(groups) // _MOST_CHUNKS))
    chunks = [groups[at : at + size] for at in range(0, len(groups), size)]
    found: dict[int, list[Heard]] = {}
    late: dict[int, list[Any]] = {}
    with _Pool(
        min(jobs, len(chunks)), lambda work, out: _run(hearing, chunks, work, out), len(chunks)
    ) as pool:
        read = _Reader(hearing.workspace.files)
        for kind, *said in map(read, pool.messages()):
            if kind == "heard":
                number, found[number], late[number] = said
            elif kind == "end":
                system.take(said[0])
            else:
                raise said[0]
    for number in range(len(chunks)):
        hearing.workspace.unknown += late[number]
    return [one for number in range(len(chunks)) for one in found[number]]


def _can_fork() -> bool:
    """Whether the system has forks, and no other thread would be lost in one."""
    threads = sys.modules.get("threading")
    return hasattr(os, "fork") and (threads is None or threads.active_count() == 1)


# What a process does


def _run(hearing: Hearing, chunks: Sequence[list[Group]], work: int, out: int) -> None:
    """Take chunks, and say what is heard of them."""
    system.record_apart()
    unknown = hearing.workspace.unknown
    del unknown[:]
    try:
        while number := os.read(work, 4):
            place = int.from_bytes(number, "big")
            heard = list(hearing.of_workers(chunks[place]))
            _send(out, "heard", place, heard, list(unknown))
            del unknown[:]
        _send(out, "end", system.noted_apart())
    except (CheckError, MemoryError) as error:
        _send(out, "error", error)
    except Exception:
        _send(out, "error", WorkerFailed(traceback.format_exc()))


def _send(out: int, *message: Any) -> None:
    stream = BytesIO()
    _Writer(stream, pickle.HIGHEST_PROTOCOL).dump(message)
    data = memoryview(len(stream.getbuffer()).to_bytes(_SIZE, "big") + stream.getbuffer())
    while data:
        data = data[os.write(out, data) :]


class _Writer(pickle.Pickler):
    """Places in one file stay places in one file."""

    def persistent_id(self, thing: Any) -> Any:
        if isinstance(thing, SourceFile):
            return os.fspath(thing.path), thing.name, thing.data
        if isinstance(thing, Finding) and thing.fix is not None:
            thing.fix.settle()
        return None


class _Reader:
    """Reads messages; a file that was read here is the same one."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[tuple[str, str, bytes], SourceFile] = {}

    def __call__(self, data: bytes) -> Any:
        unpickler = pickle.Unpickler(BytesIO(data))
        unpickler.persistent_load = self._file  # type: ignore[method-assign]
        return unpickler.load()

    def _file(self, key: tuple[str, str, bytes]) -> SourceFile:
        found = self._known.get(key)
        if found is None:
            name, shown, data = key
            file = SourceFile(Path(name), shown, data)
            known = self._files.known(name) or self._files.adopt(file)
            found = self._known[key] = known if known.name == shown and known.data == data else file
        return found


# The processes


class _Pool:
    """Processes that are there as long as their messages are read."""

    def __init__(self, count: int, run: Callable[[int, int], None], chunks: int) -> None:
        self._count, self._run, self._chunks = count, run, chunks
        self._children: dict[int, int] = {}
        """The process behind each pipe."""

    def __enter__(self) -> _Pool:
        work, give = os.pipe()
        os.write(give, b"".join(number.to_bytes(4, "big") for number in range(self._chunks)))
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        try:
            for _ in range(self._count):
                self._start(work, give)
        finally:
            os.close(work)
            os.close(give)
        return self

    def _start(self, work: int, give: int) -> None:
        hear, say = os.pipe()
        try:
            child = os.fork()
        except OSError as error:
            os.close(hear)
            os.close(say)
            if self._children:
                return  # those that there are do all of it
            raise CheckError(f"no process can be started ({error.strerror}): `--jobs 1` takes none") from None
        if child == 0:
            for other in (give, hear, *self._children):
                os.close(other)
            _be_child(self._run, work, say)
        os.close(say)
        self._children[hear] = child

    def messages(self) -> Iterator[bytes]:
        """What the processes say, each message whole. Raises CheckError where one is gone before its end."""
        import selectors

        held = {pipe: bytearray() for pipe in self._children}
        with selectors.DefaultSelector() as selector:
            for pipe in held:
                selector.register(pipe, selectors.EVENT_READ)
            while held:
                for key, _ in selector.select():
                    data = os.read(key.fd, 1 << 20)
                    if data:
                        held[key.fd] += data
                        yield from _whole(held[key.fd])
                        continue
                    selector.unregister(key.fd)
                    self._ended(key.fd, bool(held.pop(key.fd)))

    def _ended(self, pipe: int, is_cut_off: bool) -> None:
        os.close(pipe)
        _, status = os.waitpid(self._children.pop(pipe), 0)
        if status == 0 and not is_cut_off:
            return
        how = f"with {os.waitstatus_to_exitcode(status)}"
        if os.WIFSIGNALED(status):
            how = f"by {signal.Signals(os.WTERMSIG(status)).name}"
        raise CheckError(
            f"a process that checked some of the Workers was ended {how}, perhaps for want of memory:"
            " `--jobs 1` checks all of them in one"
        )

    def __exit__(self, *_: object) -> None:
        for pipe, child in self._children.items():
            os.kill(child, signal.SIGKILL)
            os.close(pipe)
            os.waitpid(child, 0)


def _whole(held: bytearray) -> Iterator[bytes]:
    """The messages that are there whole; they are taken out."""
    while len(held) >= _SIZE:
        end = _SIZE + int.from_bytes(held[:_SIZE], "big")
        if len(held) < end:
            return
        message = bytes(held[_SIZE:end])
        del held[:end]
        yield message


def _be_child(run: Callable[[int, int], None], work: int, say: int) -> NoReturn:
    """Do a process's work and end it, whatever happens: nothing of what it was forked from goes on here."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        run(work, say)
        code = 0
    finally:
        os._exit(code)
