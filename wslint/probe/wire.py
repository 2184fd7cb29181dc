"""The connection: names resolved, a socket opened, TLS, bytes with a deadline. Proxies are not used, as the
person pointed at this server."""

from __future__ import annotations

import contextlib
import errno
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

from wslint.probe import limits
from wslint.probe.model import Failure, Tls

Address = tuple[Any, ...]


class ProbeFailed(Exception):
    """There is no complete answer; `kind` and `detail` say why, `late` whether for want of time."""

    def __init__(self, kind: Failure, detail: str, late: bool = False) -> None:
        super().__init__(detail)
        self.kind: Failure = kind
        self.detail = detail
        self.late = late


class Deadline:
    """A point in time that everything up to an answer shares, so that no slow drip prolongs it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left. Raises TimeoutError when none are."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def resolve(host: str, port: int, deadline: Deadline) -> list[tuple[socket.AddressFamily, Address]]:
    """All addresses of a host, in the system's order. Raises ProbeFailed."""
    found: list[Any] = []
    errors: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            errors.append(error)

    # The system's resolver knows no timeout; its thread may outlive the probe, and ends with the process.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if thread.is_alive():
        raise ProbeFailed("dns", f"no answer within {deadline.seconds:g} s", late=True)
    if errors:
        error = errors[0]
        raise ProbeFailed("dns", (error.strerror if isinstance(error, OSError) else "") or str(error))
    return list(dict.fromkeys((family, address) for family, _, _, _, address in found))


def shown(address: Address) -> str:
    """An address as people write it."""
    host, port = address[0], address[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def connect(
    addresses: list[tuple[socket.AddressFamily, Address]], deadline: Deadline
) -> tuple[socket.socket, str]:
    """A connection to the first address that takes one. Raises ProbeFailed when none does."""
    failures: list[tuple[str, OSError]] = []
    for index, (family, address) in enumerate(addresses):
        connection = None
        try:
            # One address that swallows packets must not use up the time of the others.
            patience = deadline.left() / (len(addresses) - index)
            connection = socket.socket(family, socket.SOCK_STREAM)
            connection.settimeout(patience)
            connection.connect(address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection, shown(address)
        except OSError as error:
            failures.append((shown(address), error))
            if connection is not None:
                connection.close()
    raise _not_connected(failures)


def _not_connected(failures: list[tuple[str, OSError]]) -> ProbeFailed:
    detail = "; ".join(f"{name}: {_why(error)}" for name, error in failures[:4]) or "no address"
    if any(error.errno == errno.ECONNREFUSED for _, error in failures):
        return ProbeFailed("refused", detail)
    if any(isinstance(error, TimeoutError) for _, error in failures):
        return ProbeFailed("connect timeout", detail, late=True)
    return ProbeFailed("unreachable", detail)


def _why(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "no answer"
    return (error.strerror or str(error)).lower()


def secure(
    connection: socket.socket, host: str, verify: bool, deadline: Deadline
) -> tuple[ssl.SSLSocket, Tls]:
    """TLS over a connection, as a browser does it for a WebSocket. Raises ProbeFailed."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        connection.settimeout(deadline.left())
        encrypted = context.wrap_socket(connection, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise ProbeFailed("tls", f"the certificate is refused: {error.verify_message}") from None
    except TimeoutError:
        raise ProbeFailed("tls", f"no answer within {deadline.seconds:g} s", late=True) from None
    except ssl.SSLError as error:
        reason = (error.reason or str(error)).replace("_", " ").lower()
        raise ProbeFailed("tls", reason) from None
    except (OSError, ValueError) as error:
        raise ProbeFailed("tls", f"the connection ended: {error}") from None
    cipher = encrypted.cipher()
    certificate = encrypted.getpeercert() or {}
    return encrypted, Tls(
        version=encrypted.version() or "",
        cipher=cipher[0] if cipher else "",
        verified=verify,
        subject=_name(certificate.get("subject")),
        issuer=_name(certificate.get("issuer")),
        expires=str(certificate.get("notAfter", "")),
    )


def _name(parts: Any) -> str:
    """The common name of a certificate's subject or issuer, else its organisation."""
    flat = {key: value for group in parts or () for key, value in group}
    return str(flat.get("commonName") or flat.get("organizationName") or "")


class Reader:
    """A file of the answer's bytes for `http.client`: buffered, with a budget, and what was taken is kept.

    Raises TimeoutError when the deadline passes and ProbeFailed when the budget is used up; what had
    come by then stays readable in `taken` and `buffer`.
    """

    def __init__(self, receive: Callable[[], bytes], budget: int) -> None:
        self._receive = receive
        self.budget = budget
        self.buffer = bytearray()
        self.taken = bytearray()
        self.ended = False

    def _fill(self) -> bool:
        """Wait for more; false at the end of the stream."""
        if self.ended:
            return False
        if self.budget <= 0:
            raise ProbeFailed("too much", "")
        data = self._receive()
        if not data:
            self.ended = True
            return False
        self.budget -= len(data)
        self.buffer += data
        return True

    def _take(self, count: int) -> bytes:
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        if len(self.taken) < 2 * limits.HEAD:
            self.taken += data
        return data

    def readline(self, limit: int = -1) -> bytes:
        """A line with its end; shorter at the limit or the end of the stream."""
        start = 0
        while True:
            end = self.buffer.find(b"\n", start)
            if end >= 0:
                return self._take(end + 1 if limit < 0 else min(end + 1, limit))
            if 0 <= limit <= len(self.buffer):
                return self._take(limit)
            start = len(self.buffer)
            if not self._fill():
                return self._take(len(self.buffer))

    def read(self, count: int = -1) -> bytes:
        """So many bytes, fewer only at the end of the stream."""
        while (count < 0 or len(self.buffer) < count) and self._fill():
            pass
        return self._take(len(self.buffer) if count < 0 else count)

    def read1(self, count: int = -1) -> bytes:
        """What there is, at most `count` bytes; waits only when there is nothing."""
        if count == 0 or not (self.buffer or self._fill()):
            return b""
        return self._take(len(self.buffer) if count < 0 else count)

    def makefile(self, _mode: str) -> Reader:
        """`http.client` asks a socket for its file."""
        return self

    def flush(self) -> None:
        """Nothing to do: part of a file's shape."""

    def close(self) -> None:
        """Nothing to do: the connection is closed elsewhere."""


class Line:
    """Bytes over a connection, each call with its deadline."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, data: bytes, deadline: Deadline) -> None:
        """Send all. Raises OSError, TimeoutError among them."""
        self._connection.settimeout(deadline.left())
        self._connection.sendall(data)

    def receive(self, deadline: Deadline) -> bytes:
        """Some bytes, none at the end of the stream. Raises OSError, TimeoutError among them."""
        self._connection.settimeout(deadline.left())
        try:
            return self._connection.recv(limits.RECEIVE)
        except ssl.SSLEOFError:
            return b""  # an end without TLS's own goodbye, as many servers end
        except ssl.SSLError as error:
            raise ConnectionError(error.reason or "TLS failed") from None

    def close(self) -> None:
        """Close without waiting for anyone."""
        with contextlib.suppress(OSError):
            self._connection.close()
