"""What the runtime says when it refuses (workerd 1.20261117, each run by tests/runtime)."""

from __future__ import annotations

RANGE = "RangeError: Responses may only be constructed with status codes in the range 200 to 599, inclusive."
WITH_SOCKET = "RangeError: Responses with a WebSocket must have status code 101."
NULL_BODY = "TypeError: Response with null body status (101, 204, 205, or 304) cannot have a body."
WRONG_SOCKET = "TypeError: Incorrect type for the 'webSocket' field on 'InitializerDict'."
IMMUTABLE = "TypeError: Can't modify immutable headers."
NO_UPGRADE = (
    "TypeError: Worker tried to return a WebSocket in a response to a request which did not contain the "
    'header "Upgrade: websocket".'
)
CLONE = "TypeError: Cannot clone a response to a WebSocket handshake."
NOT_A_RESPONSE = "TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'."
AWAITABLE = "TypeError: Awaitable <class 'coroutine'> cannot be sent over RPC."
NO_FETCH = "Error: Handler does not export a fetch() function."
NOT_ACCEPTED = "TypeError: You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages."
CLOSE_FIRST = "TypeError: You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages."
ACCEPTED_PLAIN = (
    "TypeError: Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`"
)
PAIR_USED = (
    "TypeError: Cannot call `acceptWebSocket()` on this WebSocket because its pair has already been accepted "
    "or used in a Response."
)
OUTGOING = "TypeError: Websockets obtained from the 'new WebSocket()' constructor cannot call accept"
HIBERNATING = "TypeError: Can't accept() WebSocket after enabling hibernation."
NO_TIME = "TypeError: setAlarm() cannot be called with an alarm time <= 0"
NO_ALARM = "Error: Your Durable Object class must have an alarm() handler in order to call setAlarm()"
SEND_AFTER_CLOSE = "TypeError: Can't call WebSocket send() after close()."
CROSS_OBJECT = (
    "Error: Cannot perform I/O on behalf of a different Durable Object. I/O objects (such as streams, "
    "request/response bodies, and others) created in the context of one Durable Object cannot be accessed from a "
    "different Durable Object in the same isolate."
)
CROSS_REQUEST = (
    "Error: Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response "
    "bodies, and others) created in the context of one request handler cannot be accessed from a different request's "
    "handler."
)
ASKS_ITSELF = "the object asks itself while its `blockConcurrencyWhile` holds back whoever asks"
NO_INTEGER = "TypeError: The value cannot be converted because it is not an integer."
NOT_JSON = "SyntaxError: Unexpected token in JSON"
NO_JSON = "SyntaxError: Unexpected end of JSON input"
PANIC = "RuntimeError: unreachable"
"""What a panic of Rust is to the runtime."""
BINDINGS = "Error: Wrong number of parameter bindings for SQL query."
SQL_TRANSACTION = (
    "Error: To execute a transaction, please use the state.storage.transaction() or state.storage.transactionSync() "
    "APIs instead of the SQL BEGIN TRANSACTION or SAVEPOINT statements."
)
NO_ACTOR_CLASS = "Error: no such actor class"
TOO_MANY_TAGS = "Error: a Hibernatable WebSocket cannot have more than 10 tags"
TAG_TOO_LONG = "Error: a tag is longer than 256 bytes"
ATTACHMENT_TOO_LARGE = "Error: A WebSocket 'attachment' cannot be larger than 16384 bytes."
REASON_ALONE = "InvalidAccessError: If you specify a WebSocket close reason, you must also specify a code."
REASON_TOO_LONG = (
    "SyntaxError: The WebSocket close reason must not be longer than 123 bytes when encoded as UTF-8."
)
GET_WITH_BODY = "TypeError: Request with a GET or HEAD method cannot have a body."
BAD_ID = "TypeError: Invalid Durable Object ID: must be 64 hex digits"


SOCKET_OVER_RPC = 'DataCloneError: Could not serialize object of type "WebSocket". This type does not support serialization.'
NO_SQL = "Error: SQL is not enabled for this Durable Object class."
NO_KV = "Error: The storage.kv (synchronous KV) API is only available for SQLite-backed Durable Objects"


NO_ENTROPY = "OSError: Randomness is not allowed while a Worker is starting"
GLOBAL_SCOPE = (
    "Error: Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), setting a "
    "timeout, and generating random values are not allowed within global scope. To fix this error, perform this "
    "operation within a handler. https://developers.cloudflare.com/workers/runtime-apis/handlers/"
)

AT_STARTUP = (GLOBAL_SCOPE, NO_ENTROPY, "RuntimeError: Cannot use random.")
"""How what the runtime says begins where a module does what only a handler may."""


def invalid_close_code(code: int) -> str:
    return f"InvalidAccessError: Invalid WebSocket close code: {code}."


def no_method(name: str) -> str:
    """What a Python Worker says of a handler that its class lacks."""
    return f"TypeError: Method {name} does not exist"


def invalid_url(text: str) -> str:
    return f"TypeError: Invalid URL: {text}"


def cannot_load(address: str) -> str:
    return f"TypeError: Fetch API cannot load: {address}"


def wrong_type(member: str, interface: str, place: int, wanted: str) -> str:
    """The runtime's words for an argument of another type; `member` is empty for a constructor."""
    what = f"execute '{member}' on" if member else "construct"
    kind = "" if member else "constructor "
    return f"TypeError: Failed to {what} '{interface}': {kind}parameter {place} is not of type '{wanted}'."
