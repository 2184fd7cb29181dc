"""Texts of configurations for the readers' tests: fixed ones, and TOML and JSON that hypothesis draws."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from wslint.text import SourceFile
from wslint.wrangler.located import Entry, Value

PROPERTY = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
"""Drawn TOML is not always valid: what is not says nothing about the reader's values."""


def source(text: str | bytes, name: str = "wrangler.toml") -> SourceFile:
    return SourceFile(Path("/project") / name, name, text.encode() if isinstance(text, str) else text)


def walk(value: Value) -> Iterator[tuple[Entry | None, Value]]:
    """Every value below `value` with the entry that holds it, None for items of arrays."""
    for entry in [*value.entries.values(), *value.keys_written_twice]:
        yield entry, entry.value
        yield from walk(entry.value)
    for item in value.items:
        yield None, item
        yield from walk(item)


_SPACE = st.sampled_from(["", " ", "\t", "  "])
_LINES = st.sampled_from(["", "", " ", "\n", "\n  ", "\r\n", " # a, ]}\n", '\n#\'"""\r\n\t'])
_BARE = st.sampled_from(["name", "main", "env", "a", "b", "c-d", "e_f", "1", "true", "inf"])
_QUOTED = st.sampled_from(
    ['"a"', "'b'", '"x y"', "'.'", '""', '"\\u00e9"', '"é"', '"="', "'#'", '"\\""', '"\\x41"']
)
KEYS = st.lists(_BARE | _QUOTED, min_size=1, max_size=3).map(".".join) | _BARE.map(lambda key: f"{key} . 'q'")
_WORDS = "true false 0 -1 +7 1_000 0xff 0o7 0b1 1.5 -2e3 6.6e-2 inf -inf 2026-11-23 07:32 07:32:00.5"
_DATES = ["2026-11-23 07:32:00", "2026-11-23T07:32:00Z", "2026-11-23t07:32:00.25-07:00"]
_STRINGS = [
    '""',
    "''",
    '"x"',
    "'\\'",
    '"é\\u00e9\\t\\e\\x41\\\\"',
    '"# no comment"',
    '"]}"',
    '"""a\n"b" ""c\n"""',
    '"""\n"""',
    '"""a"""""',
    '"""\\\n   b\\""""',
    "'''\r\nit's\n'''",
    "'''''x''''",
]
_SCALARS = st.sampled_from([*_WORDS.split(), *_DATES, *_STRINGS])


def _arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(st.tuples(_LINES, values, _LINES).map("".join), max_size=3)
    return st.tuples(items, st.booleans(), _LINES).map(
        lambda drawn: f"[{','.join(drawn[0])}{',' if drawn[0] and drawn[1] else ''}{drawn[2]}]"
    )


def _inline_tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(
        st.tuples(_LINES, KEYS, _SPACE, st.just("="), _SPACE, values, _LINES).map("".join), max_size=3
    )
    return st.tuples(pairs, st.booleans(), _LINES).map(
        lambda drawn: f"{{{','.join(drawn[0])}{',' if drawn[0] and drawn[1] else ''}{drawn[2]}}}"
    )


TOML_VALUES = st.recursive(_SCALARS, lambda inner: _arrays(inner) | _inline_tables(inner), max_leaves=6)
_PAIRS = st.tuples(_SPACE, KEYS, _SPACE, st.just("="), _SPACE, TOML_VALUES).map("".join)
_HEADERS = KEYS.map(lambda key: f"[{key}]") | KEYS.map(lambda key: f"[[ {key} ]]")
_STATEMENTS = st.tuples(_PAIRS | _PAIRS | _HEADERS | st.just(""), st.sampled_from(["", " # c", "\t#"])).map(
    "".join
)
TOML_TEXTS = st.tuples(
    st.sampled_from(["", "\ufeff"]),
    st.tuples(st.lists(_STATEMENTS, max_size=6), st.sampled_from(["\n", "\r\n"])).map(
        lambda drawn: drawn[1].join(drawn[0])
    ),
    st.sampled_from(["", "\n", "\r\n"]),
).map("".join)
"""Mostly valid TOML 1.1; tomli decides."""

JSON_DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
