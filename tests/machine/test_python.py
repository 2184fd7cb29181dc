"""Python on the machine: small Workers and what a handshake of theirs comes to.

The language's own cases were compared with CPython; those of the SDK and of Pyodide were run on workerd 1.20261117
(Pyodide 314, SDK 1.9.5).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wslint.files import Files
from wslint.machine.machine import Machine
from wslint.play import scenes
from wslint.play.ending import Ending
from wslint.runtime import url as url_model
from wslint.values.value import Unknown
from wslint.workspace import discover, load

CONFIG = """name = "room"
main = "src/entry.py"
compatibility_date = "{date}"
compatibility_flags = ["python_workers"]
durable_objects.bindings = [{{ name = "ROOM", class_name = "Room" }}]
migrations = [{{ tag = "v1", new_sqlite_classes = ["Room"] }}]
"""

HEAD = """import asyncio
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlparse

import js
from js import Object, WebSocketPair
from pyodide.ffi import JsException, create_proxy, to_js
from workers import DurableObject, Request, Response, WorkerEntrypoint

"""


def endings(
    folder: Path, source: str, path: str = "/ws/ABCDE", config: str = "", more: dict[str, str] | None = None
) -> list[Ending]:
    """What a handshake comes to. `more` are further modules."""
    (folder / "src").mkdir()
    (folder / "wrangler.toml").write_text(config or CONFIG.format(date="2026-11-01"), encoding="utf-8")
    (folder / "src" / "entry.py").write_text(source, encoding="utf-8")
    for name, text in (more or {}).items():
        place = folder / "src" / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8")
    files = Files(folder)
    worker = load(discover([folder], files).configs, files, date(2026, 11, 30)).workers[0]
    address, _, query = path.partition("?")
    scheme, host = Unknown("the scheme", None, "client"), Unknown("the host", None, "client")
    url = url_model.address((scheme, host, address, f"?{query}" if query else "", ""))
    return scenes.handshake(Machine(), worker, url)


def shown(found: list[Ending]) -> str:
    """Endings in words: a status, or what was thrown."""
    words = {str(item.status) if item.kind == "answer" else item.text.partition("\n")[0] for item in found}
    return " | ".join(sorted(words))


def of_body(folder: Path, body: str, top: str = "", path: str = "/ws/ABCDE") -> str:
    """What a Worker's `fetch` of this body comes to."""
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    source = (
        f"{HEAD}{top}\n\nclass Default(WorkerEntrypoint):\n    async def fetch(self, request):\n{lines}\n"
    )
    return shown(endings(folder, source, path))


def answered(expression: str) -> str:
    return f"return Response('', status=200 if {expression} else 400)"


