"""What the configuration and the play know of a class or a binding, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from wslint.server.project import State
from wslint.server.symbols import Symbol
from wslint.worker import Worker
from wslint.wrangler.config import KINDS

_STORAGE = {"sqlite": "SQLite storage", "kv": "key-value storage"}


def told(state: State, symbol: Symbol) -> str:
    """Markdown for one name."""
    if symbol.kind == "class":
        return _list(f"**{symbol.name}**, a Durable Object class", _of_class(symbol.worker, symbol.name))
    return _of_binding(symbol)


def _list(title: str, lines: Iterator[str]) -> str:
    return "\n".join([title, "", *(f"- {line}" for line in lines)]).strip()


def _of_class(worker: Worker, name: str) -> Iterator[str]:
    config = worker.config
    live = config.history.live.get(name)
    entry = next((entry for entry in config.durable_exports if entry.name == name), None)
    if live is not None:
        storage = _STORAGE.get(live.storage)
        yield f"lives since migration {live.origin.migration.called}" + (f", {storage}" if storage else "")
    elif entry is not None:
        yield "its lifecycle is in `exports`" + (f", storage `{entry.storage}`" if entry.storage else "")
    elif name in config.history.gone:
        yield f"ended by migration {config.history.gone[name].migration.called}"
    elif config.history.readable:
        yield "no migration creates it"
    bound = [
        f"`env.{durable.name.string}`"
        for durable in config.local_durable_objects
        if durable.name is not None and durable.class_name is not None and durable.class_name.string == name
    ]
    if bound:
        yield "bound as " + ", ".join(bound)
    export = worker.export(name)
    if export.verdict == "no":
        yield "the entrypoint does not export it"
    for life in worker.lives:
        if life.name == name:
            if life.opened:
                yield "its sockets hibernate" if life.hibernates else "its sockets do not hibernate"
            if life.opened and life.path is not None:
                yield f"reached from `{life.path}` (`wslint trace --url {life.path} --life` plays it)"


def _of_binding(symbol: Symbol) -> str:
    config = symbol.worker.config
    binding = next((each for each in config.bindings if each.name == symbol.name), None)
    if binding is None:
        where = "the top level" if config.environment is None else f"`env.{config.environment}`"
        return f"**env.{symbol.name}**: no such binding is declared at {where}"
    text = f"**env.{symbol.name}**, {KINDS.get(binding.kind, binding.kind)}"
    durable = next(
        (
            each
            for each in config.durable_objects
            if each.name is not None and each.name.string == symbol.name and each.class_name is not None
        ),
        None,
    )
    if durable is None or durable.class_name is None or not durable.class_name.string:
        return text
    cls = durable.class_name.string
    if not config.is_local(durable):
        other = durable.script_name.string if durable.script_name is not None else None
        return f"{text} of the class `{cls}` of the Worker `{other}`"
    return f"{text}\n\n" + _list(f"of the class **{cls}**", _of_class(symbol.worker, cls))
