"""Plays `scenario.json` against a running scaffold and writes down what clients see.

    python -m tests.scaffold.scenario http://127.0.0.1:8787 [--group 0] [--evict-seconds 12]

What differs from run to run is masked (codes, tokens), so that two implementations that behave alike
have the same transcript: `transcript.txt`. A group of scenes wants the constants it names changed in the
project that it plays against (`lowered` does that in the generated source): where a place must be kept it is
kept for longer than any machine plays, and where it must be freed the scene waits for that.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.protocol import State
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

HERE = Path(__file__).parent
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
HEADERS = ("allow", "upgrade", "cache-control")
PATIENCE = 240.0  # seconds for what must come; a busy machine has taken over a minute for two alarms
TRIES = 30  # of what must be done within a time
QUIET = 0.3  # seconds in which nothing more may come
SOCKET: dict[str, Any] = {"close_timeout": 1, "ping_interval": None, "proxy": None, "compression": None}

Scene = dict[str, Any]
Evict = Callable[[list[str]], None]


def groups() -> list[dict[str, Any]]:
    """The groups of scenes: `{"constants": {name: milliseconds}, "scenes": [...]}`."""
    found: list[dict[str, Any]] = json.loads((HERE / "scenario.json").read_text(encoding="utf-8"))
    return found


def expected(group: int, only: str = "") -> str:
    """The golden transcript of one group, or of `only` one of its scenes."""
    text = (HERE / "transcript.txt").read_text(encoding="utf-8")
    scenes = {part.split("\n", 1)[0]: f"## {part}" for part in text.split("## ")[1:]}
    names = [scene["name"] for scene in groups()[group]["scenes"]]
    return "".join(scenes[name] for name in names if only in ("", name))


def lowered(source: str, constants: dict[str, int]) -> str:
    """`source` with `NAME = 30_000`, in whichever language, set to each of the constants given."""
    for name, value in constants.items():
        source, count = re.subn(rf"(\b{name}\b[^=\n]*= )[\d_]+", rf"\g<1>{value}", source)
        if count != 1:
            raise ValueError(f"{name} is set {count} times")
    return source


def wait_for_eviction(seconds: float) -> Evict:
    """The runtime drops a hibernating object some ten seconds after its last event."""
    return lambda codes: time.sleep(seconds)


def play(url: str, group: int, evict: Evict, only: str = "") -> str:
    """Play a group of scenes in their order, or `only` the one of that name; the transcript."""
    scenes = [scene for scene in groups()[group]["scenes"] if only in ("", scene["name"])]
    return "".join(Player(url, evict).scene(scene) for scene in scenes)


@dataclass
class Player:
    """Plays one scene: its sockets by name, and what masks its values."""

    url: str
    evict: Evict
    sockets: dict[str, ClientConnection] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    masks: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    stack: ExitStack = field(default_factory=ExitStack)

    def scene(self, scene: Scene) -> str:
        self.lines.append(f"## {scene['name']}")
        with self.stack:
            for step in scene["steps"]:
                self.step(step)
            time.sleep(QUIET)
            for name in list(self.sockets):
                for text in self._received(name, 99, 0):
                    self._write(f"{name}: < UNEXPECTED {text}")
            for socket in self.sockets.values():
                _drop(socket)
        return "\n".join(self._compact()) + "\n\n"

    def step(self, step: dict[str, Any]) -> None:
        """One step; its first key says which kind, and its value is what that method calls `of`."""
        kind = next(iter(step))
        getattr(self, f"_{kind}")(**{("of" if name == kind else name): step[name] for name in step})

    # One method for each kind of step.

    def _call(
        self, of: str, keep: str | None = None, origin: str | None = None, size: int | None = None
    ) -> None:
        extra = {} if origin is None else {"Origin": self._filled(origin)}
        status, headers, body = self._request(of, extra, None if size is None else b"x" * size)
        if keep:
            self._keep(keep, json.loads(body)["code"])
        said = f" from {origin}" if origin is not None else f" of {size} bytes" if size is not None else ""
        self._write(f"{of}{said} -> {self._answer(status, headers, body)}")

    def _fresh(self, of: str, within: float) -> None:
        """Create a match and ask for it; once more, with another, when this machine took longer than `within`."""
        for _ in range(TRIES):
            began, wrote = time.monotonic(), len(self.lines)
            self._call("POST /create", keep="code")
            self._call(of)
            if time.monotonic() - began < within:
                return
            del self.lines[wrote:]
        self._write(f"{of} was not asked within {within} s of the creation")

    def _gone(self, of: str) -> None:
        """Ask until the answer is a 404."""
        until = time.monotonic() + PATIENCE
        status, headers, body = self._request(of)
        while status != 404 and time.monotonic() < until:
            time.sleep(0.1)
            status, headers, body = self._request(of)
        self._write(f"{of} -> at last {self._answer(status, headers, body)}")

    def _open(
        self,
        of: str,
        path: str = "/ws/{code}",
        times: int = 1,
        protocols: list[str] | None = None,
        origin: str | None = None,
    ) -> None:
        for number in range(times):
            name = of if times == 1 else f"{of}{number + 1}"
            address = "ws" + self.url.removeprefix("http") + self._filled(path)
            try:
                asked = [Subprotocol(self._filled(protocol)) for protocol in protocols or []] or None
                page = None if origin is None else Origin(self._filled(origin))
                opening = connect(address, open_timeout=PATIENCE, subprotocols=asked, origin=page, **SOCKET)
                socket = self.stack.enter_context(opening)
            except InvalidStatus as error:
                refused = error.response
                headers = {key.lower(): value for key, value in refused.headers.raw_items()}
                said = self._answer(refused.status_code, headers, refused.body or b"")
            except (InvalidHandshake, OSError) as error:
                said = f"{type(error).__name__}: {error}"
            else:
                self.sockets[name] = socket
                said = f"101 {socket.subprotocol or ''}".rstrip()
            how = f" as {', '.join(protocols)}" if protocols else ""
            how += f" from {origin}" if origin is not None else ""
            self._write(f"{name}: open {path}{how} -> {said}")

    def _send(
        self,
        of: str,
        json: Any = None,
        text: str | None = None,
        binary: str | None = None,
        times: int = 1,
        repeat: int = 1,
    ) -> None:
        if binary is not None:
            said, data = f"(binary {binary})", bytes.fromhex(binary)
        elif text is not None:
            said, data = text + (f" (x {times})" if times > 1 else ""), text * times
        else:
            said = _dump(json)
            data = _dump({key: self._filled(v) if isinstance(v, str) else v for key, v in json.items()})
        for _ in range(repeat):
            self._write(f"{of}: > {said}")
            with suppress(ConnectionClosed):
                self.sockets[of].send(data)

    def _read(self, of: dict[str, int]) -> None:
        for name, count in of.items():
            got = 0
            for text in self._received(name, count, PATIENCE):
                got += 1
                self._write(f"{name}: < {text}")
            if got < count:
                self._write(f"{name}: < NOTHING MORE, expected {count - got}")

    def _close(self, of: str, code: int | None = None, reason: str = "") -> None:
        self._write(f"{of}: close {code or 'without a code'} {reason}".rstrip())
        socket = self.sockets[of]
        with socket.protocol_mutex:  # close() of the client waits, and always sends a code
            socket.protocol.send_close(code, reason)
            socket.send_data()

    def _closed(self, of: str) -> None:
        """Wait for the server's Close frame; what comes before it unread is unexpected."""
        socket = self.sockets[of]
        until = time.monotonic() + PATIENCE
        while (
            not socket.protocol.close_rcvd and socket.state is not State.CLOSED and time.monotonic() < until
        ):
            time.sleep(0.01)
        for text in self._received(of, 99, 0):
            self._write(f"{of}: < UNEXPECTED {text}")
        frame = socket.protocol.close_rcvd
        if frame:
            self._write(f"{of}: < closed {frame.code} {frame.reason}".rstrip())
        else:
            self._write(f"{of}: < {'DROPPED' if socket.state is State.CLOSED else 'STILL OPEN'}")
        _drop(self.sockets.pop(of))

    def _vanish(self, of: str) -> None:
        self._write(f"{of}: vanishes")
        _drop(self.sockets.pop(of))

    def _break(self, of: str) -> None:
        self._write(f"{of}: sends a frame of no known kind")
        self.sockets[of].socket.sendall(b"\x83\x80\x00\x00\x00\x00")

    def _evict(self, of: list[str]) -> None:
        self._write("(eviction)")
        self.evict([self.values[name] for name in of])

    # What they share.

    def _request(
        self, line: str, headers: dict[str, str] | None = None, content: bytes | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        method, path = self._filled(line).split(" ", 1)
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE)
        try:
            connection.request(method, path, content, headers or {})
            answer = connection.getresponse()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def _answer(self, status: int, headers: dict[str, str], body: bytes) -> str:
        kind = headers.get("content-type", "").split(";")[0]
        said = self._masked(body.decode()) if kind == "application/json" else f"({kind or 'nothing'})"
        told = [
            f"{name}: {headers[name]}" for name in HEADERS if kind == "application/json" and name in headers
        ]
        return f"{status} {said}" + (f" [{', '.join(told)}]" if told else "")

    def _received(self, name: str, count: int, patience: float) -> Iterator[str]:
        with suppress(TimeoutError, ConnectionClosed):
            for _ in range(count):
                data = self.sockets[name].recv(timeout=patience)
                with suppress(ValueError, TypeError):
                    message = json.loads(data)
                    if message.get("token"):
                        self._keep(f"{name}.token", message["token"])
                yield self._masked(data)

    def _keep(self, name: str, value: str) -> None:
        self.values[name] = value
        self.masks.setdefault(value, f"<{name}>")

    def _filled(self, text: str) -> str:
        text = text.replace("{code:lower}", self.values.get("code", "").lower())
        unknown = next(a * 5 for a in ALPHABET if a * 5 not in self.values.values())
        for name, value in {**self.values, "unknown": unknown, "own": self.url}.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _masked(self, data: str | bytes) -> str:
        if isinstance(data, bytes):
            return f"(binary {data.hex()})"
        with suppress(ValueError):
            data = _dump(json.loads(data))
        for value, mask in self.masks.items():
            data = data.replace(value, mask)
        return data

    def _write(self, line: str) -> None:
        self.lines.append(line)

    def _compact(self) -> Iterator[str]:
        """The lines; the same one several times in a row is written once."""
        line, times = self.lines[0], 0
        for following in [*self.lines, ""]:
            if following == line:
                times += 1
                continue
            yield line + (f"  ({times} times)" if times > 1 else "")
            line, times = following, 1


def _dump(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def _drop(socket: ClientConnection) -> None:
    """End the connection without a word, as a phone in a tunnel does."""
    with suppress(OSError):
        socket.socket.shutdown(2)
    socket.close_socket()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("url")
    parser.add_argument("--group", type=int, default=0)
    parser.add_argument("--only", default="", help="the name of a scene")
    parser.add_argument("--evict-seconds", type=float, default=12.0)
    options = parser.parse_args()
    sys.stdout.write(play(options.url, options.group, wait_for_eviction(options.evict_seconds), options.only))


if __name__ == "__main__":
    main()
