"""Paths that a route takes, as small patterns that can be compared with one another.

A `Shape` is a list of pieces: a character, `ONE` (a character that is no `/`), `SOME` (any number of those),
`ANY` (any number of any characters). Where a route's own pattern says more than pieces can, its shape takes
more than the route does: what the shape rules out, the route never gets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wslint.regex import regex
from wslint.source.flow.uses import Where
from wslint.source.flow.values import Application, PathTest

ONE, SOME, ANY = "<one>", "<some>", "<any>"
Shape = tuple[str, ...]

MOST_MOUNTED = 6
"""Routers within routers, and places of one router; with more a route's path counts as unknown."""

MOST_COMPARED = 1_000_000
"""Two shapes whose lengths' product is larger are not compared: they count as meeting."""

_PARAMETER = regex(r":(?P<name>\w+)(?P<rest>.*)", re.S)


def shapes(test: PathTest) -> list[Shape] | None:
    """The paths that pass a test, as alternatives; None when that is not known."""
    match test.kind:
        case "is":
            return [tuple(test.text)]
        case "starts":
            return [(*test.text, ANY)]
        case "ends":
            return [(ANY, *test.text)]
        case "matches":
            data, end = test.span.file.data, test.span.end
            flags = re.match(rb"/[a-z]*", data[end : end + 8])
            ignores_case = flags is not None and b"i" in flags.group()
            shape = None if ignores_case else _of_expression(test.text)
            return None if shape is None else [shape]
        case "any":
            found = [shapes(choice) for choice in test.choices]
            if any(each is None for each in found):
                return None
            return [shape for each in found for shape in each or ()]
        case "pattern":
            if test.application is None:
                return [_of_pattern(test.text)]
            prefixes = list(_prefixes(test.application, 0))
            if None in prefixes or not prefixes:
                return None
            return [_of_pattern(_join(prefix or "", test.text)) for prefix in prefixes]
    return None


def _prefixes(application: Application, depth: int) -> Iterator[str | None]:
    """What may stand before a router's own patterns."""
    if not application.mounts:
        yield application.prefix
        return
    if depth >= MOST_MOUNTED or len(application.mounts) > MOST_MOUNTED:
        yield None
        return
    for parent, place in application.mounts:
        for prefix in _prefixes(parent, depth + 1):
            if prefix is None or place is None or application.prefix is None:
                yield None
            else:
                yield _join(_join(prefix, place), application.prefix)


def _join(prefix: str, path: str) -> str:
    if not prefix.strip("/"):
        return path if path.startswith("/") else f"/{path}"
    return prefix.rstrip("/") + (f"/{path.lstrip('/')}" if path.strip("/") else "")


def _of_pattern(text: str) -> Shape:
    """`/ws/:code`, `/ws/*`, `/ws/:code{[a-z]+}`, `/ws/:rest+`; Rust's `/ws/*rest` and `/ws/{code}`."""
    pieces: list[str] = []
    for index, segment in enumerate(text.split("/")):
        if index:
            pieces.append("/")
        parameter = _PARAMETER.fullmatch(segment)
        if segment.startswith("*"):
            # hono's and itty's `/ws/*` takes `/ws` too.
            return (*pieces[:-1], ANY) if pieces else (ANY,)
        if parameter is not None and not parameter["rest"]:
            pieces += [ONE, SOME]
        elif parameter is not None:
            return (*pieces[:-1], ANY)
        elif any(sign in segment for sign in ":*{}()+?[]"):
            return (*pieces, ANY)
        else:
            pieces += segment
    return tuple(pieces)


def _of_expression(text: str) -> Shape | None:
    """What a regular expression's fixed beginning says; None when it has none."""
    if not text.startswith("^") or "|" in text:
        return None
    prefix: list[str] = []
    at = 1
    while at < len(text):
        sign = text[at]
        if sign == "\\" and at + 1 < len(text) and text[at + 1] in "/.-":
            sign, at = text[at + 1], at + 1
        elif sign in "\\^$.|?*+()[]{}":
            break
        prefix.append(sign)
        at += 1
    if at < len(text) and text[at] in "?*{":
        prefix = prefix[:-1]
    if text[at:] == "$":
        return tuple(prefix)
    return (*prefix, ANY)


def of_glob(text: str) -> Shape:
    """A rule of `run_worker_first`: `*` stands for any characters."""
    return tuple(ANY if sign == "*" else sign for sign in text)


def meet(one: Shape, other: Shape) -> bool:
    """Whether some path fits both shapes."""
    if len(one) * len(other) > MOST_COMPARED:
        return True
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        left, right = place
        if left == len(one) and right == len(other):
            return True
        first = one[left] if left < len(one) else None
        second = other[right] if right < len(other) else None
        if first in (ANY, SOME):
            waiting.append((left + 1, right))
        if second in (ANY, SOME):
            waiting.append((left, right + 1))
        if first is None or second is None or not _share(first, second):
            continue
        waiting.append((left + (first not in (ANY, SOME)), right + (second not in (ANY, SOME))))
    return False


def _share(one: str, other: str) -> bool:
    """Whether a character fits both pieces."""
    for first, second in ((one, other), (other, one)):
        if first == ANY:
            return True
        if first in (ONE, SOME):
            return second != "/"
    return one == other


def covers(glob: str, shape: Shape) -> bool:
    """Whether a glob surely takes every path of a shape: the whole of it, or all behind a fixed start."""
    if glob == "/*":
        return True
    if glob.endswith("*") and "*" not in glob[:-1]:
        start = tuple(glob[:-1])
        return shape[: len(start)] == start
    return "*" not in glob and tuple(glob) == shape


def literal(shape: Shape) -> str | None:
    """The one path that a shape takes; None when it takes several."""
    return None if {ONE, SOME, ANY} & set(shape) else "".join(shape)


def written(shape: Shape) -> str:
    """A shape for people: `/ws/*`."""
    text = "".join("*" if piece in (SOME, ANY) else "" if piece == ONE else piece for piece in shape)
    return re.sub(r"\*+", "*", text)


def tests_at(where: Where) -> list[PathTest]:
    """The tests of the path that hold at a place. Behind many routes it has as many that failed."""
    passed = [of for fact, of in where.facts if fact == "on-path" and isinstance(of, PathTest)]
    return sorted(passed, key=lambda test: (test.span.start, test.text))


def parameters(test: PathTest) -> list[str]:
    """The names of the parameters in a router's pattern: `code` of `/ws/:code`."""
    if test.kind != "pattern":
        return []
    return [match["name"] for segment in test.text.split("/") if (match := _PARAMETER.fullmatch(segment))]


__all__ = ["Shape", "covers", "literal", "meet", "of_glob", "parameters", "shapes", "tests_at", "written"]
