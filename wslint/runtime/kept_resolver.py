"""Promises whose `resolve` is only put away: into a field or a variable that nobody reads, or that only the handlers of
hibernating sockets do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wslint.regex import regex
from wslint.runtime.names import HANDLERS
from wslint.source import tree
from wslint.text import SourceFile
from wslint.values.host import Invocation

NOBODY = "the promise is never settled"
A_MESSAGE = "it waits for what a socket says, and a socket opens with the 101 only"

_INDIRECT = regex(
    rb"(?:\bthis|\bself|\bglobalThis)\s{0,9}\[|Object\.(?:values|entries|assign)\(\s{0,9}(?:this|globalThis)\b|\beval\("
    rb"|\.webSocket(?:Message|Close|Error)\s{0,9}[(.]"
)
"""Code that may read a field without naming it, or that calls a handler itself."""
_DEFERRED = regex(rb"(?:(?:const|let|var)\s+(\{[^{}]*\})|(?:this\.)(#?\w+))\s*=\s*\Z")
"""What the promise and its functions are put into, before the call."""


def of_executor(executor: Any, used: list[tree.Name]) -> str:
    """Why the promise of an executor that only keeps `resolve` stays open; empty where it may be settled."""
    from wslint.source.nodes import nodes_in

    keeps: dict[int, str] = {}
    for node in nodes_in(executor.node.body):
        if isinstance(node, tree.Assign) and node.operator == "=" and isinstance(node.value, tree.Name):
            target = node.target
            if isinstance(target, tree.Member | tree.Name):
                keeps[node.value.start] = target.name
    if any(one.start not in keeps for one in used):
        return ""
    return _of_places(executor.scope.unit, {keeps[one.start] for one in used})


def of_deferred(call: Invocation) -> str:
    """The same of `Promise.withResolvers()`."""
    if call.unit is None:
        return ""
    data = call.span.file.data
    found = _DEFERRED.search(data[max(0, call.span.start - 200) : call.span.start])
    if found is None:
        return ""
    if found.group(2) is not None:
        return _of_places(call.unit, {found.group(2).decode()}, rb"(?:\s*\.\s*promise\b)")
    places: set[str] = set()
    for name in _settlers(found.group(1)):
        kept = re.compile(rb"(?:this|globalThis)\s*\.\s*(#?\w+)\s*=\s*" + name + rb"\s*[;\n)}]")
        mentions = list(re.finditer(rb"(?<![\w.$])" + name + rb"\b(?!\s*:)", data[call.span.end :]))
        stored = list(kept.finditer(data[call.span.end :]))
        if len(mentions) != len(stored):
            return ""
        places |= {one.group(1).decode() for one in stored}
    return _of_places(call.unit, places)


def _settlers(pattern: bytes) -> Iterator[bytes]:
    """The names that `resolve` and `reject` get in `{ promise, resolve: done }`."""
    for part in pattern.strip(b"{} \n\t").split(b","):
        key, _, name = part.partition(b":")
        if key.strip() in (b"resolve", b"reject"):
            yield re.escape((name or key).strip())


def _of_places(unit: Any, places: set[str], harmless: bytes = b"") -> str:
    """Who reads the fields and variables of these names, in all of the project."""
    files = unit.worker.source.files if unit.worker.source is not None else []
    if any(_INDIRECT.search(file.data) for file in files):
        return ""
    read = False
    for place in places:
        word = re.escape(place.encode())
        written = rb"(?!\s*=(?![=>])" + (b"|" + harmless if harmless else b"") + b")"
        mention = re.compile(rb"(?<![\w$#])" + word + rb"\b" + written)
        declared = re.compile(
            rb"(?:\b(?:let|var)\s+|(?m:^)[^\S\n]*(?:(?:private|protected|public|declare)\s+)*)"
            + word
            + rb"\s*(?:[?!]?:[^;\n]*)?;"
        )
        for file in files:
            data = declared.sub(lambda one: b" " * len(one.group()), file.data)
            for found in mention.finditer(data):
                if not any(start <= found.start() < end for start, end in _handlers(unit, file)):
                    return ""
                read = True
    return A_MESSAGE if read else NOBODY


def _handlers(unit: Any, file: SourceFile) -> list[tuple[int, int]]:
    """Where the handlers of hibernating sockets stand in a file, from their first byte to behind their last."""
    from wslint.machine.modules import lowered
    from wslint.source.nodes import nodes_in

    module = lowered(unit.worker, file)
    return [
        (member.value.start, member.value.end)
        for node in nodes_in(module.body if module is not None else [])
        if isinstance(node, tree.Class)
        for member in node.members
        if member.name in HANDLERS and isinstance(member.value, tree.Function)
    ]
