"""Questions about the socket handlers of a class: which there are, what they do, what they leave out.

The facts come from `source.flow`; the configuration says which classes are bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.source import tree
from wslint.source.flow.uses import ClassFlow, MemberFacts, Use
from wslint.source.flow.values import (
    ArrayValue,
    Collection,
    HandlerSocket,
    Instance,
    TableValue,
)
from wslint.source.nodes import nodes_in
from wslint.upgrade import durable_classes
from wslint.worker import Worker


def hibernating(worker: Worker) -> Iterator[tuple[ClassFlow, Use]]:
    """The Durable Object classes that accept sockets for hibernation, with the first place."""
    for cls in durable_classes(worker):
        first = next((use for use in cls.uses if use.action == "hibernate"), None)
        if first is not None and not _is_base_alone(worker, cls):
            yield cls, first


def _is_base_alone(worker: Worker, cls: ClassFlow) -> bool:
    """Whether a class only serves as a base: `abstract`, or extended here and itself not bound."""
    if cls.span.file.data[: cls.span.start].split()[-2:] == [b"abstract", b"class"]:
        return True
    if any(
        bound.class_name and bound.class_name.string == cls.name for bound in worker.config.durable_objects
    ):
        return False
    return worker.flow is not None and any(cls.name in other.bases for other in worker.flow.classes.values())


def leaves_to_trait(worker: Worker) -> bool:
    """Whether handlers that a class lacks may be Rust's: from `worker` 0.6 on the trait has bodies for them all,
    which panic. Such a class is `unimplemented-socket-handler`'s business."""
    if worker.source is None or worker.source.language != "rust":
        return False
    crate = worker.rust_crate
    return crate is None or crate.worker_version is None or crate.worker_version >= (0, 6, 0)


def lacks(worker: Worker, cls: ClassFlow, name: str) -> bool:
    """Whether instances of a class surely have no such handler: no base that is not read brings it, and no code
    that gets an instance sets it, as `install(this)` may."""
    if not cls.base_known or name in cls.members or cls.handed == "unread":
        return False
    if cls.handed == "nobody" or worker.source is None:
        return True
    sets = re.compile(rb"\.\s*" + name.encode() + rb"\s*=(?!=)")
    word = re.compile(rb"\b" + name.encode() + rb"\b")
    return not any(
        sets.search(file.data) or (word.search(file.data) and _INDIRECT.search(file.data))
        for file in worker.source.files
    )


_INDIRECT = re.compile(
    rb"Object\.(?:assign|define)|Reflect\.|\bsetattr\b|[\w\])]\s*\[[^\]]{1,80}\]\s*=(?![=>])"
)
"""Code that sets a member without naming it at that place."""


_HANDLER_LIKE = {
    "message": "webSocketMessage",
    "close": "webSocketClose",
    "error": "webSocketError",
    "disconnect": "webSocketClose",
    "open": None,
    "connect": None,
}


def misspelt_handlers(cls: ClassFlow) -> list[tuple[MemberFacts, str | None]]:
    """Members that look like socket handlers under a name that the runtime does not call, with the right
    name (None: no such handler exists). Members that the class calls itself are its own business."""
    found: list[tuple[MemberFacts, str | None]] = []
    for member in cls.members.values():
        plain = member.name.lower().replace("_", "").removeprefix("#")
        if member.function is None or member.name in _RIGHT_NAMES or member.private or member.static:
            continue
        if not plain.startswith(("websocket", "onwebsocket", "on", "handlewebsocket")):
            continue
        if "websocket" not in plain and plain.removeprefix("on") in ("open", "connect"):
            continue  # a method of the project's own by all appearances
        rest = plain.removeprefix("on").removeprefix("handle").removeprefix("websocket").removeprefix("on")
        wanted = _HANDLER_LIKE.get(rest)
        if rest in _HANDLER_LIKE and wanted not in cls.members and not _calls_itself(cls, member.name):
            found.append((member, wanted))
    return found


_RIGHT_NAMES = frozenset({"webSocketMessage", "webSocketClose", "webSocketError"})


