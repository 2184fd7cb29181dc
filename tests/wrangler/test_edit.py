"""Edits of JSON, and of single values in either format: the text before and after."""

from __future__ import annotations

import pytest

from tests.wrangler.edits import STEP, Change, adding, changed, in_json, in_toml, moving, put, removing
from tests.wrangler.texts import source
from wslint.fix import spliced
from wslint.wrangler import edit
from wslint.wrangler.config import load_document

JSON = """\
{
\t// the Worker
\t"name": "match", // its name
\t"migrations": [
\t\t{
\t\t\t"tag": "v1",
\t\t\t"new_sqlite_classes": ["MatchDO"]
\t\t}
\t],
\t"flags": [],
\t"env": {
\t\t"staging": {}
\t} // the end
}
"""


@pytest.mark.parametrize(
    ("change", "after", "new"),
    [
        pytest.param(
            adding("migrations", value=STEP),
            '\t\t\t"new_sqlite_classes": ["MatchDO"]\n\t\t}',
            ',\n\t\t{\n\t\t\t"tag": "v2",\n\t\t\t"new_sqlite_classes": ["Lobby"]\n\t\t}',
            id="a step",
        ),
        pytest.param(adding("flags", value="a"), '"flags": [', '"a"', id="an empty array"),
        pytest.param(
            adding("env", "staging", "durable_objects", "bindings", value=[{"name": "A"}]),
            '"staging": {',
            '\n\t\t\t"durable_objects": {\n\t\t\t\t"bindings": [\n\t\t\t\t\t{\n\t\t\t\t\t\t"name": "A"\n'
            "\t\t\t\t\t}\n\t\t\t\t]\n\t\t\t}\n\t\t",
            id="an empty object",
        ),
    ],
)
def test_add_to_json(change: Change, after: str, new: str) -> None:
    assert in_json(JSON, change) == put(JSON, after=after, new=new)


def test_add_behind_a_comment_in_json() -> None:
    assert in_json(JSON, adding("main", value="x")) == JSON.replace(
        "\t} // the end\n", '\t}, // the end\n\t"main": "x"\n'
    )


@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [
        ("{}", adding("a", value="x"), '{\n  "a": "x"\n}'),
        ("{\n}\n", adding("a", "b", value=1), '{\n  "a": {\n    "b": 1\n  }\n}\n'),
        ("{\n    // none\n}\n", adding("a", value=None), '{\n    // none\n    "a": null\n}\n'),
        ('{"a":1}\n', adding("b", value={"c": [1, {"d": 2}]}), '{"a":1,"b":{"c":[1,{"d":2}]}}\n'),
        (
            '{ "a": 1 }',
            adding("b", value=STEP),
            '{ "a": 1, "b": { "tag": "v2", "new_sqlite_classes": ["Lobby"] } }',
        ),
        ('{\n    "a": 1, // one\n}\n', adding("b", value=True), '{\n    "a": 1, // one\n    "b": true,\n}\n'),
        (
            '{\n  "a": [\n    1, // one\n  ],\n}\n',
            adding("a", value=2),
            '{\n  "a": [\n    1, // one\n    2,\n  ],\n}\n',
        ),
        (
            '{\n  "a": null\n}\n',
            adding("a", value=[STEP, 1]),
            '{\n  "a": [\n    {\n      "tag": "v2",\n      "new_sqlite_classes": ["Lobby"]\n    },\n'
            "    1\n  ]\n}\n",
        ),
        (
            '{\n  "a": [{\n    "b": 1\n  }]\n}\n',
            adding("a", value={"b": 2}),
            '{\n  "a": [{\n    "b": 1\n  }, {\n    "b": 2\n  }]\n}\n',
        ),
        (
            '{\n  "a": [\n    {"b": 1}\n  ]\n}\n',
            adding("a", value={"b": 2}),
            '{\n  "a": [\n    {"b": 1},\n    {"b": 2}\n  ]\n}\n',
        ),
        ('{\n  "a": { "b": 1 }\n}\n', adding("a", "c", value=2), '{\n  "a": { "b": 1, "c": 2 }\n}\n'),
        ('{"a": "x"}', adding("a", "b", value=2), '{"a": "x"}'),
    ],
)
def test_add_to_other_styles_of_json(text: str, change: Change, wanted: str) -> None:
    if "\n" in text:
        assert in_json(text, change) == wanted
    assert changed(text, change, "wrangler.json") == wanted


@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [
        (JSON, removing("name"), JSON.replace('"name": "match", // its', "// its")),
        (JSON, removing("env"), JSON.replace(',\n\t"env": {\n\t\t"staging": {}\n\t} //', "\n\t//")),
        (JSON, removing("migrations", 0, "tag"), JSON.replace('\t\t\t"tag": "v1",\n', "")),
        (JSON, removing("nothing"), JSON),
        ('{"a": 1, "b": 2, "a": 3}', removing("b"), '{"a": 1, "a": 3}'),
        ('{ "a": 1, "b": 2 }', removing("a"), '{ "b": 2 }'),
        ('{ "a": 1, "b": 2 }', removing("b"), '{ "a": 1 }'),
        ('{"a": [1, 2, 3,]}', removing("a", 2), '{"a": [1, 2,]}'),
        ('{"a": [\n  1, 2,\n  3\n]}', removing("a", 1), '{"a": [\n  1,\n  3\n]}'),
        ('{"a": [\n  1, // one\n  2]}', removing("a", 1), '{"a": [\n  1 // one\n]}'),
        ('{"a": 1, // one\n"b": 2}', removing("b"), '{"a": 1 // one\n}'),
        ('{"a": [\n  1, /* b */ 2 /* c */\n]}', removing("a", 0), '{"a": [\n  /* b */ 2 /* c */\n]}'),
        ('{"a": 1, /* b */ "b": 2}', removing("a"), '{/* b */ "b": 2}'),
        ('{\n  "a": 1\n  , "b": 2\n}', removing("b"), '{\n  "a": 1\n}'),
    ],
)
def test_remove_from_json(text: str, change: Change, wanted: str) -> None:
    assert changed(text, change, "wrangler.jsonc") == wanted


