"""Three texts made one: what a scaffold wrote, what became of it, and what a newer one writes.

Nothing of either side is lost: where both changed the same place, both are kept and marked.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wslint.record import frozen

if TYPE_CHECKING:
    from tomlkit import TOMLDocument
    from tomlkit.container import Container

MINE, MIDDLE, THEIRS = "<<<<<<< this project", "=======", ">>>>>>> the newer scaffold"
TOML_MARK = "# <<<<<<< the newer scaffold:"


@frozen
class Merged:
    text: str
    conflicts: int


def merge_text(base: str, mine: str, theirs: str) -> Merged:
    """Line by line; lines that both sides changed differently stand between markers."""
    before, ours, new = (text.splitlines(keepends=True) for text in (base, mine, theirs))
    merged: list[str] = []
    conflicts = 0
    for old, here, there in _regions(before, ours, new):
        if here in (there, old):
            merged += there
        elif there == old:
            merged += here
        else:
            conflicts += 1
            merged += [f"{MINE}\n", *_ended(here), f"{MIDDLE}\n", *_ended(there), f"{THEIRS}\n"]
    return Merged("".join(merged), conflicts)


def _ended(lines: list[str]) -> list[str]:
    """Lines of which the last ends too, so that a marker has a line of its own."""
    return [*lines[:-1], lines[-1].rstrip("\n") + "\n"] if lines else []


def _regions(
    base: list[str], mine: list[str], theirs: list[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The three texts cut at the lines that all have: in turn what lies between such lines, and these."""
    at_base = at_mine = at_theirs = 0
    for start, here, there, length in [*_common(base, mine, theirs), (len(base), len(mine), len(theirs), 0)]:
        between = base[at_base:start], mine[at_mine:here], theirs[at_theirs:there]
        if any(between):
            yield between
        if length:
            same = base[start : start + length]
            yield same, same, same
        at_base, at_mine, at_theirs = start + length, here + length, there + length


def _common(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> list[tuple[int, int, int, int]]:
    """Runs of lines of `base` that both others kept: where they begin in each, and how long they are."""
    found = []
    ours, new = _blocks(base, mine), _blocks(base, theirs)
    while ours and new:
        (one, here, size), (other, there, length) = ours[0], new[0]
        start, end = max(one, other), min(one + size, other + length)
        if start < end:
            found.append((start, here + start - one, there + start - other, end - start))
        (ours if one + size < other + length else new).pop(0)
    return found


def _blocks(base: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    matcher = difflib.SequenceMatcher(None, base, other, autojunk=False)
    return [(block.a, block.b, block.size) for block in matcher.get_matching_blocks() if block.size]


def merge_toml(base: str, mine: str, theirs: str) -> Merged:
    """Key by key, with the comments of this project; where both changed a key, its own value stays and the other is
    named in a comment above the file's first line. What is no TOML is merged by lines."""
    import tomlkit
    from tomlkit.exceptions import ParseError

    try:
        documents = [tomlkit.parse(text) for text in (base, mine, theirs)]
    except ParseError:
        return merge_text(base, mine, theirs)
    before, ours, new = documents
    clashes = list(_merge_tables(before, ours, new, ()))
    marks = "".join(f"{TOML_MARK} {clash}\n" for clash in clashes)
    return Merged(marks + tomlkit.dumps(ours), len(clashes))


def _merge_tables(
    base: Container | TOMLDocument | dict[str, Any], mine: Any, theirs: Any, path: tuple[str, ...]
) -> Iterator[str]:
    """Bring what `theirs` changed since `base` into `mine`; what can't be, in words."""
    for key in [*theirs, *(key for key in base if key not in theirs)]:
        old, here, there = (table.get(key) for table in (base, mine, theirs))
        if _plain(there) == _plain(old) or _plain(there) == _plain(here):
            continue
        if isinstance(here, dict) and isinstance(there, dict):
            yield from _merge_tables(old if isinstance(old, dict) else {}, here, there, (*path, key))
        elif _plain(here) != _plain(old):
            yield _said((*path, key), there)
        elif there is None:
            del mine[key]
        else:
            mine[key] = there


def _plain(value: Any) -> Any:
    return value.unwrap() if hasattr(value, "unwrap") else value


def _said(path: tuple[str, ...], value: Any) -> str:
    name = ".".join(path)
    return f"{name} = {_plain(value)!r}" if value is not None else f"{name} is gone"
