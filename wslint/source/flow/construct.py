"""Runtime objects that the code makes with `new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wslint.source import tree
from wslint.source.flow.responses import build_request, build_response
from wslint.source.flow.scope import Scope
from wslint.source.flow.values import (
    ClientSocket,
    Collection,
    End,
    FunctionValue,
    HeadersValue,
    Made,
    Member,
    Pair,
    UrlValue,
)
from wslint.text import Span

if TYPE_CHECKING:
    from wslint.source.flow.interpreter import Interpreter, Values


def construct(
    interpreter: Interpreter, name: str, node: tree.Call, arguments: list[Values], scope: Scope, span: Span
) -> Values | None:
    """A runtime object that is made; None when it is no such thing."""
    match name:
        case "WebSocketPair":
            pair = interpreter.made(Pair, span, lambda: _pair(span))
            interpreter.use("pair", span, scope, pair)
            return (pair,)
        case "WebSocket":
            socket = interpreter.made(ClientSocket, span, lambda: ClientSocket(span, "constructor"))
            interpreter.use(
                "call", span, scope, socket, name="new", arguments=arguments, nodes=node.arguments
            )
            return (socket,)
        case "Response":
            return build_response(interpreter, node, arguments, scope, span)
        case "Request":
            return build_request(interpreter, node, arguments, scope, span)
        case "Headers":
            source = arguments[0][0] if arguments and arguments[0] else None
            return (HeadersValue(span, None, source),)
        case "URL":
            of = (
                next((value.of for value in arguments[0] if isinstance(value, Member)), None)
                if arguments
                else None
            )
            url = UrlValue(span, of)
            interpreter.use(
                "call", span, scope, url, name="new URL", arguments=arguments, nodes=node.arguments
            )
            return (url,)
        case "WebSocketRequestResponsePair":
            made = Made(span, name)
            interpreter.use(
                "call", span, scope, made, name=f"new {name}", arguments=arguments, nodes=node.arguments
            )
            return (made,)
        case "Map" | "Set" | "WeakMap" | "WeakSet" | "Array":
            weak = name.startswith("Weak")
            return (interpreter.made(Collection, span, lambda: Collection(span, "local", "", weak=weak)),)
        case "Promise":
            for value in arguments[0] if arguments else ():
                if isinstance(value, FunctionValue):
                    interpreter.enter_later(value, [], "promise")
            return ()
    return None


def _pair(span: Span) -> Pair:
    pair = Pair(span)
    pair.ends = (End(span, pair, 0), End(span, pair, 1))
    return pair
