"""Methods of texts, regular expressions, addresses, arrays, maps and sets."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from wslint.patterns import Pattern, TooLong, compile_pattern
from wslint.text import Span
from wslint.trace import calls, expressions, members, operators, python
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    Held,
    Obj,
    Regex,
    Scope,
    Text,
    Unknown,
    Url,
    Val,
)

if TYPE_CHECKING:
    from wslint.trace.machine import Machine

MOST_TEXT = 2_000
MOST_PATTERN = 400
"""Longer texts and patterns are not matched."""

_CHARACTERS: dict[str, Callable[[str], bool]] = {
    "is_ascii_alphanumeric": lambda sign: sign.isascii() and sign.isalnum(),
    "is_ascii_alphabetic": lambda sign: sign.isascii() and sign.isalpha(),
    "is_ascii_digit": lambda sign: sign.isascii() and sign.isdigit(),
    "is_ascii_uppercase": lambda sign: sign.isascii() and sign.isupper(),
    "is_ascii_lowercase": lambda sign: sign.isascii() and sign.islower(),
}
"""Rust's questions about one character."""

_PREFIX = {"startsWith", "startswith", "starts_with"}
_SUFFIX = {"endsWith", "endswith", "ends_with"}
_SAME = {
    "toString",
    "valueOf",
    "normalize",
    "to_string",
    "clone",
    "as_str",
    "to_owned",
    "as_ref",
    "trim_matches",
}
_UPPER = {"toUpperCase", "toLocaleUpperCase", "upper", "to_uppercase", "to_ascii_uppercase"}
_LOWER = {"toLowerCase", "toLocaleLowerCase", "lower", "casefold", "to_lowercase", "to_ascii_lowercase"}


def method(
    machine: Machine, receiver: str | Regex, name: str, arguments: list[Val], span: Span, scope: Scope
) -> Val:
    """A method of a text or a regular expression."""
    if isinstance(receiver, Regex):
        text = arguments[0] if arguments else UNDEFINED
        if not isinstance(text, str) or name not in ("test", "exec"):
            if receiver.flags == "python":
                machine.touched.add(getattr(text, "origin", ""))
                return python.matched(receiver, name, text)
            return Unknown("a match")
        machine.touched.add(getattr(text, "origin", ""))
        return matched(receiver, text, test=name == "test")
    origin = getattr(receiver, "origin", "")
    if origin:
        machine.touched.add(origin)
    found = python.text_method(receiver, name, arguments) if python.is_python(scope.file) else None
    if found is None:
        found = _of_text(receiver, name, arguments)
    if isinstance(found, str) and origin:
        return Text(found, origin)
    if isinstance(found, Arr) and origin:
        found.items = [Text(item, origin) if isinstance(item, str) else item for item in found.items]
    return found


def _of_text(text: str, name: str, arguments: list[Val]) -> Val:
    first = arguments[0] if arguments else UNDEFINED
    second = arguments[1] if len(arguments) > 1 else UNDEFINED
    if name in _PREFIX and isinstance(first, str) and second is UNDEFINED:
        return text.startswith(first)
    if name in _SUFFIX and isinstance(first, str) and second is UNDEFINED:
        return text.endswith(first)
    if name in _UPPER:
        return text.upper()
    if name in _LOWER:
        return text.lower()
    if name in _SAME:
        return text if first is UNDEFINED else Unknown("a text")
    if name in ("trim", "strip") and first is UNDEFINED:
        return text.strip()
    if name in ("match", "matchAll", "search") and isinstance(first, Regex):
        return (
            matched(first, text, test=False)
            if name == "match" and "g" not in first.flags
            else Unknown("a match")
        )
    if name == "eq_ignore_ascii_case" and isinstance(first, str):
        return text.lower() == first.lower()
    if name in ("includes", "contains") and isinstance(first, str) and second is UNDEFINED:
        return first in text
    if name == "split":
        return _split(text, first, second)
    if name in ("replace", "replaceAll") and isinstance(second, str) and "$" not in second:
        return _replace(text, name, first, second)
    if name in ("slice", "substring", "substr"):
        return _cut(text, name, arguments)
    if name in ("indexOf", "lastIndexOf", "find") and isinstance(first, str) and second is UNDEFINED:
        return float(text.rfind(first) if name == "lastIndexOf" else text.find(first))
    if name in ("charAt", "at", "charCodeAt", "codePointAt") and isinstance(first, (int, float)):
        place = operators.whole(first)
        if place is None:
            return Unknown("a character")
        if name == "at" and place < 0:
            place += len(text)
        if name.endswith("CodeAt") or name == "codePointAt":
            return float(ord(text[place])) if 0 <= place < len(text) else Unknown("a character")
        return text[place] if 0 <= place < len(text) else "" if name == "charAt" else UNDEFINED
    if name == "len" and not arguments:
        return float(len(text.encode()))
    if name == "is_empty" and not arguments:
        return not text
    if name == "isalnum" and text.isascii():
        return text.isalnum()
    if name in ("strip_prefix", "strip_suffix") and isinstance(first, str):  # Rust's, which give an Option
        if not (text.startswith(first) if name == "strip_prefix" else text.endswith(first)):
            return None
        return text[len(first) :] if name == "strip_prefix" else text[: len(text) - len(first)]
    if name == "chars" and not arguments:
        return Arr(list(text))
    if name in _CHARACTERS and not arguments and len(text) == 1:
        return _CHARACTERS[name](text)
    if name == "localeCompare" and isinstance(first, str):
        return 0.0 if first == text else Unknown("an order")
    return Unknown(f"`{name}` of a text")


