"""Regular expressions that are compiled when they are first used.

A run looks with few of the two hundred that its modules have, and compiling one takes as long as importing a module.
"""

from __future__ import annotations

import re
from typing import Any, cast, overload


@overload
def regex(pattern: str, flags: int = 0) -> re.Pattern[str]: ...


@overload
def regex(pattern: bytes, flags: int = 0) -> re.Pattern[bytes]: ...


def regex(pattern: str | bytes, flags: int = 0) -> re.Pattern[Any]:
    """As `re.compile`, but later. A mistake in the pattern shows when it is used."""
    return cast("re.Pattern[Any]", _Regex(pattern, flags))


class _Regex:
    """Stands for a compiled expression: what is asked of it compiles it, and then is asked of that."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._pattern, self._flags)
        for kept in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split", "pattern"):
            setattr(self, kept, getattr(compiled, kept))
        return getattr(compiled, name)
