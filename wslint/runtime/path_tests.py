"""The conditions that the Worker puts on the path of a request: which were asked, and one that a play takes for met.

A play with `host.believed` answers what would be if only this condition saw the path that it is made for: so it shows
what stands behind a condition to which no request comes.
"""

from __future__ import annotations

from typing import Any, Literal

from wslint.patterns.syntax import (
    UNBOUNDED,
    Assertion,
    Choice,
    Dialect,
    Group,
    Node,
    Parser,
    Refused,
    Repeat,
    Sequence,
    Set,
)
from wslint.record import frozen
from wslint.text import Span

Kind = Literal["text", "prefix", "suffix", "pattern", "route", "upgrade"]
FILLED = "ABCDE"
"""What stands for a part of a path that is left open."""
MOST_TESTS = 60


@frozen
class PathTest:
    """One condition on the path: the text it is compared with, or the source of a pattern."""

    kind: Kind
    text: str
    place: Span


@frozen
class Believed:
    """A condition that is taken for met, and a path that meets it."""

    test: PathTest
    sample: str


def asked(host: Any, kind: Kind, text: str, subject: str, place: Span | None) -> bool:
    """Note a condition of the Worker on the whole path; whether this play takes it for met."""
    if subject != host.path_asked or place is None or host.objects or len(host.workers) > 1 or host.loading:
        return False
    test = PathTest(kind, text, place)
    if host.believed is not None and test == host.believed.test:
        return True
    if len(host.path_tests) < MOST_TESTS:
        host.path_tests.setdefault(test, None)
    return False


UPGRADE = "websocket"


def oddly(host: Any, one: str, other: str, place: Span | None) -> bool:
    """Note a comparison of the Upgrade header with its value in another case, which no browser sends; whether this play
    takes it for met."""
    if one == other or place is None or UPGRADE not in (one, other) or one.lower() != other.lower():
        return False
    test = PathTest("upgrade", other if one == UPGRADE else one, place)
    if len(host.path_tests) < MOST_TESTS:
        host.path_tests.setdefault(test, None)
    return host.believed is not None and test == host.believed.test


def searched(host: Any, dialect: Dialect, source: str, text: str, place: Span | None) -> str:
    """What a pattern is to look at: the text, or the path that meets it where this play takes it for met."""
    if text == host.path_asked and asked(host, "pattern", f"{dialect} {source}", text, place):
        return type(text)(host.believed.sample)
    return text


def sample(test: PathTest) -> str | None:
    """A path that meets a condition; None where none is found."""
    match test.kind:
        case "text":
            return test.text
        case "prefix":
            return test.text + FILLED if test.text.endswith("/") else test.text
        case "suffix":
            return test.text if test.text.startswith("/") else f"/{test.text}"
        case "pattern":
            dialect, _, source = test.text.partition(" ")
            return _of_pattern(source, "python" if dialect == "python" else "javascript")
        case _:
            return None


def _of_pattern(source: str, dialect: Dialect) -> str | None:
    try:
        made = _text(Parser(source, dialect, False).run(), dialect)
    except Refused:
        return None
    return made if made.startswith("/") else None


_TRIED = "ABCDE1ab-_/.x0"


def _text(node: Node, dialect: Dialect) -> str:
    """A text that a pattern matches, as far as its assertions let it."""
    if isinstance(node, Set):
        if (
            len(node.ranges) == 1
            and not node.negated
            and not node.classes
            and node.ranges[0][0] == node.ranges[0][1]
        ):
            return node.ranges[0][0]
        found = next((one for one in _TRIED if node.holds(one, dialect)), None)
        if found is None:
            raise Refused("no character is found")
        return found
    if isinstance(node, Group):
        return _text(node.body, dialect)
    if isinstance(node, Repeat):
        if isinstance(node.body, Set) and node.most >= len(FILLED) >= node.least:
            if all(node.body.holds(sign, dialect) for sign in FILLED):
                return FILLED
        count = node.least if node.most != UNBOUNDED else max(node.least, len(FILLED))
        return _text(node.body, dialect) * count
    if isinstance(node, Sequence):
        return "".join(_text(one, dialect) for one in node.items)
    if isinstance(node, Choice):
        return _text(node.options[0], dialect)
    if isinstance(node, Assertion):
        return ""
    raise Refused("it looks around")
