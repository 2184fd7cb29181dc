"""Edits of TOML: the text before and after, as a person would have changed it."""

from __future__ import annotations

import pytest

from tests.wrangler.edits import STEP, Change, adding, changed, in_toml, moving, put, removing
from tests.wrangler.texts import source
from wslint.wrangler.config import load_document

TOML = """\
name = "match"
main = "index.js" # entry

# Bindings
[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

# Lifecycle
[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
# v2 is to come

# Production
[env.production]
name = "match-prod"

[env.production.vars]
A = "1"

# Both kinds of URLs
compatibility_flags = ["url_standard"] # since 2022

[observability]
enabled = true
"""


@pytest.mark.parametrize(
    ("change", "after", "new"),
    [
        pytest.param(
            adding("migrations", value=STEP),
            "# v2 is to come\n",
            '\n[[migrations]]\ntag = "v2"\nnew_sqlite_classes = ["Lobby"]\n',
            id="a step goes behind the last one",
        ),
        pytest.param(
            adding("durable_objects", "bindings", value={"name": "LOBBY", "class_name": "Lobby"}),
            'class_name = "MatchDO"\n',
            '\n[[durable_objects.bindings]]\nname = "LOBBY"\nclass_name = "Lobby"\n',
            id="a binding goes above the next section's comment",
        ),
        pytest.param(
            adding("compatibility_date", value="2026-11-23"),
            'main = "index.js" # entry\n',
            'compatibility_date = "2026-11-23"\n',
            id="a key of the top level stays above every header",
        ),
        pytest.param(
            adding("env", "production", "workers_dev", value=False),
            'name = "match-prod"\n',
            "workers_dev = false\n",
            id="a key of an environment goes below its own keys",
        ),
        pytest.param(
            adding("env", "production", "migrations", value=[STEP, {"tag": "v3"}]),
            '["url_standard"] # since 2022\n',
            '\n[[env.production.migrations]]\ntag = "v2"\nnew_sqlite_classes = ["Lobby"]\n'
            '\n[[env.production.migrations]]\ntag = "v3"\n',
            id="tables of an environment go behind its last section",
        ),
        pytest.param(
            adding("env", "staging", "durable_objects", "bindings", value=[{"name": "A"}]),
            '["url_standard"] # since 2022\n',
            '\n[[env.staging.durable_objects.bindings]]\nname = "A"\n',
            id="a new environment goes behind the others",
        ),
        pytest.param(
            adding("env", "staging", "name", value="match-staging"),
            '["url_standard"] # since 2022\n',
            '\n[env.staging]\nname = "match-staging"\n',
            id="a key of a new environment",
        ),
        pytest.param(
            adding("exports", "MatchDO", value={"type": "durable-object", "storage": "sqlite"}),
            "enabled = true\n",
            '\n[exports.MatchDO]\ntype = "durable-object"\nstorage = "sqlite"\n',
            id="a new table goes to the end",
        ),
        pytest.param(
            adding("exports", value={"A": {"type": "durable-object"}, "B": {"storage": {"x": 1}}, "c": 1}),
            "enabled = true\n",
            '\n[exports]\nc = 1\n\n[exports.A]\ntype = "durable-object"\n\n[exports.B.storage]\nx = 1\n',
            id="tables in a new table",
        ),
        pytest.param(
            adding("durable_objects", "bindings", 0, "script_name", value='a"b\\\n\x7f'),
            'class_name = "MatchDO"\n',
            'script_name = "a\\"b\\\\\\n\\u007f"\n',
            id="a key of an item",
        ),
        pytest.param(
            adding("durable_objects", "code_update_strategy", value="x"),
            'main = "index.js" # entry\n\n',
            '[durable_objects]\ncode_update_strategy = "x"\n\n',
            id="a key of a table that has no header yet",
        ),
        pytest.param(
            adding("env", "production", "vars", "B C", value={"deep": [1, {"x": 1.5}]}),
            '["url_standard"] # since 2022\n',
            '\n[env.production.vars."B C"]\ndeep = [\n  1,\n  { x = 1.5 }\n]\n',
            id="a key that needs quotes, an array that holds a table",
        ),
        pytest.param(adding("a", 0, "b", value=1), "name = ", "", id="no place for an item of nothing"),
        pytest.param(adding("name", "b", value=1), "name = ", "", id="no place in a string"),
        pytest.param(
            adding("observability", value={"a": 1}), "name = ", "", id="no place for another such table"
        ),
        pytest.param(
            adding("migrations", value="x"), "name = ", "", id="no place for a string among headers"
        ),
    ],
)
def test_add_to_toml(change: Change, after: str, new: str) -> None:
    wanted = put(TOML, after=after, new=new) if new else TOML
    assert in_toml(TOML, change) == wanted


