"""What a client's code sends over its sockets, as far as it is written out, and what of it by a timer."""

from __future__ import annotations

import json
from collections.abc import Iterator

from wslint.files import Files
from wslint.record import frozen
from wslint.source import tree
from wslint.source.clients import scripts_of
from wslint.source.nodes import nodes_in
from wslint.text import SourceFile, Span

BINARY = "\0binary"
"""Stands for a message that is no text."""

_TIMERS = frozenset({"setInterval"})


@frozen
class Sent:
    """One `send`: its text, `BINARY`, or None where it is not written out."""

    text: str | None
    place: Span
    by_timer: bool


def sent_texts(file: SourceFile, files: Files) -> Iterator[Sent]:
    """Every `….send(…)` in a client's file."""
    for _, module, offset in scripts_of(file, files):
        names = _constants(module)
        timed = _timed(module, names)
        for node in nodes_in(module.body):
            if _is_send(node):
                assert isinstance(node, tree.Call)
                place = Span(file, node.start + (offset or 0), node.end + (offset or 0))
                yield Sent(_text(node.arguments[0], names), place, id(node) in timed)


def _is_send(node: tree.Node) -> bool:
    return (
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Member)
        and node.function.name == "send"
        and len(node.arguments) == 1
    )


def _constants(module: tree.Module) -> dict[str, tree.Expression]:
    """What is declared once and never changed: constants and functions, by name."""
    found: dict[str, list[tree.Expression | None]] = {}
    for node in nodes_in(module.body):
        if isinstance(node, tree.Declare) and isinstance(node.pattern, tree.Name):
            fixed = node.kind in ("const", "function")
            found.setdefault(node.pattern.name, []).append(node.value if fixed else None)
        elif isinstance(node, tree.Parameter) and isinstance(node.pattern, tree.Name):
            found.setdefault(node.pattern.name, []).append(None)
    return {name: held[0] for name, held in found.items() if len(held) == 1 and held[0] is not None}


def _timed(module: tree.Module, names: dict[str, tree.Expression]) -> set[int]:
    """The sends that a timer's function makes, itself or in a function of the file that it calls."""
    found: set[int] = set()
    for node in nodes_in(module.body):
        if isinstance(node, tree.Call) and _name(node.function) in _TIMERS and node.arguments:
            called = _function(node.arguments[0], names)
            for inner in nodes_in(called.body) if called is not None else ():
                if _is_send(inner):
                    found.add(id(inner))
                elif isinstance(inner, tree.Call) and isinstance(inner.function, tree.Name):
                    helper = _function(inner.function, names)
                    if helper is not None and not helper.parameters:
                        found.update(id(each) for each in nodes_in(helper.body) if _is_send(each))
    return found


def _name(node: tree.Expression) -> str:
    return node.name if isinstance(node, tree.Name | tree.Member) else ""


def _function(node: tree.Expression, names: dict[str, tree.Expression]) -> tree.Function | None:
    held = names.get(node.name) if isinstance(node, tree.Name) else node
    return held if isinstance(held, tree.Function) else None


def _text(node: tree.Expression, names: dict[str, tree.Expression]) -> str | None:
    """The text that is sent; None where it is not written out."""
    if isinstance(node, tree.Name):
        held = names.get(node.name)
        return _text(held, names) if held is not None and not isinstance(held, tree.Name) else None
    if isinstance(node, tree.Text):
        return node.value
    if isinstance(node, tree.Call) and len(node.arguments) == 1 and isinstance(node.function, tree.Member):
        owner = node.function.object
        if node.function.name == "stringify" and _name(owner) == "JSON":
            try:
                return json.dumps(_data(node.arguments[0]), separators=(",", ":"), ensure_ascii=False)
            except ValueError:
                return None
        if (
            node.function.name == "encode"
            and isinstance(owner, tree.Call)
            and _name(owner.function) == "TextEncoder"
        ):
            return BINARY
    return None


def _data(node: tree.Expression) -> object:
    """A literal's value. Raises ValueError for anything else."""
    match node:
        case tree.Text(value=str(text)):
            return text
        case tree.Number():
            return int(node.value) if node.value == int(node.value) else node.value
        case tree.Constant(value="null" | "true" | "false"):
            return {"null": None, "true": True, "false": False}[node.value]
        case tree.Table() if node.closed:
            return {entry.key: _data(entry.value) for entry in node.entries}
        case tree.Array():
            return [_data(item) for item in node.items]
    raise ValueError("no literal")
