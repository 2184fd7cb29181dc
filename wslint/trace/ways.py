"""Ways that lead to the same: conditions that make no difference are left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wslint.play.ending import Condition
from wslint.values.value import Choice

MOST = 400
"""Ways that are compared with one another."""

_Way = dict[Choice, int]


def merged(ways: Iterable[Sequence[Condition]]) -> list[list[Condition]]:
    """Ways with the same sum and fewer conditions, the shortest first."""
    found = [_as_way(way) for way in ways][:MOST]
    while True:
        smaller = _absorbed(_joined(found))
        if len(smaller) == len(found):
            break
        found = smaller
    found.sort(key=len)
    return [[Condition(choice, mask) for choice, mask in way.items()] for way in found]


def _as_way(conditions: Sequence[Condition]) -> _Way:
    way: _Way = {}
    for one in conditions:
        way[one.choice] = one.mask & way.get(one.choice, -1)
    return way


def _joined(ways: list[_Way]) -> list[_Way]:
    """Two ways that differ in one condition are one in which it may be either."""
    for choice in dict.fromkeys(choice for way in ways for choice in way):
        groups: dict[frozenset[tuple[Choice, int]], _Way] = {}
        rest: list[_Way] = []
        for way in ways:
            if choice not in way:
                rest.append(way)
                continue
            key = frozenset((other, mask) for other, mask in way.items() if other is not choice)
            known = groups.get(key)
            if known is None:
                groups[key] = dict(way)
            else:
                known[choice] |= way[choice]
        for way in groups.values():
            if way[choice] & choice.universe == choice.universe:
                del way[choice]
        ways = [*groups.values(), *rest]
    return ways


def _absorbed(ways: list[_Way]) -> list[_Way]:
    """Without a way that another one covers."""
    kept: list[_Way] = []
    for way in sorted(ways, key=len):
        if not any(_covers(other, way) for other in kept):
            kept.append(way)
    return kept


def _covers(wide: _Way, narrow: _Way) -> bool:
    return all(choice in narrow and not narrow[choice] & ~mask for choice, mask in wide.items())


def all_of(words: Sequence[str]) -> str:
    """Conditions that hold together, in words."""
    said = [f"({one})" if len(words) > 1 and " or " in one else one for one in dict.fromkeys(words)]
    return " and ".join(said)