def test_move_to_the_root_of_json() -> None:
    text = '{\n  "vars": {\n    "A": 1,\n    "flags": ["a"]\n  }\n}\n'
    wanted = '{\n  "vars": {\n    "A": 1\n  },\n  "flags": ["a"]\n}\n'
    assert in_json(text, moving("vars", "flags")) == wanted


@pytest.mark.parametrize(
    ("written", "text", "wanted"),
    [
        ('"a"', "b", '"b"'),
        ("'a'", "b", "'b'"),
        ("'a'", "it's", '"it\'s"'),
        ("'a'", "b\n", '"b\\n"'),
        ('"""\na"""', 'b"', '"b\\""'),
        ("'''a'''", "b", '"b"'),
        ('"a"', "é\x7f", '"é\\u007f"'),
    ],
)
def test_replace_a_string_in_its_quotes(written: str, text: str, wanted: str) -> None:
    document = load_document(source(f"a = {written} # c\n"))
    value = document.root.entries["a"].value
    assert spliced(document.file.data, [edit.replace_string(value, text)]).decode() == f"a = {wanted} # c\n"


@pytest.mark.parametrize(
    ("name", "text", "new", "wanted"),
    [
        ("wrangler.toml", "a = 1\n", "b-c_2", "b-c_2 = 1\n"),
        ("wrangler.toml", "'a' = 1\n", "b", "b = 1\n"),
        ("wrangler.toml", "[a]\n", "b c", '["b c"]\n'),
        ("wrangler.toml", "a.x = 1\n", "é", '"é".x = 1\n'),
        ("wrangler.json", '{"a": 1}', "b", '{"b": 1}'),
    ],
)
def test_rename_a_key(name: str, text: str, new: str, wanted: str) -> None:
    document = load_document(source(text, name))
    change = edit.rename_key(document, document.root.entries["a"], new)
    assert spliced(document.file.data, [change]).decode() == wanted


def test_rename_a_key_wherever_it_is_written() -> None:
    text = "[a.x] # a\n'b'.c = 1\nb.d = 2\n[a.x.b.e]\nb = 3\n[[a.x.\"b\".f]]\n[a.y]\nb = 4\n"
    wanted = "[a.x] # a\nnew.c = 1\nnew.d = 2\n[a.x.new.e]\nb = 3\n[[a.x.new.f]]\n[a.y]\nb = 4\n"
    assert in_toml(text, lambda document: edit.rename_everywhere(document, ("a", "x", "b"), "new")) == wanted
    in_line = "a = { b = 1, c.d = 2 }\n"
    for path, after in (
        (("a", "b"), "a = { new = 1, c.d = 2 }\n"),
        (("a", "c"), in_line),
        (("a", "x"), in_line),
    ):
        assert (
            in_toml(in_line, lambda document, path=path: edit.rename_everywhere(document, path, "new"))
            == after
        )


def test_extend_makes_the_array_or_appends_in_order() -> None:
    def extending(*values: object) -> Change:
        return lambda document: edit.extend(document, ("a",), values)

    assert in_toml("x = 1\n", extending("y", "z")) == 'x = 1\na = ["y", "z"]\n'
    assert in_toml("a = [\n  1\n]\n", extending(2, 3)) == "a = [\n  1,\n  2,\n  3\n]\n"
    assert (
        in_toml("[[a]]\nb = 1\n", extending({"b": 2}, {"b": 3}))
        == "[[a]]\nb = 1\n\n[[a]]\nb = 2\n\n[[a]]\nb = 3\n"
    )
    assert (
        in_json('{\n  "a": [\n    1\n  ]\n}\n', extending(2, 3))
        == '{\n  "a": [\n    1,\n    2,\n    3\n  ]\n}\n'
    )


def test_remove_an_item_is_one_edit() -> None:
    document = load_document(source('a = [\n  "x", # one\n  "y"\n]\n'))
    array = document.root.entries["a"].value
    change = edit.remove_item(array, array.items[1])
    assert spliced(document.file.data, [change]).decode() == 'a = [\n  "x" # one\n]\n'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a = 1\n  # gone\nb = 2\n", "a = 1\nb = 2\n"),
        ("a = 1 \t# gone\nb = 2\n", "a = 1\nb = 2\n"),
        ("a = 1\n# gone", "a = 1\n"),
        ("a = 1 # gone\r\nb = 2\r\n", "a = 1\r\nb = 2\r\n"),
        ("# gone\r\nb = 2\r\n", "b = 2\r\n"),
    ],
)
def test_remove_a_comment_with_its_line(text: str, wanted: str) -> None:
    document = load_document(source(text))
    change = edit.remove_line_of(document.comments[0].span)
    assert spliced(document.file.data, [change]).decode() == wanted


def test_bytes_that_are_no_utf8_survive_an_edit() -> None:
    data = b"# caf\xe9\na = [ # \xff\n]\n[b] # \xe9\n"
    document = load_document(source(data))
    edits = (*edit.add(document, ("a",), 1), *edit.add(document, ("b", "c"), 2))
    assert spliced(data, edits) == b"# caf\xe9\na = [ # \xff\n  1\n]\n[b] # \xe9\nc = 2\n"
