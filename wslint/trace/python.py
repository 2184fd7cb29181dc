"""Where Python means something else by the same tree: truth, equality, slices, arguments, modules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wslint.patterns import TooLong, compile_pattern
from wslint.source import tree
from wslint.text import SourceFile, Span
from wslint.trace import addresses, expressions, members, operators, responses, texts
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    Fn,
    Global,
    Held,
    Known,
    Obj,
    Regex,
    Scope,
    Text,
    Thrown,
    Unknown,
    Url,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

_KEYS = {"web_socket": "webSocket"}
_BUILTINS = frozenset(
    {
        "len",
        "str",
        "int",
        "bool",
        "list",
        "dict",
        "set",
        "tuple",
        "print",
        "repr",
        "sorted",
        "any",
        "all",
        "sum",
    }
    | {
        "min",
        "max",
        "abs",
        "range",
        "enumerate",
        "zip",
        "isinstance",
        "hasattr",
        "getattr",
        "Exception",
        "type",
    }
    | {"ValueError", "KeyError", "TypeError", "RuntimeError", "float", "bytes", "iter", "next", "super"}
)
_QUIET_MODULES = frozenset(
    {"os", "time", "secrets", "uuid", "datetime", "hashlib", "random", "math", "logging", "string"}
)
_SLICE = re.compile(rb"\s*(-?\d*)\s*:\s*(-?\d*)\s*")


def is_python(file: SourceFile) -> bool:
    return file.path.suffix == ".py"


def name(text: str) -> Val:
    """A name that no scope declares."""
    return Global("", text) if text in _BUILTINS else Unknown(f"`{text}`")


def truth(value: Val) -> bool | None:
    """Python's truth of what JavaScript takes for true: empty lists and dicts are false."""
    if isinstance(value, (Arr, Held)):
        return None if value.open else bool(value.items)
    if isinstance(value, Obj):
        return True if value.fields else None if value.open else False
    return expressions.truth(value)


def binary(operator: str, left: Val, right: Val) -> Val | None:
    """An operator over two values, where Python's differs; None where it does not."""
    if operator == "-":  # stands for every operator that the lowering has no name for
        return Unknown("arithmetic")
    if operator in ("===", "!=="):
        found = equal(left, right)
        return Unknown("a comparison") if found is None else found is (operator == "===")
    return None


def equal(left: Val, right: Val) -> bool | None:
    """`==`: lists by their items, nothing is only None."""
    left, right = (None if value is UNDEFINED else value for value in (left, right))
    if isinstance(left, Arr) and isinstance(right, Arr):
        if left.open or right.open:
            return None
        if len(left.items) != len(right.items):
            return False
        found = [equal(one, other) for one, other in zip(left.items, right.items, strict=True)]
        return False if False in found else None if None in found else True
    if isinstance(left, (Arr, Obj, Held)) or isinstance(right, (Arr, Obj, Held)):
        return False if left is None or right is None else None
    return operators.equal(left, right)


def sliced(value: Val, file: SourceFile, node: tree.Expression) -> Val | None:
    """`value[1:]`; None where the index is no such slice."""
    match = _SLICE.fullmatch(file.data[node.start : node.end])
    if match is None:
        return None
    begin, end = (int(text) if text else None for text in match.groups())
    if isinstance(value, str):
        return Text(value[begin:end], getattr(value, "origin", ""))
    if isinstance(value, Arr) and not value.open:
        return Arr(value.items[begin:end])
    return Unknown("a part")


def item(machine: Machine, value: Val, key: Val, span: Span) -> Val | None:
    """`value[key]` of a dict or list, which throws for what is not there; None for other values."""
    if isinstance(value, Obj) and isinstance(key, str) and not value.open:
        if key not in value.fields:
            raise Thrown(f"KeyError: '{key}'", span)
        return value.fields[key]
    if isinstance(value, (Arr, str)) and isinstance(key, float) and not getattr(value, "open", False):
        length = len(value.items) if isinstance(value, Arr) else len(value)
        if not -length <= key < length:
            raise Thrown("IndexError: list index out of range", span)
        if isinstance(value, str):
            return Text(value[int(key)], getattr(value, "origin", ""))
        return value.items[int(key)]
    return None