def _calls_itself(cls: ClassFlow, name: str) -> bool:
    """Whether code of the class reads `this.<name>`."""
    return name in cls.own_reads


def pushes(cls: ClassFlow) -> bool:
    """Whether a class sends to its sockets from code that no message started: an alarm, a request, RPC."""
    return any(
        use.action == "send"
        and isinstance(use.value, HandlerSocket)
        and use.where.handler not in _RIGHT_NAMES
        for use in cls.uses
    )


def closes(cls: ClassFlow) -> bool:
    """Whether `webSocketClose` closes the socket it gets, or hands it to code that may."""
    for use in cls.uses:
        if use.where.handler != "webSocketClose" or not isinstance(use.value, HandlerSocket):
            continue
        if use.action in ("close", "escape") or (use.action == "read" and use.name == "close"):
            return True
    return _asks_a_wrapper(cls)


_OWN_FIELDS = frozenset({"ctx", "state", "controller", "context", "env", "storage", "sql"})


def asks_a_part(cls: ClassFlow, handler: str) -> bool:
    """Whether a handler, or a method that it calls, calls a method of an object in a field of which nothing is
    known: `this.rooms.leave(id)`."""
    waiting, seen = [handler], set[str]()
    while waiting:
        member = cls.members.get(name := waiting.pop())
        if name in seen or member is None or member.function is None:
            continue
        seen.add(name)
        for node in nodes_in(member.function.body):
            function = node.function if isinstance(node, tree.Call) else None
            if not isinstance(function, tree.Member):
                continue
            if _is_this(function.object):
                waiting.append(function.name)
            elif isinstance(function.object, tree.Member) and _is_unknown_part(cls, function.object):
                return True
    return False


def _is_this(node: tree.Expression) -> bool:
    return isinstance(node, tree.Name) and node.name == "this"


def _is_unknown_part(cls: ClassFlow, node: tree.Member) -> bool:
    held = cls.fields.get(node.name, ())
    known = any(isinstance(value, (Collection, Instance, ArrayValue, TableValue)) for value in held)
    return _is_this(node.object) and node.name not in _OWN_FIELDS and not known


def _asks_a_wrapper(cls: ClassFlow) -> bool:
    """Whether `webSocketClose` calls a method of what it looked up with the socket: `sessions.get(ws).end()`."""
    member = cls.members.get("webSocketClose")
    if member is None or member.function is None:
        return False
    held: set[str] = set()
    nodes = list(nodes_in(member.function.body))
    for node in nodes:
        if (
            isinstance(node, tree.Declare)
            and isinstance(node.pattern, tree.Name)
            and _looks_up(node.value, member)
        ):
            held.add(node.pattern.name)
    return any(
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Member)
        and (
            _looks_up(node.function.object, member)
            or (isinstance(node.function.object, tree.Name) and node.function.object.name in held)
        )
        for node in nodes
    )


def _looks_up(node: tree.Expression | None, member: MemberFacts) -> bool:
    socket = member.parameters[0] if member.parameters else ""
    return isinstance(node, tree.Call) and any(
        isinstance(argument, tree.Name) and socket and argument.name == socket for argument in node.arguments
    )


def rebuilds(cls: ClassFlow) -> bool:
    """Whether a class reads its sockets back when it wakes: `getWebSockets()` in the constructor."""
    return any(
        use.action == "call" and use.name == "getWebSockets" and use.where.handler == "constructor"
        for use in cls.uses
    )


def lists_sockets(cls: ClassFlow) -> bool:
    """Whether the class asks the runtime for its sockets anywhere, on a way that was followed or not."""
    return any(use.action == "call" and use.name == "getWebSockets" for use in cls.uses) or any(
        isinstance(node, tree.Member) and node.name in _LISTS
        for member in cls.members.values()
        if member.function is not None
        for node in nodes_in(member.function.body)
    )


_LISTS = frozenset({"getWebSockets", "get_websockets", "get_websockets_with_tag"})


def in_collection(use: Use) -> bool:
    """Whether a stored value went into a collection rather than a field of its own."""
    return not use.arguments