TRUE = [
    # arguments
    ("f(1) == 3 and f(1, 5) == 6 and f(b=1, a=1) == 2", "def f(a, b=2):\n    return a + b"),
    ("f(1, 2, 3) == (1, (2, 3), {})", "def f(a, *rest, **named):\n    return a, rest, named"),
    ("f(1, k=2)[2] == {'k': 2}", "def f(a, *rest, **named):\n    return a, rest, named"),
    ("f(1, c=3) == 4 and f(1) == 2", "def f(a, *, c=1):\n    return a + c"),
    ("f(*[1, 2], **{'c': 3}) == 6", "def f(a, b, c):\n    return a + b + c"),
    ("(lambda a, b=2: a * b)(4) == 8", ""),
    # operators
    ("7 // 2 == 3 and 7 % 3 == 1 and 2 ** 5 == 32 and 7 / 2 == 3.5", ""),
    ("-7 // 2 == -4 and -7 % 3 == 2", ""),
    ("1 < 2 <= 2 and not 1 < 3 < 2", ""),
    ("[1, 2] + [3] == [1, 2, 3] and (1,) * 2 == (1, 1)", ""),
    ("[1] != (1,) and {'a': [1]} == {'a': [1]} and {1, 2} == {2, 1}", ""),
    ("True == 1 and 1 == 1.0 and '1' != 1", ""),
    ("not [] and not {} and not '' and not 0 and not None and [0] and {'a': 0}", ""),
    ("'b' in 'abc' and 2 in [1, 2] and 'a' in {'a': 1} and (1, 2) in {(1, 2)} and 3 not in (1, 2)", ""),
    ("(x := 5) == 5 and x == 5", ""),
    # texts
    ("f'{1}-{True}-{None}-{\"a\"!r}-{7:03d}' == \"1-True-None-'a'-007\"", ""),
    ("'/ws/AB'.split('/')[1:] == ['ws', 'AB'] and 'abc'[::-1] == 'cba' and 'abc'[-1] == 'c'", ""),
    ("'a-b'.partition('-') == ('a', '-', 'b') and ','.join(['a', 'b']) == 'a,b'", ""),
    ("' a '.strip().upper().isalpha() and 'ab'.removeprefix('a') == 'b' and 'x'.startswith(('y', 'x'))", ""),
    ("str(5) == '5' and int('12') == 12 and str(True) == 'True'", ""),
    # comprehensions and generators
    ("[x * 2 for x in range(4) if x % 2] == [2, 6]", ""),
    ("[(a, b) for a in 'xy' for b in (1, 2) if b > 1] == [('x', 2), ('y', 2)]", ""),
    ("{k: v + 1 for k, v in {'a': 1}.items()} == {'a': 2}", ""),
    ("all(c in 'ABCDE' for c in 'ACE') and not all(c in 'A' for c in 'AB') and any(c == 'b' for c in 'ab')", ""),
    ("list(f()) == [1, 2, 3]", "def f():\n    yield 1\n    yield from (2, 3)"),
    ("next((x for x in [1, 2, 3] if x > 1), None) == 2 and next(iter([]), 'none') == 'none'", ""),
    # built-ins
    ("len([1, 2]) == 2 and max(1, 3) == 3 and min([4, 2]) == 2 and sum([1, 2]) == 3", ""),
    ("list(enumerate('ab', 1)) == [(1, 'a'), (2, 'b')] and list(zip([1], [2])) == [(1, 2)]", ""),
    ("sorted([3, 1]) == [1, 3] and list(reversed([1, 2])) == [2, 1] and list(map(str, [1])) == ['1']", ""),
    ("isinstance('', str) and not isinstance(1, (str, list)) and isinstance({}, dict) and isinstance(True, int)", ""),
    ("getattr('', 'nothing_such', 3) == 3 and hasattr('', 'upper') and not hasattr('', 'toUpperCase')", ""),
    # containers
    ("{'a': 1}.get('b') is None and {'a': 1}.get('b', 2) == 2 and {}.setdefault('k', []) == []", ""),
    ("{'a': 1, **{'b': 2}} == {'a': 1, 'b': 2} and {1: 'x'}[1] == 'x' and [*'ab'] == ['a', 'b']", ""),
    ("f() == ([1, 2, 3], {'b': 2})", "def f():\n    a = [1]\n    a.append(2)\n    a += [3]\n    d = {'a': 1, 'b': 2}\n    del d['a']\n    return a, d"),
    ("f() == (1, [2, 3], 4)", "def f():\n    a, *b, c = [1, 2, 3, 4]\n    return a, b, c"),
    # classes
    ("A().twice == 4 and A.made(3).n == 3 and A.plain(2) == 3", "class A:\n    def __init__(self, n=2):\n        self.n = n\n    @property\n    def twice(self):\n        return self.n * 2\n    @classmethod\n    def made(cls, n):\n        return cls(n)\n    @staticmethod\n    def plain(n):\n        return n + 1"),
    ("B().f() == 'BA' and B.kind == 'a'", "class A:\n    kind = 'a'\n    def f(self):\n        return 'A'\n\nclass B(A):\n    def f(self):\n        return 'B' + super().f()"),
    ("C().f() == 'M' and C().g() == 'A'", "class A:\n    def f(self):\n        return 'A'\n    def g(self):\n        return 'A'\n\nclass M:\n    def f(self):\n        return 'M'\n\nclass C(M, A):\n    pass"),
    ("A.shared is A().shared and A().add() == 1 and A().add() == 2", "class A:\n    shared = []\n    def add(self):\n        self.shared.append(1)\n        return len(self.shared)"),
    ("P(1).y == 2 and P(1).z == [] and P(x=1, y=3).y == 3 and P(1).total() == 3", "@dataclass\nclass P:\n    x: int\n    y: int = 2\n    z: list = field(default_factory=list)\n    def total(self):\n        return self.x + self.y"),
    ("f(3) == 8", "def twice(g):\n    def inner(*args):\n        return g(*args) * 2\n    return inner\n\n@twice\ndef f(x):\n    return x + 1"),
    ("A().f(2) == 6", "def twice(g):\n    def inner(self, *args):\n        return g(self, *args) * self.n\n    return inner\n\nclass A:\n    n = 2\n    @twice\n    def f(self, x):\n        return x + 1"),
    ("f()() == 1 and n == 0", "n = 0\n\ndef f():\n    c = 0\n    def g():\n        nonlocal c\n        c += 1\n        return c\n    return g"),
    ("f() == 1 and n == 1", "n = 0\n\ndef f():\n    global n\n    n += 1\n    return n"),
    # the standard library
    ("urlparse(request.url).path == '/ws/ABCDE' and parse_qs('a=1&a=2')['a'] == ['1', '2']", ""),
    ("re.fullmatch(r'[A-Z]{5}', 'ABCDE') and not re.match(r'b', 'ab') and re.search(r'(b)(c)', 'abc')[2] == 'c'", ""),
    ("re.compile(r'/ws/(?P<code>\\w+)').fullmatch(urlparse(request.url).path).group('code') == 'ABCDE'", ""),
    ("json.loads('{\"a\": [1, null]}') == {'a': [1, None]}", ""),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "top"), TRUE, ids=[case[0][:40] for case in TRUE])