def _split(text: str, separator: Val, most: Val) -> Val:
    if isinstance(separator, str) and most is UNDEFINED:
        return Arr(list(text.split(separator) if separator else text))
    return Unknown("the parts of a text")


def _replace(text: str, name: str, what: Val, by: str) -> Val:
    if isinstance(what, str):
        return text.replace(what, by) if name == "replaceAll" else text.replace(what, by, 1)
    if isinstance(what, Regex):
        pattern = compiled(what)
        if pattern is not None and len(text) <= MOST_TEXT and "$" not in by:
            with suppress(TooLong):
                return pattern.sub(lambda _: by, text, count=0 if "g" in what.flags else 1)
    return Unknown("a text")


def _cut(text: str, name: str, arguments: list[Val]) -> Val:
    if not all(isinstance(item, (int, float)) or item is UNDEFINED for item in arguments):
        return Unknown("a part of a text")
    if any(item is not UNDEFINED and operators.whole(item) is None for item in arguments):
        return Unknown("a part of a text")
    numbers = [operators.whole(item) for item in arguments]
    begin = numbers[0] if numbers and numbers[0] is not None else 0
    end = numbers[1] if len(numbers) > 1 else None
    if name == "slice":
        return text[begin:end]
    if name == "substr":
        begin = max(begin + len(text), 0) if begin < 0 else begin
        return text[begin:] if end is None else text[begin : begin + max(end, 0)]
    begin, end = max(begin, 0), len(text) if end is None else max(end, 0)
    return text[min(begin, end) : max(begin, end)]


# Regular expressions


def compiled(regex: Regex) -> Pattern | None:
    """The pattern, matched in bounded time; None for what is not read."""
    if len(regex.source) > MOST_PATTERN or set(regex.flags) - set("gimsu"):
        return None
    return compile_pattern(regex.source, "javascript", "".join(set(regex.flags) & set("ims")))


def matched(regex: Regex, text: str, *, test: bool) -> Val:
    """What `test` or `exec` gives."""
    pattern = compiled(regex)
    if pattern is None or len(text) > MOST_TEXT:
        return Unknown(f"whether `/{regex.source[:40]}/` matches")
    try:
        match = pattern.search(text)
    except TooLong:
        return Unknown(f"whether `/{regex.source[:40]}/` matches")
    if test:
        return match is not None
    if match is None:
        return None
    origin = getattr(text, "origin", "")

    def group(value: str | None) -> Val:
        return UNDEFINED if value is None else Text(value, origin)

    groups = Obj({name: group(value) for name, value in match.groupdict().items()})
    found = Match([group(match[0]), *(group(value) for value in match.groups())])
    found.groups = groups if match.groupdict() else UNDEFINED
    return found


class Match(Arr):
    """The array that `exec` and `match` give."""

    groups: Val = UNDEFINED


# Addresses with an unknown host


def of_address(url: Url, name: str, arguments: list[Val]) -> Val:
    """A method of a URL object, or of `request.url` where its host is not known."""
    first = arguments[0] if arguments else UNDEFINED
    if name in ("toString", "toJSON", "valueOf", "clone", "to_string", "as_str"):
        return members.address(url)
    if name in ("path", "pathname") and not arguments:  # Rust's `Url`
        return Text(url.path, "path")
    tail = url.path + url.query
    if isinstance(first, str):
        if name in _SUFFIX and len(first) <= len(tail):
            return tail.endswith(first)
        if name in ("includes", "contains") and (first in tail or not re.fullmatch(r"/?[\w.:-]*", first)):
            return True if first in tail else Unknown("the host")
        if name == "split" and first == "?":
            return Arr([Url(url.scheme, url.host, url.path, ""), *([url.query[1:]] if url.query else [])])
    return Unknown(f"`{name}` of an address whose host is not known")


