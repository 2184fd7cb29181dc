"""What one probe saw, as the diagnosis and the renderers read it."""

from __future__ import annotations

from typing import Literal

from wslint.record import field, record

Headers = list[tuple[str, str]]

StepOutcome = Literal["ok", "failed", "timeout"]
DroppedAfter = Literal["", "open", "message", "close"]


@record
class Step:
    """One thing that was waited for. `milliseconds` count from the end of the step before it."""

    name: str
    milliseconds: float
    outcome: StepOutcome
    detail: str = ""


@record
class Tls:
    """The encrypted connection. `verified` is false with `--insecure`; then nothing is known of the
    certificate."""

    version: str
    cipher: str
    verified: bool
    subject: str = ""
    issuer: str = ""
    expires: str = ""


@record
class Response:
    """An HTTP answer. `body` holds at most `limits.BODY` bytes; `cut` says why there is no more of it."""

    version: str
    status: int
    reason: str
    headers: Headers
    body: bytes = b""
    cut: str = ""

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its letters' case."""
        return next((value for known, value in self.headers if known.lower() == name.lower()), None)

    def all_headers(self, name: str) -> list[str]:
        """All headers of this name, in order."""
        return [value for known, value in self.headers if known.lower() == name.lower()]


@record
class Message:
    """A message that the server sent. `data` is cut at `limits.MESSAGE_SHOWN`; `size` counts all bytes.

    `answers` is false when it came before anything was sent.
    """

    kind: Literal["text", "binary"]
    data: bytes
    size: int
    answers: bool

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")


@record
class Session:
    """What happened after the 101.

    `close` is `answered`, `dropped` (the connection ended without a Close frame: 1006 in a browser),
    `unanswered` (nothing within the timeout: the browser's socket stays in CLOSING), `by server` (the server
    closed first), or `not sent` (the connection was dead before).
    """

    subprotocol: str | None = None
    extensions: list[str] = field(default_factory=list)
    pong: bool = False
    sent: bool = False
    messages: list[Message] = field(default_factory=list)
    received: int = 0
    found: bool = False
    """Whether the expected text came."""
    close: Literal["answered", "dropped", "unanswered", "by server", "not sent"] = "not sent"
    close_code: int | None = None
    close_reason: str = ""
    broken: str = ""
    """Why the frames were none: the reason for which a browser fails the connection."""
    flooded: bool = False
    """Whether the server sent more than is read."""
    dropped_after: DroppedAfter = ""


Failure = Literal[
    "", "dns", "refused", "unreachable", "tls", "connect timeout", "timeout", "closed", "not http", "too much"
]


@record
class Probe:
    """All of it. `failure` says at which step there was no complete answer, `failure_detail` how."""

    url: str
    request: bytes
    request_headers: Headers
    timeout: float
    message: str | None = None
    """What was to be sent after the handshake."""
    addresses: list[str] = field(default_factory=list)
    address: str = ""
    tls: Tls | None = None
    interim: list[Response] = field(default_factory=list)
    response: Response | None = None
    received: bytes = b""
    """The first bytes that came, when they made no answer."""
    steps: list[Step] = field(default_factory=list)
    failure: Failure = ""
    failure_detail: str = ""
    handshake_error: str = ""
    """Why a 101 is none: what a browser would find wrong with it."""
    handshake_symptom: str = ""
    session: Session | None = None
