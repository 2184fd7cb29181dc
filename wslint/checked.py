"""What a run has read and what not: for the closing line, JSON's `checked` and `--show-unknown`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wslint.project.names import is_router
from wslint.report.model import Checked, CheckedWorker, Unchecked
from wslint.source.damage import broken_at
from wslint.source.facts import Unknown
from wslint.text import Span
from wslint.worker import Worker

WITHOUT_CODE = frozenset({"none"})


def checked_worker(worker: Worker, undecided: Iterable[Unknown]) -> CheckedWorker:
    """A Worker as reports name it, with what was read of it."""
    path = worker.entrypoint.path
    entrypoint = worker.workspace.files.name(path) if path is not None else None
    return CheckedWorker(
        worker.document.file.name,
        worker.config.environment,
        worker.name,
        entrypoint,
        _checked(worker, list(undecided)),
    )


def _checked(worker: Worker, undecided: list[Unknown]) -> Checked:
    if worker.source is None:
        if worker.entrypoint.kind in WITHOUT_CODE:
            return Checked(True, "none", tuple(_reasons(undecided)))
        why = worker.entrypoint.why or "there is no source to read"
        return Checked(True, "unread", (why, *_reasons(undecided)))
    gaps = [each for _, each in gaps_of(worker)]
    return Checked(True, "part" if gaps else "read", tuple(dict.fromkeys(_reasons([*gaps, *undecided]))))


def _reasons(unknown: Iterable[Unknown]) -> Iterator[str]:
    return (f"{each.what}: {each.why}" for each in unknown)


def gaps_of(worker: Worker) -> list[tuple[int, Unknown]]:
    """What of a Worker was not read or not followed, what hides most first."""
    return sorted(_ranked(worker), key=lambda pair: pair[0])


_CONFIGURATION, _EXPORTS, _MODULES, _VALUES = range(4)
"""How much a gap hides, the most first: bindings, classes, what a module does, what becomes of values."""


def _ranked(worker: Worker) -> Iterator[tuple[int, Unknown]]:
    place = worker.document.open_at
    if place is not None:
        what = "what else the configuration says"
        yield _CONFIGURATION, Unknown(place, what, "this adds to it, and is more than a literal")
    for each in (worker, worker.behind):
        source = each.source if each is not None else None
        if each is None or source is None:
            continue
        stood_in = each.stood_in if each is worker else set()
        for unknown in source.open_exports if each is worker else ():
            yield _EXPORTS, unknown
        for unknown in source.unknown:
            if (unknown.span.file.path, unknown.span.start) not in stood_in:
                yield _MODULES, unknown
        said = {unknown.span for unknown in (*source.open_exports, *source.unknown)}
        for file in source.files:
            place = broken_at(each.workspace.files, file)
            if place is not None and place not in said:
                yield _MODULES, Unknown(place, "what stands around here", "the file does not parse here")
        flow = each.known_flow
        if flow is not None and not flow.complete:
            start = Span(source.entrypoint, 0, 0)
            what, why = "all that the code does with its values", "there is more of it than wslint follows"
            yield _VALUES, Unknown(start, what, why)


def unchecked(
    unread: Iterable[Unknown], gaps: Iterable[tuple[int, Unknown]], outcomes: Iterable[object]
) -> Iterator[Unchecked]:
    """Everything that could not be decided, each once: code that was not read first, then what of the rest was
    not followed, then what single rules could not tell."""
    unknown = list(unread)
    unknown += [each for _, each in sorted(gaps, key=lambda pair: pair[0])]
    unknown += [outcome for outcome in outcomes if isinstance(outcome, Unknown)]
    seen: set[tuple[str, int, str, str]] = set()
    for item in (each for each in unknown if not is_router(each.span.file.path)):
        key = (item.span.file.name, item.span.start, item.what, item.why)
        if key not in seen:
            seen.add(key)
            place = item.span.first
            yield Unchecked(item.span.file.name, place.line, place.column, item.what, item.why)
