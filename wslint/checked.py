"""What a run has read and what not: for the closing line, JSON's `checked` and `--show-unknown`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wslint.project.names import is_router
from wslint.report.model import Checked, CheckedWorker, Unchecked
from wslint.source.facts import Unknown
from wslint.text import Span
from wslint.worker import Worker, Workspace

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
    gaps = list(gaps_of(worker))
    return Checked(True, "part" if gaps else "read", tuple(dict.fromkeys(_reasons([*gaps, *undecided]))))


def _reasons(unknown: Iterable[Unknown]) -> Iterator[str]:
    return (f"{each.what}: {each.why}" for each in unknown)


def gaps_of(worker: Worker) -> Iterator[Unknown]:
    """What of a Worker's code was not read or not followed, what hides most first."""
    source, behind = worker.source, worker.behind
    if source is None:
        return
    stood_in = worker.stood_in
    yield from source.open_exports
    for each in source.unknown:
        if (each.span.file.path, each.span.start) not in stood_in:
            yield each
    if behind is not None and behind.source is not None:
        yield from behind.source.unknown
    for each_worker in (worker, behind):
        flow = each_worker.known_flow if each_worker is not None else None
        if (
            flow is not None
            and not flow.complete
            and each_worker is not None
            and each_worker.source is not None
        ):
            place = Span(each_worker.source.entrypoint, 0, 0)
            yield Unknown(
                place, "all that the code does with its values", "there is more of it than wslint follows"
            )


def unchecked(workspace: Workspace, workers: list[Worker], outcomes: Iterable[object]) -> Iterator[Unchecked]:
    """Everything that could not be decided, each once: code that was not read first, then what of the rest was
    not followed, then what single rules could not tell."""
    unknown = list(workspace.unknown)
    for worker in workers:
        unknown += gaps_of(worker)
    unknown += [outcome for outcome in outcomes if isinstance(outcome, Unknown)]
    seen: set[tuple[str, int, str, str]] = set()
    for item in (each for each in unknown if not is_router(each.span.file.path)):
        key = (item.span.file.name, item.span.start, item.what, item.why)
        if key not in seen:
            seen.add(key)
            place = item.span.first
            yield Unchecked(item.span.file.name, place.line, place.column, item.what, item.why)
