"""Texts, numbers, regular expressions and JSON."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from wslint.patterns import Pattern, TooLong, compile_pattern
from wslint.runtime import numbers, path_tests, words
from wslint.runtime.model import Model, maker
from wslint.text import Span
from wslint.values.heap import Object
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Choice, Unknown, Value, is_constant, leaves

REGEXP = Model("RegExp")

MOST_REPEATED = 40_000
"""Characters of a text that `repeat` makes: more than what is limited to fewer."""

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

_PREFIX = frozenset({"startsWith", "startswith", "starts_with"})
_SUFFIX = frozenset({"endsWith", "endswith", "ends_with"})
_SAME = frozenset(
    {"toString", "valueOf", "normalize", "to_string", "clone", "as_str", "to_owned", "as_ref", "trim_matches"}
)
_UPPER = frozenset({"toUpperCase", "toLocaleUpperCase", "upper", "to_uppercase", "to_ascii_uppercase"})
_LOWER = frozenset(
    {"toLowerCase", "toLocaleLowerCase", "lower", "casefold", "to_lowercase", "to_ascii_lowercase"}
)

PURE = frozenset(
    _PREFIX | _SUFFIX | _SAME | _UPPER | _LOWER
    | {
        "trim", "strip", "match", "matchAll", "search", "includes", "contains", "split", "replace", "replaceAll", "slice",
        "substring", "substr", "indexOf", "lastIndexOf", "charAt", "at", "charCodeAt", "codePointAt", "padStart", "padEnd",
        "localeCompare", "test", "exec", "map", "filter", "find", "some", "every", "forEach", "reduce", "join", "concat",
        "toFixed", "toISOString", "getTime", "keys", "values", "entries", "has", "trimStart", "trimEnd", "repeat",
        "flatMap", "sort", "toJSON", "isalnum", "encode", "decode", "items", "rstrip", "lstrip", "splitlines", "isdigit",
        "get", "getReader", "arrayBuffer", "to_py", "as_deref", "unwrap_or", "unwrap_or_default", "is_some", "is_none", "is_ok",
        "is_err", "len", "is_empty", "iter", "into_iter", "copied", "cloned", "ok", "err", "as_bytes", "chars", "bytes",
        "hasOwnProperty", "toUTCString", "getFullYear", "byteLength", "push",
    }
)  # fmt: skip
"""Methods of texts, lists and dates that neither throw nor change what they are called on."""


def method(host: Any, text: str, call: Invocation) -> Value:
    """A method of a text; its arguments may be one of several."""
    if call.name in ("replace", "replaceAll") and not is_constant(host.known(call.argument(1))):
        return Unknown("a text", call.span)
    if text == host.path_asked and call.name in _PREFIX | _SUFFIX and _is_met(host, text, call):
        return True
    found = host.lift(lambda *given: _of_text(host, text, call, list(given)), *call.arguments)
    return of_path(host, found) if isinstance(text, PathText) else found


def _is_met(host: Any, path: str, call: Invocation) -> bool:
    """Whether `path.startsWith(…)` is a condition that this play takes for met."""
    kind: path_tests.Kind = "prefix" if call.name in _PREFIX else "suffix"
    given = host.known(call.argument(0))
    if not isinstance(given, str) or len(call.arguments) != 1 or len(given) < 2:
        return False
    return path_tests.asked(host, kind, given, path, call.span)


class PathText(str):
    """A text that came from the path of the request: conditions on it are routes."""


def of_path(host: Any, value: Value) -> Value:
    """What is made of a path's text comes from the path too."""
    host.tested_path = host.looked_at_path = True
    if isinstance(value, str):
        return PathText(value)
    if isinstance(value, Object) and value.kind == "Array":
        items = tuple(PathText(item) if isinstance(item, str) else item for item in value.slots["items"])
        return Object("Array", {**value.slots, "items": items}, value.place)
    return value


def cased(made: Unknown, text: Unknown, name: str) -> Unknown:
    """Whether a text is in lower or upper case: by a call, or because what it was cut out of is."""
    case = "lower" if name in _LOWER else "upper" if name in _UPPER else text.known.get("case")
    if case is not None and name in _LOWER | _UPPER | _CUTS:
        made.known["case"] = case
    return made


_CUTS = _SAME | {
    "trim",
    "strip",
    "slice",
    "substring",
    "substr",
    "trim_start",
    "trim_end",
    "trimStart",
    "trimEnd",
}