@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [
        pytest.param(
            '[[migrations]]\n  tag = "v1"\n  new_classes = [\n    "A", # first\n    "B"\n  ]',
            adding("migrations", value=STEP),
            '[[migrations]]\n  tag = "v1"\n  new_classes = [\n    "A", # first\n    "B"\n  ]\n\n'
            '[[migrations]]\n  tag = "v2"\n  new_sqlite_classes = ["Lobby"]\n',
            id="indented, no line end at the end of the file",
        ),
        pytest.param(
            'tags = [\n    "A", # first\n    "B" # second\n]\n',
            adding("tags", value="C"),
            'tags = [\n    "A", # first\n    "B", # second\n    "C"\n]\n',
            id="an array over lines",
        ),
        pytest.param(
            'tags = [\n\t"A",\n] # all\n',
            adding("tags", value="C"),
            'tags = [\n\t"A",\n\t"C",\n] # all\n',
            id="tabs",
        ),
        pytest.param("a = []\n", adding("a", value="x"), 'a = ["x"]\n', id="an empty array"),
        pytest.param("a = [ 1, 2, ]\n", adding("a", value=3), "a = [ 1, 2, 3, ]\n", id="a trailing comma"),
        pytest.param("a = {}\n", adding("a", "b", value=1), "a = { b = 1 }\n", id="an empty inline table"),
        pytest.param(
            "a = [\n  # none\n]\n", adding("a", value=1), "a = [\n  # none\n  1\n]\n", id="a comment only"
        ),
        pytest.param(
            'migrations = [{ tag = "v1" }]\n',
            adding("migrations", value=STEP),
            'migrations = [{ tag = "v1" }, { tag = "v2", new_sqlite_classes = ["Lobby"] }]\n',
            id="inline tables on one line",
        ),
        pytest.param(
            'migrations = [\n  {tag = "v1"}, # one\n]\n',
            adding("migrations", value=STEP),
            'migrations = [\n  {tag = "v1"}, # one\n  {tag = "v2", new_sqlite_classes = ["Lobby"]},\n]\n',
            id="inline tables on lines of their own",
        ),
        pytest.param(
            'env = { production = { name = "x" } }\n',
            adding("env", "production", "migrations", value=[STEP]),
            'env = { production = { name = "x", migrations = '
            '[{ tag = "v2", new_sqlite_classes = ["Lobby"] }] } }\n',
            id="an environment as an inline table",
        ),
        pytest.param(
            'env = { production = { name = "x" } }\n',
            adding("env", "staging", "a", "b", value=1),
            'env = { production = { name = "x" }, staging = { a = { b = 1 } } }\n',
            id="a new environment in an inline table",
        ),
        pytest.param(
            'env.production.name = "x"\nmain = "y"\n',
            adding("env", "production", "migrations", value=[STEP]),
            'env.production.name = "x"\n'
            'env.production.migrations = [{ tag = "v2", new_sqlite_classes = ["Lobby"] }]\nmain = "y"\n',
            id="an environment of dotted keys",
        ),
        pytest.param(
            "a = { b.c = 1 }\n",
            adding("a", "b", "d", value=2),
            "a = { b.c = 1, b.d = 2 }\n",
            id="dotted in inline",
        ),
        pytest.param(
            "[[a.b]]\nx = 1\n[[a.b]]\nx = 2\n",
            adding("a", "b", 0, "c", value={"d": 1}),
            "[[a.b]]\nx = 1\n\n[a.b.c]\nd = 1\n[[a.b]]\nx = 2\n",
            id="a table of an item that is not the last",
        ),
        pytest.param("", adding("a", value=1), "a = 1\n", id="an empty file"),
        pytest.param("# why\n", adding("a", value=1), "# why\n\na = 1\n", id="comments only"),
        pytest.param(
            "#:schema x\n[vars]\nA = 1\n",
            adding("a", value=1),
            "#:schema x\na = 1\n\n[vars]\nA = 1\n",
            id="a comment at the top of the file stays there",
        ),
        pytest.param(
            "# file\n\n# variables\n[vars]\nA = 1\n",
            adding("a", value=1),
            "# file\n\na = 1\n\n# variables\n[vars]\nA = 1\n",
            id="a comment on the first header stays with it",
        ),
        pytest.param("a = 'x' # y\n", adding("a", value=[1]), "a = [1] # y\n", id="another value"),
        pytest.param("a = 1", adding("b", value={}), "a = 1\nb = {}", id="an empty table"),
    ],
)
def test_add_to_other_styles_of_toml(text: str, change: Change, wanted: str) -> None:
    if "\n" in text:
        assert in_toml(text, change) == wanted
    assert changed(text, change, "wrangler.toml") == wanted


