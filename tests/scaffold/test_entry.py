"""The generated adapter against stand-ins for `workers` and `js`, in plain CPython.

This shows that the adapter's own logic holds together. It is no proof for the real runtime.
"""

from __future__ import annotations

import asyncio
import datetime
import importlib
import json
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wslint import scaffold, scaffold_write


class Request:
    def __init__(self, url: str, method: str = "GET", headers: dict[str, str] | None = None) -> None:
        self.url, self.method, self.headers = url, method, headers or {}


class Response:
    def __init__(
        self, body: Any = None, status: int = 200, headers: Any = None, web_socket: Any = None
    ) -> None:
        assert (status == 101) == (web_socket is not None)
        self.body, self.status, self.headers, self.web_socket = body, status, headers or {}, web_socket

    @staticmethod
    def json(data: Any, status: int = 200, headers: Any = None) -> Response:
        return Response(json.dumps(data), status, headers)


class Base:
    def __init__(self, ctx: Any, env: Any) -> None:
        self.ctx, self.env = ctx, env


class Socket:
    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.attachment, self.closed, self.readyState, self.dead = None, None, 1, False

    def send(self, text: str) -> None:
        assert isinstance(text, str)
        if self.dead:
            raise RuntimeError("dead")
        self.sent.append(json.loads(text))

    def close(self, code: int, reason: str) -> None:
        if code in (1005, 1006, 1015) or self.closed:
            raise ValueError("InvalidAccessError")
        self.closed, self.readyState = (code, reason), 2

    def serializeAttachment(self, value: str) -> None:
        assert isinstance(value, str)
        self.attachment = value

    def deserializeAttachment(self) -> str | None:
        return self.attachment

    def take(self) -> list[str]:
        kinds = [message["type"] for message in self.sent]
        self.sent.clear()
        return kinds


class Context:
    """One object's storage and sockets; the instance is made anew for every event, as after an eviction."""

    def __init__(self, entry: Any) -> None:
        self.entry, self.data, self.alarm, self.live = entry, {}, None, []
        self.storage = types.SimpleNamespace(
            kv=types.SimpleNamespace(get=self.data.get, put=self.data.__setitem__),
            setAlarm=self.set_alarm,
            deleteAll=self.delete_all,
        )

    async def set_alarm(self, when: int) -> None:
        self.alarm = when

    async def delete_all(self) -> None:
        self.data.clear()

    def setWebSocketAutoResponse(self, pair: Any) -> None:
        pass

    def blockConcurrencyWhile(self, function: Any) -> None:
        self.waking = function

    def acceptWebSocket(self, socket: Socket) -> None:
        self.live.append(socket)

    def getWebSockets(self) -> list[Socket]:
        return list(self.live)

    async def call(self, handler: str, *arguments: Any) -> Any:
        instance = self.entry.MatchDO(self, None)
        await self.waking()
        return await getattr(instance, handler)(*arguments)

    async def fetch(self, request: Request) -> Response:
        answer = await self.call("fetch", request)
        assert isinstance(answer, Response)
        return answer


class Namespace:
    def __init__(self, entry: Any) -> None:
        self.entry, self.objects = entry, {}

    def getByName(self, name: str) -> Context:
        return self.objects.setdefault(name, Context(self.entry))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    scaffold_write.write(
        scaffold.plan(scaffold.Choices(folder=tmp_path, name="duel"), datetime.date(2026, 11, 23))
    )
    workers, js = types.ModuleType("workers"), types.ModuleType("js")
    vars(workers).update(
        Request=Request,
        Response=Response,
        WorkerEntrypoint=Base,
        DurableObject=type("DurableObject", (Base,), {}),
    )
    pair = types.SimpleNamespace(object_values=lambda: (object(), Socket()))
    vars(js).update(
        WebSocketPair=types.SimpleNamespace(new=lambda: pair),
        WebSocketRequestResponsePair=types.SimpleNamespace(new=lambda *_: None),
    )
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for name, module in {"workers": workers, "js": js}.items():
        monkeypatch.setitem(sys.modules, name, module)
    for name in ("entry", "match"):
        sys.modules.pop(name, None)
    entry = importlib.import_module("entry")
    clock = types.SimpleNamespace(ms=1_000_000)
    monkeypatch.setattr(entry, "now", lambda: clock.ms)
    matches = Namespace(entry)
    lobby = entry.Default(None, types.SimpleNamespace(MATCH=matches))

    def call(path: str, method: str = "GET", **headers: str) -> Any:
        return asyncio.run(lobby.fetch(Request("https://example.com" + path, method, headers)))

    yield types.SimpleNamespace(call=call, clock=clock, matches=matches)
    for name in ("entry", "match"):
        sys.modules.pop(name, None)


