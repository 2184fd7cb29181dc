"""Python's standard library, as far as a handshake hangs on it. What is not here gives something that is not known
and harms nothing."""

from __future__ import annotations

import http
import json
import math
import re
import string
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, quote, unquote, unquote_plus

from wslint.patterns import Match, Pattern, TooLong, compile_pattern
from wslint.record import frozen
from wslint.runtime import fresh, path_tests, promise, socket, startup, text, words
from wslint.runtime import url as url_model
from wslint.runtime.model import Model
from wslint.runtime.python import containers, errors, sdk
from wslint.runtime.python.errors import fail
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import ABSENT, UNDEFINED, Choice, Unknown, Value

for _kind in ("Pattern", "Match", "Module", "Slice", "Field"):
    Model(_kind)

_QUIET = frozenset(
    [
        "os",
        "time",
        "secrets",
        "uuid",
        "datetime",
        "hashlib",
        "hmac",
        "random",
        "math",
        "logging",
        "string",
        "base64",
        "itertools",
        "functools",
        "operator",
        "typing",
        "collections",
        "contextlib",
        "dataclasses",
        "enum",
        "abc",
        "types",
        "warnings",
        "traceback",
        "sys",
        "inspect",
        "copy",
        "struct",
        "decimal",
        "fractions",
        "statistics",
        "textwrap",
        "html",
        "zoneinfo",
        "calendar",
        "bisect",
        "heapq",
        "pathlib",
        "io",
        "binascii",
        "zlib",
        "numbers",
        "weakref",
        "re",
        "json",
        "urllib",
        "asyncio",
        "http",
        "contextvars",
        "asgi",
        "typing_extensions",
        "__future__",
    ]
)
"""Modules whose functions neither throw, as a rule, nor change what they are given."""

_IMPURE = frozenset({"random", "secrets", "uuid"})
"""What only a handler may ask for chance."""

_CHANCE = ("os", "secrets", "uuid")
_DRAWS = frozenset(
    [
        "random",
        "randint",
        "choice",
        "choices",
        "shuffle",
        "uniform",
        "randrange",
        "sample",
        "getrandbits",
        "gauss",
    ]
)
"""What a module's top level can't ask `random` for."""

Function = Callable[[Any, Invocation], Value]


def path_of(specifier: str, name: str) -> str:
    """A name of the standard library in full: `urllib.parse.urlsplit`."""
    return f"{specifier}.{name}" if name != "*" else specifier


# Names


def member(host: Any, receiver: Any, name: str, span: Span, scope: Any) -> Value:
    """`module.name`: a module of the project, a constant, or one more name."""
    from wslint.machine import modules
    from wslint.machine.members import _of_global
    from wslint.machine.scope import Global

    specifier = receiver.specifier
    whole = path_of(specifier, receiver.name)
    if specifier == "workers" and receiver.name == "*" and name == "env" and scope is not None:
        from wslint.runtime import env

        return env.made(scope.unit.worker)
    if specifier and scope is not None and specifier not in ("js", "workers") and receiver.name == "*":
        unit = scope.unit
        file = modules.find(unit.worker, unit.file, f"{specifier}.{name}")
        if file is not None:
            return module(host, host.unit(unit.worker, file))
    held = constant(f"{whole}.{name}")
    if held is not NotImplemented:
        return held
    found = _of_global(host, receiver, name, span)
    return found if not isinstance(found, Global) or found.name else Unknown(f"`{name}`", span)


def constant(path: str) -> Value:
    """A constant of the standard library; NotImplemented for what is none."""
    parts = path.split(".")
    if parts[0] == "http" and len(parts) > 2 and parts[1] in ("HTTPStatus", "HTTPMethod"):
        found = getattr(getattr(http, parts[1]), parts[2], None)
        if isinstance(found, http.HTTPStatus):
            return int(found)
        return str(found) if found is not None else NotImplemented
    owner = {"string": string, "math": math}.get(parts[0])
    if owner is not None and len(parts) == 2:
        held = getattr(owner, parts[1], None)
        return held if isinstance(held, str | float) else NotImplemented
    if parts[0] == "re" and len(parts) == 2 and isinstance(getattr(re, parts[1], None), re.RegexFlag):
        return int(getattr(re, parts[1]))
    if path in ("typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING"):
        return False
    if path == "pyodide.ffi.jsnull":
        return Object("JsNull")
    return NotImplemented


def module(host: Any, unit: Any) -> Object:
    """A module of the project as a value: its names are read when they are asked for."""
    return Object("Module", {}, None, unit)


