"""The shape table, and walks of located values against it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wslint.text import SourceFile
from wslint.wrangler import jsonc, schema, toml
from wslint.wrangler.keys import inheritance
from wslint.wrangler.located import Value

DATA = Path(schema.__file__).parent.parent / "data" / "wrangler_schema.json"


def json_root(text: str) -> Value:
    return jsonc.parse(SourceFile(Path("/wrangler.json"), "wrangler.json", text.encode())).root


def toml_root(text: str) -> Value:
    return toml.parse(SourceFile(Path("/wrangler.toml"), "wrangler.toml", text.encode())).root


def found(root: Value, where: schema.Where = "top") -> list[tuple[str, str]]:
    return sorted(
        (type(problem).__name__, schema.path_text(problem.path)) for problem in schema.problems(root, where)
    )


def test_the_table_is_small_and_names_its_source() -> None:
    table = json.loads(DATA.read_text(encoding="utf-8"))
    assert table["source"].startswith("wrangler 4.")
    assert len(table["date"]) == 10
    assert DATA.stat().st_size < 40_000


def test_the_table_has_the_keys_of_the_other_table() -> None:
    assert set(schema.known_keys("top")) == set(inheritance())
    in_environment = {key for key, kind in inheritance().items() if kind != "top-level only"}
    assert set(schema.known_keys("environment")) == in_environment


def test_every_reference_leads_to_a_shape() -> None:
    table = json.loads(DATA.read_text(encoding="utf-8"))
    text = json.dumps(table["shapes"])
    names = {part.split('"')[0] for part in text.split('"@')[1:]}
    assert names <= set(table["shapes"])


def test_importing_the_package_does_not_load_the_table() -> None:
    code = "import sys, wslint.check; sys.exit('wslint.wrangler.schema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_unknown_keys_come_with_their_siblings() -> None:
    root = json_root('{"migrations": [{"tag": "v1", "new_sqlite_class": []}], "durable_object": {}}')
    problems = {
        schema.path_text(p.path): p for p in schema.problems(root, "top") if isinstance(p, schema.UnknownKey)
    }
    assert set(problems) == {"migrations[0].new_sqlite_class", "durable_object"}
    assert "new_sqlite_classes" in problems["migrations[0].new_sqlite_class"].known
    assert "durable_objects" in problems["durable_object"].known


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ('{"compatibility_flags": "a"}', "compatibility_flags", "an array of strings"),
        ('{"durable_objects": []}', "durable_objects", "a table"),
        ('{"durable_objects": {"bindings": {}}}', "durable_objects.bindings", "an array of tables"),
        ('{"workers_dev": "yes"}', "workers_dev", "true or false"),
        ('{"name": null}', "name", "a string"),
        (
            '{"assets": {"run_worker_first": 1}}',
            "assets.run_worker_first",
            "an array of strings or true or false",
        ),
        ('{"limits": {"cpu_ms": "1"}}', "limits.cpu_ms", "a number"),
    ],
)
def test_wrong_kinds(text: str, path: str, expected: str) -> None:
    (problem,) = schema.problems(json_root(text), "top")
    assert isinstance(problem, schema.WrongKind)
    assert (schema.path_text(problem.path), problem.expected, problem.refused) == (path, expected, True)


@pytest.mark.parametrize(
    "text",
    [
        '{"limits": true}',
        '{"build": "make"}',
        '{"tail_consumers": null}',
        '{"rules": false}',
        '{"migrations": null}',
        '{"triggers": {"crons": [1]}}',
        '{"previews": {"send_email": [{"name": "A", "allowed_sender_addresses": {}}]}}',
    ],
)
def test_kinds_that_wrangler_takes_all_the_same(text: str) -> None:
    problems = list(schema.problems(json_root(text), "top"))
    assert problems
    assert all(isinstance(problem, schema.WrongKind) and not problem.refused for problem in problems)


def test_only_an_empty_value_is_taken_where_a_full_one_is_refused() -> None:
    assert [
        p.refused
        for p in schema.problems(json_root('{"rules": ""}'), "top")
        if isinstance(p, schema.WrongKind)
    ] == [False]
    assert [
        p.refused
        for p in schema.problems(json_root('{"rules": "a"}'), "top")
        if isinstance(p, schema.WrongKind)
    ] == [True]


def test_a_toml_date_is_no_string() -> None:
    (problem,) = schema.problems(toml_root("account_id = 2026-07-01\n"), "top")
    assert isinstance(problem, schema.WrongKind)
    assert problem.refused


def test_missing_keys_and_choices() -> None:
    root = json_root(
        '{"durable_objects": {"bindings": [{}], "code_update_strategy": {"mode": "now"}}, "site": {}}'
    )
    assert found(root) == [
        ("MissingKey", "durable_objects.bindings[0]"),
        ("MissingKey", "durable_objects.bindings[0]"),
        ("MissingKey", "site"),
        ("NoChoice", "durable_objects.code_update_strategy.mode"),
    ]


def test_alternatives_with_the_same_keys_are_joined() -> None:
    for mode in ("smart", "off", "targeted"):
        assert found(json_root(f'{{"placement": {{"mode": "{mode}"}}}}')) == []
    assert (
        found(json_root('{"connect": [{"protocol": "tcp", "port": 1}, {"protocol": "udp", "port": 1}]}'))
        == []
    )


def test_environments_have_fewer_keys_and_are_not_walked_from_the_top() -> None:
    assert found(json_root('{"env": {"a": {"nonsense": 1}}, "keep_vars": true}')) == []
    assert found(json_root('{"keep_vars": true, "workers_dev": true}'), "environment") == [
        ("UnknownKey", "keep_vars")
    ]


def test_free_tables_placeholders_and_previews() -> None:
    root = json_root(
        '{"vars": {"a": [{"b": null}]}, "define": {"c": "1"}, "workers_dev": "${DEV}",'
        ' "previews": {"vars": {"d": 1}, "limits": {"cpu_ms": 1}, "containers": [{"name": "x"}]}}'
    )
    assert found(root) == []
    assert found(json_root('{"previews": {"vras": {}, "secrets": {}}}')) == [
        ("UnknownKey", "previews.secrets"),
        ("UnknownKey", "previews.vras"),
    ]


def test_known_keys_fits_and_suits() -> None:
    assert "class_name" in schema.known_keys("environment", ("durable_objects", "bindings", 3))
    assert schema.known_keys("top", ("name",)) == ()
    assert schema.known_keys("top", ("nonsense", "more")) == ()
    good = json_root('{"bindings": [{"name": "A", "class_name": "A"}]}')
    bad = json_root('{"bindings": [{"binding": "A"}]}')
    assert schema.fits("top", "durable_objects", good)
    assert not schema.fits("top", "durable_objects", bad)
    assert schema.suits("top", ("durable_objects",), bad)
    assert not schema.suits("top", ("workers_dev",), bad)
    classes = json_root('{"it": ["A"]}').entries["it"].value
    assert schema.suits("top", ("migrations", 0, "deleted_classes"), classes)
    assert not schema.suits("top", ("migrations", 0, "renamed_classes"), classes)


def test_deep_and_wide_values_end_quickly() -> None:
    deep = '{"vars": ' + '{"a": ' * 60 + "1" + "}" * 60 + "}"
    assert found(json_root(deep)) == []
    wide = json.dumps({"kv_namespaces": [{"binding": "A", "nonsense": 1}] * 5_000})
    assert len(found(json_root(wide))) == 5_000


_scalars = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text("ab$", max_size=3))
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["name", "bindings", "type", "logs", "enabled", "x"]), inner, max_size=3
        ),
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(inheritance())), _values, max_size=5))
def test_no_value_breaks_the_walk(config: dict[str, object]) -> None:
    root = json_root(json.dumps(config))
    for where in ("top", "environment"):
        for problem in schema.problems(root, where):  # type: ignore[arg-type]
            assert schema.path_text(problem.path)
