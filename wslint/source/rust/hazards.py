"""What makes a Rust handler panic while it runs: borrows held across `.await`, results that are unwrapped."""

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
_LATER = frozenset({"closure_expression", "async_block", "function_item"})
_PARSERS = regex(r"(::from_(str|slice|utf8|bytes)|\.parse)(::<.*>)?$", re.S)
_PANICS = frozenset({"panic", "todo", "unimplemented"})
_WORD = regex(r"\b[a-z_]\w*\b")
# While one of these is awaited, the runtime's input gate lets no other event in. `sync()` has no gate.
_STORAGE = regex(r"(get|put|delete|list|set)(_\w+)?|transaction")
_UNWRAPS = regex(r"unwrap\w*|expect")
_FOLLOWED = 3


@frozen
class HeldBorrow:
    """A mutable borrow of a field, and the `.await` that it is still held at."""

    borrow: Span
    wait: Span


@frozen
class Panic:
    """Code of a socket handler that panics for some messages; `how` names it."""

    span: Span
    handler: str
    how: str


def held_borrows(file: SourceFile) -> Iterator[HeldBorrow]:
    """Where `self.….borrow_mut()` is alive at an `.await` that lets other events in: bound to a name before it
    in the same block, or a temporary of the awaited expression itself."""
    if b"borrow_mut" not in file.data or b".await" not in file.data:
        return
    nodes = list(_nodes(tree_of(file).root_node))
    functions: dict[str, list[Node]] = {}
    for node in nodes:
        if node.type == "function_item":
            functions.setdefault(node_text(node.child_by_field_name("name")), []).append(node)
    for node in nodes:
        if node.type == "block":
            yield from _held_in_block(file, node, functions)
        elif node.type == "await_expression" and node.named_children:
            borrow = _borrow_in_chain(node.named_children[0])
            if borrow is not None and _lets_events_in(node, functions):
                yield HeldBorrow(node_span(file, borrow), node_span(file, node))


def _lets_events_in(wait: Node, functions: dict[str, list[Node]], followed: int = _FOLLOWED) -> bool:
    """Whether the runtime may deliver another event during an `.await`; False for what can't be followed."""
    call = wait.named_children[0] if wait.named_children else None
    function = call.child_by_field_name("function") if call is not None else None
    if function is not None and function.type == "generic_function":
        function = function.child_by_field_name("function")
    if call is None or call.type != "call_expression" or function is None:
        return False
    owner, _, name = node_text(function).rpartition("." if function.type == "field_expression" else "::")
    owner, name = owner.strip(), name.strip()
    if name == "block_concurrency_while" or (_STORAGE.fullmatch(name) and "storage" in owner.lower()):
        return False
    if name in functions:
        inner = [found for body in functions[name] for found in _awaits_of(body)] if followed else []
        return any(_lets_events_in(found, functions, followed - 1) for found in inner)
    return owner not in ("", "self", "Self") and not _UNWRAPS.fullmatch(name)


def _awaits_of(function: Node) -> Iterator[Node]:
    body = function.child_by_field_name("body")
    return _awaits(body) if body is not None else iter(())


def _held_in_block(file: SourceFile, block: Node, functions: dict[str, list[Node]]) -> Iterator[HeldBorrow]:
    children = block.named_children
    for index, statement in enumerate(children):
        pattern, value = statement.child_by_field_name("pattern"), statement.child_by_field_name("value")
        if statement.type != "let_declaration" or pattern is None or value is None or not _is_borrow(value):
            continue
        name = node_text(pattern)
        rest = file.slice(statement.end_byte, block.end_byte)
        if pattern.type != "identifier" or name == "_" or re.search(rf"\bdrop\(\s*{name}\s*\)", rest):
            continue
        waits = (found for later in children[index + 1 :] for found in _awaits(later))
        wait = next((found for found in waits if _lets_events_in(found, functions)), None)
        if wait is not None:
            yield HeldBorrow(node_span(file, value), node_span(file, wait))


def _is_borrow(node: Node) -> bool:
    """Whether an expression is `self.field.borrow_mut()`."""
    function = node.child_by_field_name("function") if node.type == "call_expression" else None
    if function is None or function.type != "field_expression":
        return False
    owner = function.child_by_field_name("value")
    return node_text(function.child_by_field_name("field")) == "borrow_mut" and node_text(owner).startswith(
        "self."
    )


def _borrow_in_chain(node: Node) -> Node | None:
    """`self.field.borrow_mut()` at the beginning of a chain of calls."""
    current: Node | None = node
    while current is not None:
        if _is_borrow(current):
            return current
        current = current.child_by_field_name("function") or current.child_by_field_name("value")
    return None


def _awaits(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if item.type == "await_expression":
            yield item
        if item.type not in _LATER:
            waiting.extend(reversed(item.named_children))


def panics(file: SourceFile) -> Iterator[Panic]:
    """What a client can make panic in the socket handlers: unwrapped parses of its message, `panic!`."""
    if b"websocket_" not in file.data:
        return
    for node in _nodes(tree_of(file).root_node):
        name = node_text(node.child_by_field_name("name")) if node.type == "function_item" else ""
        body = node.child_by_field_name("body")
        if name not in SOCKET_HANDLERS or body is None or not _implements(node):
            continue
        given = _from_client(node, body)
        for inner in _nodes(body):
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
    for node in _nodes(body):
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


def _nodes(root: Node) -> Iterator[Node]:
    """All nodes in order, but for modules of tests."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "mod_item" and node_text(node.child_by_field_name("name")).startswith("test"):
            continue
        yield node
        waiting.extend(reversed(node.named_children))
