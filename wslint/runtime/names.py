"""Names that the runtime looks up on a project's classes and objects."""

from __future__ import annotations

HANDLERS = {"webSocketMessage": "message", "webSocketClose": "close", "webSocketError": "error"}
"""A Durable Object's handlers of hibernatable sockets, and the event that each is for."""

ALARM = "alarm"
FETCH = "fetch"

HIBERNATING = frozenset(
    {"acceptWebSocket", "accept_web_socket", "accept_websocket", "accept_websocket_with_tags"}
)
"""What accepts a socket for hibernation, in the words of each language."""

MAKERS = (
    b"WebSocketPair",
    b"upgradeWebSocket",
    b"from_websocket",
    b"acceptWebSocket",
    b"routePartykitRequest",
    b"routeAgentRequest",
)
"""What code calls that makes or takes sockets: a project without any of these takes no handshakes."""