def test_true(expression: str, top: str, tmp_path: Path) -> None:
    assert of_body(tmp_path, answered(expression), top) == "200"


BODIES = [
    ("for x in [1, 2]:\n    if x == 3:\n        break\nelse:\n    return Response('', status=201)\nreturn Response('', status=400)", "201"),
    ("for x in [1, 2]:\n    if x == 2:\n        break\nelse:\n    return Response('', status=400)\nreturn Response('', status=201)", "201"),
    ("n = 0\nwhile n < 3:\n    n += 1\n    if n == 2:\n        continue\nelse:\n    n = 10\nreturn Response('', status=200 + n)", "210"),
    ("try:\n    int('x')\nexcept KeyError:\n    return Response('', status=400)\nexcept (TypeError, ValueError) as e:\n    return Response('', status=201)", "201"),
    ("try:\n    x = {}['a']\nexcept LookupError:\n    return Response('', status=201)\nelse:\n    return Response('', status=400)", "201"),
    ("try:\n    x = 1\nexcept ValueError:\n    x = 2\nelse:\n    x = 3\nfinally:\n    x += 10\nreturn Response('', status=200 + x)", "213"),
    ("try:\n    x = 1\nexcept ValueError:\n    return Response('', status=400)\nelse:\n    raise ValueError('late')", "ValueError: late"),
    ("try:\n    raise KeyError('a')\nexcept ValueError:\n    return Response('', status=400)", "KeyError: a"),
    ("try:\n    try:\n        raise ValueError('a')\n    except ValueError as e:\n        raise RuntimeError('b') from e\nexcept RuntimeError:\n    return Response('', status=201)", "201"),
    ("try:\n    raise ValueError('a')\nexcept ValueError:\n    raise", "ValueError: a"),
    ("with suppress(KeyError):\n    {}['a']\n    return Response('', status=400)\nreturn Response('', status=201)", "201"),
    ("with suppress(ValueError):\n    {}['a']\nreturn Response('', status=400)", "KeyError: 'a'"),
    ("assert False, 'no'", "AssertionError: no"),
    ("return Response('', status=[200][1])", "IndexError: list index out of range"),
    ("a, b = [1, 2, 3]", "ValueError: too many values to unpack (expected 2)"),
    ("return Response('' + 1)", 'TypeError: can only concatenate str (not "int") to str'),
    ("return None.x", "AttributeError: 'NoneType' object has no attribute 'x'"),
    ("return ''.toUpperCase()", "AttributeError: 'str' object has no attribute 'toUpperCase'"),
    ("return self.missing", "AttributeError: 'Default' object has no attribute 'missing'"),
    ("return {[]: 1}", "TypeError: unhashable type: 'list'"),
    ("match 'a':\n    case 'b' | 'c':\n        return Response('', status=400)\n    case 'a' if False:\n        return Response('', status=400)\n    case x:\n        return Response('', status=201)", "201"),
    ("match urlparse(request.url).path.split('/'):\n    case ['', 'ws', code] if len(code) == 5:\n        return Response('', status=201)\n    case _:\n        return Response('', status=404)", "201"),
    ("match {'type': 'join', 'n': 1}:\n    case {'type': 'leave'}:\n        return Response('', status=400)\n    case {'type': 'join', 'n': int(n)}:\n        return Response('', status=200 + n)", "201"),
    ("match [1, 2, 3]:\n    case [first]:\n        return Response('', status=400)\n    case [first, *rest]:\n        return Response('', status=200 + len(rest))", "202"),
    ("match request.method, 5:\n    case 'POST', _:\n        return Response('', status=400)\n    case 'GET', str():\n        return Response('', status=400)\n    case 'GET', n:\n        return Response('', status=200 + n)", "205"),
    ("for x in [1, 2]:\n    match x:\n        case 1:\n            break\nreturn Response('', status=200 + x)", "201"),
    # coroutines run when they are awaited
    ("async def f():\n    raise ValueError('a')\nf()\nreturn Response('', status=201)", "201"),
    ("async def f():\n    raise ValueError('a')\nawait f()\nreturn Response('', status=201)", "ValueError: a"),
    ("async def f():\n    raise ValueError('a')\nasyncio.create_task(f())\nreturn Response('', status=201)", "201"),
    ("async def f(n):\n    await asyncio.sleep(0)\n    return n\na, b = await asyncio.gather(f(1), f(2))\nreturn Response('', status=200 + a + b)", "203"),
    # the SDK and Pyodide
    ("return 'text'", "TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'."),
    ("return Response({'a': 1})", "TypeError: Unsupported type in Response: dict"),
    ("return Response(1)", "TypeError: Unsupported type in Response: int"),
    ("return Response.json({'a': 1}, status=201)", "201"),
    ("return Response('', status=201, header={})", "TypeError: Response.__init__() got an unexpected keyword argument 'header'. Did you mean 'headers'?"),
    ("return js.Response.new('', status=201)", "201"),
    ("return js.Response.new('', to_js({'status': 201}, dict_converter=Object.fromEntries))", "201"),
    ("if request.headers.get('X-Nothing-Such') == 'a' and False:\n    pass\nreturn Response('', status=201 if request.headers.get('Upgrade').lower() == 'websocket' else 400)", "201"),
    ("return self.env.ROOMS.getByName('a')", "AttributeError: ROOMS"),
    ("return Response('', status=self.env.ROOM.idFromName('a') and 201)", "201"),
    ("return self.env.ROOM.id_from_name('a')", "AttributeError: id_from_name"),
    ("return self.env.ROOM.get('a')", "TypeError: Failed to execute 'get' on 'DurableObjectNamespace': parameter 1 is not of type 'DurableObjectId'."),
    ("try:\n    self.env.ROOM.get('a')\nexcept TypeError:\n    return Response('', status=400)\nexcept JsException:\n    return Response('', status=201)", "201"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "wanted"), BODIES, ids=[case[0][:40].replace("\n", " ") for case in BODIES])
