"""Names that the runtime looks up on a project's classes and objects."""

from __future__ import annotations

HANDLERS = {"webSocketMessage": "message", "webSocketClose": "close", "webSocketError": "error"}
"""A Durable Object's handlers of hibernatable sockets, and the event that each is for."""

ALARM = "alarm"
FETCH = "fetch"
