"""The server's end of a pair: accepting it, and what the runtime refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.runtime_members import OF_EVERY_OBJECT
from wslint.runtime_members import members as members_of
from wslint.text import Span
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    CtxV,
    EndV,
    EnvV,
    Fn,
    Promise,
    Thrown,
    Unknown,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine


def method(machine: Machine, end: EndV, name: str, arguments: list[Val], span: Span) -> Val:
    if name == "accept":
        accept(machine, end, "accept", span)
        return UNDEFINED
    if name == "send" and not arguments:
        raise Thrown(
            "TypeError: Failed to execute 'send' on 'WebSocket': parameter 1 is not of type 'ArrayBuffer or "
            "ArrayBufferView or string'.",
            span,
        )
    if name in ("send", "close"):
        if not end.accepted and not end.pair.escaped:
            raise Thrown(
                "TypeError: You must call one of accept() or state.acceptWebSocket() on this WebSocket before "
                "sending messages.",
                span,
            )
        return UNDEFINED
    if name in ("addEventListener", "add_event_listener"):
        listener = arguments[1] if len(arguments) > 1 else UNDEFINED
        if listener is UNDEFINED or isinstance(listener, (str, float, bool)):
            raise Thrown(
                "TypeError: Failed to execute 'addEventListener' on 'EventTarget': parameter 2 is no listener.",
                span,
            )
        if arguments and isinstance(arguments[0], str):
            end.listens.append((str(arguments[0]), span))
        return UNDEFINED
    if name in ("serializeAttachment", "serialize_attachment") and not arguments:
        raise Thrown(
            "TypeError: Failed to execute 'serializeAttachment' on 'WebSocket': parameter 1 is not of type 'Value'.",
            span,
        )
    if name == "serializeAttachment" and isinstance(arguments[0], (Fn, EndV, CtxV, EnvV, Promise)):
        raise Thrown("DataCloneError: what is attached can't be copied", span)
    if name in ("serializeAttachment", "deserializeAttachment"):
        return UNDEFINED if name.startswith("s") else Unknown("an attachment")
    check_name("WebSocket", name, span)
    return machine.unknown_call(f"socket.{name}", span, arguments)


def accept(machine: Machine, end: EndV, how: str, span: Span) -> None:
    """Accept an end, or throw as the runtime does for one that was accepted before."""
    if end.pair.escaped:
        end.accepted = how
        return
    other = end.pair.ends[1 - end.index]
    if how == "hibernate":
        if end.accepted == "accept":
            raise Thrown(
                "TypeError: Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`",
                span,
            )
        if end.accepted or other.accepted:
            raise Thrown(
                "TypeError: Cannot call `acceptWebSocket()` on this WebSocket because its pair has already been accepted "
                "or used in a Response.",
                span,
            )
    elif end.accepted == "hibernate":
        raise Thrown("TypeError: Can't accept() WebSocket after enabling hibernation.", span)
    text = "accepted for hibernation" if how == "hibernate" else "accepted with `accept()`"
    if not end.accepted:
        machine.hop("accept", span, text)
    end.accepted, end.span = how, span


def check_tags(arguments: list[Val], span: Span) -> None:
    if len(arguments) < 2 or arguments[1] is UNDEFINED:
        return
    tags = arguments[1]
    if isinstance(tags, Arr) and not tags.open:
        distinct: list[Val] = []
        for tag in tags.items:
            # The eleventh is refused even if it repeats an earlier one (workerd 1.20261117, run).
            if len(distinct) >= 10:
                raise Thrown("Error: a Hibernatable WebSocket cannot have more than 10 tags", span)
            if tag not in distinct:
                distinct.append(tag)
        if any(isinstance(tag, str) and len(tag.encode()) > 256 for tag in tags.items):
            raise Thrown("Error: a tag is longer than 256 bytes", span)
    if isinstance(tags, (str, float, bool)) or tags is None:
        raise Thrown(
            "TypeError: Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 2 is not of type 'Array'.",
            span,
        )


def check_name(kind: str, name: str, span: Span) -> None:
    """Throw as the runtime does for a method that its object does not have. In Rust and Python the names are
    other ones."""
    if span.file.path.suffix in (".rs", ".py"):
        return
    if name not in members_of(kind) | OF_EVERY_OBJECT:
        raise Thrown(f"TypeError: {name} is not a function", span)
