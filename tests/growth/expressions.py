"""All regular expressions of the package, and texts that each of them would take longest for."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import wslint
from wslint.regex import _Regex

HELD = (re.Pattern, _Regex)
Pattern = re.Pattern[Any]
CALLS = frozenset({"compile", "search", "match", "fullmatch", "sub", "findall", "finditer", "split", "subn"})


def all_patterns() -> Iterator[tuple[str, Pattern]]:
    """Those that modules hold, and those that stand as literals in calls, each once with where it stands."""
    seen: set[tuple[Any, int]] = set()
    for module in pkgutil.walk_packages(wslint.__path__, "wslint."):
        if module.name.endswith("__main__"):
            continue
        loaded = importlib.import_module(module.name)
        found = [_compiled(value) for value in vars(loaded).values() if isinstance(value, HELD)]
        found += [
            _compiled(each)
            for value in vars(loaded).values()
            if isinstance(value, (tuple, list, dict))
            for each in (value.values() if isinstance(value, dict) else value)
            if isinstance(each, HELD)
        ]
        found += _literals(Path(loaded.__file__ or ""))
        for pattern in found:
            if (pattern.pattern, pattern.flags) not in seen:
                seen.add((pattern.pattern, pattern.flags))
                yield module.name, pattern


def _compiled(held: Any) -> Pattern:
    """The expression itself, of one that is compiled late."""
    return held if isinstance(held, re.Pattern) else re.compile(held.pattern, held.flags & ~re.UNICODE)


def _literals(path: Path) -> list[Pattern]:
    found: list[Pattern] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        if (
            not isinstance(node.func.value, ast.Name)
            or node.func.value.id != "re"
            or node.func.attr not in CALLS
        ):
            continue
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, (str, bytes)):
            flags = 0
            for name in ast.walk(
                ast.Module(
                    [ast.Expr(each) for each in (*node.args[1:], *(k.value for k in node.keywords))], []
                )
            ):
                if isinstance(name, ast.Attribute) and name.attr in ("I", "S", "M", "X", "A", "DOTALL", "VERBOSE", "ASCII",
                                                                     "IGNORECASE", "MULTILINE"):  # fmt: skip
                    flags |= getattr(re, name.attr)
            found.append(re.compile(first.value, flags))
    return found


# Texts


def _sample(items: Any, most: int = 1) -> str:
    """A short text that a parsed sequence takes."""
    text = ""
    for code, argument in items:
        if code is codes.LITERAL:
            text += chr(argument)
        elif code is codes.NOT_LITERAL:
            text += "a" if argument != ord("a") else "b"
        elif code is codes.ANY:
            text += "a"
        elif code is codes.IN:
            text += _member(argument)
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            text += _sample(argument[2]) * max(argument[0], min(most, argument[1]))
        elif code is codes.SUBPATTERN:
            text += _sample(argument[3])
        elif code is codes.ATOMIC_GROUP:
            text += _sample(argument)
        elif code is codes.BRANCH:
            text += _sample(argument[1][0])
    return text


def _member(items: Any) -> str:
    negated = items and items[0][0] is codes.NEGATE
    for character in "a1 _-/.:,=({[\n\"'<>;$@xA\\\t#":
        if _in(items, character) is not negated:
            return character
    return "\x01" if negated else ""


def _in(items: Any, character: str) -> bool:
    for code, argument in items:
        if code is codes.LITERAL and argument == ord(character):
            return True
        if code is codes.RANGE and argument[0] <= ord(character) <= argument[1]:
            return True
        if code is codes.CATEGORY:
            kinds = {
                codes.CATEGORY_DIGIT: character.isdigit(), codes.CATEGORY_NOT_DIGIT: not character.isdigit(),
                codes.CATEGORY_SPACE: character.isspace(), codes.CATEGORY_NOT_SPACE: not character.isspace(),
                codes.CATEGORY_WORD: character.isalnum() or character == "_",
                codes.CATEGORY_NOT_WORD: not (character.isalnum() or character == "_"),
            }  # fmt: skip
            if kinds.get(argument, False):
                return True
    return False


def attacks(pattern: Pattern) -> Iterator[tuple[str, str]]:
    """Pairs of what stands first once and what is repeated: around each part that may repeat without bound."""
    source = pattern.pattern
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    tree = parser.parse(text, pattern.flags & ~(re.UNICODE | re.LOCALE))
    found: dict[tuple[str, str], None] = {}
    _walk(list(tree), "", found)
    for repeated in (
        " ",
        "a",
        "\n",
        "\t",
        '"',
        "'",
        "`",
        "/",
        "\\",
        "(",
        "{",
        "<",
        "#",
        "/*",
        "//",
        "1",
        ".",
        "-",
        "=",
        ",",
    ):
        found[("", repeated)] = None
    yield from found


def _walk(items: list[Any], prefix: str, found: dict[tuple[str, str], None]) -> None:
    for index, (code, argument) in enumerate(items):
        before = prefix + _sample(items[:index])
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            _, most, body = argument
            piece = _sample(body) or "a"
            if most >= 100:
                found[(before, piece)] = None
                found[("", before or piece)] = None
                found[("", before + piece)] = None
                found[("", before + piece + " ")] = None
                found[("", before + " ")] = None
            _walk(list(body), before, found)
        elif code is codes.SUBPATTERN:
            _walk(list(argument[3]), before, found)
        elif code is codes.BRANCH:
            for branch in argument[1]:
                _walk(list(branch), before, found)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            _walk(list(argument[1]), before, found)


def seconds(pattern: Pattern, first: str, repeated: str, size: int) -> float:
    """How long a whole search of a text of so many characters takes, matches included."""
    text: Any = first + repeated * (size // max(len(repeated), 1)) + "\x00"
    if isinstance(pattern.pattern, bytes):
        text = text.encode("latin-1", "replace")
    best = 9.0
    for _ in range(2):
        start = time.perf_counter()
        for _ in pattern.finditer(text):
            pass
        best = min(best, time.perf_counter() - start)
        if best > 0.5:
            break
    return best


def slow(pattern: Pattern, size: int = 1500) -> Iterator[tuple[str, str, float]]:
    """The attacks under which the work grows faster than the text: four times the text, over six times the time.
    The first one that is found is enough."""
    for first, repeated in attacks(pattern):
        large = seconds(pattern, first, repeated, 4 * size)
        if large < 0.004:
            continue
        ratio = large / max(seconds(pattern, first, repeated, size), 1e-6)
        if ratio > 7:
            yield first, repeated, ratio
            return
