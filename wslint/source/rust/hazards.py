"""What makes a Rust handler panic for what a client sends: results that are unwrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from wslint.record import frozen
from wslint.regex import regex
from wslint.source.rust.grammar import tree_of
from wslint.source.rust.locate import node_span, node_text
from wslint.text import SourceFile, Span

if TYPE_CHECKING:
    from tree_sitter import Node

SOCKET_HANDLERS = frozenset({"websocket_message", "websocket_close", "websocket_error"})
_PARSERS = regex(r"(::from_(str|slice|utf8|bytes)|\.parse)(::<.*>)?$", re.S)
_PANICS = frozenset({"panic", "todo", "unimplemented"})
_WORD = regex(r"\b[a-z_]\w*\b")


@frozen
class Panic:
    """Code of a socket handler that panics for some messages; `how` names it."""

    span: Span
    handler: str
    how: str


def panics(file: SourceFile) -> Iterator[Panic]:
    """What a client can make panic in the socket handlers: unwrapped parses of its message, `panic!`."""
    if b"websocket_" not in file.data:
        return
    for node in nodes_of(tree_of(file).root_node):
        name = node_text(node.child_by_field_name("name")) if node.type == "function_item" else ""
        body = node.child_by_field_name("body")
        if name not in SOCKET_HANDLERS or body is None or not _implements(node):
            continue
        given = _from_client(node, body)
        for inner in nodes_of(body):
            if inner.type == "macro_invocation":
                macro = node_text(inner.child_by_field_name("macro"))
                if macro in _PANICS:
                    yield Panic(node_span(file, inner), name, f"`{macro}!`")
            elif inner.type == "call_expression" and _unwraps(inner, given):
                function = inner.child_by_field_name("function")
                field = function.child_by_field_name("field") if function is not None else None
                yield Panic(node_span(file, inner), name, f"`{node_text(field)}` of what a client sent")


def _implements(function: Node) -> bool:
    """Whether a function stands in `impl DurableObject for …`."""
    outer = function.parent.parent if function.parent is not None else None
    trait = outer.child_by_field_name("trait") if outer is not None and outer.type == "impl_item" else None
    return node_text(trait).rpartition("::")[2] == "DurableObject"


def _from_client(function: Node, body: Node) -> set[str]:
    """The names that hold the message, or what was bound from it."""
    parameters = function.child_by_field_name("parameters")
    typed = (
        [child for child in parameters.named_children if child.type == "parameter"]
        if parameters is not None
        else []
    )
    known = {node_text(child.child_by_field_name("pattern")) for child in typed[1:2]}
    for node in nodes_of(body):
        pattern, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        if node.type == "match_arm" and node.parent is not None and node.parent.parent is not None:
            value = node.parent.parent.child_by_field_name("value")
        if pattern is not None and value is not None and known & set(_WORD.findall(node_text(value))):
            known |= set(_WORD.findall(node_text(pattern)))
    return known


def _unwraps(call: Node, given: set[str]) -> bool:
    """Whether a call is `parse(message).unwrap()` of something in `given`."""
    function = call.child_by_field_name("function")
    if function is None or function.type != "field_expression":
        return False
    if node_text(function.child_by_field_name("field")) not in ("unwrap", "expect"):
        return False
    inner = function.child_by_field_name("value")
    parse = (
        inner.child_by_field_name("function")
        if inner is not None and inner.type == "call_expression"
        else None
    )
    if inner is None or parse is None or not _PARSERS.search(node_text(parse)):
        return False
    return bool(given & set(_WORD.findall(node_text(inner))))


def nodes_of(root: Node) -> Iterator[Node]:
    """All nodes in order, but for modules of tests."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "mod_item" and node_text(node.child_by_field_name("name")).startswith("test"):
            continue
        yield node
        waiting.extend(reversed(node.named_children))
