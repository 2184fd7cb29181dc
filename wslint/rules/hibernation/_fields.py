"""Whether a field of a class is surely `undefined`."""

from __future__ import annotations

import re

from wslint.regex import regex
from wslint.source.flow.uses import ClassFlow
from wslint.worker import Worker

_INDIRECT = regex(
    rb"Object\.(?:assign|define|setPrototypeOf)|Reflect\.|\bprototype\b|this\s{0,50}\[[^\]]{0,300}\]\s{0,50}[^=\s]?=[^=]|^[^\S\n]*+@\w",
    re.MULTILINE,
)
"""Code that may set a field without naming it: copies, computed names, decorators."""


def is_never_set(worker: Worker, cls: ClassFlow, name: str) -> bool:
    """Whether no code of the project can give `this.<name>` of this class a value."""
    if worker.source is None or not cls.base_known or name in cls.assigned or name in cls.inherited:
        return False
    declared = cls.members.get(name)
    if declared is not None and (declared.kind != "field" or declared.function is not None):
        return False
    if cls.fields.get(name) is not None or is_of_subclass(worker, cls, name):
        return False
    word = re.escape(name.encode())
    sets = re.compile(
        rb"(?:\.|\[\s*[\"'`])"
        + word
        + rb"(?:[\"'`]\s*\])?\s*(?:\+\+|--|[-+*/%&|^?]{0,3}=(?![=>])|[,\]}][^;]{0,300}\]?\}?\s*=(?![=>]))"
    )
    return not any(_INDIRECT.search(file.data) or sets.search(file.data) for file in worker.source.files)


def is_of_subclass(worker: Worker, cls: ClassFlow, name: str) -> bool:
    """Whether a class that extends this one has the member: the base's code may run for that one only."""
    classes = list(worker.flow.classes.values()) if worker.flow is not None else []
    line, known = {cls.name}, 0
    while len(line) > known:
        known = len(line)
        line |= {other.name for other in classes if not line.isdisjoint(other.bases)}
    return any(
        other.name in line and other is not cls and (name in other.members or name in other.assigned)
        for other in classes
    )


def is_only_used(cls: ClassFlow, name: str) -> bool:
    """Whether the class's file never asks whether `this.<name>` is there: each mention reads something of it, or
    goes through its items."""
    data = cls.span.file.data
    for found in re.finditer(rb"this\." + re.escape(name.encode()) + rb"\b(?!\$)", data):
        after = data[found.end() : found.end() + 3].lstrip()
        before = data[max(0, found.start() - 4) : found.start()]
        read = after[:1] in (b"[", b"(") or (after[:1] == b"." and after[1:2] != b".")
        if not read and not before.endswith((b"...", b" of ")):
            return False
    return True
