"""Strings, templates, and the names of properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wslint.regex import regex
from wslint.source import tree
from wslint.source.javascript.lower.lowering import Lowering
from wslint.source.javascript.syntax import meaningful

if TYPE_CHECKING:
    from tree_sitter import Node

_ESCAPE = regex(r"\\(?:u\{([0-9a-fA-F]{1,8})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_SHORT |= dict.fromkeys(("\n", "\r\n", "\r", "\u2028", "\u2029"), "")
_SURROGATE = regex("[\ud800-\udfff]")


def cooked(raw: str) -> str:
    """A string's text with its escapes resolved."""
    if "\\" not in raw:
        return raw
    found = _ESCAPE.sub(_unescape, raw)
    if _SURROGATE.search(found):  # two escapes that make one character, or half of one
        return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return found


def _unescape(match: re.Match[str]) -> str:
    point = match[1] or match[2] or match[3]
    if point is not None:
        number = int(point, 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _SHORT.get(match[4], match[4])


def string(lowering: Lowering, node: Node) -> tree.Text:
    start, end = node.start_byte, node.end_byte
    return tree.Text(start, end, cooked(lowering.data[start + 1 : end - 1].decode("utf-8", "replace")))


def template(lowering: Lowering, node: Node) -> tree.Text:
    """A template. With substitutions, `parts` is text, expression, text, …, text."""
    start, end = node.start_byte, node.end_byte
    parts: list[str | tree.Expression] = []
    at = start + 1
    for child in node.named_children:
        if child.type == "template_substitution":
            parts.append(cooked(lowering.data[at : child.start_byte].decode("utf-8", "replace")))
            inner = meaningful(child)
            parts.append(lowering.required(inner, child))
            at = child.end_byte
        elif child.is_error:
            parts += ["", lowering.expression(child)]
    last = cooked(lowering.data[at : end - 1].decode("utf-8", "replace"))
    return tree.Text(start, end, None, [*parts, last]) if parts else tree.Text(start, end, last)


def raw_parts(lowering: Lowering, node: Node) -> list[str]:
    """The fixed parts of a template as they are written, without escapes resolved."""
    ends = [child for child in node.named_children if child.type == "template_substitution"]
    starts = [node.start_byte + 1, *(child.end_byte for child in ends)]
    stops = [*(child.start_byte for child in ends), node.end_byte - 1]
    return [
        lowering.data[start:stop].decode("utf-8", "replace")
        for start, stop in zip(starts, stops, strict=True)
    ]


def property_name(lowering: Lowering, node: Node) -> str | None:
    """A property's name as written in front of `:`, `=` or `(`; None when it is computed."""
    kind = node.type
    if kind == "string":
        return string(lowering, node).value
    if kind == "computed_property_name":
        inner = meaningful(node)
        if inner is None:
            return None
        if inner.type == "string":
            return string(lowering, inner).value
        if inner.type == "template_string":
            return template(lowering, inner).value
        return lowering.text(inner) if inner.type == "number" else None
    return lowering.text(node)