def test_body(body: str, wanted: str, tmp_path: Path) -> None:
    assert of_body(tmp_path, body) == wanted


ROOM = """
class Room(DurableObject):
    async def fetch(self, request):
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)

    async def webSocketMessage(self, ws, message):
        ws.send(message)

    async def webSocketClose(self, ws, code, reason, clean):
        ws.close(1000, reason)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.ROOM.getByName("r").fetch(request)
"""
WHOLE = [
    ("", "", "101"),
    ("Response(None, status=101, web_socket=client)", "Response(None, 101, '', None, client)", "101"),
    ("Response(None, status=101, web_socket=client)", "Response(None, status=101, webSocket=client)", "TypeError: Response.__init__() got an unexpected keyword argument 'webSocket'. Did you mean 'web_socket'?"),
    ("WebSocketPair.new().object_values()", "WebSocketPair.new()", "101"),
    ("WebSocketPair.new().object_values()", "Object.values(WebSocketPair.new())", "101"),
    ("WebSocketPair.new().object_values()", "(getattr(p := WebSocketPair.new(), '0'), getattr(p, '1'))", "101"),
    ("client, server = WebSocketPair.new().object_values()", "pair = WebSocketPair.new()\n        client, server = pair[0], pair[1]", "TypeError: 'pyodide.ffi.JsProxy' object is not subscriptable"),
    ("self.ctx.acceptWebSocket(server)", "self.ctx.acceptWebSocket(server, ['tag'])", "TypeError: Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 2 is not of type 'Array'."),
    ("self.ctx.acceptWebSocket(server)", "self.ctx.acceptWebSocket(server, to_js(['tag']))", "101"),
    ("self.ctx.acceptWebSocket(server)", "self.ctx.acceptWebSocket(server)\n        server.serializeAttachment({'a': 1})", "DataCloneError: [object Object] could not be cloned."),
    ("self.ctx.acceptWebSocket(server)", "self.ctx.acceptWebSocket(server)\n        server.serializeAttachment(json.dumps({'a': 1}))", "101"),
    ("self.ctx.acceptWebSocket(server)", "self.ctx.acceptWebSocket(server)\n        if server.deserializeAttachment() is None:\n            raise ValueError('none')", "101"),
    ("self.ctx.acceptWebSocket(server)", "self.ctx.acceptWebSocket(server)\n        if server.deserializeAttachment():\n            raise ValueError('some')", "101"),
    ("self.ctx.acceptWebSocket(server)", "self.ctx.acceptWebSocket(server)\n        self.seen = {server: 1}", "TypeError: unhashable type: 'pyodide.ffi.JsProxy'"),
    ("self.ctx.acceptWebSocket(server)", "self.state.acceptWebSocket(server)", "AttributeError: 'Room' object has no attribute 'state'"),
    ("self.ctx.acceptWebSocket(server)", "await self.ctx.storage.put('a', {'b': 1})\n        self.ctx.acceptWebSocket(server)", "101"),
    ("self.ctx.acceptWebSocket(server)", "await self.ctx.storage.sql.exec('select 1')\n        self.ctx.acceptWebSocket(server)", "TypeError: '_BindingWrapper' object can't be awaited"),
    ("    async def fetch(self, request):\n        client", "    def __init__(self, ctx, env):\n        self.n = 0\n\n    async def fetch(self, request):\n        client", "AttributeError: 'Room' object has no attribute 'ctx'"),
    ("    async def fetch(self, request):\n        client", "    def __init__(self, state, env):\n        super().__init__(state, env)\n        self.state = state\n\n    async def fetch(self, request):\n        client", "101"),
    ("    async def fetch(self, request):\n        client", "    def __init__(self, ctx, env):\n        super().__init__()\n\n    async def fetch(self, request):\n        client", "TypeError: DurableObject.__init__() missing 2 required positional arguments: 'ctx' and 'env'"),
    ("    async def fetch(self, request):\n        client", "    def fetch(self, request):\n        client", "101"),
    ("    async def fetch(self, request):\n        client", "    async def on_fetch(self, request):\n        client", "TypeError: Method fetch does not exist"),
    ("class Room(DurableObject):", "class Base(DurableObject):\n    pass\n\n\nclass Room(Base):", "101"),
    ("return await self.env.ROOM", "return self.env.ROOM", "TypeError: Awaitable <class 'coroutine'> cannot be sent over RPC."),
    ("    async def fetch(self, request):\n        return await", "    def fetch(self, request):\n        return", "101"),
    ("    async def fetch(self, request):\n        return await", "    async def fetch(self, request, env, ctx):\n        return await", "TypeError: missing a required argument: 'env'"),
    (".fetch(request)", ".fetch(request.js_object)", "101"),
    (".fetch(request)", ".fetch(Request(request.url, headers=dict(request.headers.items())))", "101"),
    (".fetch(request)", ".fetch(Request(request.url, headers=request.headers))", "TypeError: Received unexpected type for headers argument"),
    (".fetch(request)", ".fetch(request.url)", "TypeError: Worker tried to return a WebSocket in a response to a request which did not contain the header \"Upgrade: websocket\"."),
    (".fetch(request)", ".fetch(request.url, headers={'Upgrade': 'websocket'})", "101"),
    ("class Default(WorkerEntrypoint):", "class Main(WorkerEntrypoint):", "Error: Handler does not export a fetch() function."),
    ("class Default(WorkerEntrypoint):", "class Default:", "Error: Handler does not export a fetch() function."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "wanted"), WHOLE, ids=[case[1][:60].replace("\n", " ") for case in WHOLE]
)
def test_whole(old: str, new: str, wanted: str, tmp_path: Path) -> None:
    assert old in ROOM
    assert shown(endings(tmp_path, HEAD + ROOM.replace(old, new, 1))) == wanted


