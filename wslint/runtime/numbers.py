"""Numbers: what a text is as one, and how one is written."""

from __future__ import annotations

import re

_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Infinity", re.ASCII)
_BASES = {"0x": (16, "0123456789abcdef"), "0o": (8, "01234567"), "0b": (2, "01")}
_SPACE = " \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NAN = float("nan")


def trimmed(text: str) -> str:
    """A text without what JavaScript calls white space at its ends."""
    return text.strip(_SPACE)


def number_of(text: str) -> float:
    """`Number(text)`."""
    text = trimmed(text)
    if not text:
        return 0.0
    base = _BASES.get(text[:2].lower())
    if base is not None:
        digits = text[2:].lower()
        return float(int(digits, base[0])) if digits and set(digits) <= set(base[1]) else _NAN
    return _float(text) if _DECIMAL.fullmatch(text) else _NAN


def parsed_float(text: str) -> float:
    """`parseFloat(text)`: as much of it as is a number."""
    found = _DECIMAL.match(trimmed(text))
    return _float(found[0]) if found else _NAN


def parsed_int(text: str, radix: float) -> float:
    """`parseInt(text, radix)`; 0 stands for no radix."""
    text = trimmed(text).lower()
    sign = -1.0 if text.startswith("-") else 1.0
    text = text.removeprefix("-") if sign < 0 else text.removeprefix("+")
    base = int(radix) if radix == radix else 0
    if base in (0, 16) and text.startswith("0x"):
        text, base = text[2:], 16
    base = base or 10
    if not 2 <= base <= 36:
        return _NAN
    digits = ""
    for sign_ in text:
        if sign_ not in _DIGITS[:base]:
            break
        digits += sign_
    return sign * float(int(digits, base)) if digits else _NAN


def _float(text: str) -> float:
    return float(text.replace("Infinity", "inf"))


def written(value: float) -> str:
    """A number as JavaScript writes it."""
    if value != value or abs(value) == float("inf"):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    if value == int(value) and abs(value) < 1e21:
        return str(int(repr(value).split("e")[0].split(".")[0])) if abs(value) < 1e16 else _whole(value)
    mantissa, mark, exponent = repr(float(value)).partition("e")
    if not mark:
        return mantissa
    power = int(exponent)
    if -7 < power < 0:
        sign = "-" if mantissa.startswith("-") else ""
        digits = mantissa.lstrip("-").replace(".", "")
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    return f"{mantissa.removesuffix('.0')}e{'+' if power > 0 else '-'}{abs(power)}"


def _whole(value: float) -> str:
    """A large whole number: the shortest digits that mean it, then noughts."""
    mantissa, _, exponent = repr(float(value)).partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, part = mantissa.lstrip("-").partition(".")
    part = part.rstrip("0")
    power = int(exponent or 0)
    return sign + whole + part + "0" * (power - len(part))


def fixed(value: float, places: int) -> str | None:
    """`value.toFixed(places)`; None for what it does not write so."""
    if value != value or abs(value) >= 1e21:
        return None
    from decimal import ROUND_HALF_UP, Decimal

    exact = Decimal(abs(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{'-' if value < 0 and exact else ''}{exact:f}" if value >= 0 or exact else f"-{exact:f}"


def in_base(value: float, base: int) -> str | None:
    """A whole number in another base; None for others."""
    if value != value or value != int(value) or abs(value) > 2**53:
        return None
    number, digits = abs(int(value)), ""
    while number or not digits:
        digits = _DIGITS[number % base] + digits
        number //= base
    return ("-" if value < 0 else "") + digits
