"""Methods of texts, characters and numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from wslint.regex import regex
from wslint.runtime import text as text_model
from wslint.runtime.arrays import array
from wslint.runtime.rust.iterators import iterator
from wslint.runtime.rust.names import on
from wslint.runtime.rust.results import err, some, where
from wslint.values.host import Invocation
from wslint.values.value import UNDEFINED, Unknown, Value, is_constant

_SAME = frozenset(
    [
        "to_string",
        "to_owned",
        "as_str",
        "clone",
        "into",
        "as_ref",
        "borrow",
        "to_str",
        "as_deref",
        "deref",
        "into_string",
        "into_boxed_str",
        "as_mut_str",
        "to_lossy",
        "to_text",
    ]
)
_CHARACTERS: dict[str, Callable[[str], bool]] = {
    "is_ascii_alphanumeric": lambda sign: sign.isascii() and sign.isalnum(),
    "is_alphanumeric": str.isalnum,
    "is_ascii_alphabetic": lambda sign: sign.isascii() and sign.isalpha(),
    "is_alphabetic": str.isalpha,
    "is_ascii_digit": lambda sign: sign.isascii() and sign.isdigit(),
    "is_numeric": str.isnumeric,
    "is_ascii_uppercase": lambda sign: sign.isascii() and sign.isupper(),
    "is_uppercase": str.isupper,
    "is_ascii_lowercase": lambda sign: sign.isascii() and sign.islower(),
    "is_lowercase": str.islower,
    "is_whitespace": str.isspace,
    "is_ascii_whitespace": lambda sign: sign in " \t\n\r\f",
    "is_control": lambda sign: ord(sign) < 32 or 127 <= ord(sign) < 160,
    "is_ascii_hexdigit": lambda sign: sign in "0123456789abcdefABCDEF",
    "is_ascii_punctuation": lambda sign: (
        sign.isascii() and sign.isprintable() and not sign.isalnum() and sign != " "
    ),
}
_INTEGER = regex(r"\+?\d+|-\d+")
_MOST = {
    "u8": 2**8,
    "u16": 2**16,
    "u32": 2**32,
    "u64": 2**64,
    "usize": 2**32,
    "i8": 2**7,
    "i16": 2**15,
    "i32": 2**31,
    "i64": 2**63,
}
PURE = frozenset(
    _SAME | set(_CHARACTERS)
    | {"split", "splitn", "rsplit", "split_once", "rsplit_once", "chars", "bytes", "char_indices", "lines", "trim", "trim_start", "trim_end", "trim_matches", "trim_start_matches", "trim_end_matches", "starts_with", "ends_with", "contains", "strip_prefix", "strip_suffix", "to_uppercase", "to_lowercase", "to_ascii_uppercase", "to_ascii_lowercase", "len", "is_empty", "parse", "replace", "replacen", "find", "rfind", "get", "as_bytes", "eq_ignore_ascii_case", "repeat", "split_whitespace", "split_at", "first", "last", "is_char_boundary", "is_ascii", "to_digit", "into_bytes", "split_terminator", "eq", "ne", "cmp", "partial_cmp", "max", "min", "saturating_sub", "checked_sub", "wrapping_sub", "saturating_add", "checked_add", "wrapping_add", "abs", "pow", "clamp", "as_millis", "as_secs", "to_vec", "as_slice", "keys", "values", "iter", "into_iter", "iter_mut", "contains_key", "get_mut", "as_str", "as_u64", "as_i64", "as_f64", "as_bool", "as_array", "as_object", "is_null", "is_string", "elapsed", "rem_euclid", "div_ceil", "is_positive", "count", "to_le_bytes"}
)  # fmt: skip
"""Methods of texts, numbers and lists that change nothing."""


@on(
    "text",
    *(PURE - {"iter", "into_iter", "keys", "values", "iter_mut"}),
    "matches",
    "rmatches",
    "match_indices",
    "char_count",
)
def method(host: Any, call: Invocation) -> Value:
    """A method of a text whose arguments may be one of several, or functions."""
    first = host.known(call.argument(0))
    if call.arguments and not is_constant(first) and not isinstance(first, Unknown):
        return _by_function(host, call, first)
    return host.lift(lambda *given: _of_text(host, call, list(given)), *call.arguments)


def _by_function(host: Any, call: Invocation, first: Value) -> Value:
    """`text.split(|c| …)` and its kin, `text.find(char::is_numeric)`; a slice of characters."""
    from wslint.machine import members
    from wslint.values.heap import Object

    text: str = call.this
    signs = members.items(host, first) if isinstance(first, Object) else None
    if call.name in (
        "contains",
        "find",
        "starts_with",
        "ends_with",
        "split",
        "trim_matches",
        "trim_start_matches",
        "trim_end_matches",
    ):
        hits: list[Value] = []
        for sign in text[:64]:
            if signs is not None:
                hits.append(sign in signs)
            else:
                hits.append(host.known(host.call(first, [sign], call.span)))
        if len(text) <= 64 and all(isinstance(hit, bool) for hit in hits):
            return _matched(call, text, hits)
    return Unknown(f"`{call.name}` of a text", call.span)


def _matched(call: Invocation, text: str, hits: list[Value]) -> Value:
    match call.name:
        case "contains":
            return True in hits
        case "find":
            return float(len(text[: hits.index(True)].encode())) if True in hits else None
        case "starts_with":
            return bool(hits) and hits[0]
        case "ends_with":
            return bool(hits) and hits[-1]
        case "split":
            parts = [""]
            for sign, hit in zip(text, hits, strict=True):
                if hit:
                    parts.append("")
                else:
                    parts[-1] += sign
            return iterator(parts, call.span)
    begin, end = 0, len(text)
    while call.name != "trim_end_matches" and begin < end and hits[begin]:
        begin += 1
    while call.name != "trim_start_matches" and end > begin and hits[end - 1]:
        end -= 1
    return text[begin:end]


def _of_text(host: Any, call: Invocation, arguments: list[Value]) -> Value:
    text, name, span = call.this, call.name, call.span
    first = arguments[0] if arguments else UNDEFINED
    second = arguments[1] if len(arguments) > 1 else UNDEFINED
    unknown = next((one for one in arguments if isinstance(one, Unknown)), None)
    if unknown is not None:
        return unknown.derived(("of", name, text), f"`{name}` with {unknown.why}", span)
    if name in _SAME and not arguments:
        return text
    if name in _CHARACTERS and len(text) == 1:
        return _CHARACTERS[name](text)
    match name, first, second:
        case "split", str(), _ if first:
            return iterator(text.split(first), span)
        case "splitn", float(), str() if first >= 1 and second:
            return iterator(text.split(second, int(first) - 1), span)
        case "rsplit", str(), _ if first:
            return iterator(text.split(first)[::-1], span)
        case "split_terminator", str(), _ if first:
            parts = text.split(first)
            return iterator(parts[:-1] if parts and not parts[-1] else parts, span)
        case (("split_once" | "rsplit_once"), str(), _) if first:
            if first not in text:
                return None
            before, _, after = text.partition(first) if name == "split_once" else text.rpartition(first)
            return some(host, array((before, after), span))
        case "chars", _, _:
            return iterator(list(text), span)
        case "char_indices", _, _ if text.isascii():
            return iterator([array((float(at), sign), span) for at, sign in enumerate(text)], span)
        case "bytes", _, _:
            return iterator([float(byte) for byte in text.encode()], span)
        case (("as_bytes" | "into_bytes" | "to_vec"), _, _):
            return array([float(byte) for byte in text.encode()], span)
        case "lines", _, _:
            *rows, last = text.split("\n")  # neither a lone `\r` nor U+2028 ends one
            return iterator([row.removesuffix("\r") for row in rows] + [last] * bool(last), span)
        case "split_whitespace", _, _:
            return iterator(text.split(), span)
        case "trim", _, _:
            return text.strip()
        case "trim_start", _, _:
            return text.lstrip()
        case "trim_end", _, _:
            return text.rstrip()
        case (("trim_matches" | "trim_start_matches" | "trim_end_matches"), str(), _) if first:
            while name != "trim_end_matches" and text.startswith(first):
                text = text[len(first) :]
            while name != "trim_start_matches" and text.endswith(first):
                text = text[: len(text) - len(first)]
            return text
        case (("find" | "rfind"), str(), _):
            at = text.find(first) if name == "find" else text.rfind(first)
            return float(len(text[:at].encode())) if at >= 0 else None
        case "replace", str(), str():
            return text.replace(first, second)
        case "replacen", str(), str() if isinstance(arguments[-1], float):
            return text.replace(first, second, int(arguments[-1]))
        case "parse", _, _:
            return _parsed(call, text)
        case "is_ascii", _, _:
            return text.isascii()
        case (("eq" | "ne"), str(), _):
            return (text == first) == (name == "eq")
        case "to_digit", float(), _ if len(text) == 1 and first == 10:
            return float(text) if text.isascii() and text.isdigit() else None
        case "count", _, _:
            return float(len(text))
        case "to_lowercase" | "to_ascii_lowercase", _, _:
            return text.lower() if text.isascii() or name == "to_lowercase" else Unknown("a text", span)
        case "to_uppercase" | "to_ascii_uppercase", _, _:
            return text.upper() if text.isascii() or name == "to_uppercase" else Unknown("a text", span)
        case "eq_ignore_ascii_case", str(), _ if text.isascii() and first.isascii():
            return text.lower() == first.lower()
    if name in (
        "starts_with",
        "ends_with",
        "contains",
        "strip_prefix",
        "strip_suffix",
        "len",
        "is_empty",
        "repeat",
    ):
        return text_model.method(host, text, Invocation(name, text, arguments, span))
    return Unknown(f"`{name}` of a text", span)


def _parsed(call: Invocation, text: str) -> Value:
    kind = call.keywords.get("type", "")
    kind = kind if isinstance(kind, str) else ""
    wanted = next((word for word in _MOST if re.search(rf"\b{word}\b", kind)), "")
    if wanted:
        if not _INTEGER.fullmatch(text) or (wanted[0] == "u" and text.startswith("-")):
            return err("invalid digit found in string", call.span, "ParseIntError")
        value = int(text)
        if not -_MOST[wanted] <= value < _MOST[wanted]:
            return err("number too large to fit in target type", call.span, "ParseIntError")
        return float(value)
    if kind.endswith("String"):
        return text
    if "bool" in kind:
        return {"true": True, "false": False}.get(
            text, err("provided string was not `true` or `false`", call.span)
        )
    return Unknown(f"what `{text[:20]}` is parsed to", call.span, "unread")


@on("number", *PURE)
def number(host: Any, call: Invocation) -> Value:
    from wslint.machine.operators import text_of

    value, span = call.this, call.span

    def one(first: Value) -> Value:
        if isinstance(value, bool):
            return (
                value
                if call.name in ("clone", "to_owned", "into")
                else text_of(value)
                if call.name == "to_string"
                else _unknown(first)
            )
        match call.name:
            case "to_string":
                return text_of(value)
            case "clone" | "into" | "to_owned" | "as_ref":
                return value
            case "max" | "min" if isinstance(first, float):
                return max(value, first) if call.name == "max" else min(value, first)
            case "saturating_sub" if isinstance(first, float) and value >= first:
                return value - first
            case "saturating_add" | "checked_add" | "wrapping_add" if (
                isinstance(first, float) and 0 <= value + first < 256
            ):
                return value + first
            case "eq" | "ne" if isinstance(first, float):
                return (value == first) == (call.name == "eq")
            case name if name in _CHARACTERS and 0 <= value < 256:
                return _CHARACTERS[name](chr(int(value)))
            case "to_ascii_uppercase" | "to_ascii_lowercase" if 0 <= value < 128:
                sign = chr(int(value))
                return float(ord(sign.upper() if call.name.endswith("uppercase") else sign.lower()))
        return _unknown(first)

    def _unknown(first: Value) -> Value:
        if isinstance(first, Unknown):
            return first.derived(("of", call.name, value), f"`{call.name}` with {first.why}", span)
        return Unknown(f"`{call.name}` of a number", span)

    return host.lift(one, call.argument(0))


@on("number", "then", "then_some")
def then(host: Any, call: Invocation) -> Value:
    """`condition.then(…)`: an Option."""
    first = call.argument(0)

    def yes() -> Value:
        return some(host, host.call(first, [], call.span) if call.name == "then" else first)

    return where(host, call.this, call.span, yes, lambda: None)
