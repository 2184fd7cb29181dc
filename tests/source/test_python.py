"""What a Python Worker exports and asks of `env`, form by form."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wslint.files import Files
from wslint.source.facts import SourceFacts
from wslint.source.python import analyse

SDK = "from workers import DurableObject, WorkerEntrypoint, WorkflowEntrypoint\n"
ROOM = SDK + "class Room(DurableObject): pass\n"
DURABLE = "workers.DurableObject"


def facts_of(folder: Path, sources: dict[str, str] | str, main: str = "src/entry.py") -> SourceFacts:
    """Write the files (a text alone is the entrypoint) and analyse `main`."""
    for name, text in ({main: sources} if isinstance(sources, str) else sources).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    files = Files(folder)
    entrypoint = files.read(folder / main)
    assert entrypoint is not None
    return analyse(entrypoint, files, folder)


def kinds(facts: SourceFacts) -> dict[str, str]:
    return {name: export.kind for name, export in facts.exports.items()}


def bases(facts: SourceFacts, name: str) -> tuple[tuple[str, ...], bool]:
    return facts.classes[name].bases, facts.classes[name].base_known


def uses(facts: SourceFacts) -> list[tuple[str, str | None, bool]]:
    return [(use.name, use.method, use.guarded) for use in facts.binding_uses]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class Room(DurableObject): pass", {"Room": "class"}),
        ("class Room: pass", {"Room": "class"}),
        ("class _Room(DurableObject): pass", {}),
        ("class Room(DurableObject): pass\ndel Room", {}),
        ("def helper(): pass", {"helper": "function"}),
        ("async def on_fetch(request, env): pass", {"on_fetch": "function"}),
        ("NAME = 'x'\nCOUNT: int = 3\nNAMES = []", {"NAME": "value", "COUNT": "value", "NAMES": "value"}),
        ("TABLE = {}\nadd = lambda a: a", {"TABLE": "object", "add": "function"}),
        ("later: int", {}),
        ("type Pair = tuple[int, int]", {"Pair": "value"}),
        # wrapped and renamed
        ("class Room(DurableObject): pass\nRoom = wrap(Room)", {"Room": "unknown"}),
        ("class Inner(DurableObject): pass\nRoom = Inner", {"Inner": "class", "Room": "class"}),
        ("class _Room(DurableObject): pass\nRoom = _Room", {"Room": "class", "_Room": "class"}),
        ("A = B = make()", {"A": "unknown", "B": "unknown"}),
        ("A, (B), *C, (D, [E]) = make()", dict.fromkeys("ABCDE", "unknown")),
        ("Room = missing", {"Room": "unknown"}),
        ("@wrap\nclass Room(DurableObject): pass", {"Room": "unknown"}),
        ("@dataclass\n@typing.final\nclass Room(DurableObject): pass", {"Room": "class"}),
        ("Room = None\nclass Room(DurableObject): pass", {"Room": "class"}),
        # conditions
        ("if x:\n class Room(DurableObject): pass", {"Room": "unknown"}),
        ("try:\n class Room(DurableObject): pass\nexcept E: pass", {"Room": "unknown"}),
        ("try: pass\nfinally:\n class Room(DurableObject): pass", {"Room": "class"}),
        (
            "if x:\n class Room(DurableObject): pass\nelse:\n class Room(DurableObject): pass",
            {"Room": "unknown"},
        ),
        ("for i in x:\n class Room(DurableObject): pass", {"Room": "unknown"}),
        ("match x:\n case 1:\n  class Room(DurableObject): pass", {"Room": "unknown"}),
        ("with x:\n class Room(DurableObject): pass", {"Room": "class"}),
        ("if x:\n Room = None\nclass Room(DurableObject): pass", {"Room": "class"}),
        ("class Room(DurableObject): pass\nif x:\n Room = wrap(Room)", {"Room": "unknown"}),
        ("if TYPE_CHECKING:\n class Room: pass", {}),
        ("if typing.TYPE_CHECKING:\n class Room: pass\nelse:\n class Lobby: pass", {"Lobby": "class"}),
        ("if not TYPE_CHECKING:\n class Lobby: pass", {"Lobby": "class"}),
        ("if __name__ == '__main__':\n class Room: pass", {}),
        # the list of exports
        ("__all__ = ['Room']\nclass Room: pass\nclass Lobby: pass", {"Room": "class"}),
        ("__all__ = ('_Room',)\nclass _Room(DurableObject): pass", {"_Room": "class"}),
        (
            "__all__ = ['A'] + ['B']\nclass A: pass\nclass B: pass\nclass C: pass",
            {"A": "class", "B": "class"},
        ),
        (
            "__all__ = ['A']\n__all__ += ['B']\nclass A: pass\nclass B: pass\nclass C: pass",
            {"A": "class", "B": "class"},
        ),
        ("__all__ = []\n__all__.append('A')\nclass A: pass\nclass B: pass", {"A": "class"}),
        ("__all__ = []\n__all__.extend(['A'])\nclass A: pass\nclass B: pass", {"A": "class"}),
        ("__all__ = ['Room', 'Ghost']\nclass Room: pass", {"Room": "class"}),
        # imports that are no exports
        ("import json, os.path as p\nfrom collections import OrderedDict\nfrom js import Object", {}),
        ("from pip_package import Room", {"Room": "unknown"}),
        ("import pip_package", {}),
    ],
)
def test_exports(tmp_path: Path, text: str, expected: dict[str, str]) -> None:
    facts = facts_of(tmp_path, "from workers import DurableObject\n" + text)
    assert kinds(facts) == expected
    assert facts.open_exports == []
    assert all((export.cls is not None) == (export.kind == "class") for export in facts.exports.values())


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("from pip_package import *", "pip_package"),
        ("from .missing import *", ".missing"),
        ("__all__ = names()\nclass Room: pass", ""),
        ("__all__ = ['A', name]\nclass Room: pass", ""),
        ("if x:\n __all__ = ['A']\nclass Room: pass", ""),
        ("globals()['Room'] = make()", "globals()['Room']"),
        ("exec(code)", "exec(code)"),
        ("setattr(module, 'Room', make())", "setattr(module, 'Room', make())"),
    ],
)
def test_open_exports(tmp_path: Path, text: str, at: str) -> None:
    facts = facts_of(tmp_path, text)
    assert [one.span.text for one in facts.open_exports] == [at]
    assert facts.open_exports[0] in facts.unknown


@pytest.mark.parametrize(
    "text", ["from workers import *", "from typing import *", "def f():\n globals()['x'] = 1"]
)
def test_exports_stay_closed(tmp_path: Path, text: str) -> None:
    assert facts_of(tmp_path, text).open_exports == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from workers import DurableObject\nclass Room(DurableObject): pass", ((DURABLE,), True)),
        ("from workers import DurableObject as D\nclass Room(D): pass", ((DURABLE,), True)),
        ("import workers\nclass Room(workers.DurableObject): pass", ((DURABLE,), True)),
        ("import workers as w\nclass Room(w.DurableObject): pass", ((DURABLE,), True)),
        ("from workers import *\nclass Room(DurableObject): pass", ((DURABLE,), True)),
        (
            "from workers.entrypoints import DurableObject\nclass Room(DurableObject): pass",
            ((DURABLE,), True),
        ),
        (
            "from workers import DurableObject\nBase = DurableObject\nclass Room(Base): pass",
            ((DURABLE,), True),
        ),
        (
            "try:\n from workers import DurableObject\nexcept ImportError:\n class DurableObject: pass\nclass Room(DurableObject): pass",
            ((DURABLE,), True),
        ),
        (
            "try:\n from workers import DurableObject\nexcept ImportError:\n DurableObject = object\nclass Room(DurableObject): pass",
            ((DURABLE,), True),
        ),
        (
            "from workers import DurableObject\nclass Base(DurableObject): pass\nclass Room(Base): pass",
            (("Base", DURABLE), True),
        ),
        (
            "from workers import DurableObject\nclass Mix: pass\nclass Room(Mix, DurableObject): pass",
            (("Mix", DURABLE), True),
        ),
        (
            "from workers import DurableObject\nclass Room(DurableObject, metaclass=M): pass",
            ((DURABLE,), True),
        ),
        ("from typing import Generic\nclass Room(Generic[T]): pass", (("typing.Generic",), True)),
        ("import abc\nclass Room(abc.ABC): pass", (("abc.ABC",), True)),
        ("class Room(Exception): pass", (("Exception",), True)),
        ("class Room: pass", ((), True)),
        ("class Room(): pass", ((), True)),
        ("from kit import Base\nclass Room(Base): pass", (("kit.Base",), False)),
        ("class Room(make()): pass", (("?",), False)),
        ("class Room(*parts): pass", (("?",), False)),
        ("class Room(Undefined): pass", (("Undefined",), False)),
        ("class Room(Room): pass", (("Room",), True)),
        ("class Other(Room): pass\nclass Room(Other): pass", (("Other", "Room"), True)),
        (
            "if x:\n from a import Base\nelse:\n from b import Base\nclass Room(Base): pass",
            (("Base",), False),
        ),
    ],
)
def test_bases(tmp_path: Path, text: str, expected: tuple[tuple[str, ...], bool]) -> None:
    assert bases(facts_of(tmp_path, text), "Room") == expected


def test_a_local_class_hides_the_runtimes(tmp_path: Path) -> None:
    text = "from workers import DurableObject\nclass DurableObject: pass\nclass Room(DurableObject): pass"
    assert bases(facts_of(tmp_path, text), "Room") == (("DurableObject",), True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class Default(WorkerEntrypoint): pass", "class"),
        ("class Base(WorkerEntrypoint): pass\nclass Default(Base): pass", "class"),
        ("class _Main(WorkerEntrypoint): pass\nDefault = _Main", "class"),
        ("class Default: pass", None),
        ("class Default(DurableObject): pass", None),
        ("class Main(WorkerEntrypoint): pass", None),
        ("class default(WorkerEntrypoint): pass", None),
        ("async def on_fetch(request, env): pass", None),
        ("from kit import Base\nclass Default(Base): pass", "unknown"),
        ("class Default(WorkerEntrypoint): pass\nDefault = wrap(Default)", "unknown"),
        ("if x:\n class Default(WorkerEntrypoint): pass", "unknown"),
        ("class Default(WorkerEntrypoint): pass\n__all__ = ['Room']", None),
    ],
)
def test_default(tmp_path: Path, text: str, expected: str | None) -> None:
    default = facts_of(tmp_path, SDK + text).exports.get("default")
    assert (default.kind if default is not None else None) == expected


LAYOUTS: dict[str, tuple[dict[str, str], str]] = {
    "beside": ({"src/entry.py": "from match import Room", "src/match.py": ROOM}, "Room"),
    "renamed": ({"src/entry.py": "from match import Room as R", "src/match.py": ROOM}, "R"),
    "relative": ({"src/entry.py": "from .match import Room", "src/match.py": ROOM}, "Room"),
    "package": ({"src/entry.py": "from game import Room", "src/game/__init__.py": ROOM}, "Room"),
    "submodule": ({"src/entry.py": "from game.match import Room", "src/game/match.py": ROOM}, "Room"),
    "submodule of a package": (
        {
            "src/entry.py": "from game.match import Room",
            "src/game/__init__.py": "",
            "src/game/match.py": ROOM,
        },
        "Room",
    ),
    "through a package": (
        {
            "src/entry.py": "from game import Room",
            "src/game/__init__.py": "from .match import Room",
            "src/game/match.py": ROOM,
        },
        "Room",
    ),
    "upwards": (
        {
            "src/entry.py": "from game.a import Room",
            "src/game/a.py": "from ..match import Room",
            "src/match.py": ROOM,
        },
        "Room",
    ),
    "star": ({"src/entry.py": "from match import *", "src/match.py": ROOM}, "Room"),
    "star through a package": (
        {
            "src/entry.py": "from game import *",
            "src/game/__init__.py": "from .match import *",
            "src/game/match.py": ROOM,
        },
        "Room",
    ),
    "attribute": ({"src/entry.py": "import match\nRoom = match.Room", "src/match.py": ROOM}, "Room"),
    "dotted attribute": (
        {"src/entry.py": "import game.match as m\nRoom = m.Room", "src/game/match.py": ROOM},
        "Room",
    ),
    "module from a package": (
        {"src/entry.py": "from game import match\nRoom = match.Room", "src/game/match.py": ROOM},
        "Room",
    ),
    "either way": (
        {
            "src/entry.py": "if __package__:\n from .match import Room\nelse:\n from match import Room",
            "src/match.py": ROOM,
        },
        "Room",
    ),
    "try, then another way": (
        {
            "src/entry.py": "try:\n from match import Room\nexcept ImportError:\n from .match import Room",
            "src/match.py": ROOM,
        },
        "Room",
    ),
    "from the project's folder": (
        {"src/entry.py": "from game.match import Room", "game/match.py": ROOM},
        "Room",
    ),
    "package before module": (
        {"src/entry.py": "from match import Room", "src/match/__init__.py": ROOM, "src/match.py": "Room = 1"},
        "Room",
    ),
    "parentheses": ({"src/entry.py": "from match import (\n  Room, # it\n)", "src/match.py": ROOM}, "Room"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_imported_classes(tmp_path: Path, layout: str) -> None:
    sources, name = LAYOUTS[layout]
    facts = facts_of(tmp_path, sources)
    room = facts.exports[name]
    assert room.kind == "class"
    assert room.cls is not None
    assert (room.cls.name, room.cls.bases) == ("Room", (DURABLE,))
    assert room.span.file.name == "src/entry.py"
    assert room.declared is not None
    assert room.declared.text == "Room"
    assert facts.open_exports == []


@pytest.mark.parametrize(
    "sources",
    [
        {"src/entry.py": "import match", "src/match.py": ROOM},
        {"src/entry.py": "def f():\n from match import Room", "src/match.py": ROOM},
        {"src/entry.py": "if TYPE_CHECKING:\n from match import Room", "src/match.py": ROOM},
        {"src/entry.py": "from match import *", "src/match.py": "__all__ = []\n" + ROOM},
        {"src/entry.py": "from match import *", "src/match.py": SDK + "class _Room(DurableObject): pass"},
        {"src/entry.py": "from match import Ghost", "src/match.py": ROOM},
    ],
)
def test_classes_that_stay_inside(tmp_path: Path, sources: dict[str, str]) -> None:
    facts = facts_of(tmp_path, sources)
    assert "Room" not in facts.exports
    assert "class" not in kinds(facts).values()


def test_what_is_reached_is_read_in_order(tmp_path: Path) -> None:
    sources = {
        "src/entry.py": "import b\nfrom a import x\ndef f():\n    import lazy; from late import y\n",
        "src/b.py": "from c import z",
        "src/a.py": "",
        "src/lazy.py": "",
        "src/late.py": "",
        "src/c.py": "",
    }
    facts = facts_of(tmp_path, sources | {"src/unrelated.py": ROOM})
    assert [file.name for file in facts.files] == list(sources)
    assert facts.classes == {}


def test_imports_of_what_is_outside(tmp_path: Path) -> None:
    text = "import json, js\nfrom workers import Response, DurableObject\nfrom pyodide.ffi import to_js\nimport match\nif TYPE_CHECKING:\n    from kit import T\ndef f():\n    import asgi\n"
    facts = facts_of(tmp_path, {"src/entry.py": text, "src/match.py": "from fastapi import FastAPI"})
    assert [(one.specifier, one.type_only) for one in facts.imports] == [
        ("json", False),
        ("js", False),
        ("workers", False),
        ("pyodide.ffi", False),
        ("kit", True),
        ("asgi", False),
        ("fastapi", False),
    ]
    assert all(one.span.text == one.specifier for one in facts.imports)


def test_a_folder_called_workers_does_not_hide_the_runtime(tmp_path: Path) -> None:
    sources = {
        "src/entry.py": ROOM + "from workers.room import Lobby",
        "src/workers/room.py": "class Lobby: pass",
        "src/workers/__init__.py": "",
    }
    facts = facts_of(tmp_path, sources)
    assert bases(facts, "Room") == ((DURABLE,), True)
    assert kinds(facts) == {"Room": "class", "Lobby": "class"}


def test_a_missing_relative_module(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "from .gone import Room")
    assert kinds(facts) == {"Room": "unknown"}
    assert [(one.what, one.why) for one in facts.unknown] == [("the module `.gone`", "there is no such file")]


# Bindings


def handler(statement: str) -> str:
    lines = statement.replace("\n", "\n        ")
    return SDK + f"class Default(WorkerEntrypoint):\n    async def fetch(self, request):\n        {lines}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # forms of reading
        (handler("self.env.MATCH.idFromName('x')"), [("MATCH", "idFromName", False)]),
        (handler("await self.env.KV.get('k')"), [("KV", "get", False)]),
        (handler("x = self.env.SECRET"), [("SECRET", None, False)]),
        (handler("self.env['MATCH'].getByName('x')"), [("MATCH", "getByName", False)]),
        (handler("getattr(self.env, 'MATCH').get(i)"), [("MATCH", "get", False)]),
        (
            handler("ns = self.env.MATCH\nstub = ns.getByName('x')\nns.get(1)"),
            [("MATCH", "getByName", False)],
        ),
        (handler("f(self.env.A, b=self.env.B)"), [("A", None, False), ("B", None, False)]),
        (handler("self.env.to_py()\nself.env.object_keys()"), []),
        (handler("self.env.X = 1"), []),
        # aliases
        (handler("env = self.env\nenv.KV.get('k')"), [("KV", "get", False)]),
        (handler("if (e := self.env):\n    e.KV.get('k')"), [("KV", "get", False)]),
        (handler("e = (self.env)\ng = e\ng.KV.get('k')"), [("KV", "get", False)]),
        (handler("e = other or self.env\ne.KV.get('k')"), [("KV", "get", False)]),
        # where it comes from
        ("async def on_fetch(request, env):\n  env.KV.get('k')", [("KV", "get", False)]),
        ("async def on_fetch(request, e, ctx):\n  e.KV.get('k')", [("KV", "get", False)]),
        ("async def on_scheduled(c, env, ctx): env.KV.get('k')", [("KV", "get", False)]),
        (
            SDK
            + "class Room(DurableObject):\n  def __init__(self, state, e):\n    e.KV.get('k')\n    self.b = e\n  def f(self): self.b.DB.prepare('')",
            [("KV", "get", False), ("DB", "prepare", False)],
        ),
        (
            SDK
            + "class Default(WorkerEntrypoint):\n  async def fetch(self, request, env, ctx): env.KV.get('k')",
            [("KV", "get", False)],
        ),
        (
            SDK
            + "class Default(WorkerEntrypoint):\n  async def scheduled(self, c, env: Any = None): env.KV.get('k')",
            [("KV", "get", False)],
        ),
        ("from workers import env\ndef f(): return env.KV.get('k')", [("KV", "get", False)]),
        ("from workers import env as e\nX = e.KV", [("KV", None, False)]),
        ("import workers\ndef f(): return workers.env.KV.get('k')", [("KV", "get", False)]),
        ("import workers as w\ndef f():\n e = w.env\n return e.KV.get('k')", [("KV", "get", False)]),
        ("def f():\n from workers import env\n return env.KV.get('k')", [("KV", "get", False)]),
        ("def f(request): request.scope['env'].KV.get('k')", [("KV", "get", False)]),
        ('def f(req):\n  e = req.scope[ "env" ]\n  e.KV.get(1)', [("KV", "get", False)]),
        # handed on
        (handler("go(request, self.env)") + "def go(r, e): e.KV.get('k')", [("KV", "get", False)]),
        (
            handler("go(request, environment=self.env)")
            + "def go(r, *, environment): environment.KV.get('k')",
            [("KV", "get", False)],
        ),
        (
            handler("a(self.env)") + "def a(x): b(x)\ndef b(y): c(y)\ndef c(z): z.KV.get('k')\n",
            [("KV", "get", False)],
        ),
        (handler("self.go(self.env)") + "    def go(self, e): e.KV.get('k')", [("KV", "get", False)]),
        (
            handler("self.go(self.env)") + "    @staticmethod\n    def go(e): e.KV.get('k')",
            [("KV", "get", False)],
        ),
        (
            handler("Config.of(self.env)")
            + "class Config:\n    @classmethod\n    def of(cls, e): e.KV.get('k')",
            [("KV", "get", False)],
        ),
        (
            handler("Store(self.env)")
            + "class Store:\n    def __init__(self, e): self.e = e\n    def f(self): self.e.KV.get('k')",
            [("KV", "get", False)],
        ),
        (
            handler("Store(1, self.env)")
            + "@dataclass\nclass Store:\n    a: int\n    e: Any\n    def f(self): self.e.KV.get('k')",
            [("KV", "get", False)],
        ),
        (
            handler("Store(e=self.env)")
            + "@dataclass\nclass Store:\n    e: Any\n    def f(self): self.e.KV.get('k')",
            [("KV", "get", False)],
        ),
        (
            SDK
            + "class Base:\n  def __init__(self, c, e): self.e = e\n  def f(self): self.e.KV.get('k')\nclass Room(Base, DurableObject):\n  def __init__(self, ctx, env): super().__init__(ctx, env)",
            [("KV", "get", False)],
        ),
        (
            SDK + "class Mixin:\n  def f(self): self.env.KV.get('k')\nclass Room(Mixin, DurableObject): pass",
            [("KV", "get", False)],
        ),
        (
            "def env_of(r): return r.scope['env']\ndef f(r):\n  e = env_of(r)\n  e.KV.get('k')\n  (env_of(r)).DB.prepare('')",
            [("KV", "get", False), ("DB", "prepare", False)],
        ),
        (
            handler("e = self.bindings()\ne.KV.get('k')") + "    def bindings(self): return self.env",
            [("KV", "get", False)],
        ),
        (handler("def inner():\n    return self.env.KV.get('k')"), [("KV", "get", False)]),
        ("async def on_fetch(request, env):\n  def inner(): env.KV.get('k')", [("KV", "get", False)]),
        # names given to helpers
        (
            handler("need(self.env, 'KV')") + "def need(env, name): return getattr(env, name)",
            [("KV", None, False)],
        ),
        (
            handler("need(name='KV', env=self.env)") + "def need(env, name): return env[name]",
            [("KV", None, False)],
        ),
        (
            handler("need(self.env, 'KV')") + "def need(env, name): return getattr(env, name, None)",
            [("KV", None, True)],
        ),
        # near misses
        ("class Room:\n  def f(self): self.env.KV.get('k')", []),
        ("def fetch(request, env): env.KV.get('k')", []),
        ("def f(x): x.env.KV.get('k')", []),
        ("import os\nos.environ.get('KV')", []),
        (handler("# self.env.KV\nx = 'self.env.KV'\nself.other.env.KV"), []),
        ("async def on_fetch(request, env):\n  def inner(env): env.KV.get('k')", []),
        ("async def on_fetch(request, env):\n  f(env=1)\n  x.env.KV", []),
        (handler("go(request)") + "def go(env): env.KV.get('k')", []),
        ("if TYPE_CHECKING:\n from workers import env\nenv.KV", []),
    ],
)
def test_binding_uses(tmp_path: Path, text: str, expected: list[tuple[str, str | None, bool]]) -> None:
    facts = facts_of(tmp_path, text)
    assert uses(facts) == expected
    assert [use.span.text for use in facts.binding_uses] == [name for name, _, _ in expected]


def test_env_crosses_modules(tmp_path: Path) -> None:
    sources = {
        "src/entry.py": handler("import lazy\nlazy.go(self.env)\nservice.Service(self.env)\nhelp(self.env)")
        + "import game.service as service\nfrom game.tools import assist as help\n",
        "src/lazy.py": "def go(env): env.LAZY.get(1)",
        "src/game/service.py": "class Service:\n    def __init__(self, env):\n        self.env = env\n        self.env.SERVICE.get(1)\n",
        "src/game/tools.py": "from .more import further\ndef assist(e):\n    e.TOOLS.get(1)\n    further(e)\n",
        "src/game/more.py": "def further(x): x.MORE.get(1)",
    }
    facts = facts_of(tmp_path, sources)
    assert sorted((use.name, use.span.file.name) for use in facts.binding_uses) == [
        ("LAZY", "src/lazy.py"),
        ("MORE", "src/game/more.py"),
        ("SERVICE", "src/game/service.py"),
        ("TOOLS", "src/game/tools.py"),
    ]


@pytest.mark.parametrize(
    ("statement", "guarded"),
    [
        ("self.env.K.get(1)", False),
        ("if hasattr(self.env, 'K'): pass", True),
        ("getattr(self.env, 'K', None)", True),
        ("if self.env.K: pass", True),
        ("if not self.env.K: pass", True),
        ("if (self.env.K is None): pass", True),
        ("x = self.env.K if self.env.K else None", True),
        ("x = self.env.K or 1", True),
        ("if 'K' in self.env: pass", True),
        ("while self.env.K: pass", True),
        ("if x:\n    pass\nelif self.env.K: pass", True),
        ("try:\n    self.env.K.get(1)\nexcept AttributeError: pass", True),
        ("try:\n    self.env.K.get(1)\nexcept (ValueError, AttributeError) as e: pass", True),
        ("try:\n    self.env.K.get(1)\nexcept Exception: pass", True),
        ("try:\n    self.env.K.get(1)\nexcept: pass", True),
        ("try:\n    if x: y = self.env.K\nexcept AttributeError: pass", True),
        ("try:\n    a()\n    b()\n    self.env.K.get(1)\nexcept Exception: pass", False),
        ("try:\n    self.env.K.get(1)\nexcept ValueError: pass", False),
        ("try: pass\nexcept AttributeError: self.env.K.get(1)", False),
        ("if x: self.env.K.get(1)", False),
        ("if self.env.K == 'x': pass", False),
        ("if self.env.K.get(1): pass", False),
    ],
)
def test_guards(tmp_path: Path, statement: str, guarded: bool) -> None:
    found = uses(facts_of(tmp_path, handler(statement)))
    assert found
    assert {(name, one) for name, _, one in found} == {("K", guarded)}


def test_a_test_guards_the_uses_in_its_function_only(tmp_path: Path) -> None:
    text = (
        handler("if not hasattr(self.env, 'K'): return\nself.env.K.get(1)")
        + "    def other(self): self.env.K.get(1)"
    )
    assert [one[2] for one in uses(facts_of(tmp_path, text))] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (handler("getattr(self.env, name)"), "name"),
        (handler("self.env[f'{a}']"), "f'{a}'"),
        (handler("need(self.env, other)") + "def need(env, name): return getattr(env, name)", "name"),
    ],
)
def test_computed_names_are_unknown(tmp_path: Path, text: str, at: str) -> None:
    facts = facts_of(tmp_path, text)
    assert uses(facts) == []
    assert [(one.what, one.span.text) for one in facts.unknown] == [("which binding this asks for", at)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("self.ctx.storage.sql.exec('x')\nself.ctx.storage.kv.get('y')", "self.ctx.storage.sql"),
        ("s = self.ctx.storage\n    s2 = storage.kv", "storage.kv"),
        ("self.ctx.storage.get('sql')", None),
        ("# self.ctx.storage.sql\n    x = 'storage.sql'", None),
    ],
)
def test_uses_sql(tmp_path: Path, statement: str, expected: str | None) -> None:
    lines = statement.replace("\n", "\n    ").replace("        ", "    ")
    text = SDK + f"class Other: pass\nclass Room(DurableObject):\n  def f(self):\n    {lines}\n"
    facts = facts_of(tmp_path, text)
    used = facts.classes["Room"].uses_sql
    assert (used.text if used is not None else None) == expected
    assert facts.classes["Other"].uses_sql is None


def test_comments_for_wslint(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, "# wslint: ignore[A] why\n# other\nx = 'wslint: no'  # wslint: yes\n")
    assert [one.text for one in facts.comments] == ["# wslint: ignore[A] why", "# wslint: yes"]


# What must not break it


def test_a_syntax_error_at_the_top_level_leaves_the_exports_open(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, ROOM + "def ) x ((\n")
    assert facts.open_exports
    assert "Room" in facts.exports


def test_a_syntax_error_in_a_function_does_not(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, handler("x = = 1") + "class Room(DurableObject): pass\n")
    assert kinds(facts)["Room"] == "class"


DEEP = 10_000


@pytest.mark.parametrize(
    "text",
    [
        handler("(" * DEEP + "self.env.K" + ")" * DEEP),
        handler("x = " + "[" * DEEP + "self.env.K" + "]" * DEEP),
        handler("x = " + "not " * DEEP + "self.env.K"),
        handler("x = " + "self.env" + ".K" * DEEP),
        handler("x = " + "f(" * DEEP + "self.env" + ")" * DEEP),
        "x = " + "[" * DEEP,
        "A = " * DEEP + "1",
        "__all__ = " + "(" * DEEP + "'A'" + ")" * DEEP,
        "__all__ = " + "['A'] + " * DEEP + "['B']",
        "\n".join(" " * depth + "if x:" for depth in range(300)) + "\n" + " " * 300 + "import y",
        "\n".join(" " * depth + f"def f{depth}():" for depth in range(300)) + "\n" + " " * 300 + "import y",
        "import " + "a." * DEEP + "b",
        "from " + "." * DEEP + " import b",
        "class A(" + "b." * DEEP + "c): pass",
    ],
)
def test_deep_nesting(tmp_path: Path, text: str) -> None:
    facts = facts_of(tmp_path, text + "\n" + ROOM)
    assert facts.files


def test_deep_expressions_are_still_read(tmp_path: Path) -> None:
    assert uses(facts_of(tmp_path, handler("x = " + "[" * DEEP + "self.env.K" + "]" * DEEP))) == [
        ("K", None, False)
    ]


def test_long_chains_end(tmp_path: Path) -> None:
    chain = "".join(f"A{number + 1} = A{number}\n" for number in range(2000))
    classes = "".join(f"class C{number + 1}(C{number}): pass\n" for number in range(300))
    facts = facts_of(tmp_path, ROOM + "A0 = Room\n" + chain + "class C0(Room): pass\n" + classes)
    assert facts.exports["A1"].kind == "class"
    assert DURABLE in facts.classes["C30"].bases


def test_cycles_end(tmp_path: Path) -> None:
    sources = {
        "src/entry.py": "from a import *\nfrom a import Ghost, Room\nfrom entry import Self\nX = Y\nY = X\n",
        "src/a.py": "from b import *\nfrom b import Ghost\n" + ROOM,
        "src/b.py": "from a import *\nfrom a import Ghost\nimport entry\n",
    }
    facts = facts_of(tmp_path, sources)
    assert kinds(facts)["Room"] == "class"
    assert kinds(facts)["X"] == "unknown"
    assert len(facts.files) == 3


def test_functions_that_hand_env_to_each_other_end(tmp_path: Path) -> None:
    text = handler("a(self.env)") + "def a(e):\n  b(e)\n  e.A.get(1)\ndef b(e): a(e)\n"
    assert uses(facts_of(tmp_path, text)) == [("A", "get", False)]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_symlink_loops_end(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    try:
        (tmp_path / "src" / "loop").symlink_to(".")
        (tmp_path / "src" / "again.py").symlink_to("entry.py")
    except OSError:
        pytest.skip("needs the right to make links")
    facts = facts_of(tmp_path, "import loop.loop.entry\nimport again\nimport loop.again\n" + ROOM)
    assert len(facts.files) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\xff\xfe\x00",
        b"\xef\xbb\xbfclass Room: pass",
        b"import",
        b"from . import",
        b"from",
        b"class",
        b"def f(",
        b"__all__ =",
        b"@",
        b"a = b = ",
    ],
)
def test_odd_bytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "entry.py"
    path.write_bytes(data)
    files = Files(tmp_path)
    entrypoint = files.read(path)
    assert entrypoint is not None
    assert ("Room" in analyse(entrypoint, files, tmp_path).exports) == (b"Room" in data)


def test_every_prefix_of_a_file_is_read(tmp_path: Path) -> None:
    text = (
        handler(
            "x = getattr(self.env, 'A', None)\nwith y as z: f(*a, e=self.env)\ntry: self.env['B']\nexcept (A, B) as e: pass"
        )
        + "@d(1)\nclass R(D[T], metaclass=M):\n  a: int = 1\n  def __init__(self, ctx, env, *a, k=1, **o): self.e = env\n__all__ = ['A', *b]\nfrom .a.b import (c as d, e)\n"
    )
    for end in range(len(text)):
        facts_of(tmp_path, text[:end])


def test_an_unreadable_module(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "big.py").write_bytes(b"#" * (8 * 1024 * 1024 + 1))
    facts = facts_of(tmp_path, "from big import Room\n" + ROOM.replace("Room", "Lobby"))
    assert kinds(facts)["Room"] == "unknown"
    assert kinds(facts)["Lobby"] == "class"
    assert [one.what for one in facts.unknown] == ["the module `big`"]


def test_modules_are_read_once_a_run(tmp_path: Path) -> None:
    facts_of(tmp_path, {"src/entry.py": "from match import Room", "src/match.py": ROOM})
    files = Files(tmp_path)
    entrypoint = files.read(tmp_path / "src" / "entry.py")
    assert entrypoint is not None
    first = analyse(entrypoint, files, tmp_path)
    kept = dict(files.cache)
    second = analyse(entrypoint, files, tmp_path)
    assert kinds(first) == kinds(second) == {"Room": "class"}
    assert all(files.cache[key] is value for key, value in kept.items())
    assert len(kept) == 2