def test_add_never_lands_under_another_header() -> None:
    text = "[vars]\nA = 1\n\n[[d1_databases]]\nbinding = 'DB'\n"
    result = in_toml(text, adding("migrations", value=[STEP]))
    assert load_document(source(result)).root.plain() == {
        "vars": {"A": 1},
        "d1_databases": [{"binding": "DB"}],
        "migrations": [STEP],
    }


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (removing("main"), 'main = "index.js" '),
        (
            removing("env", "production", "vars"),
            TOML[TOML.index("[env.production.vars]") : TOML.index("[obs")],
        ),
        (removing("observability"), "\n[observability]\nenabled = true\n"),
        (removing("durable_objects", "bindings", 0, "class_name"), 'class_name = "MatchDO"\n'),
        (removing("migrations"), '[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["MatchDO"]\n'),
        (removing("env", "staging"), ""),
        (removing("migrations", 1), ""),
        (removing("name", "x"), ""),
    ],
)
def test_remove_from_toml(change: Change, gone: str) -> None:
    assert in_toml(TOML, change) == TOML.replace(gone, "")


@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [
        ('a = ["x", "y"]\n', removing("a", 0), 'a = ["y"]\n'),
        ('a = [ "x", "y" ]\n', removing("a", 1), 'a = [ "x" ]\n'),
        ('a = ["x"] # all\n', removing("a", 0), "a = [] # all\n"),
        ('a = [\n  "x", # 1\n  "y", # 2\n]\n', removing("a", 1), 'a = [\n  "x", # 1\n  # 2\n]\n'),
        ('a = [\n  "x", # 1\n  "y" # 2\n]\n', removing("a", 1), 'a = [\n  "x" # 1\n  # 2\n]\n'),
        ('a = [\n  # all\n  "y"\n]\n', removing("a", 0), "a = [\n  # all\n]\n"),
        ("a = {b = 1, c.d = 2, c.e = 3}\n", removing("a", "c"), "a = {b = 1}\n"),
        ("a = {c.d = 2, b = 1, c.e = 3}\n", removing("a", "c"), "a = {b = 1}\n"),
        ("a = {c.d = 2, b = 1, c.e = 3}\n", removing("a", "c", "d"), "a = {b = 1, c.e = 3}\n"),
        ("a.b = 1\nc = 2\na.d = 3\n", removing("a"), "c = 2\n"),
        ("[a]\nb = 1\n[c]\n[a.d]\n# x\ne = 1\n", removing("a"), "[c]\n"),
        ("[[a]]\nb = 1\n\n[[a]]\nb = 2\n\n[c]\n", removing("a", 0), "[[a]]\nb = 2\n\n[c]\n"),
        ("a = '''\n\n'''\n\n\nb = 1", removing("b"), "a = '''\n\n'''\n"),
    ],
)
def test_remove_from_other_styles_of_toml(text: str, change: Change, wanted: str) -> None:
    assert in_toml(text, change) == wanted


def test_move_a_key_with_its_comments_above_the_headers() -> None:
    flags = '\n# Both kinds of URLs\ncompatibility_flags = ["url_standard"] # since 2022\n'
    assert in_toml(TOML, moving("env", "production", "vars", "compatibility_flags")) == put(
        TOML.replace(flags, ""), after="# entry\n", new=flags.removeprefix("\n")
    )


@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [
        ("[vars]\nA = 1\n[vars.x]\nb = 1\n", moving("vars", "x"), "[vars]\nA = 1\n[x]\nb = 1\n"),
        ("[[d.b]]\nn = 1\n[[d.b.m]]\nt = 1\n", moving("d", "b", 0, "m"), "[[d.b]]\nn = 1\n[[m]]\nt = 1\n"),
        (
            "[[d.b]]\nn = 1\nx.y = [\n  1,\n]\n",
            moving("d", "b", 0, "x"),
            "x.y = [\n  1,\n]\n\n[[d.b]]\nn = 1\n",
        ),
        ("[v]\nA = 1\n  x.a = 1\n\n  x.b = 2", moving("v", "x"), "x.a = 1\nx.b = 2\n\n[v]\nA = 1\n"),
        ("v.a = 1\n", moving("v", "a"), "a = 1\n"),
        ("v = { a = inf, b = 1 }\n", moving("v", "a"), "v = { b = 1 }\na = inf\n"),
        ("[v]\na = 1\n", moving("v", "b"), "[v]\na = 1\n"),
        ("[v]\na = [1]\n", moving("v", "a", 0), "[v]\na = [1]\n"),
    ],
)
def test_move_in_other_styles_of_toml(text: str, change: Change, wanted: str) -> None:
    assert in_toml(text, change) == wanted
