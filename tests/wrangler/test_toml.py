"""The TOML reader: values, places, comments, and what it says of texts that are no TOML."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
import tomli
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.wrangler.texts import PROPERTY, TOML_TEXTS, source, walk
from wslint.wrangler import toml
from wslint.wrangler.located import MAX_DEPTH, Parsed, ParseError


def read(text: str | bytes) -> Parsed:
    return toml.parse(source(text))


def refused(text: str | bytes) -> ParseError:
    with pytest.raises(ParseError) as caught:
        read(text)
    return caught.value


def _comparable(value: object) -> object:
    """As `Value.plain` gives it, with floats as text, so that nan equals nan."""
    if isinstance(value, dict):
        return {key: _comparable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_comparable(inner) for inner in value]
    return str(value) if isinstance(value, (float, datetime, date, time)) else value


def test_every_kind_of_value_with_its_place() -> None:
    text = """\
name = "match"     # the Worker
limits = { cpu_ms = 50_000, ratio = 0.5 }
workers_dev = false
day = 2026-11-23
[[migrations]]
tag = 'v1'
new_sqlite_classes = [
  "A", # first
  "B",
]
[env.staging.vars]
"x.y" = \"\"\"a
b\"\"\"
"""
    parsed = read(text)
    root = parsed.root
    assert root.plain() == {
        "name": "match",
        "limits": {"cpu_ms": 50000, "ratio": 0.5},
        "workers_dev": False,
        "day": "2026-11-23",
        "migrations": [{"tag": "v1", "new_sqlite_classes": ["A", "B"]}],
        "env": {"staging": {"vars": {"x.y": "a\nb"}}},
    }
    found = {
        ".".join(path): root.get(*path) for path in [("name",), ("limits",), ("limits", "cpu_ms"), ("day",)]
    }
    assert {path: (value.kind, value.span.text) for path, value in found.items() if value} == {
        "name": ("string", '"match"'),
        "limits": ("table", "{ cpu_ms = 50_000, ratio = 0.5 }"),
        "limits.cpu_ms": ("integer", "50_000"),
        "day": ("date", "2026-11-23"),
    }
    step = root.entries["migrations"].value.items[0]
    assert step.header is not None and step.header.text == "[[migrations]]"
    tag = step.entries["tag"]
    assert (tag.span.text, tag.after_header) == ("tag = 'v1'", step.header)
    assert [item.span.first.line for item in step.entries["new_sqlite_classes"].value.items] == [8, 9]
    variables = root.entry("env", "staging", "vars")
    assert variables is not None and variables.value.header is not None
    assert (variables.key_span.text, variables.value.header.text) == ("vars", "[env.staging.vars]")
    inner = variables.value.entries["x.y"]
    assert (inner.key_span.text, inner.value.span.text) == ('"x.y"', '"""a\nb"""')
    assert [comment.text for comment in parsed.comments] == ["# the Worker", "# first"]


def test_dotted_keys_make_tables_that_stand_where_they_are_written() -> None:
    root = read("observability.enabled = true\nobservability.logs.enabled = false\n").root
    table = root.entries["observability"]
    assert (table.key_span.text, table.value.span.text) == ("observability", "observability.enabled = true")
    logs = table.value.entries["logs"]
    assert logs.key_span.first.line == 2
    assert table.value.plain() == {"enabled": True, "logs": {"enabled": False}}


def test_a_table_that_a_deeper_header_made_first_gets_its_own_header_later() -> None:
    root = read("[env.a.vars]\nX = 1\n[env.a]\nname = 'a'\n").root
    environment = root.entry("env", "a")
    assert environment is not None and environment.value.header is not None
    assert environment.value.header.text == "[env.a]"
    assert environment.value.header.first.line == 3
    assert environment.value.plain() == {"vars": {"X": 1}, "name": "a"}


def test_headers_below_an_array_of_tables_belong_to_its_last_item() -> None:
    text = "[[d.b]]\nx = 1\n[d.b.in]\ny = 2\n[[d.b]]\nx = 3\n[d.b.in]\ny = 4\n"
    assert read(text).root.plain() == tomli.loads(text)


def test_byte_order_mark_and_windows_line_ends() -> None:
    parsed = read(b"\xef\xbb\xbfname = 'x' # why\r\n[vars] # v\r\nA = '''1\r\n2'''\r\n")
    name = parsed.root.entries["name"]
    assert (name.key_span.first.column, name.span.text) == (1, "name = 'x'")
    assert [comment.text for comment in parsed.comments] == ["# why", "# v"]
    assert parsed.root.entry("vars", "A").value.span.text == "'''1\r\n2'''"  # type: ignore[union-attr]


def test_toml_1_1_as_wrangler_reads_it() -> None:
    text = 'a = {\n  b = 1, # one\n  c = "\\e\\x41",\n}\nd = 07:32\n'
    assert read(text).root.plain() == {"a": {"b": 1, "c": "\x1bA"}, "d": "07:32:00"}


def test_bytes_that_are_no_utf8_are_read_as_wrangler_reads_them() -> None:
    root = read(b"# caf\xe9\nname = 'caf\xe9'\nmain = 'x'\n").root
    assert root.plain() == {"name": "caf\ufffd", "main": "x"}
    assert root.entries["main"].span.text == "main = 'x'"


@pytest.mark.parametrize(
    ("text", "place", "marked", "message"),
    [
        ("a = 1\nb = 'x\nc = 2", "2:5", "'x", "this text is not closed on its line: its quote is missing"),
        ('b = "x\nc = 2', "1:7", "", "this text is not closed on its line: its quote is missing"),
        ('a = "x', "1:5", '"x', "this text is never closed: its quotes are missing"),
        ('[a."\\"]', "1:6", '"]', "this text is never closed: its quotes are missing"),
        ('a = 1\nb = """x\ny "z" \n', "2:5", '"""x', "this text is never closed: its quotes are missing"),
        ("b = '''x\ny", "1:5", "'''x", "this text is never closed: its quotes are missing"),
        ("a = 1 b", "1:7", "b", "expected the end of the line"),
        ("a", "1:2", "", "expected `=` after the key"),
        ("a =", "1:4", "", "expected a value"),
        ("a = # x", "1:5", "#", "expected a value"),
        (
            "a = match",
            "1:5",
            "m",
            "no TOML value: a text stands in quotes, `true` and `false` are in lower case",
        ),
        ("a.= 1", "1:3", "=", "expected a key"),
        ("é = 1", "1:1", "é", "expected a key, a `[table]` or a comment"),
        ("[a", "1:3", "", "expected `]` at the end of the header"),
        ("[[a]", "1:4", "]", "expected `]]` at the end of the header"),
        ("a = [1,\n2", "2:2", "", "an array is not closed: expected `,` or `]`"),
        ("a = {b = 1\nc = 2}", "2:1", "c", "an inline table is not closed: expected `,` or `}`"),
        ("a = 1\n  a = 2 # x", "2:3", "a = 2", "this key has a value already"),
        ("[a.b]\n[a.b]\n", "2:1", "[a.b]", "`a.b` is declared twice"),
        ("[[a]]\n[a]\n", "2:1", "[a]", "`a` is declared twice"),
        ("a = {b = 1, b = 2}", "1:18", "}", "the key `b` is written twice"),
        (
            "a = {b = 1}\na.c = 2",
            "2:1",
            "a.c = 2",
            "`a` is complete where it is written: nothing can be added here",
        ),
        (
            'a = "C:\\dir"',
            "1:8",
            "\\d",
            "no escape in TOML: a backslash is written `\\\\`, or the text in '…'",
        ),
        ('a = "\\u12"', "1:8", "1", "hexadecimal digits are missing in this escape"),
        ('a = "\\uD800"', "1:12", '"', "this escape stands for no character"),
        (
            'a = "\x01"',
            "1:6",
            "\x01",
            "a control character in a text is written as an escape such as `\\t` or `\\u0001`",
        ),
        ("# \x01", "1:3", "\x01", "a control character has no place here"),
        ("a = 1979-02-30", "1:5", "1", "there is no such date or time"),
        (
            "a = 12345678901234567890",
            "1:5",
            "12345678901234567890",
            "the number is larger than wrangler's reader takes: 9007199254740991",
        ),
        ("é = '' ü", "1:1", "é", "expected a key, a `[table]` or a comment"),
        ("a = 'éé' ü", "1:10", "ü", "expected the end of the line"),
    ],
)
def test_errors_name_the_place(text: str, place: str, marked: str, message: str) -> None:
    for variant in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
        error = refused(variant)
        first = error.span.first
        assert (f"{first.line}:{first.column}", error.span.text, error.message) == (place, marked, message)


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (b"\xff\xfe", "UTF-16 LE"),
        (b"\xfe\xff", "UTF-16 BE"),
        (b"\xff\xfe\x00\x00", "UTF-32 LE"),
        (b"\x00\x00\xfe\xff", "UTF-32 BE"),
    ],
)
def test_other_byte_order_marks(mark: bytes, name: str) -> None:
    assert refused(mark + b"a").message == f"the file starts with a {name} byte order mark: save it as UTF-8"


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 10_000 + "]" * 10_000,
        "a = " + "{b = " * 10_000 + "1" + "}" * 10_000,
        "a" + ".a" * 10_000 + " = 1",
        "[a" + ".a" * 10_000 + "]",
        "a" + ".a" * (MAX_DEPTH + 1) + " = 1",
        "a = " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
    ],
    ids=["arrays", "tables", "dotted key", "header", "dotted key, just too deep", "arrays, just too deep"],
)
def test_deep_nesting_is_refused(text: str) -> None:
    assert refused(text).message == "the values are nested too deeply to be a configuration"


def test_a_number_past_the_limit_of_python() -> None:
    error = refused("a = 1\nb = " + "9" * 5000)
    assert error.message == "the number is larger than wrangler's reader takes: 9007199254740991"
    assert (error.span.first.line, error.span.first.column) == (2, 5)


@given(TOML_TEXTS)
@PROPERTY
def test_values_are_those_of_tomli_and_every_span_reads_as_its_value(text: str) -> None:
    try:
        wanted = tomli.loads(text.removeprefix("\ufeff"))
    except tomli.TOMLDecodeError:
        assume(False)
    root = read(text).root
    assert _comparable(root.plain()) == _comparable(wanted)
    for entry, value in walk(root):
        if entry is not None:
            key = entry.key_span.text
            assert list(tomli.loads(f"{key} = 1")) == [entry.key]
        if value.header is not None:
            assert value.header.text.startswith("[") and value.header.text.endswith("]")
        elif value.kind != "table" or value.span.text.startswith("{"):
            # tomli takes \r\n in a text for \n only when it reads a whole file.
            assert _comparable(tomli.loads(f"v = {value.span.text}")["v"]) == _comparable(value.plain())


@given(TOML_TEXTS)
@PROPERTY
def test_comments_are_all_found_and_nothing_else_is(text: str) -> None:
    try:
        parsed = read(text)
    except ParseError:
        assume(False)
    before = parsed.root.plain()
    raw = bytearray(parsed.file.data)
    for comment in reversed(parsed.comments):
        assert comment.text.startswith("#") and not comment.text.endswith("\r")
        raw[comment.span.start : comment.span.end] = b""
    stripped = read(bytes(raw))
    assert not stripped.comments
    assert _comparable(stripped.root.plain()) == _comparable(before)


def _assert_read_or_refused_inside(data: bytes) -> None:
    try:
        parsed = read(data)
    except ParseError as error:
        assert 0 <= error.span.start <= error.span.end <= len(data)
        assert error.message and "\n" not in error.message
    else:
        for entry, value in walk(parsed.root):
            spans = [value.span, *([entry.key_span, entry.span] if entry else [])]
            assert all(0 <= span.start <= span.end <= len(data) for span in spans)


@given(st.binary(max_size=60))
@PROPERTY
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    _assert_read_or_refused_inside(data)


@given(TOML_TEXTS, st.integers(0, 10_000), st.integers(0, 3), st.binary(max_size=3))
@PROPERTY
def test_any_damage_is_read_or_refused(text: str, at: int, dropped: int, put: bytes) -> None:
    data = text.encode()
    at %= len(data) + 1
    _assert_read_or_refused_inside(data[:at] + put + data[at + dropped :])
