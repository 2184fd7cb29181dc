"""Names that a configuration and its source share: classes and bindings, wherever they stand, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from wslint.record import frozen
from wslint.server.project import State
from wslint.text import Span
from wslint.worker import Worker

Kind = Literal["class", "binding"]
Where = Literal["binding", "lifecycle", "source", "use"]


@frozen
class Symbol:
    """One place of a name. `where` is what stands there."""

    kind: Kind
    name: str
    span: Span
    where: Where
    worker: Worker


def symbols(state: State) -> Iterator[Symbol]:
    """All places of all names, those of the top level first."""
    for worker in state.workspace.workers:
        yield from _of_config(worker)
        yield from _of_source(worker)


def _of_config(worker: Worker) -> Iterator[Symbol]:
    config = worker.config
    for binding in config.bindings:
        yield Symbol("binding", binding.name, binding.span, "binding", worker)
    for durable in config.local_durable_objects:
        cls = durable.class_name
        if cls is not None and cls.string:
            yield Symbol("class", cls.string, cls.span, "binding", worker)
    for step in config.history.steps:
        yield Symbol("class", step.name, step.span, "lifecycle", worker)
        if step.source is not None and step.source_span is not None and step.from_script is None:
            yield Symbol("class", step.source, step.source_span, "lifecycle", worker)
    for entry in config.durable_exports:
        yield Symbol("class", entry.name, entry.span, "lifecycle", worker)


def _of_source(worker: Worker) -> Iterator[Symbol]:
    source = worker.source
    if source is None:
        return
    for use in source.binding_uses:
        yield Symbol("binding", use.name, use.span, "use", worker)
    for name, fact in source.exports.items():
        if fact.kind != "class" or name == "default":
            continue
        for span in (fact.cls.span if fact.cls is not None else None, fact.declared, fact.span):
            if span is not None:
                yield Symbol("class", name, span, "source", worker)


def reads(worker: Worker, path: Path) -> bool:
    """Whether a file is part of a Worker's source, or of the Rust behind it."""
    both = [each.source for each in (worker, worker.behind) if each is not None]
    return any(file.path == path for source in both if source is not None for file in source.files)


def symbol_at(state: State, path: Path, at: int) -> Symbol | None:
    """The name at a byte of a file: of several places the smallest."""
    found = [
        symbol
        for symbol in symbols(state)
        if symbol.span.file.path == path and symbol.span.start <= at <= symbol.span.end
    ]
    return min(found, key=lambda symbol: symbol.span.end - symbol.span.start, default=None)


def leads_to(state: State, symbol: Symbol) -> list[Span]:
    """Where a name is defined, seen from one of its places: a class of the configuration in the source and the other
    way round, a use of a binding at its declaration, a declared Durable Object at its class."""
    worker = symbol.worker
    same = [
        other
        for other in symbols(state)
        if other.worker.document is worker.document
        and other.name == symbol.name
        and other.kind == symbol.kind
    ]
    if symbol.kind == "class":
        wanted = ("binding", "lifecycle") if symbol.where == "source" else ("source",)
        found = [other for other in same if other.where in wanted]
        # Of the places of a class in its source the first: its own name.
        return _once(found[:1] if symbol.where != "source" else found)
    if symbol.where == "use":
        return _once([other for other in same if other.where == "binding"])
    classes = {
        durable.class_name.string
        for durable in worker.config.local_durable_objects
        if durable.name is not None and durable.name.string == symbol.name and durable.class_name is not None
    }
    declared = [other for other in _of_source(worker) if other.kind == "class" and other.name in classes][:1]
    return _once(declared or [other for other in same if other.where == "use"])


def _once(found: list[Symbol]) -> list[Span]:
    places = {(symbol.span.file.path, symbol.span.start): symbol.span for symbol in found}
    return list(places.values())