def unpack(machine: Machine, pattern: tree.ArrayPattern, value: Val, scope: Scope) -> list[Val] | None:
    """What the names of `a, *b = value` get; None where it is no list that is known."""
    stars = [
        index
        for index, part in enumerate(pattern.items)
        if part is not None and scope.file.data[part.start - 1 : part.start] == b"*"
    ]
    items = members.items_of(value)
    if items is None:
        if stars:
            return [Unknown("an item") for _ in pattern.items]
        return None
    wanted = len(pattern.items)
    if not stars:
        if len(items) != wanted:
            raise Thrown(
                "ValueError: the number of values to unpack is another",
                Span(scope.file, pattern.start, pattern.end),
            )
        return items
    before, after = stars[0], wanted - stars[0] - 1
    if len(items) < before + after:
        raise Thrown("ValueError: not enough values to unpack", Span(scope.file, pattern.start, pattern.end))
    middle = Arr(items[before : len(items) - after])
    return [*items[:before], middle, *(items[len(items) - after :] if after else [])]


def ordered(
    machine: Machine, function: Fn, node: tree.Call | None, given: list[Val], scope: Scope
) -> list[Val]:
    """Positional and keyword arguments in the order of the parameters; what is not given is unknown, for it
    may have a default."""
    parameters = function.node.parameters
    placed: list[Val] = list(given)
    by_name: dict[str, Val] = {}
    for entry in node.keywords if node is not None else ():
        if entry.key is not None:
            by_name[entry.key] = expressions.evaluate(machine, entry.value, scope)
    for parameter in parameters[len(given) :]:
        known = parameter.pattern.name if isinstance(parameter.pattern, tree.Name) else ""
        if parameter.rest:
            break
        placed.append(by_name.get(known, Unknown(f"`{known}`")))
    return placed


def is_plain(function: Fn) -> bool:
    """Whether a function is no generator and has no decorator."""
    file, node = function.scope.file, function.node
    if re.search(rb"\byield\b", file.data[node.start : node.end]):
        return False
    return node.is_arrow or decorator(file, node) in (None, "staticmethod")


def decorator(file: SourceFile, node: tree.Function) -> str | None:
    """The decorator on the line above a function."""
    line = file.line_number(node.start) - 1
    above = file.line_text(line).strip() if line >= 1 else ""
    return above[1:].split("(")[0] if above.startswith("@") else None


# Calls


def call(
    machine: Machine, called: str, node: tree.Call, arguments: list[Val], span: Span, scope: Scope
) -> Val | None:
    """`Response(body, status=…, web_socket=…)`, `Request(url, headers=…)`; None for any other call."""
    called = called.removesuffix(".new")
    if called not in ("Response", "Response.json", "Request"):
        return None
    init = Obj({})
    for entry in node.keywords:
        value = expressions.evaluate(machine, entry.value, scope)
        if entry.key is None:
            init.open = True
        else:
            init.fields[_KEYS.get(entry.key, entry.key)] = None if value is UNDEFINED else value
    if called == "Request":
        return responses.build_request(arguments[0] if arguments else Unknown("an address"), init, span)
    if len(arguments) > 1:
        return None
    body = "{}" if called == "Response.json" else arguments[0] if arguments else None
    return responses.build(body, init, span)


def imported(machine: Machine, target: Global, arguments: list[Val], span: Span) -> Val | None:
    """A function of the standard library; None for one that is not followed."""
    module, called = target.specifier, target.name.rpartition(".")[2]
    first = arguments[0] if arguments else UNDEFINED
    if module == "urllib.parse":
        if called in ("urlparse", "urlsplit"):
            if isinstance(first, Url):
                return Url(first.scheme, first.host, first.path, first.query, first.hash)
            found = addresses.parse(first) if isinstance(first, str) else None
            return found if found is not None else Unknown("an address")
        return Unknown(f"`{called}`")
    if module == "re" and called in ("compile", "match", "fullmatch", "search"):
        found = _expression(called, arguments)
        return UNDEFINED if found is None else found  # which counts as None here
    if module in _QUIET_MODULES or (module == "json" and called == "dumps"):
        return Unknown(f"`{called}()`")
    if module == "pyodide.ffi" and called in ("to_js", "create_proxy"):
        return Unknown("a JavaScript value")
    return None