def of_module(host: Any, receiver: Object, name: str, span: Span) -> Value:
    from wslint.machine import modules
    from wslint.machine.scope import Global

    unit = receiver.extra
    held = unit.names.get(name, ABSENT)
    if held is ABSENT:
        held = modules.star(host, unit, name)
    if held is ABSENT and unit.file.path.name == "__init__.py":
        file = modules.find(unit.worker, unit.file, f".{name}")
        return module(host, host.unit(unit.worker, file)) if file is not None else ABSENT
    held = host.known(held)
    return modules.resolve(host, held, unit) if isinstance(held, Global) else held


# Calls


def called(host: Any, specifier: str, name: str, call: Invocation) -> Value:
    """A function of the standard library or of Pyodide; NotImplemented for code that is not read."""
    path = path_of(specifier, name)
    found = FUNCTIONS.get(path)
    if found is not None:
        return found(host, call)
    root, last = path.split(".")[0], path.rpartition(".")[2]
    if errors.builtin_class(last) is not None and last[:1].isupper():
        return errors.made(host, last, call)
    if root not in _QUIET:
        return NotImplemented
    if root in _IMPURE:
        host.random(f"{path}()", call.span)
    if root == "random" and last in _DRAWS and host.scene == "load" and host.loading:
        fail(host, f"RuntimeError: Cannot use {path}() outside of request context", call.span)
    if root in _CHANCE and startup.is_python_random(host, path):
        fail(host, words.NO_ENTROPY, call.span)
    for value in call.arguments:
        _run(host, value, call)
        host.escape(value, last)
    from wslint.runtime.python.members import plain

    return fresh.marked(plain(f"`{last}()`", call.span), path)


def _run(host: Any, value: Value, call: Invocation) -> None:
    """A coroutine that is handed to code which runs it."""
    value = host.known(value)
    if isinstance(value, Object) and value.kind == "Coroutine":
        _task(host, Invocation("create_task", None, [value], call.span))


def _task(host: Any, call: Invocation) -> Value:
    """`asyncio.create_task(coroutine)`: it runs later, or when it is awaited."""
    from wslint.machine.scope import Native

    held = host.known(call.argument(0))
    if isinstance(held, Object) and held.kind == "Coroutine":
        host.run_later(
            Native("task", lambda inner, given: promise.caught(inner, lambda: sdk.settle(inner, held))),
            [],
            call.span,
        )
        held.slots["task"] = True
        return held
    return host.unread_call("create_task", call.span, call.arguments)


TASK = frozenset(
    ("add_done_callback", "remove_done_callback", "cancel", "cancelled", "done", "result", "exception")
)
"""What a task has that a coroutine lacks."""


def of_task(host: Any, receiver: Object, call: Invocation) -> Value:
    """A method of a task: what is to be called when it is done runs after it."""
    from wslint.machine.scope import Native

    if call.name == "add_done_callback":
        function = call.argument(0)

        def run(inner: Any, given: Invocation) -> Value:
            return promise.caught(inner, lambda: inner.call(function, [receiver], call.span))

        host.run_later(Native("done", run), [], call.span)
        return None
    return Unknown(f"`{call.name}` of a task", call.span, "world")


def _gather(host: Any, call: Invocation) -> Value:
    keep = host.known(call.keywords.get("return_exceptions", False)) is not False

    def run() -> Value:
        found: list[Value] = []
        for one in call.arguments:
            if keep:
                outcome = promise.caught(host, lambda one=one: host.awaited(one, call.span))
                found.append(
                    host.lift(
                        lambda held: held.value if isinstance(held, promise.Rejected) else held, outcome
                    )
                )
            else:
                found.append(host.awaited(one, call.span))
        return containers.array(found, call.span, call.open)

    return sdk.coroutine(host, run, call.span)


def _sleep(host: Any, call: Invocation) -> Value:
    given = call.argument(1, "result")
    return promise.made(None if given is UNDEFINED else given, call.span, "a timer")


def _wait_for(host: Any, call: Invocation) -> Value:
    def run() -> Value:
        choice = Choice("world", call.span, {1: "the time is over first", 2: "it is there in time"}, 3)
        held = host.awaited(call.argument(0), call.span)
        host.maybe(choice, 1, lambda: fail(host, "TimeoutError", call.span))
        return held

    return sdk.coroutine(host, run, call.span)


# JSON


def _loads(host: Any, call: Invocation) -> Value:
    return host.each(call.argument(0), lambda held: _parsed(host, held, call))


