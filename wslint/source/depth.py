"""How deep code may nest before what is further inside counts as unknown.

Nobody nests by hand so deep, but a `match` of a hundred arms is as deep as a hundred `else if`. What walks the
lowered tree needs some calls for each level; it gets the room for all of them, so that depth alone never ends
a run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

DEEPEST = 150

_ROOM = 3000
"""Calls within calls. Python's own parser takes three times as many before it gives up, which a stack of one
megabyte bears; so no more than that."""


@contextmanager
def room() -> Iterator[None]:
    """Let calls nest deeper than Python lets them for a start."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _ROOM))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
