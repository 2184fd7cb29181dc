"""Small servers on loopback for one test each: a handler gets the connection and the request's head."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

from websockets.frames import Frame, Opcode
from websockets.utils import accept_key

Handler = Callable[[socket.socket, bytes], None]


class Servers:
    """Starts servers and ends all of them, connections included."""

    def __init__(self) -> None:
        self._listening: list[socket.socket] = []
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.requests: list[bytes] = []

    def start(
        self, handler: Handler, *, tls: ssl.SSLContext | None = None, speaks_first: bool = False
    ) -> int:
        """Serve on a port of its own, and return the port."""
        listening = socket.create_server(("127.0.0.1", 0))
        self._listening.append(listening)
        thread = threading.Thread(target=self._accept, args=(listening, handler, tls, speaks_first))
        self._threads.append(thread)
        thread.start()
        return int(listening.getsockname()[1])

    def _accept(
        self, listening: socket.socket, handler: Handler, tls: ssl.SSLContext | None, speaks_first: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                self._connections.append(connection)
                with contextlib.suppress(OSError):
                    if tls is not None:
                        connection = tls.wrap_socket(connection, server_side=True)
                        self._connections.append(connection)
                    head = b"" if speaks_first else read_head(connection)
                    self.requests.append(head)
                    handler(connection, head)
                end(connection)

    def stop(self) -> None:
        """End everything, and wait for it."""
        for one in self._listening + self._connections:
            end(one)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()


def end(connection: socket.socket) -> None:
    """Close a connection, also under a thread that waits on it."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(4096)
        if not data:
            break
        head += data
    return head


def header(head: bytes, name: str) -> str | None:
    for line in head.decode("latin-1").split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name.lower():
            return value.strip()
    return None


def switching(head: bytes, *more: str, accept: str | None = None) -> bytes:
    """A 101's head, with further header lines."""
    key = accept or accept_key(header(head, "Sec-WebSocket-Key") or "")
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {key}",
        *more,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def frame(opcode: Opcode, data: bytes = b"", fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=False)


def frames(connection: socket.socket) -> Iterator[tuple[int, bytes]]:
    """The client's frames, unmasked, until the connection ends. Small ones only."""
    buffer = b""
    while True:
        while len(buffer) >= 6 and len(buffer) >= 6 + (buffer[1] & 127):
            size = buffer[1] & 127
            mask, data = buffer[2:6], buffer[6 : 6 + size]
            yield buffer[0] & 15, bytes(byte ^ mask[index % 4] for index, byte in enumerate(data))
            buffer = buffer[6 + size :]
        data = connection.recv(4096)
        if not data:
            return
        buffer += data


def answering(
    *more: str, reply: Callable[[bytes], bytes] | None = None, close: bytes | None = b""
) -> Handler:
    """A well-behaved server: a pong for each ping, `reply` for each message (raw bytes), a close of `close`."""

    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(switching(head, *more))
        for opcode, data in frames(connection):
            if opcode == Opcode.PING:
                connection.sendall(frame(Opcode.PONG, data))
            elif opcode == Opcode.TEXT and reply is not None:
                connection.sendall(reply(data))
            elif opcode == Opcode.CLOSE and close is not None:
                connection.sendall(frame(Opcode.CLOSE, close))
                return

    return handle


def saying(data: bytes) -> Handler:
    """Sends these bytes and ends."""

    def handle(connection: socket.socket, head: bytes) -> None:
        connection.sendall(data)

    return handle


def http(status: str, *headers: str, body: bytes = b"") -> Handler:
    """A plain answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return saying(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body)
