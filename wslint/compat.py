"""What changes for a Worker between two compatibility dates.

The flags come from workerd's own table (`compatibility`), the line about each from
`data/compatibility_notes.tsv`. A note may name what code feels the change; `FEELERS` finds that code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from wslint.compatibility import Flag, features, flags
from wslint.record import frozen
from wslint.source.flow.uses import Use
from wslint.source.flow.values import (
    ClientSocket,
    End,
    LiteralValue,
    RequestValue,
    ResponseValue,
    Storage,
    Stub,
)
from wslint.text import Span
from wslint.worker import Worker

State = Literal[
    "turns-on",  # by its date, or because a flag that is on implies it
    "set",  # the configuration lists the flag: nothing changes
    "opted-out",  # the configuration lists the flag that turns it off: nothing changes
]

_NOTES = Path(__file__).parent / "data" / "compatibility_notes.tsv"


@frozen
class Note:
    """A line about a flag; `touches` is a key of `FEELERS`, or empty."""

    touches: str
    line: str


@frozen
class Change:
    """A flag between the two dates. `places` are the lines of the project that feel it; `noted` whether
    wslint has a line of its own for it."""

    flag: Flag
    date: str
    summary: str
    state: State
    noted: bool
    places: tuple[Span, ...] = ()


@frozen
class Changes:
    """What changes for one Worker; `worker` is None for the plain table."""

    start: str
    end: str
    changes: tuple[Change, ...]
    worker: Worker | None = None
    environments: tuple[str | None, ...] = ()


@cache
def notes() -> dict[str, Note]:
    """The lines about flags, by enabling flag."""
    found: dict[str, Note] = {}
    for row in _NOTES.read_text(encoding="utf-8").splitlines()[2:]:
        flag, touches, line = row.split("\t")
        found[flag] = Note("" if touches == "-" else touches, line)
    return found


def between(start: str, end: str, listed: tuple[str, ...] = ()) -> list[Change]:
    """The flags that turn on after `start` up to `end`, where `listed` are set: by date, then by the table."""
    given = frozenset(listed)
    before = features(start, given)
    arrives: dict[str, str] = {}
    for date in _dates(start, end):
        for name in features(date, given) - before:
            arrives.setdefault(name, date)
    found: list[Change] = []
    for flag in flags().values():
        on = arrives.get(flag.enable) or _own_date(flag, start, end)
        if on is None:
            continue
        if flag.enable in arrives:
            state: State = "turns-on"
        elif flag.enable in given:
            state = "set"
        elif flag.disable and flag.disable in given:
            state = "opted-out"
        else:
            continue  # on already: another flag implies it
        note = notes().get(flag.enable)
        summary = note.line if note is not None else _plain(flag)
        found.append(Change(flag, on, summary, state, note is not None))
    return sorted(found, key=lambda change: change.date)


@cache
def _all_dates() -> tuple[str, ...]:
    dates = {flag.default_from for flag in flags().values()} | {
        flag.implied_from for flag in flags().values()
    }
    return tuple(sorted(dates - {""}))


def _dates(start: str, end: str) -> list[str]:
    """The dates in between on which anything turns on."""
    return [date for date in _all_dates() if start < date <= end]


def _own_date(flag: Flag, start: str, end: str) -> str | None:
    """The date in between on which a flag would turn on by itself."""
    return flag.default_from if flag.default_from and start < flag.default_from <= end else None


def _plain(flag: Flag) -> str:
    words = flag.enable.replace("_", " ").replace("-", " ")
    return f"{words} (Cloudflare's list of flags says more)"


def for_worker(worker: Worker, start: str, end: str) -> Changes:
    """The changes of one Worker, those that touch its code first."""
    listed = tuple(value.string or "" for value in worker.config.flags)
    found = [
        Change(change.flag, change.date, change.summary, change.state, change.noted, places(worker, change))
        for change in between(start, end, listed)
        if worker.is_python or worker.source is None or "python" not in change.flag.enable
    ]
    found.sort(key=lambda change: (not change.places, not change.noted))
    return Changes(start, end, tuple(found), worker)


# Code that feels a change


def places(worker: Worker, change: Change) -> tuple[Span, ...]:
    """The lines that feel a change, in order, each once. Where a flag is set, its place in the configuration."""
    if change.state != "turns-on":
        names = (change.flag.enable, change.flag.disable)
        return tuple(value.span for value in worker.config.flags if value.string in names)
    note = notes().get(change.flag.enable)
    if note is None or not note.touches:
        return ()
    feeler = FEELERS[note.touches]
    spans: dict[tuple[str, int], Span] = {}
    for span in feeler(worker, change):
        spans.setdefault((span.file.name, span.first.line), span)
    return tuple(spans[key] for key in sorted(spans))


def _uses(worker: Worker) -> Iterator[Use]:
    yield from worker.flow.uses if worker.flow is not None else ()


def _plain_sockets(worker: Worker, event: str) -> Iterator[Span]:
    """Listeners of sockets that are not hibernating: accepted with `accept()`, or clients."""
    hibernating = {id(use.value) for use in _uses(worker) if use.action == "hibernate"}
    for use in _uses(worker):
        is_socket = isinstance(use.value, (End, ClientSocket)) and id(use.value) not in hibernating
        if use.action == "listen" and use.name == event and is_socket:
            yield use.span


def _binary(worker: Worker, change: Change) -> Iterator[Span]:
    yield from _plain_sockets(worker, "message")


def _close(worker: Worker, change: Change) -> Iterator[Span]:
    yield from _plain_sockets(worker, "close")


def _listener(worker: Worker, change: Change) -> Iterator[Span]:
    return (use.span for use in _uses(worker) if use.action == "listen")


def _rpc(worker: Worker, change: Change) -> Iterator[Span]:
    for use in _uses(worker):
        if use.action == "call" and isinstance(use.value, Stub):
            yield use.span


def _stub_shortcut(worker: Worker, change: Change) -> Iterator[Span]:
    for use in _uses(worker):
        if use.action == "call" and isinstance(use.value, Stub) and use.name in ("get", "put", "delete"):
            yield use.span


def _stub_address(worker: Worker, change: Change) -> Iterator[Span]:
    for use in _uses(worker):
        text = use.forward.text if use.forward is not None and isinstance(use.value, Stub) else None
        if text is not None and text.startswith("/"):
            yield use.span


def _socket_address(worker: Worker, change: Change) -> Iterator[Span]:
    for use in _uses(worker):
        text = use.forward.text if use.forward is not None else None
        if text is not None and text.startswith(("ws:", "wss:")):
            yield use.span


def _fetch(worker: Worker, change: Change) -> Iterator[Span]:
    return (use.span for use in _uses(worker) if use.action == "fetch" and use.value is None)


def _spread(worker: Worker, change: Change) -> Iterator[Span]:
    for use in _uses(worker):
        if use.action == "spread" and isinstance(use.value, (RequestValue, ResponseValue)):
            yield use.span


def _pair(worker: Worker, change: Change) -> Iterator[Span]:
    return (use.span for use in _uses(worker) if use.action == "pair")


def _close_reason(worker: Worker, change: Change) -> Iterator[Span]:
    """`close(code, reason)` whose reason is not a short text that is written out."""
    for use in _uses(worker):
        if use.action != "close" or len(use.arguments) < 2:
            continue
        given = use.arguments[1]
        short = (
            len(given) == 1
            and isinstance(given[0], LiteralValue)
            and len(str(given[0].value).encode()) <= 123
        )
        if not short:
            yield use.span


def _delete_all(worker: Worker, change: Change) -> Iterator[Span]:
    for use in _uses(worker):
        if use.action == "call" and use.name == "deleteAll" and isinstance(use.value, Storage):
            yield use.span


def _context_exports(worker: Worker, change: Change) -> Iterator[Span]:
    yield from worker.source.context_exports_uses if worker.source is not None else ()


def _node(worker: Worker, change: Change) -> Iterator[Span]:
    """Imports of Node's modules: of the one that the flag names, or of any."""
    name = change.flag.enable
    named = name.removeprefix("enable_nodejs_").removesuffix("_module").removesuffix("_modules")
    only = named.removesuffix("_server") if name.startswith("enable_nodejs_") and "_module" in name else None
    if name == "nodejs_zlib":
        only = "zlib"
    for fact in worker.source.imports if worker.source is not None else ():
        if fact.type_only or not fact.specifier.startswith("node:"):
            continue
        module = fact.specifier.removeprefix("node:").split("/")[0]
        if only is None or module.strip("_") == only or (only == "http" and module == "https"):
            yield fact.span