def _expression(called: str, arguments: list[Val]) -> Val:
    if not arguments or not isinstance(arguments[0], str):
        return Unknown("a regular expression")
    if called == "compile":
        return Regex(arguments[0], "python") if len(arguments) == 1 else Unknown("a regular expression")
    if len(arguments) != 2:
        return Unknown("a match")
    return matched(Regex(arguments[0], "python"), called, arguments[1])


def matched(regex: Regex, called: str, text: Val) -> Val:
    """`pattern.fullmatch(text)`: a match is true, none is None."""
    if not isinstance(text, str) or len(text) > texts.MOST_TEXT or len(regex.source) > texts.MOST_PATTERN:
        return Unknown("a match")
    pattern = compile_pattern(regex.source, "python")
    if pattern is None or called not in ("match", "fullmatch", "search"):
        return Unknown("a match")
    try:
        found = getattr(pattern, called)(text)
    except TooLong:
        return Unknown("a match")
    return None if found is None else Known("match")


def builtin(machine: Machine, called: str, arguments: list[Val], span: Span) -> Val | None:
    """A builtin function; None for one that is not followed."""
    first = arguments[0] if arguments else UNDEFINED
    if called == "len":
        if isinstance(first, str):
            return float(len(first))
        if isinstance(first, (Arr, Held)):
            machine.touched.add(getattr(first, "origin", ""))
            return Unknown("a length") if first.open else float(len(first.items))
        return Unknown("a length")
    if called == "bool":
        found = truth(first)
        return Unknown("a condition") if found is None else found
    if called in ("list", "tuple") and isinstance(first, Arr):
        return first
    if called == "print":
        return UNDEFINED
    if called in ("set", "dict", "list") and not arguments:
        return Obj() if called == "dict" else Arr([])
    if called in ("int", "float", "next"):
        return machine.unknown_call(called, span)
    if called in ("str", "repr", "sorted", "any", "all", "sum", "min", "max", "abs", "range", "enumerate", "zip",
                  "hasattr", "type", "bytes", "iter", "next", "isinstance", "set", "dict", "list", "tuple"):  # fmt: skip
        return first if called == "str" and isinstance(first, str) else Unknown(f"`{called}()`")
    return None


def text_method(text: str, called: str, arguments: list[Val]) -> Val | None:
    """A method of str whose meaning is Python's own; None for one that is not followed."""
    first = arguments[0] if arguments else UNDEFINED
    if called in ("strip", "lstrip", "rstrip") and (first is UNDEFINED or isinstance(first, str)):
        stripped: str = getattr(str(text), called)(*([str(first)] if isinstance(first, str) else []))
        return stripped
    if called in ("removeprefix", "removesuffix") and isinstance(first, str):
        cut: str = getattr(str(text), called)(str(first))
        return cut
    if called in ("partition", "rpartition") and isinstance(first, str) and first:
        return Arr(list(getattr(str(text), called)(str(first))))
    if (
        called in ("isdigit", "isalpha", "isalnum", "isupper", "islower", "isascii", "isprintable")
        and not arguments
    ):
        return bool(getattr(str(text), called)())
    if called == "split" and not arguments:
        return Arr(list(str(text).split()))
    if (
        called == "split"
        and len(arguments) == 2
        and isinstance(first, str)
        and isinstance(arguments[1], float)
    ):
        return Arr(list(str(text).split(str(first), operators.whole(arguments[1]) or 0)))
    if called == "replace" and len(arguments) == 2 and all(isinstance(part, str) for part in arguments):
        return str(text).replace(str(first), str(arguments[1]))
    if called in (
        "replace",
        "join",
        "format",
        "find",
        "index",
        "count",
        "encode",
        "title",
        "slice",
        "match",
        "at",
    ):
        return Unknown(f"`{called}()`")
    return None


def dict_method(value: Obj, called: str, arguments: list[Val]) -> Val | None:
    """A method of dict; None for one that is not followed."""
    first = arguments[0] if arguments else UNDEFINED
    if called == "get":
        if not isinstance(first, str):
            return Unknown("an item")
        default = arguments[1] if len(arguments) > 1 else None
        if value.open:
            return Unknown("an item")
        return value.fields.get(first, default)
    if called in ("items", "keys", "values", "copy"):
        return Arr(list(value.fields), value.open) if called == "keys" else Unknown(f"`{called}()`")
    if called in ("pop", "update", "setdefault", "clear", "popitem"):
        value.open = True
        return Unknown(f"`{called}()`")
    return None