def test_handlers_of_a_module_are_for_older_dates(tmp_path: Path) -> None:
    source = "from js import Response\n\nasync def on_fetch(request, env):\n    return Response.new('', status=201)\n"
    (tmp_path / "old").mkdir()
    assert shown(endings(tmp_path / "old", source, config=CONFIG.format(date="2025-08-13"))) == "201"
    (tmp_path / "new").mkdir()
    assert shown(endings(tmp_path / "new", source)) == "Error: Handler does not export a fetch() function."


def test_modules_of_the_project(tmp_path: Path) -> None:
    source = (
        "import game.rules\nimport game.codes as codes\nfrom game import rules\nfrom game.rules import *\n"
        "from workers import Response, WorkerEntrypoint\n\n\nclass Default(WorkerEntrypoint):\n"
        "    async def fetch(self, request):\n"
        "        n = game.rules.MOST + codes.FEW + rules.MOST + MOST\n"
        "        return Response('', status=200 + n)\n"
    )
    more = {"game/__init__.py": "", "game/rules.py": "MOST = 3\n", "game/codes.py": "FEW = 1\n"}
    assert shown(endings(tmp_path, source, more=more)) == "210"


def test_chance_at_the_top_does_not_start(tmp_path: Path) -> None:
    source = f"import random\nSEED = random.random()\n{HEAD}{ROOM}"
    found = endings(tmp_path, source)
    assert [item.kind for item in found] == ["unknown"] and "outside of request context" in found[0].text


