"""What differs between the languages: truth, scopes, what a missing member is. Asked instead of file suffixes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wslint.late import Late
from wslint.record import record
from wslint.values.heap import Object
from wslint.values.value import UNDEFINED, OneOf, Unknown, Value

if TYPE_CHECKING:
    from wslint.runtime import python
else:
    python = Late("wslint.runtime.python")


def _asked_by_python(host: Any, value: Value) -> Value:
    return python.asked(host, value)


_COLLECTIONS = frozenset({"Array", "Map", "Set", "Object"})


@record
class Language:
    """One language's own semantics. `nothing` is what a function gives that returns nothing."""

    name: str
    nothing: Value
    blocks: bool
    """Whether a block is a scope of its own."""
    empties: bool
    """Whether empty containers count as false."""
    numbers: bool
    """Whether 0 and an empty text count as false."""
    asked: Callable[[Any, Value], Value] | None = None
    """What the truth of a value hangs on, where that is not the value itself."""

    def truth(self, value: Value) -> bool | None:
        """Whether a value counts as true; None where that is not known. Not for `OneOf`."""
        if value is True or value is False:
            return bool(value)
        if value is None or value is UNDEFINED:
            return False
        if isinstance(value, (str, int, float)):
            return bool(value) and value == value if self.numbers else True
        if isinstance(value, Unknown | OneOf):
            return None
        if self.empties and isinstance(value, Object) and value.kind in _COLLECTIONS:
            if value.kind == "Array":
                return bool(value.slots.get("items")) or (None if value.slots.get("open") else False)
            return bool([key for key in value.slots if isinstance(key, tuple)]) or None
        return True


JAVASCRIPT = Language("javascript", UNDEFINED, True, False, True)
PYTHON = Language("python", None, False, True, True, _asked_by_python)
RUST = Language("rust", UNDEFINED, True, False, False)


def language_of(path: Path) -> Language:
    """The language of a file, by its suffix."""
    return {".py": PYTHON, ".rs": RUST}.get(path.suffix, JAVASCRIPT)