def bounded(made: Unknown, text: Unknown, call: Invocation) -> Unknown:
    """How long a part of a text may be: `slice(0, 40)` is at most 40 long."""
    cased(made, text, call.name)
    ends = [item for item in call.arguments if isinstance(item, (int, float)) and not isinstance(item, bool)]
    if call.name in ("slice", "substring", "substr") and len(ends) == 2 and ends[0] >= 0 and ends[1] >= 0:
        made.known.setdefault("most", ends[1] if call.name == "substr" else max(ends[1] - ends[0], 0))
    elif call.name in (
        "trim",
        "toLowerCase",
        "toUpperCase",
        "toString",
        "trimStart",
        "trimEnd",
        "lower",
        "upper",
        "strip",
    ):
        if "most" in text.known:
            made.known.setdefault("most", text.known["most"])
    return made


def _of_text(host: Any, text: str, call: Invocation, arguments: list[Value]) -> Value:
    from wslint.machine.operators import whole
    from wslint.runtime.arrays import array

    name, span = call.name, call.span
    first = arguments[0] if arguments else UNDEFINED
    second = arguments[1] if len(arguments) > 1 else UNDEFINED
    unknown = Unknown(f"`{name}` of a text", span)
    if name in _PREFIX and isinstance(first, str) and second is UNDEFINED:
        return text.startswith(first)
    if name in _SUFFIX and isinstance(first, str) and second is UNDEFINED:
        return text.endswith(first)
    if name in _UPPER:
        return text.upper()
    if name in _LOWER:
        return text.lower()
    if name in _SAME:
        return text if first is UNDEFINED else unknown
    if name in ("trim", "strip") and first is UNDEFINED:
        return numbers.trimmed(text) if name == "trim" else text.strip()
    if name in ("trimStart", "trimEnd"):
        cut = numbers.trimmed(text)
        at = text.index(cut) if cut else len(text)
        return text[at:] if name == "trimStart" else text[: at + len(cut)] if cut else ""
    if name in ("match", "search", "matchAll") and isinstance(first, Object) and first.kind == "RegExp":
        global_ = bool({"g", "y"} & set(first.extra[1]))
        return matched(host, first, text, call) if name == "match" and not global_ else unknown
    if name == "eq_ignore_ascii_case" and isinstance(first, str):
        return text.lower() == first.lower()
    if name in ("includes", "contains") and isinstance(first, str) and second is UNDEFINED:
        return first in text
    if name == "split" and first is UNDEFINED and not arguments:
        return array([text], span)
    if name == "split" and isinstance(first, str) and isinstance(second, float) and first:
        return array(text.split(first)[: max(int(second), 0)], span) if second >= 0 else unknown
    if name == "split" and isinstance(first, str) and second is UNDEFINED:
        return array(text.split(first) if first else list(text), span)
    if name in ("replace", "replaceAll") and isinstance(second, str) and "$" not in second:
        return _replaced(host, text, name, first, second, call)
    if name in ("slice", "substring", "substr"):
        return _cut(text, name, arguments, call)
    if name in ("indexOf", "lastIndexOf", "find") and isinstance(first, str) and second is UNDEFINED:
        return float(text.rfind(first) if name == "lastIndexOf" else text.find(first))
    if name in ("charAt", "at", "charCodeAt", "codePointAt"):
        place = whole(first if first is not UNDEFINED else 0.0)
        if place is None:
            return unknown
        if name == "at" and place < 0:
            place += len(text)
        there = 0 <= place < len(text)
        if name.endswith("CodeAt") or name == "codePointAt":
            return float(ord(text[place])) if there else float("nan")
        return text[place] if there else "" if name == "charAt" else UNDEFINED
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
    if name in ("chars", "bytes") and not arguments:
        return array(list(text), span)
    if name in _CHARACTERS and not arguments and len(text) == 1:
        return _CHARACTERS[name](text)
    if name in ("padStart", "padEnd", "repeat"):
        count = whole(first)
        if name == "repeat" and count is not None and count >= 0 and len(text) * count <= MOST_REPEATED:
            return text * count
        if name != "repeat" and count is not None and 0 <= count < MOST_TEXT:
            fill = second if isinstance(second, str) else " "
            need = max(count - len(text), 0)
            padding = (fill * (need // max(len(fill), 1) + 1))[:need]
            return padding + text if name == "padStart" else text + padding
        return Unknown("a long text", span)
    if name == "concat" and all(isinstance(item, str) for item in arguments):
        return text + "".join(arguments)
    if name == "localeCompare" and isinstance(first, str):
        return _collated(text, first) if second is UNDEFINED else Unknown("an order", span)
    if isinstance(first, Unknown):
        return first.derived(("of", name, text), f"`{name}` with {first.why}", span)
    return unknown


def _collated(text: str, other: str) -> Value:
    """The order of two texts of ASCII letters and digits: by letter, then small before large."""
    if text == other:
        return 0.0
    if not (text + other).isalnum() or not (text + other).isascii():
        return Unknown("an order")
    one, two = text.lower(), other.lower()
    if one == two:
        one, two = text.swapcase(), other.swapcase()
    return -1.0 if one < two else 1.0


def _replaced(host: Any, text: str, name: str, what: Value, by: str, call: Invocation) -> Value:
    if isinstance(what, str):
        return text.replace(what, by) if name == "replaceAll" else text.replace(what, by, 1)
    if isinstance(what, Object) and what.kind == "RegExp":
        pattern = compiled(what)
        if pattern is not None and len(text) <= MOST_TEXT and "$" not in by:
            with suppress(TooLong):
                return pattern.sub(lambda _: by, text, count=0 if "g" in what.extra[1] else 1)
    return Unknown("a text", call.span)


def _cut(text: str, name: str, arguments: list[Value], call: Invocation) -> Value:
    from wslint.machine.operators import whole

    places = [0 if item is UNDEFINED else whole(item) for item in arguments]
    if None in places:
        return Unknown("a part of a text", call.span)
    begin = places[0] if places and places[0] is not None else 0
    end = places[1] if len(places) > 1 and arguments[1] is not UNDEFINED else None
    if name == "slice":
        return text[begin:end]
    if name == "substr":
        begin = max(begin + len(text), 0) if begin < 0 else begin
        return text[begin:] if end is None else text[begin : begin + max(end, 0)]
    begin, end = max(begin, 0), len(text) if end is None else max(end, 0)
    return text[min(begin, end) : max(begin, end)]


# Regular expressions


def regexp(source: str, flags: str, span: Any = None) -> Object:
    return Object("RegExp", {}, span, (source, flags))


@maker("RegExp")
def _regexp(host: Any, call: Invocation) -> Value:
    source, flags = host.known(call.argument(0)), host.known(call.argument(1))
    if isinstance(source, Object) and source.kind == "RegExp":
        return source
    data = call.span.file.data
    if flags is UNDEFINED and data[call.span.start : call.span.start + 1] == b"/":
        found = re.search(rb"/([a-z]*)$", data[call.span.start : call.span.end])
        flags = found[1].decode() if found else ""
    if not isinstance(source, str) or not (flags is UNDEFINED or isinstance(flags, str)):
        return Unknown("a regular expression", call.span)
    return regexp(source, flags if isinstance(flags, str) else "", call.span)


def compiled(regex: Object) -> Pattern | None:
    """The pattern, matched in bounded time; None for what is not read."""
    source, flags = regex.extra
    if len(source) > MOST_PATTERN:
        return None
    if flags == "python":
        return compile_pattern(source, "python")
    if set(flags) - set("dgimsu"):
        return None
    return compile_pattern(source, "javascript", "".join(set(flags) & set("ims")))


@REGEXP.method("test", "exec")
def _test(host: Any, call: Invocation) -> Value:
    regex: Object = call.this

    def one(text: Value) -> Value:
        if isinstance(text, Unknown):
            key = (call.name, regex.extra)
            return text.derived(key, f"whether {text.why} matches", call.span)
        if isinstance(text, str):
            host.tested_path = host.tested_path or isinstance(text, PathText)
            if (
                {"g", "y"} & set(regex.extra[1])
                and regex.extra[1] != "python"
                and not _first_use(host, regex)
            ):
                return Unknown("a match that begins where the last one ended", call.span)
            found = matched(host, regex, text, call)
            return found is not None if call.name == "test" and not isinstance(found, Unknown) else found
        return Unknown("a match", call.span)

    return host.lift(one, call.argument(0))


def _first_use(host: Any, regex: Object) -> bool:
    """Whether a pattern that remembers where it ended is used for the first time."""
    before = host.known(regex.slots.get("used"))
    host.put(regex.slots, "used", True)
    return before is None


def matched(host: Any, regex: Object, text: str, call: Invocation) -> Value:
    """What `exec` gives for one text."""
    from wslint.runtime.arrays import array

    pattern = compiled(regex)
    if pattern is None or len(text) > MOST_TEXT:
        return Unknown(f"whether `/{regex.extra[0][:40]}/` matches", call.span)
    text = path_tests.searched(host, "javascript", regex.extra[0], text, regex.place or call.span)
    try:
        match = pattern.search(text)
    except TooLong:
        return Unknown(f"whether `/{regex.extra[0][:40]}/` matches", call.span)
    if match is None:
        return None
    kind = PathText if isinstance(text, PathText) else str
    if kind is PathText:
        host.tested_path = host.looked_at_path = True
    groups = [UNDEFINED if value is None else kind(value) for value in (match[0], *match.groups())]
    made = array(groups, call.span)
    named = {
        ("p", name): UNDEFINED if value is None else kind(value) for name, value in match.groupdict().items()
    }
    made.slots[("p", "groups")] = Object("Object", dict(named), call.span) if named else UNDEFINED
    made.slots[("p", "index")] = float(match.start())
    return made


@REGEXP.getter("source", "flags", "lastIndex", "global")
def _source(host: Any, regex: Object, span: Any) -> Value:
    return Unknown("a property of a regular expression", span)


# Numbers


def number_method(host: Any, value: Value, call: Invocation) -> Value:
    from wslint.machine.operators import text_of

    if call.name == "valueOf":
        return value
    if call.name in ("toString", "to_string", "toLocaleString") and not call.arguments:
        return text_of(value) if call.name != "toLocaleString" else Unknown("a text", call.span)
    given = host.known(call.argument(0))
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    found: str | None = None
    if call.name == "toString" and number and isinstance(given, float) and 2 <= given <= 36:
        found = numbers.in_base(value, int(given)) if given != 10 else text_of(value)
    if call.name == "toFixed" and number and (given is UNDEFINED or isinstance(given, float)):
        found = numbers.fixed(value, int(given) if isinstance(given, float) else 0)
    return Unknown(f"`{call.name}`", call.span) if found is None else found


@maker("Number", "parseInt", "parseFloat", "Number.parseInt", "Number.parseFloat", "int", "float")
def _number(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import numeric, text_of

    radix = host.known(call.argument(1))
    whole = call.name.endswith(("parseInt", "int"))

    def one(held: Value) -> Value:
        if isinstance(held, Unknown):
            return held.derived(("call", call.name), f"the number of {held.why}", call.span)
        if call.name == "Number" and is_constant(held):
            return numeric(held) if call.arguments else 0.0
        if isinstance(held, (bool, int, float)) and call.name in ("int", "float"):
            return float(held)
        text = text_of(held)
        if text is None or isinstance(held, Object):
            return Unknown("a number", call.span)
        if not whole:
            return numbers.parsed_float(text)
        if not (radix is UNDEFINED or isinstance(radix, (int, float))):
            return Unknown("a number", call.span)
        return numbers.parsed_int(text, float(radix) if isinstance(radix, (int, float)) else 0.0)

    return host.lift(one, call.argument(0))


@maker("isNaN", "Number.isNaN", "isFinite", "Number.isFinite", "Number.isInteger", "Number.isSafeInteger")
def _is_number(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import numeric

    def one(held: Value) -> Value:
        if isinstance(held, Unknown):
            return held.derived(("call", call.name), f"`{call.name}` of {held.why}", call.span)
        if call.name in ("isNaN", "isFinite"):
            held = numeric(held) if is_constant(held) else Unknown("a number", call.span)
            if isinstance(held, Unknown):
                return held
        if isinstance(held, bool) or not isinstance(held, (int, float)):
            return False
        if call.name.endswith("isNaN"):
            return held != held
        finite = held == held and abs(held) != float("inf")
        if call.name == "Number.isSafeInteger":
            return finite and held == int(held) and abs(held) < 2**53
        return finite and (held == int(held) if "Integer" in call.name else True)

    return host.lift(one, call.argument(0))


@maker("String", "str")
def _string(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import joined

    if not call.arguments:
        return ""
    held = host.known(call.argument(0))
    if isinstance(held, Object) and held.kind in ("Address", "URL"):
        from wslint.runtime import url

        return url.text_of(host, held)
    return host.lift(lambda one: joined(host, [one], call.span), call.argument(0))


@maker("Boolean", "bool")
def _boolean(host: Any, call: Invocation) -> Value:
    from wslint.runtime.arrays import truth_of

    return truth_of(host, call.argument(0), call)


# JSON


@maker("JSON.stringify")
def _stringify(host: Any, call: Invocation) -> Value:
    held = host.known(call.argument(0))
    if isinstance(held, Object) and host.known(call.argument(1)) not in (None, UNDEFINED):
        return Unknown("JSON", call.span, "world")  # what a replacer leaves of it

    def one(value: Value) -> Value:
        return UNDEFINED if value is UNDEFINED else json_of(host, value, call.span)

    # One text of all its cases, but where there is none in some.
    return host.lift(one, held) if any(leaf is UNDEFINED for leaf in leaves(held)) else one(held)


def json_of(host: Any, value: Value, span: Span) -> Unknown:
    """The JSON of a value, as it is now: what is changed later is not changed there."""
    from wslint.runtime.socket import frozen

    held = host.known(value)
    made = Unknown("JSON", span, held.owner if isinstance(held, Unknown) else "world")
    made.known["json of"] = _without_undefined(host, frozen(host, held), 0)
    made.known["type"] = "string"
    return made


def _without_undefined(host: Any, value: Value, depth: int) -> Value:
    """A copy as JSON has it: without what is undefined or a function; in a list that is null, as is what no number is."""
    from wslint.machine.scope import ClassValue, Closure, Native

    def one(held: Value) -> Value:
        if held is UNDEFINED or isinstance(held, Closure | Native | ClassValue):
            return None
        if isinstance(held, float) and (held != held or abs(held) == float("inf")):
            return None
        return _without_undefined(host, held, depth + 1)

    if not isinstance(value, Object) or depth > 6 or ("p", "toJSON") in value.slots:
        return value
    if value.kind == "Array" and isinstance(value.slots.get("items"), tuple):
        value.slots["items"] = tuple(host.lift(one, item) for item in value.slots["items"])
        if value.extra == "tuple":
            value.extra = "list"
    elif value.kind in ("Object", "Map"):
        for key, held in list(value.slots.items()):
            if (
                isinstance(key, tuple)
                and key[0] == "p"
                and (held is UNDEFINED or isinstance(held, Closure | Native))
            ):
                del value.slots[key]
            elif isinstance(key, tuple) and key[0] in ("p", "c"):
                value.slots[key] = host.lift(lambda leaf: leaf if leaf is UNDEFINED else one(leaf), held)
    return value


def _refused(text: str) -> None:
    """What Python's JSON takes, and JSON is not: NaN, Infinity."""
    raise ValueError(text)


@maker("JSON.parse")
def parse(host: Any, call: Invocation) -> Value:
    """JSON of a text: of one that is not known it may fail."""
    reviver = host.known(call.argument(1))
    if call.name == "JSON.parse" and reviver is not UNDEFINED and reviver is not None:
        plain = Invocation(call.name, call.this, call.arguments[:1], call.span, unit=call.unit)
        held = parse(host, plain)
        owner = held.owner if isinstance(held, Unknown) else "world"
        return Unknown("what a reviver makes of JSON", call.span, owner)

    def one(held: Value) -> Value:
        if call.name == "JSON.parse" and (held is None or isinstance(held, (bool, float))):
            return held
        if isinstance(held, Unknown):
            source = held.known.get("json of")
            if source is not None:
                from wslint.runtime.socket import frozen

                return frozen(host, source)
            if held.owner != "world":  # else the code stored it itself
                choice = held.known.get("is json")
                if choice is None:
                    choice = Choice(
                        held.owner, call.span, {1: f"{held.why} is no JSON", 2: f"{held.why} is JSON"}, 3
                    )
                    held.known["is json"] = choice
                host.throws_where(choice, 1, words.NOT_JSON, call.span)
            return held.derived("parsed", f"what {held.why} holds", call.span)
        if isinstance(held, str):
            import json

            try:
                return of_data(json.loads(held, parse_constant=_refused), call)
            except (ValueError, RecursionError):
                host.throw(f'{words.NOT_JSON}: "{held[:20]}" is not valid JSON', call.span)
        if held is UNDEFINED:
            host.throw('SyntaxError: "undefined" is not valid JSON', call.span)
        if isinstance(held, Object) and held.kind in ("ArrayBuffer", "Blob", "Object", "Uint8Array"):
            host.throw(f'SyntaxError: "[object {held.kind}]" is not valid JSON', call.span)
        return Unknown("JSON", call.span)

    return host.each(call.argument(0), one)


def of_data(data: Any, call: Invocation) -> Value:
    """A value of JSON."""
    from wslint.runtime.arrays import array

    if isinstance(data, dict):
        return Object(
            "Object", {("p", str(key)): of_data(held, call) for key, held in data.items()}, call.span
        )
    if isinstance(data, list):
        return array([of_data(item, call) for item in data], call.span)
    return float(data) if isinstance(data, (int, float)) and not isinstance(data, bool) else data