def _parsed(host: Any, held: Value, call: Invocation) -> Value:
    if isinstance(held, Unknown):
        source = held.known.get("json of")
        if source is not None:
            return socket.frozen(host, source)
        refused = "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"
        if held.owner == "client":
            choice = held.known.get("is json")
            if choice is None:
                choice = Choice(
                    "client", call.span, {1: f"{held.why} is no JSON", 2: f"{held.why} is JSON"}, 3
                )
                held.known["is json"] = choice
            host.maybe(choice, 1, lambda: fail(host, refused, call.span))
        return held.derived("parsed", f"what {held.why} holds", call.span)
    if isinstance(held, str):
        try:
            return of_data(json.loads(held), call.span)
        except (ValueError, RecursionError) as error:
            fail(host, f"JSONDecodeError: {error}", call.span)
    if held is None or isinstance(held, bool | int | float) or containers.is_own(held):
        name = containers.type_name(held)
        fail(host, f"TypeError: the JSON object must be str, bytes or bytearray, not {name}", call.span)
    return Unknown("JSON", call.span)


def of_data(data: Any, span: Span) -> Value:
    if isinstance(data, dict):
        return containers.dictionary([(str(key), of_data(held, span)) for key, held in data.items()], span)
    if isinstance(data, list):
        return containers.array([of_data(one, span) for one in data], span)
    return data


def _dumps(host: Any, call: Invocation) -> Value:
    held = host.known(call.argument(0, "obj"))
    if (
        isinstance(held, Object)
        and held.kind in ("WebSocket", "Request", "Response", "Coroutine", "Set")
        and "default" not in call.keywords
    ):
        name = containers.type_name(held)
        fail(host, f"TypeError: Object of type {name.rpartition('.')[2]} is not JSON serializable", call.span)
    made = text.json_of(host, held, call.span)
    made.known["plain"] = True
    return made


# Addresses


def _split(host: Any, call: Invocation) -> Value:
    def one(held: Value) -> Value:
        if isinstance(held, Object) and held.kind in ("Address", "URL"):
            return url_model.copy(held)
        if isinstance(held, str):
            found = url_model.parse(held)
            if found is not None:
                return found
            path, mark, query = held.partition("#")[0].partition("?")
            return url_model.address(("", "", path, mark + query, ""))
        return Unknown("an address", call.span, held.owner if isinstance(held, Unknown) else "unread")

    return host.lift(one, call.argument(0, "url"))


def _join_url(host: Any, call: Invocation) -> Value:
    def one(base: Value, rest: Value) -> Value:
        against = (
            base
            if isinstance(base, Object) and base.kind in ("URL", "Address")
            else url_model.parse(base)
            if isinstance(base, str)
            else None
        )
        if against is None or not isinstance(rest, str):
            if (
                isinstance(rest, Unknown)
                and isinstance(against, Object)
                and str(rest.known.get("prefix", "")).startswith("/")
            ):
                slots = against.slots
                return url_model.address(
                    (slots["scheme"], slots["host"], rest, Unknown("the query", call.span), ""), "Address"
                )
            return Unknown("an address", call.span)
        found = url_model.parse(rest) or url_model._relative(host, rest, against)
        return url_model.text_of(host, found) if isinstance(found, Object) else found

    return host.lift(one, call.argument(0), call.argument(1))


def _query(host: Any, call: Invocation) -> Value:
    pairs = call.name.endswith("qsl")
    keep = host.known(call.argument(1, "keep_blank_values")) is True

    def one(held: Value) -> Value:
        if not isinstance(held, str):
            return url_model.derived(held, call)
        if pairs:
            found = [
                containers.array(pair, call.span, False, "tuple")
                for pair in parse_qsl(held, keep_blank_values=keep)
            ]
            return containers.array(found, call.span)
        return of_data(parse_qs(held, keep_blank_values=keep), call.span)

    return host.lift(one, call.argument(0))


def _text_function(function: Callable[..., str]) -> Function:
    def run(host: Any, call: Invocation) -> Value:
        return host.lift(
            lambda held: function(held) if isinstance(held, str) else url_model.derived(held, call),
            call.argument(0),
        )

    return run


# Regular expressions


_FLAGS = ((re.IGNORECASE, "i"), (re.MULTILINE, "m"), (re.DOTALL, "s"))