def test_what_is_not_known_stays_unknown(tmp_path: Path) -> None:
    """Near misses of what is certain above."""
    body = "n = request.headers.get('X-N')\nif n == 'a':\n    return Response('', status=201)\nreturn Response('', status=202)"
    assert of_body(tmp_path, body) == "201 | 202"


def test_an_unread_exception_may_be_any(tmp_path: Path) -> None:
    body = "try:\n    elsewhere.run()\nexcept ValueError:\n    return Response('', status=201)\nreturn Response('', status=202)"
    found = of_body(tmp_path, body, "import elsewhere")
    assert "201" in found and "202" in found and "throws" in found


FILTERED = """
class Room(DurableObject):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("a websocket is needed", status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, web_socket=client)


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        headers = {%s for name, value in request.headers.items()%s}
        return await self.env.ROOM.getByName("main").fetch(Request(request.url, headers=headers))
"""


@pytest.mark.parametrize(
    ("pair", "test", "sure"),
    [
        ("name: value", "", True),
        ("name: value", ' if name.lower() not in ("cookie", "authorization")', True),
        ("name.title(): value", "", True),
        ("name: value", ' if not name.startswith("x-")', True),
        ("name: value", ' if name != "upgrade"', False),
        ('f"x-{name}": value', "", False),
    ],
)
def test_headers_in_a_comprehension(tmp_path: Path, pair: str, test: str, sure: bool) -> None:
    found = endings(tmp_path, HEAD + FILTERED % (pair, test))
    assert ([ending.status for ending in found] == [101]) is sure
