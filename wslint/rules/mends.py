"""Fixes that several rules share: a word put before an expression, a code that may be sent, a handler added."""

from __future__ import annotations

from typing import TypeVar

from wslint.finding import Applicability, Edit, Fix
from wslint.machine.modules import lowered
from wslint.source import tree
from wslint.source.flow.uses import ClassFlow
from wslint.source.nodes import nodes_in
from wslint.text import Span, line_end, line_start
from wslint.worker import Worker

_RESERVED = "(1005, 1006, 1015)"


_Node = TypeVar("_Node", bound=tree.Node)


def node_at(worker: Worker, span: Span, kind: type[_Node]) -> _Node | None:
    """The node of this kind that is written at a place."""
    module = lowered(worker, span.file)
    found = (node for node in nodes_in(module.body) if isinstance(node, kind)) if module is not None else ()
    return next((node for node in found if (node.start, node.end) == (span.start, span.end)), None)


def written(worker: Worker, init: Span) -> list[tree.TableEntry] | None:
    """The entries of an init that is written out: JavaScript's object, or Python's keyword arguments."""
    table = node_at(worker, init, tree.Table)
    if table is not None:
        return table.entries
    call = node_at(worker, init, tree.Call)
    return call.keywords if call is not None else None


def returned(statement: Span) -> Fix | None:
    """`return` before a statement that is an expression; None where it does not stand alone on its line."""
    data = statement.file.data
    line = line_start(data, statement.start)
    if data[line : statement.start].strip():
        return None
    spot = Span(statement.file, statement.start, statement.start)
    return Fix("insert `return`", "unsafe", (Edit(spot, "return "),))


def awaited(
    call: Span, function: tree.Function | None, applicability: Applicability = "unsafe"
) -> Fix | None:
    """`await` before a call that gives a promise. None where the function around it is not async, or where the
    promise does not come from a call that is written there."""
    around = _innermost(function, call)
    text = call.text
    if around is None or not around.is_async or not text.endswith(")"):
        return None
    if text.startswith(("async ", "async(", "function", "await ")):
        return None
    data = call.file.data
    start, end = Span(call.file, call.start, call.start), Span(call.file, call.end, call.end)
    if data[call.end : call.end + 2].lstrip()[:1] in (b".", b"[", b"?"):
        return Fix("insert `await`", applicability, (Edit(start, "(await "), Edit(end, ")")))
    return Fix("insert `await`", applicability, (Edit(start, "await "),))


def _innermost(function: tree.Function | None, place: Span) -> tree.Function | None:
    """The function whose own code the place belongs to, at or within the given one."""
    if function is None or not function.start <= place.start < function.end:
        return None
    inner = [
        node
        for node in nodes_in(function.body)
        if isinstance(node, tree.Function) and node.start <= place.start < node.end
    ]
    return min(inner, key=lambda node: node.end - node.start, default=function)


def sendable_code(name: str, suffix: str) -> str | None:
    """The expression that gives 1000 in place of a close code that can't be sent; None for Rust."""
    if suffix == ".rs":
        return None
    if suffix == ".py":
        return f"1000 if {name} in {_RESERVED} else {name}"
    return f"{name} === 1005 || {name} === 1006 || {name} === 1015 ? 1000 : {name}"


def close_handler(cls: ClassFlow) -> Fix | None:
    """A `webSocketClose` that answers, behind another method of the class; None for Rust, and where no method
    stands on lines of its own."""
    suffix = cls.span.file.path.suffix
    anchor = next(
        (cls.members[name] for name in ("webSocketMessage", "fetch") if name in cls.members),
        None,
    )
    if suffix == ".rs" or anchor is None or anchor.kind != "method" or anchor.function is None:
        return None
    data = anchor.span.file.data
    line = line_start(data, anchor.span.start)
    first = data[line : anchor.span.start].decode("utf-8", "replace")
    indent = first[: len(first) - len(first.lstrip())]
    if not indent:
        return None
    code = sendable_code("code", suffix)
    if suffix == ".py":
        text = (
            f"\n\n{indent}async def webSocketClose(self, ws, code, reason, was_clean):"
            f"\n{indent}{indent}ws.close({code}, reason)"
        )
    else:
        types = (": WebSocket", ": number", ": string") if suffix in (".ts", ".tsx", ".mts") else ("", "", "")
        names = ", ".join(map("".join, zip(("ws", "code", "reason"), types, strict=True)))
        text = f"\n{indent}webSocketClose({names}) {{\n{indent}{indent}ws.close({code}, reason);\n{indent}}}"
    end = _end_of_line(data, anchor.function.end)
    if end is None:
        return None
    return Fix("add `webSocketClose`", "unsafe", (Edit(Span(anchor.span.file, end, end), text),))


def _end_of_line(data: bytes, place: int) -> int | None:
    """The end of the line that something ends on; None where more than a semicolon follows it there."""
    end = line_end(data, place)
    return end if data[place:end].strip() in (b"", b";") else None
