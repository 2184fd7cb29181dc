"""Whatever the text: after an edit it parses, holds just the wanted data, and keeps its comments."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.wrangler.test_jsonc import _decorated
from tests.wrangler.texts import JSON_DATA, PROPERTY, TOML_TEXTS, source
from wslint.finding import Edit
from wslint.fix import spliced
from wslint.wrangler import edit
from wslint.wrangler.config import ConfigDocument, load_document
from wslint.wrangler.edit_inline import is_bracketed
from wslint.wrangler.located import ParseError, Value

TEXT = st.text("ab\"'\\\n\té", max_size=4)
NEW_VALUES = (
    TEXT
    | st.booleans()
    | st.integers(-5, 5)
    | st.lists(TEXT, max_size=2)
    | st.dictionaries(st.sampled_from(["tag", "b.c"]), TEXT | st.lists(TEXT, max_size=2), max_size=2)
    | st.lists(st.dictionaries(st.sampled_from(["tag", "b.c"]), TEXT, max_size=2), max_size=2)
    | st.just({"A": {"type": "durable-object"}, "B": {"x": {"y": 1}}})
)


def toml_document(text: str) -> ConfigDocument:
    try:
        return load_document(source(text))
    except ParseError:
        assume(False)
        raise


def json_document(drawn: st.DataObject) -> ConfigDocument:
    data = drawn.draw(st.dictionaries(st.text("abc", max_size=2), JSON_DATA, max_size=4))
    return load_document(source(_decorated(data, drawn), "wrangler.jsonc"))


def paths(value: Value, path: edit.Path = ()) -> Iterator[tuple[edit.Path, Value]]:
    for key, entry in value.entries.items():
        yield (*path, key), entry.value
        yield from paths(entry.value, (*path, key))
    for index, item in enumerate(value.items):
        yield (*path, index), item
        yield from paths(item, (*path, index))


def edited(document: ConfigDocument, edits: tuple[Edit, ...]) -> ConfigDocument:
    data = spliced(document.file.data, edits)
    ordered = sorted(edits, key=lambda edit: edit.span.start)
    assert all(one.span.end <= other.span.start for one, other in itertools.pairwise(ordered)), ordered
    return load_document(source(data, document.file.name))


def at(data: Any, path: edit.Path) -> Any:
    for step in path:
        data = data[step]
    return data


def comparable(data: object) -> object:
    if isinstance(data, dict):
        return {key: comparable(value) for key, value in data.items()}
    if isinstance(data, list):
        return [comparable(item) for item in data]
    return str(data) if isinstance(data, float) else data


def without_empty_tables(data: object) -> object:
    """TOML makes tables on the way: what they held being gone, they may be gone as well."""
    if isinstance(data, dict):
        inner = {key: without_empty_tables(value) for key, value in data.items()}
        return {key: value for key, value in inner.items() if value not in ({}, [])}
    if isinstance(data, list):
        return [without_empty_tables(item) for item in data]
    return str(data) if isinstance(data, float) else data


def comments(document: ConfigDocument) -> list[str]:
    return sorted(comment.text for comment in document.comments)


def check_add(document: ConfigDocument, drawn: st.DataObject) -> None:
    tables = [path for path, value in [((), document.root), *paths(document.root)] if value.kind == "table"]
    table = drawn.draw(st.sampled_from(tables))
    new = drawn.draw(st.lists(st.sampled_from(["new", "new key", "é"]), min_size=1, max_size=3).map(tuple))
    assume(new[0] not in at(document.root.plain(), table))
    value = drawn.draw(NEW_VALUES)
    result = edited(document, edit.add(document, (*table, *new), value))
    wanted: Any = document.root.plain()
    holder = at(wanted, table)
    for key in new[:-1]:
        holder = holder.setdefault(key, {})
    holder[new[-1]] = value
    assert comparable(result.root.plain()) == comparable(wanted)
    assert comments(result) == comments(document)


@given(TOML_TEXTS, st.data())
@PROPERTY
def test_add_to_toml(text: str, drawn: st.DataObject) -> None:
    check_add(toml_document(text), drawn)


@given(st.data())
@PROPERTY
def test_add_to_json(drawn: st.DataObject) -> None:
    check_add(json_document(drawn), drawn)


def check_extend(document: ConfigDocument, drawn: st.DataObject) -> None:
    arrays = [(path, value) for path, value in paths(document.root) if value.kind == "array"]
    assume(arrays)
    path, array = drawn.draw(st.sampled_from(arrays))
    tables = st.fixed_dictionaries({"tag": TEXT, "list": st.lists(TEXT, max_size=2)})
    items = st.lists(tables if array.header is not None else NEW_VALUES, min_size=1, max_size=3)
    values: list[object] = drawn.draw(items)
    result = edited(document, edit.extend(document, path, values))
    wanted: Any = document.root.plain()
    at(wanted, path).extend(values)
    assert comparable(result.root.plain()) == comparable(wanted)
    assert comments(result) == comments(document)


@given(TOML_TEXTS, st.data())
@PROPERTY
def test_extend_in_toml(text: str, drawn: st.DataObject) -> None:
    check_extend(toml_document(text), drawn)


@given(st.data())
@PROPERTY
def test_extend_in_json(drawn: st.DataObject) -> None:
    check_extend(json_document(drawn), drawn)


def check_remove(document: ConfigDocument, drawn: st.DataObject) -> None:
    known = list(paths(document.root))
    assume(known)
    path, _ = drawn.draw(st.sampled_from(known))
    result = edited(document, edit.remove_entry(document, path))
    wanted: Any = copy.deepcopy(document.root.plain())
    del at(wanted, path[:-1])[path[-1]]
    assert without_empty_tables(result.root.plain()) == without_empty_tables(wanted)
    assert len(result.comments) <= len(document.comments)


@given(TOML_TEXTS, st.data())
@PROPERTY
def test_remove_from_toml(text: str, drawn: st.DataObject) -> None:
    check_remove(toml_document(text), drawn)


@given(st.data())
@PROPERTY
def test_remove_from_json(drawn: st.DataObject) -> None:
    check_remove(json_document(drawn), drawn)


@given(TOML_TEXTS, st.data())
@PROPERTY
def test_move_to_the_root_of_toml(text: str, drawn: st.DataObject) -> None:
    document = toml_document(text)
    known = [
        path
        for path, _ in paths(document.root)
        if len(path) > 1 and isinstance(path[-1], str) and path[-1] not in document.root.entries
    ]
    assume(known)
    path = drawn.draw(st.sampled_from(known))
    edits = edit.move_to_root(document, path)
    assume(edits)
    wanted: Any = copy.deepcopy(document.root.plain())
    wanted[path[-1]] = at(wanted, path[:-1]).pop(path[-1])
    result = edited(document, edits)
    assert without_empty_tables(result.root.plain()) == without_empty_tables(wanted)
    around = [value for other, value in paths(document.root) if path[: len(other)] == other != path]
    if not any(is_bracketed(value) for value in around):
        assert comments(result) == comments(document)


@given(TOML_TEXTS, st.data())
@PROPERTY
def test_replace_a_string_and_drop_an_item(text: str, drawn: st.DataObject) -> None:
    document = toml_document(text)
    strings = [(path, value) for path, value in paths(document.root) if value.string is not None]
    assume(strings)
    path, value = drawn.draw(st.sampled_from(strings))
    new = drawn.draw(TEXT)
    wanted: Any = document.root.plain()
    at(wanted, path[:-1])[path[-1]] = new
    result = edited(document, (edit.replace_string(value, new),))
    assert comparable(result.root.plain()) == comparable(wanted)
    if isinstance(path[-1], int):
        wanted = document.root.plain()
        del at(wanted, path[:-1])[path[-1]]
        array = next(value for other, value in paths(document.root) if other == path[:-1])
        result = edited(document, (edit.remove_item(array, value),))
        assert comparable(result.root.plain()) == comparable(wanted)


def check_rename(document: ConfigDocument, drawn: st.DataObject) -> None:
    known = [path for path, _ in paths(document.root) if isinstance(path[-1], str)]
    if not known:
        return
    path = drawn.draw(st.sampled_from(known))
    edits = edit.rename_everywhere(document, path, "new name")
    if not edits:
        return
    wanted: Any = document.root.plain()
    at(wanted, path[:-1])["new name"] = at(wanted, path[:-1]).pop(path[-1])
    result = edited(document, edits)
    assert comparable(result.root.plain()) == comparable(wanted)
    assert comments(result) == comments(document)


@given(TOML_TEXTS, st.data())
@PROPERTY
def test_rename_in_toml(text: str, drawn: st.DataObject) -> None:
    check_rename(toml_document(text), drawn)


@given(st.data())
@PROPERTY
def test_rename_in_json(drawn: st.DataObject) -> None:
    check_rename(json_document(drawn), drawn)