# Arrays, maps and sets


def of_items(
    machine: Machine, receiver: Arr | Held, name: str, arguments: list[Val], span: Span, scope: Scope
) -> Val:
    """A method of an array, a Map or a Set."""
    if isinstance(receiver, Held):
        return _of_held(machine, receiver, name, arguments)
    first = arguments[0] if arguments else UNDEFINED
    if name in ("push", "append", "unshift"):
        receiver.items += arguments
        return float(len(receiver.items))
    if receiver.open:
        return machine.unknown_call(name, span, arguments) if arguments else Unknown(f"`{name}`")
    items = receiver.items
    if name in ("map", "filter", "flatMap") and not items:
        return Arr([], False, receiver.origin)
    if name in ("map", "filter", "find", "some", "every", "forEach", "findIndex", "flatMap", "all", "any"):
        return _each(machine, items, {"all": "every", "any": "some"}.get(name, name), first, span, scope)
    if name in ("includes", "indexOf"):
        found = [operators.equal(first, item) for item in items]
        if None in found and True not in found:
            return Unknown("whether it is in the list")
        at = found.index(True) if True in found else -1
        return at >= 0 if name == "includes" else float(at)
    if name == "join":
        texts = [operators.text_of(item) for item in items]
        if None not in texts and (first is UNDEFINED or isinstance(first, str)):
            return (first if isinstance(first, str) else ",").join(str(text) for text in texts)
    if name in ("pop", "shift"):
        if not items:
            return UNDEFINED
        return items.pop() if name == "pop" else items.pop(0)
    if name == "at" and (place := operators.whole(first)) is not None:
        return items[place] if -len(items) <= place < len(items) else UNDEFINED
    if name == "slice" and len(arguments) < 3:
        ends = [operators.whole(item) for item in arguments]
        if None not in ends:
            return Arr(items[(ends or [0])[0] : ends[1] if len(ends) > 1 else None])
    if name in ("values", "entries", "keys", "concat", "reverse", "sort", "flat", "reduce", "splice"):
        if name in ("reverse", "sort", "splice"):
            receiver.open = True
        return Arr(list(items)) if name == "values" else Unknown(f"`{name}`")
    return machine.unknown_call(name, span, arguments)


def _each(machine: Machine, items: list[Val], name: str, function: Val, span: Span, scope: Scope) -> Val:
    results: list[Val] = []
    for place, item in enumerate(list(items)[:200]):
        if getattr(function, "name", "") == "Boolean":
            value: Val = expressions.truth(item)
            value = Unknown("an item") if value is None else value
        else:
            value = calls.apply(machine, function, [item, float(place)], span, scope)
        if name in ("map", "flatMap", "forEach"):
            results.append(value)
            continue
        holds = expressions.truth(value)
        if holds is None:
            return Unknown(f"`{name}`")
        if name == "filter" and holds:
            results.append(item)
        elif name == "find" and holds:
            return item
        elif name == "findIndex" and holds:
            return float(place)
        elif name == "some" and holds:
            return True
        elif name == "every" and not holds:
            return False
    if name == "flatMap":
        flat = [members.items_of(result) if isinstance(result, Arr) else [result] for result in results]
        if None not in flat:
            results = [item for part in flat for item in part or []]
            return Arr(results)
    ends = {"find": UNDEFINED, "findIndex": -1.0, "some": False, "every": True, "forEach": UNDEFINED}
    return ends.get(name, Arr(results) if name != "flatMap" else Unknown("`flatMap`"))


def _of_held(machine: Machine, receiver: Held, name: str, arguments: list[Val]) -> Val:
    first = arguments[0] if arguments else UNDEFINED
    key = first if isinstance(first, (str, float, bool)) else id(first)
    if isinstance(first, Unknown):
        if name in ("set", "add", "delete"):
            receiver.open = True
        return receiver if name in ("set", "add") else Unknown(f"`{name}`")
    if name in ("set", "add"):
        receiver.items[key] = arguments[1] if name == "set" and len(arguments) > 1 else first
        return receiver
    machine.touched.add("memory")
    if receiver.open:
        return Unknown(f"`{name}`")
    if name == "get":
        return receiver.items.get(key, UNDEFINED)
    if name == "has":
        return key in receiver.items
    if name == "delete":
        return receiver.items.pop(key, None) is not None
    if name in ("values", "keys", "entries", "forEach"):
        return Arr(list(receiver.items.values())) if name == "values" else Unknown(f"`{name}`")
    return Unknown(f"`{name}`")
