"""Lowering Python: each piece of syntax against its dump, and names at their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.source.dump import dump_module
from wslint.files import Files
from wslint.source import tree
from wslint.source.python.lower import lower, needs_lowering

CASES = [
    (
        "client, server = WebSocketPair.new().object_values()",
        "(let (array client server) (call (. (new WebSocketPair) object_values)))",
    ),
    ('getattr(pair, "0")', "(do (. pair 0))"),
    ('getattr(env, "X", None)', "(do (. env X))"),
    (
        "Response(None, status=101, web_socket=client)",
        "(do (call Response #null (status 101) (web_socket client)))",
    ),
    (
        "class A(B):\n    def __init__(self, ctx):\n        super().__init__(ctx)",
        "(class A (class A (extends B) (method constructor (fn __init__ (ctx) (do (call super ctx))))))",
    ),
    (
        "with suppress(Exception):\n    ws.send(x)",
        "(do (call suppress Exception)) (try [(do (call (. ws send) x))] [] [])",
    ),
    (
        "try:\n    a()\nexcept E:\n    b()\nfinally:\n    c()",
        "(try [(do (call a))] [(do (call b))] [(do (call c))])",
    ),
    (
        "[s.send(m) for s in ctx.getWebSockets()]",
        "(do (call (. (call (. ctx getWebSockets)) map) (=> (s) (return (call (. s send) m)))))",
    ),
    ("isinstance(m, str)", '(do (=== (typeof m) "string"))'),
    ("if not a and b is None: c()", "(if (&& (! a) (=== b #null)) [(do (call c))])"),
    (
        'match x:\n    case "a":\n        f()\n    case _:\n        g()',
        '(if (=== x "a") [(do (call f))] [(do (call g))])',
    ),
    ("def (", ""),
]


def lowered(folder: Path, source: str) -> tree.Module:
    path = folder / "entry.py"
    path.write_text(source, encoding="utf-8")
    files = Files(folder)
    file = files.read(path)
    assert file is not None
    return lower(file, files)


@pytest.mark.parametrize(("source", "wanted"), CASES)
def test_dump(source: str, wanted: str, tmp_path: Path) -> None:
    assert dump_module(lowered(tmp_path, source)) == wanted


def test_names_are_where_they_are_written(tmp_path: Path) -> None:
    source = "# ä\nasync def fetch(self, request): ...\nclass Room(Base):\n    async def webSocketMessage(self, ws): ...\n"
    data = source.encode()
    function, cls = lowered(tmp_path, source).body
    assert isinstance(function, tree.Declare) and isinstance(function.value, tree.Function)
    assert function.value.name_start == data.index(b"fetch") and function.value.is_async
    assert isinstance(cls, tree.Declare) and isinstance(cls.value, tree.Class)
    assert cls.value.name_start == data.index(b"Room")
    assert cls.value.members[0].name_start == data.index(b"webSocketMessage")


def test_only_files_of_a_handshake_need_it() -> None:
    assert needs_lowering(b"client, server = WebSocketPair.new().object_values()")
    assert not needs_lowering(b"def add(a, b): return a + b")


@pytest.mark.parametrize("source", ["x = (", "\0", "x = " + "-" * 5000 + "1", "\ufeffx = 1"])
def test_bad_input_lowers_to_something(source: str, tmp_path: Path) -> None:
    assert isinstance(lowered(tmp_path, source), tree.Module)