@frozen
class _Regex:
    """A pattern of the program, which is matched in bounded time."""

    source: str
    flags: str
    compiled: Pattern
    place: Span | None = None
    """Where it was compiled."""

    def find(self, name: str, given: list[str]) -> Match | str | list[Any] | None:
        """What the method of `re` gives. Raises TooLong."""
        subject = given[-1]
        if name in ("match", "fullmatch", "search"):
            found: Match | None = getattr(self.compiled, name)(subject)
            return found
        if name == "sub":
            return self.compiled.sub(lambda _: given[0], subject)
        if name == "findall":
            return [_found(match) for match in self.compiled.finditer(subject)]
        parts: list[Any] = []
        end = 0
        for match in self.compiled.finditer(subject):
            parts += [subject[end : match.start()], *match.groups()]
            end = match.end()
        return [*parts, subject[end:]]


def _found(match: Match) -> Any:
    """An item of `findall`: the match, its only group, or its groups."""
    groups = [group or "" for group in match.groups()]
    return match[0] if not groups else groups[0] if len(groups) == 1 else tuple(groups)


def _pattern(host: Any, value: Value, flags: Value) -> _Regex | None:
    """A pattern that can be matched here; None where it is not known or not read."""
    value, flags = host.known(value), host.known(flags)
    if isinstance(value, Object) and value.kind == "Pattern":
        return value.extra  # type: ignore[no-any-return]
    if not isinstance(value, str) or not (flags is UNDEFINED or isinstance(flags, int | float)):
        return None
    wanted = int(flags) if isinstance(flags, int | float) else 0
    letters = "".join(letter for flag, letter in _FLAGS if wanted & flag)
    if len(value) > text.MOST_PATTERN or wanted & ~(re.IGNORECASE | re.MULTILINE | re.DOTALL | re.UNICODE):
        return None
    found = compile_pattern(value, "python", letters)
    return _Regex(value, letters, found) if found is not None else None


def _compile(host: Any, call: Invocation) -> Value:
    found = _pattern(host, call.argument(0), call.argument(1, "flags"))
    if found is not None:
        found = _Regex(found.source, found.flags, found.compiled, call.span)
    return Object("Pattern", {}, call.span, found)


def _expression(name: str) -> Function:
    def run(host: Any, call: Invocation) -> Value:
        flags = call.argument(3 if name == "sub" else 2, "flags")
        return _matched(host, name, _pattern(host, call.argument(0), flags), call.arguments[1:], call)

    return run


def _pattern_method(host: Any, receiver: Object, call: Invocation) -> Value:
    return _matched(host, call.name, receiver.extra, call.arguments, call)


def _matched(host: Any, name: str, pattern: _Regex | None, given: list[Value], call: Invocation) -> Value:
    def one(*held: Value) -> Value:
        subject = held[-1] if held else None
        if isinstance(subject, Unknown):
            key = (name, pattern.source, pattern.flags) if pattern is not None else (name, id(call.span), "")
            return subject.derived(key, f"whether {subject.why} matches", call.span)
        texts = [value for value in held if isinstance(value, str)]
        if pattern is None or not texts or len(texts) < len(held) or len(texts[-1]) > text.MOST_TEXT:
            return Unknown("a match", call.span)
        if name == "sub" and "\\" in texts[0]:
            return Unknown("a text", call.span)
        if name in ("match", "fullmatch", "search"):
            texts = [
                path_tests.searched(host, "python", pattern.source, texts[-1], pattern.place or call.span)
            ]
        try:
            found = pattern.find(name, texts)
        except TooLong:
            return Unknown("a match", call.span)
        if isinstance(found, Match):
            return Object("Match", {}, call.span, found)
        return of_data(found, call.span) if isinstance(found, list) else found

    if name not in ("match", "fullmatch", "search", "findall", "split", "sub"):
        return Unknown("a match", call.span)
    return host.lift(one, *given[: 2 if name == "sub" else 1])


def _match_method(host: Any, receiver: Object, call: Invocation) -> Value:
    match: Match = receiver.extra
    given = [host.known(value) for value in call.arguments]
    if call.name in ("group", "__getitem__"):
        found = [_group(host, match, which, call) for which in given or [0.0]]
        return found[0] if len(found) == 1 else containers.array(found, call.span, False, "tuple")
    if call.name in ("start", "end") and not given:
        return float(getattr(match, call.name)())
    if call.name == "groups":
        return containers.array(list(match.groups()), call.span, False, "tuple")
    if call.name == "groupdict":
        return of_data(match.groupdict(), call.span)
    return Unknown(f"`{call.name}` of a match", call.span)


def _group(host: Any, match: Match, which: Value, call: Invocation) -> Value:
    if isinstance(which, Unknown):
        return Unknown("a group of a match", call.span)
    number = match.names.get(which) if isinstance(which, str) else which
    if not isinstance(number, int | float) or not 0 <= number <= len(match.groups()):
        fail(host, "IndexError: no such group", call.span)
    return match[int(number)]


