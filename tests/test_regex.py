"""Regular expressions that are compiled late are right all the same."""

from __future__ import annotations

import importlib
import pkgutil
import re

import wslint
from wslint.regex import _Regex, regex


def test_every_expression_compiles() -> None:
    count = 0
    for found in pkgutil.walk_packages(wslint.__path__, "wslint."):
        if found.name == "wslint.__main__":
            continue
        for held in vars(importlib.import_module(found.name)).values():
            if isinstance(held, _Regex):
                assert held.pattern
                count += 1
    assert count > 100


def test_it_is_compiled_when_it_is_used() -> None:
    broken = regex("(")  # nothing is said yet
    try:
        broken.search("x")
    except re.error:
        return
    raise AssertionError("a broken expression was used")


def test_it_stands_for_the_compiled_one() -> None:
    word, number = regex(r"[a-z]+", re.I), regex(rb"(\d)(\d)")
    assert word.fullmatch("ABC") and not word.fullmatch("1")
    assert word.flags & re.I
    assert [match[2] for match in number.finditer(b"12 34")] == [b"2", b"4"]
    assert number.sub(rb"\2\1", b"12") == b"21"
