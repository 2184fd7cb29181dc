"""Where a list is searched from: numbers that are no places are places all the same in JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trace.projects import answer, worker


@pytest.mark.parametrize(
    ("begin", "place"),
    [("NaN", 0), ("Infinity", -1), ("0.5", 0), ("1", 2), ("1.5", 2), ("7", -1), ("1e400", -1)],
)
def test_where_a_search_begins(begin: str, place: int, tmp_path: Path) -> None:
    body = f"""\
const list = ["a", "b", "a"];
const place = list.indexOf("a", {begin});
const there = list.includes("a", {begin});
return new Response(null, {{ status: 300 + place + (there ? 10 : 0) }});
"""
    assert answer(tmp_path, worker(body)) == (300 + place + (10 if place >= 0 else 0), True)