METHODS: dict[str, Callable[[Any, Object, Invocation], Value]] = {
    "Pattern": _pattern_method,
    "Match": _match_method,
}


# Other modules


def _field(host: Any, call: Invocation) -> Value:
    made = Object("Field", {}, call.span)
    for name, slot in (("default", "default"), ("default_factory", "factory")):
        if name in call.keywords:
            made.slots[slot] = call.keywords[name]
    return made


def _as_dict(host: Any, call: Invocation) -> Value:
    held = host.known(call.argument(0))
    if not isinstance(held, Object) or held.kind != "Instance":
        return Unknown("a dict", call.span, held.owner if isinstance(held, Unknown) else "unread")
    pairs = [
        (slot[1], value) for slot, value in held.slots.items() if isinstance(slot, tuple) and slot[0] == "p"
    ]
    return containers.dictionary(pairs, call.span, bool(held.slots.get("open")) or "escaped" in held.slots)


def _default_dict(host: Any, call: Invocation) -> Value:
    made = containers.dictionary([], call.span)
    factory = host.known(call.argument(0))
    if factory is not None and factory is not UNDEFINED:
        made.slots["factory"], made.slots["unit"] = factory, call.unit
    return made


def _identity(host: Any, call: Invocation) -> Value:
    """A decorator that leaves a function what it is."""
    from wslint.machine.scope import Closure, Native

    first = host.known(call.argument(0))
    if call.name.rpartition(".")[2] != "wraps" and isinstance(first, Closure | Native):
        return first
    return Native("a decorator", lambda inner, given: given.argument(0))


def _partial(host: Any, call: Invocation) -> Value:
    from wslint.machine import calls
    from wslint.machine.scope import Native

    bound, keywords = call.arguments[1:], call.keywords

    def later(inner: Any, given: Invocation) -> Value:
        whole = Invocation(
            given.name,
            given.this,
            [*bound, *given.arguments],
            given.span,
            {**keywords, **given.keywords},
            False,
            given.open,
            given.unit,
        )
        return calls.apply(inner, call.argument(0), whole)

    return Native("partial", later)


def _collection(host: Any, call: Invocation) -> Value:
    """`OrderedDict(…)` as a dict, `deque(…, maxlen)` as a list that keeps its length."""
    from wslint.machine.operators import whole
    from wslint.runtime.python import builtins

    if call.name.rpartition(".")[2] == "OrderedDict":
        return builtins.FUNCTIONS["dict"](host, call)
    given = Invocation("list", call.this, call.arguments[:1], call.span, unit=call.unit)
    most = host.known(call.keywords.get("maxlen", call.argument(1)))
    made = builtins.FUNCTIONS["list"](host, given)
    if most is None or most is UNDEFINED or not isinstance(made, Object):
        return made
    longest = whole(most)
    if longest is None:
        made.slots["open"] = True
    else:
        made.slots["longest"] = longest
        containers.shorten(host, made)
    return made


def _second(host: Any, call: Invocation) -> Value:
    return call.argument(1)


def _run_sync(host: Any, call: Invocation) -> Value:
    return host.awaited(call.argument(0), call.span)


FUNCTIONS: dict[str, Function] = {
    "asyncio.sleep": _sleep, "asyncio.gather": _gather, "asyncio.create_task": _task, "asyncio.ensure_future": _task,
    "asyncio.wait_for": _wait_for, "json.loads": _loads, "json.dumps": _dumps, "urllib.parse.urlparse": _split,
    "urllib.parse.urlsplit": _split, "urllib.parse.urljoin": _join_url, "urllib.parse.parse_qs": _query,
    "urllib.parse.parse_qsl": _query, "urllib.parse.unquote": _text_function(unquote), "urllib.parse.quote": _text_function(quote),
    "urllib.parse.unquote_plus": _text_function(unquote_plus), "re.compile": _compile, "dataclasses.field": _field,
    "dataclasses.asdict": _as_dict, "collections.defaultdict": _default_dict, "collections.OrderedDict": _collection,
    "collections.deque": _collection, "functools.wraps": _identity, "functools.lru_cache": _identity,
    "functools.cache": _identity, "functools.partial": _partial, "typing.cast": _second, "pyodide.ffi.to_js": sdk.converted,
    "pyodide.ffi.create_proxy": sdk.proxy, "pyodide.ffi.create_once_callable": sdk.proxy, "pyodide.ffi.run_sync": _run_sync,
    **{f"re.{name}": _expression(name) for name in ("match", "fullmatch", "search", "findall", "split", "sub")},
}  # fmt: skip