def _python(worker: Worker, change: Change) -> Iterator[Span]:
    if worker.is_python and worker.entrypoint.value is not None:
        yield worker.entrypoint.value.span


def _assets(worker: Worker, change: Change) -> Iterator[Span]:
    assets = worker.config.value("assets")
    handling = assets.get("not_found_handling") if assets is not None else None
    if handling is not None and handling.string != "none":
        yield handling.span


def _durable_object(worker: Worker, change: Change) -> Iterator[Span]:
    return (binding.span for binding in worker.config.local_durable_objects)


def _called(*names: str) -> Callable[[Worker, Change], Iterator[Span]]:
    """`new Name(…)` in the files that were read, by their text: nothing follows these values."""

    def find(worker: Worker, change: Change) -> Iterator[Span]:
        for file in worker.source.files if worker.source is not None else ():
            for name in names:
                wanted = f"new {name}(".encode()
                at = file.data.find(wanted)
                while at != -1:
                    yield Span(file, at, at + len(wanted) - 1)
                    at = file.data.find(wanted, at + 1)

    return find


FEELERS: dict[str, Callable[[Worker, Change], Iterator[Span]]] = {
    "assets": _assets,
    "binary": _binary,
    "close": _close,
    "close-reason": _close_reason,
    "context-exports": _context_exports,
    "delete-all": _delete_all,
    "durable-object": _durable_object,
    "fetch": _fetch,
    "listener": _listener,
    "node": _node,
    "pair": _pair,
    "python": _python,
    "rpc": _rpc,
    "socket-address": _socket_address,
    "spread": _spread,
    "stub-address": _stub_address,
    "stub-shortcut": _stub_shortcut,
    "url": _called("URL"),
    "urlpattern": _called("URLPattern"),
}
