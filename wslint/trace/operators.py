"""Operators over known values: comparisons, arithmetic, `in`, `instanceof`, `typeof`."""

from __future__ import annotations

from wslint.runtime_members import OF_EVERY_OBJECT
from wslint.runtime_members import members as members_of
from wslint.trace.values import (
    UNDEFINED,
    Arr,
    Cls,
    CtxV,
    Fn,
    Global,
    Held,
    Inst,
    Obj,
    Promise,
    Regex,
    Req,
    Resp,
    Text,
    Unknown,
    Url,
    Val,
)

_COMPARED = (str, float, int, bool, type(None), type(UNDEFINED))


def whole(value: Val) -> int | None:
    """A finite number without its fraction; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 2**53:
        return None
    return int(value)


def status_of(value: Val) -> int | Unknown:
    """A number as a status."""
    found = whole(value)
    return Unknown("a status") if found is None else found


def unary(operator: str, value: Val) -> Val:
    if operator == "void":
        return UNDEFINED
    if operator == "delete":
        return True
    if operator == "typeof":
        return _type_of(value)
    if isinstance(value, (bool, int, float)) and operator in ("-", "+", "~"):
        if operator == "~":
            number = whole(value)
            return Unknown("`~`") if number is None else float(~number)
        return -float(value) if operator == "-" else float(value)
    return Unknown(f"`{operator}`")


def _type_of(value: Val) -> Val:
    if isinstance(value, Unknown):
        return Unknown("its type")
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (int, float)):
        return "number"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, (Fn, Cls)):
        return "function"
    if isinstance(value, (Global, Promise)):
        return Unknown("its type") if isinstance(value, Global) else "object"
    return "object"


def binary(operator: str, left: Val, right: Val) -> Val:
    """An operator over two values."""
    if operator in ("===", "==", "!==", "!="):
        found = equal(left, right, loose=len(operator) == 2)
        return Unknown("a comparison") if found is None else found is (operator[0] == "=")
    if operator in ("in", "not in"):
        found = _in(left, right)
        return Unknown("`in`") if found is None else found is (operator == "in")
    if operator == "instanceof":
        return _instance_of(left, right)
    if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
        first, second = text_of(left), text_of(right)
        if first is None or second is None:
            return Unknown("a text")
        origin = getattr(left, "origin", "") or getattr(right, "origin", "")
        return Text(first + second, origin) if origin else first + second
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return _arithmetic(operator, left, right)
    if isinstance(left, str) and isinstance(right, str) and operator in ("<", ">", "<=", ">="):
        return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator]
    return Unknown(f"`{operator}`")


def _arithmetic(operator: str, left: float, right: float) -> Val:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/" if right:
            return left / right
        case "%" if right and left >= 0:
            return float(left % right)
        case "<":
            return left < right
        case ">":
            return left > right
        case "<=":
            return left <= right
        case ">=":
            return left >= right
    return Unknown(f"`{operator}`")


def equal(left: Val, right: Val, loose: bool = False) -> bool | None:
    """Whether two values are equal; None when that is not known."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return True if left is right else None
    if loose and (left is None or left is UNDEFINED) and (right is None or right is UNDEFINED):
        return True
    if isinstance(left, _COMPARED) and isinstance(right, _COMPARED):
        kinds = [_type_of(value) if value is not None else "null" for value in (left, right)]
        if kinds[0] != kinds[1]:
            nothing = {"null", "undefined"} & set(kinds)
            return None if loose and not nothing else False
        return bool(left == right)
    if isinstance(left, _COMPARED) or isinstance(right, _COMPARED):
        other = right if isinstance(left, _COMPARED) else left
        return None if loose or isinstance(other, Global) else False
    return True if left is right else None if isinstance(left, Global) else False


def _in(key: Val, holder: Val) -> bool | None:
    if isinstance(holder, Obj) and isinstance(key, str):
        return True if key in holder.fields else None if holder.open else False
    if isinstance(holder, CtxV) and isinstance(key, str):
        kind = "DurableObjectState" if holder.durable else "ExecutionContext"
        return key in members_of(kind) | OF_EVERY_OBJECT
    if isinstance(holder, Held) and not holder.open and isinstance(key, (str, float)):
        return key in holder.items
    if isinstance(holder, str) and isinstance(key, str):  # Python's
        return key in holder
    if isinstance(holder, Arr) and not holder.open:
        found = [equal(key, item) for item in holder.items]
        return True if True in found else None if None in found else False
    return None


def _instance_of(value: Val, cls: Val) -> Val:
    name = cls.name if isinstance(cls, Global) else ""
    for kind, called in (
        (Resp, "Response"),
        (Req, "Request"),
        (Url, "URL"),
        (Arr, "Array"),
        (Regex, "RegExp"),
    ):
        if name == called:
            return Unknown("`instanceof`") if isinstance(value, Unknown) else isinstance(value, kind)
    if name in ("Error", "TypeError") and isinstance(value, Obj):
        return True if value.fields.get("name") == name or name == "Error" else Unknown("`instanceof`")
    if isinstance(cls, Cls) and isinstance(value, Inst):
        return True if value.cls.node is cls.node else Unknown("`instanceof`")
    return Unknown("`instanceof`")


def text_of(value: Val) -> str | None:
    """A value as JavaScript writes it into a text; None when that is not known."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        if value != value or abs(value) == float("inf"):
            return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
        return str(int(value)) if abs(value) < 1e15 and value == int(value) else None
    if value is None:
        return "null"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, Url):
        return href(value)
    return None


def href(url: Url) -> str | None:
    """The whole address; None when the host is not known."""
    if not isinstance(url.host, str) or not isinstance(url.scheme, str):
        return None
    return f"{url.scheme}://{url.host}{url.path}{url.query}{url.hash}"
