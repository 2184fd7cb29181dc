"""The JSONC reader: values, places, comments, and what it says of texts that wrangler refuses."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wrangler.texts import JSON_DATA, PROPERTY, source, walk
from wslint.wrangler import jsonc
from wslint.wrangler.located import MAX_DEPTH, Parsed, ParseError


def read(text: str | bytes) -> Parsed:
    return jsonc.parse(source(text, "wrangler.jsonc"))


def refused(text: str | bytes) -> ParseError:
    with pytest.raises(ParseError) as caught:
        read(text)
    return caught.value


def test_every_kind_of_value_with_its_place() -> None:
    text = """\
// for wrangler
{
  "name": "match", /* the
  Worker */
  "limits": {"cpu_ms": 50000, "ratio": -0.5e1,},
  "workers_dev": false, "logpush": null,
  "migrations": [
    {"tag": "v1"}, // first
  ],
}
"""
    parsed = read(text)
    assert parsed.root.plain() == {
        "name": "match",
        "limits": {"cpu_ms": 50000, "ratio": -5.0},
        "workers_dev": False,
        "logpush": None,
        "migrations": [{"tag": "v1"}],
    }
    assert [(value.kind, value.span.text) for _, value in walk(parsed.root) if not value.items] == [
        ("string", '"match"'),
        ("table", '{"cpu_ms": 50000, "ratio": -0.5e1,}'),
        ("integer", "50000"),
        ("float", "-0.5e1"),
        ("boolean", "false"),
        ("null", "null"),
        ("table", '{"tag": "v1"}'),
        ("string", '"v1"'),
    ]
    assert parsed.root.entries["workers_dev"].span.text == '"workers_dev": false'
    assert parsed.root.entries["migrations"].value.span.last.line == 9
    assert [comment.text for comment in parsed.comments] == [
        "// for wrangler",
        "/* the\n  Worker */",
        "// first",
    ]


def test_of_equal_keys_the_last_one_holds_and_the_others_are_kept_apart() -> None:
    root = read('{"a": 1, "b": 2, "a": 3, "a": 4}').root
    assert root.plain() == {"a": 4, "b": 2}
    assert [(entry.key, entry.value.data) for entry in root.keys_written_twice] == [("a", 1), ("a", 3)]
    assert root.entries["a"].key_span.start == 25


def test_byte_order_mark_and_windows_line_ends() -> None:
    parsed = read(b'\xef\xbb\xbf{\r\n"a": 1, // x\r\n"b": 2}\r\n')
    assert parsed.root.plain() == {"a": 1, "b": 2}
    assert [comment.text for comment in parsed.comments] == ["// x"]
    assert parsed.root.span.first.column == 1


def test_escapes_and_surrogates() -> None:
    text = r'{"\u0061": "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00", "half": "\ud83d"}'
    assert read(text).root.plain() == {"a": '"\\/\b\f\n\r\té😀', "half": "\ufffd"}


def test_bytes_that_are_no_utf8_are_read_as_wrangler_reads_them() -> None:
    root = read(b'{"name": "caf\xe9", /* \xff */ "main": "x"}').root
    assert root.plain() == {"name": "caf\ufffd", "main": "x"}
    assert root.entries["main"].span.text == '"main": "x"'


@pytest.mark.parametrize(
    ("text", "place", "marked", "message"),
    [
        ("", "1:1", "", "the file is empty: expected `{`"),
        ("// only a comment\n", "2:1", "", "the file is empty: expected `{`"),
        ("[1]", "1:1", "[1]", "expected an object in braces, found an array"),
        ('"x"', "1:1", '"x"', "expected an object in braces, found a string"),
        ('{"a": {\n"b": 1\n', "1:7", "{", "this is never closed: `}` is missing"),
        ('{"a": [1', "1:7", "[", "this is never closed: `]` is missing"),
        ('{"a"', "1:2", '"a"', 'expected `:` after the key "a"'),
        ('{"a" 1}', "1:6", "1", 'expected `:` after the key "a"'),
        ("{a: 1}", "1:2", "a", 'keys stand in double quotes: `"a"`'),
        ("{'a': 1}", "1:2", "'", 'JSON takes double quotes: `"`'),
        ('{"a": 1\n"b": 2}', "2:1", '"b"', "a comma is missing before this key"),
        ('{"a": [1 2]}', "1:10", "2", "a comma is missing before this item"),
        ('{"a": [1 {}]}', "1:10", "{", "a comma is missing before this item"),
        ('{"a": [1}', "1:9", "}", "expected `,` or `]`"),
        ('{"a": 1]', "1:8", "]", "expected `,` or `}`"),
        ('{"a": 1 2}', "1:9", "2", "expected `,` or `}`"),
        ('{"a": 01}', "1:8", "1", "a number has no leading zeros"),
        ("{,}", "1:2", ",", "expected a key in double quotes or `}`"),
        ('{"a": 1,,}', "1:9", ",", "expected a key in double quotes or `}`"),
        ('{"a": ,}', "1:7", ",", "expected a value, found `,`"),
        ('{"a": [,]}', "1:8", ",", "expected a value, found `,`"),
        ('{"a": True}', "1:7", "True", "`True` is no JSON value: a text stands in double quotes"),
        ('{"a": "x\n"}', "1:7", '"x', 'this text is not closed on its line: `"` is missing'),
        ('{"é": "é\\', "1:7", '"é\\', 'this text is not closed on its line: `"` is missing'),
        ('{"a": "x\\\n"}', "1:7", '"x\\', 'this text is not closed on its line: `"` is missing'),
        ('{"a": "x\ty"}', "1:9", "\t", "a control character in a text is written `\\t`"),
        ('{"a": "x\x01y"}', "1:9", "\x01", "a control character in a text is written `\\u0001`"),
        ('{"é": "é\\d"}', "1:9", "\\d", "no escape in JSON: a backslash is written `\\\\`"),
        ('{"a": "\\éx"}', "1:8", "\\é", "no escape in JSON: a backslash is written `\\\\`"),
        ('{"a": "\\u12"}', "1:8", "\\u", "four hexadecimal digits follow `\\u`"),
        ("{ /* }", "1:3", "/*", "this comment is never closed: `*/` is missing"),
        ("{} x", "1:4", "x", "nothing may follow the end of the configuration"),
        ('{"a": 1.}', "1:8", ".", "unexpected `.`"),
        ('{"a": é}', "1:7", "é", "unexpected `é`"),
        ('{"a":\u00a01}', "1:6", "\u00a0", "unexpected character U+00A0"),
        ('{"a": `x`}', "1:7", "`", "unexpected character U+0060"),
    ],
)
def test_errors_name_the_place(text: str, place: str, marked: str, message: str) -> None:
    for variant in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
        error = refused(variant)
        first = error.span.first
        assert (f"{first.line}:{first.column}", error.span.text, error.message) == (place, marked, message)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": ' + "[" * 10_000 + "]" * 10_000 + "}",
        '{"a": ' * 10_000 + "1" + "}" * 10_000,
        '{"a": ' * 10_000,
    ],
    ids=["arrays", "objects", "never closed"],
)
def test_deep_nesting_is_refused(text: str) -> None:
    assert refused(text).message == "the values are nested too deeply to be a configuration"


def test_the_deepest_nesting_that_is_read() -> None:
    text = '{"a": ' * MAX_DEPTH + "1" + "}" * MAX_DEPTH
    assert read(text).root.plain() == json.loads(text)


def test_a_very_long_text_and_a_very_long_number() -> None:
    root = read('{"a": "' + "x\\n" * 500_000 + '", "b": ' + "9" * 5000 + "}").root
    assert root.get("a").string == "x\n" * 500_000  # type: ignore[union-attr]
    assert root.get("b").data == float("inf")  # type: ignore[union-attr]


def test_plain_values_of_other_files() -> None:
    assert jsonc.load_json(b'{"a": [1,], /* x */}') == {"a": [1]}
    for data in (b"", b"[]", b'{"a": ', b'{"a": ' * 5000):
        with pytest.raises(ValueError, match=r".+"):
            jsonc.load_json(data)


def _decorated(value: object, drawn: st.DataObject) -> str:
    """JSON with comments, odd space and trailing commas, as wrangler takes it."""
    gap = st.sampled_from(["", " ", "\n\t", "\r\n", "// ]},\n", '/* " */', "/**/"])

    def spaced(text: str) -> str:
        return drawn.draw(gap) + text + drawn.draw(gap)

    if isinstance(value, dict):
        parts = [
            spaced(json.dumps(key, ensure_ascii=drawn.draw(st.booleans())))
            + ":"
            + spaced(_decorated(inner, drawn))
            for key, inner in value.items()
        ]
        return (
            "{"
            + ",".join(parts)
            + ("," if parts and drawn.draw(st.booleans()) else "")
            + drawn.draw(gap)
            + "}"
        )
    if isinstance(value, list):
        parts = [spaced(_decorated(inner, drawn)) for inner in value]
        return (
            "["
            + ",".join(parts)
            + ("," if parts and drawn.draw(st.booleans()) else "")
            + drawn.draw(gap)
            + "]"
        )
    return json.dumps(value, ensure_ascii=drawn.draw(st.booleans()))


@given(st.dictionaries(st.text(max_size=4), JSON_DATA, max_size=4), st.data())
@PROPERTY
def test_values_are_those_of_json_and_every_span_reads_as_its_value(
    data: dict[str, object], drawn: st.DataObject
) -> None:
    text = _decorated(data, drawn)
    parsed = read(text)
    assert parsed.root.plain() == data
    for entry, value in walk(parsed.root):
        assert jsonc.load_json(f'{{"v":{value.span.text}\n}}'.encode()) == {"v": value.plain()}
        if entry is not None:
            assert json.loads(entry.key_span.text) == entry.key
            assert jsonc.load_json(f"{{{entry.span.text}\n}}".encode()) == {entry.key: value.plain()}
    assert "".join(sorted(comment.text[:2] for comment in parsed.comments)).strip("/*") == ""


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


@given(
    st.dictionaries(st.text(max_size=3), JSON_DATA),
    st.integers(0, 999),
    st.integers(0, 3),
    st.binary(max_size=3),
)
@PROPERTY
def test_any_damage_is_read_or_refused(value: dict[str, object], at: int, dropped: int, put: bytes) -> None:
    data = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    at %= len(data) + 1
    _assert_read_or_refused_inside(data[:at] + put + data[at + dropped :])
