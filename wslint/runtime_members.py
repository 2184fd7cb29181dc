"""What the runtime's objects have: methods and properties by the name of their type.

Source: data/runtime_members.tsv; its first line names the workerd that listed them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "runtime_members.tsv"

OF_EVERY_OBJECT = frozenset(
    {
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)


@cache
def members(kind: str) -> frozenset[str]:
    """The members of a runtime type (`DurableObjectState`, `WebSocket` …). Raises KeyError for another one."""
    for line in _TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        name, _, found = line.partition("\t")
        if name == kind:
            return frozenset(found.split())
    raise KeyError(kind)