def test_routes(world: Any) -> None:
    created = world.call("/create", "POST")
    body = json.loads(created.body)
    code = body["code"]
    assert created.status == 201 and body == {"code": code, "join": f"/join/{code}", "ws": f"/ws/{code}"}
    assert created.headers["cache-control"] == "no-store"
    joined = world.call(f"/join/{code.lower()}")
    assert json.loads(joined.body) == {"code": code, "players": 0, "capacity": 2, "ws": f"/ws/{code}"}
    assert world.call(f"/ws/{code}", Upgrade="WebSocket").status == 101
    unknown = "AAAAA" if code != "AAAAA" else "BBBBB"
    for path, method, status in [
        ("/health", "GET", 200),
        (f"/join/{unknown}", "GET", 404),
        ("/join/:code", "GET", 400),
        ("/ws/:code", "GET", 400),
        ("/nothing", "GET", 404),
        ("/join", "GET", 404),
        (f"/join/{code}/", "GET", 404),
        (f"/create/{code}", "POST", 404),
    ]:
        assert world.call(path, method).status == status, path
    assert not world.matches.objects[unknown].data  # asking leaves no storage behind
    assert world.call(f"/ws/{unknown}", Upgrade="websocket").status == 404
    plain = world.call(f"/ws/{code}")
    assert (plain.status, plain.headers["upgrade"]) == (426, "websocket")
    for path, allowed in {"/": "GET", "/create": "POST", f"/ws/{code}": "GET", "/health": "GET"}.items():
        refused = world.call(path, "DELETE")
        assert (refused.status, refused.headers["allow"]) == (405, allowed)


def test_a_match_from_the_first_socket_to_the_last(world: Any) -> None:
    path = json.loads(world.call("/create", "POST").body)["ws"]
    (room,) = world.matches.objects.values()

    def connect() -> Socket:
        assert world.call(path, Upgrade="websocket").status == 101
        return room.live[-1]

    def say(socket: Socket, message: Any) -> None:
        text = json.dumps(message) if isinstance(message, dict) else message
        asyncio.run(room.call("webSocketMessage", socket, text))

    def lose(socket: Socket, code: int) -> None:
        asyncio.run(room.call("webSocketClose", socket, code, "", False))
        room.live.remove(socket)

    ann, bob = connect(), connect()
    say(ann, {"type": "join", "name": "Ann"})
    assert ann.take() == ["welcome", "joined", "state"] and bob.take() == []
    say(bob, {"type": "join", "name": "Bob"})
    token = bob.sent[0]["token"]
    assert bob.take() == ["welcome", "joined", "state"] and ann.take() == ["joined", "state"]
    say(ann, object())  # a binary message
    assert ann.take() == ["error"] and bob.take() == []
    ann.dead = True
    say(bob, {"type": "input", "move": "left"})
    assert bob.take() == ["state"]  # a dead socket kept nothing from the others
    ann.dead = False

    lose(bob, 1006)
    assert bob.closed == (1000, "") and ann.take() == ["left", "state"]
    assert room.alarm == world.clock.ms + 30_000
    again = connect()
    say(again, {"type": "join", "name": "Bob", "token": token})
    assert again.sent[0]["player"] == 2 and again.sent[-1]["players"][1]["x"] == 6

    tab = connect()
    say(tab, {"type": "join", "name": "Bob", "token": token})
    assert again.closed[0] == 4000
    lose(again, 4000)
    for _ in range(60):
        say(tab, "x")
    assert tab.closed == (1008, "too many messages")
    lose(tab, 1008)

    ann.take()
    world.clock.ms += 30_000
    asyncio.run(room.call("alarm"))
    assert ann.take() == ["left", "state"]
    assert json.loads(world.call(path.replace("ws", "join", 1)).body)["players"] == 1
    room.live.clear()  # a deploy: the sockets are gone without a word
    world.call(path.replace("ws", "join", 1))
    world.clock.ms += 30_000
    asyncio.run(room.call("alarm"))
    assert not room.data and world.call(path, Upgrade="websocket").status == 404


def test_a_full_match(world: Any) -> None:
    path = json.loads(world.call("/create", "POST").body)["ws"]
    assert [world.call(path, Upgrade="websocket").status for _ in range(23)] == [101] * 22 + [409]


def test_a_match_that_nobody_joins_is_forgotten(world: Any) -> None:
    world.call("/create", "POST")
    (room,) = world.matches.objects.values()
    world.clock.ms = room.alarm
    asyncio.run(room.call("alarm"))
    assert not room.data
