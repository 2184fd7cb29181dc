"""`python -m tests.growth`: every expression of the package, and the text under which it grows fastest."""

from __future__ import annotations

from tests.growth.expressions import all_patterns, slow

for where, pattern in all_patterns():
    for first, repeated, ratio in slow(pattern):
        print(
            f"{where}: {pattern.pattern!r}: {first!r} + {repeated!r} * n: {ratio:.0f} times for four times the text"
        )
