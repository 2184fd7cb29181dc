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
            said = _said(node, names)
            if said is not None:
                place = Span(file, node.start + (offset or 0), node.end + (offset or 0))
                yield Sent(_text(*said), place, id(node) in timed)


def _said(
    node: tree.Node, names: dict[str, tree.Expression]
) -> tuple[tree.Expression, dict[str, tree.Expression]] | None:
    """What a call sends, and what the names in it mean: a `send` itself, or a call of a function of the file that
    sends what it is given."""
    if _is_send(node):
        assert isinstance(node, tree.Call)
        return node.arguments[0], names
    if not isinstance(node, tree.Call) or len(node.arguments) != 1:
        return None
    helper = _function(node.function, names) if isinstance(node.function, tree.Name) else None
    given = _parameter(helper)
    sends = [each for each in nodes_in(helper.body) if _is_send(each)] if helper is not None and given else []
    if len(sends) != 1:
        return None
    assert isinstance(sends[0], tree.Call)
    value = node.arguments[0]
    held = names.get(value.name, value) if isinstance(value, tree.Name) else value
    return sends[0].arguments[0], {**names, given: held}


def _parameter(helper: tree.Function | None) -> str:
    """The name of a function's only parameter."""
    if helper is None or len(helper.parameters) != 1:
        return ""
    pattern = helper.parameters[0].pattern
    return pattern.name if isinstance(pattern, tree.Name) else ""


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
                if _said(inner, names) is not None:
                    found.add(id(inner))
                elif isinstance(inner, tree.Call) and isinstance(inner.function, tree.Name):
                    helper = _function(inner.function, names)
                    if helper is not None and not helper.parameters:
                        found.update(id(each) for each in nodes_in(helper.body) if _said(each, names))
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
                return json.dumps(
                    _data(_meant(node.arguments[0], names)), separators=(",", ":"), ensure_ascii=False
                )
            except ValueError:
                return None
        if (
            node.function.name == "encode"
            and isinstance(owner, tree.Call)
            and _name(owner.function) == "TextEncoder"
        ):
            return BINARY
    return None


def _meant(node: tree.Expression, names: dict[str, tree.Expression]) -> tree.Expression:
    return names.get(node.name, node) if isinstance(node, tree.Name) else node


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
