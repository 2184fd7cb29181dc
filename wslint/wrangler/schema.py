"""The shape of a wrangler configuration, and where a file departs from it.

data/wrangler_schema.json is generated (scripts/generate_wrangler_schema.py). Its shapes are

    "s" "n" "b" "0" "*"            a string, a number, a boolean, null, anything
    "@Name"                        another shape
    [shape]                        an array of such items
    {"=": [values]}                one of these values
    {"|": [shapes]}                one of these shapes
    {"k": {key: shape}, "x": …}    a table: its keys (`key!` is required), and the shape of all
                                   other keys where it may have others

wrangler's own validation is not the schema: `lenient` names the kinds that it takes in a place
although the schema does not (a capital letter: only where the value is empty, zero or false), and
`optional` the required keys that it does without. Both come from running wrangler.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any, Literal

from wslint.record import frozen
from wslint.wrangler.located import Entry, Kind, Value

_TABLE = FilePath(__file__).parent.parent / "data" / "wrangler_schema.json"

Path = tuple[str | int, ...]
"""Keys and indexes from the section (the root or an `env.X`) that was walked."""

Where = Literal["top", "environment"]


@frozen
class UnknownKey:
    """A key that its table does not have. `known` are the keys that it has."""

    path: Path
    table: Value
    entry: Entry
    known: tuple[str, ...]


@frozen
class WrongKind:
    """A value of another kind than `expected` (in words). `refused`: wrangler ends with an error."""

    path: Path
    value: Value
    expected: str
    refused: bool


@frozen
class MissingKey:
    """A table without a key that it must have. `refused`: wrangler ends with an error."""

    path: Path
    table: Value
    key: str
    refused: bool


@frozen
class NoChoice:
    """A value that is none of those allowed."""

    path: Path
    value: Value
    choices: tuple[str | int, ...]


Problem = UnknownKey | WrongKind | MissingKey | NoChoice

Shape = Any  # what json.loads gives

_LETTERS: dict[Kind, str] = {
    "table": "t",
    "array": "a",
    "string": "s",
    "integer": "n",
    "float": "n",
    "boolean": "b",
    "null": "0",
    "date": "d",
}
_WORDS = {"s": "a string", "n": "a number", "b": "true or false", "0": "null", "*": "a value"}
_PLURALS = {"s": "strings", "n": "numbers", "b": "booleans"}


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_TABLE.read_text(encoding="utf-8"))
    return loaded


def source() -> str:
    """Which wrangler the table was made from."""
    return str(_data()["source"])


def known_keys(where: Where, path: Path = ()) -> tuple[str, ...]:
    """The keys that the table at `path` has; empty where there is no such table."""
    shape = _shape_at(where, path)
    return () if shape is None else tuple(_keys(_tables(_resolved(shape))))


def _shape_at(where: Where, path: Path) -> Shape | None:
    shape: Shape | None = _section(where)
    for step in path:
        alternatives = _alternatives(_resolved(shape))
        if isinstance(step, int):
            shape = next((inner[0] for inner in alternatives if isinstance(inner, list)), None)
        else:
            tables = _tables({"|": alternatives})
            others = next((table["x"] for table in tables if "x" in table), None)
            shape = _keys(tables).get(step, others)
        if shape is None:
            return None
    return shape


def fits(where: Where, key: str, value: Value) -> bool:
    """Whether the value has the whole shape of the top-level key, so that it was probably meant as that."""
    shape = _shape_at(where, (key,))
    return shape is not None and not any(_walk(value, shape, (key,)))


def suits(where: Where, path: Path, value: Value) -> bool:
    """Whether the place takes the value with all that is inside: nothing in it has a kind that wrangler
    refuses. Keys may be wrong there."""
    shape = _shape_at(where, path)
    return shape is not None and not any(
        isinstance(problem, WrongKind) and problem.refused for problem in _walk(value, shape, path)
    )


def problems(section: Value, where: Where) -> Iterator[Problem]:
    """Every departure of a root table or an `env.X` table from its shape; `env` itself is passed over."""
    yield from _walk(section, _section(where), ())


@cache
def _section(where: Where) -> Shape:
    shapes = _data()["shapes"]
    if where == "environment":
        return shapes["environment"]
    return {"k": {**shapes["environment"]["k"], **shapes["top"]["k"]}}


def _walk(value: Value, shape: Shape, path: Path) -> Iterator[Problem]:
    waiting: list[tuple[Value, Shape, Path]] = [(value, shape, path)]
    while waiting:
        value, shape, path = waiting.pop()
        shape = _resolved(shape)
        if shape == "*" or value.is_placeholder or path == ("env",):
            continue
        letter = _LETTERS[value.kind]
        fitting = [alternative for alternative in _alternatives(shape) if letter in _accepted(alternative)]
        if not fitting:
            yield WrongKind(path, value, _described(shape), _refuses(path, value))
        elif "*" in fitting:
            continue
        elif letter == "a":
            items = fitting[0][0]
            waiting.extend(
                (item, items, (*path, index)) for index, item in reversed(list(enumerate(value.items)))
            )
        elif letter == "t":
            yield from _table(value, fitting, path)
            keys = _keys(fitting)
            others = next((table["x"] for table in fitting if "x" in table), None)
            for key, entry in reversed(value.entries.items()):
                inner = keys.get(key, others)
                if inner is not None:
                    waiting.append((entry.value, inner, (*path, key)))
        elif not any(isinstance(inner, str) or value.data in inner["="] for inner in fitting):
            choices = [choice for inner in fitting for choice in inner["="]]
            if _refuses(path, value):
                yield NoChoice(path, value, tuple(choices))


def _table(value: Value, tables: list[Shape], path: Path) -> Iterator[Problem]:
    """Unknown and missing keys of a table that may be any of `tables`."""
    keys = _keys(tables)
    if not any("x" in table for table in tables):
        unknown = [entry for key, entry in value.entries.items() if key not in keys]
        for entry in unknown:
            yield UnknownKey((*path, entry.key), value, entry, tuple(keys))
    required = [key[:-1] for key in tables[0].get("k", ()) if key.endswith("!")]
    for key in required:
        if key not in value.entries and all(key + "!" in table.get("k", ()) for table in tables):
            place = pattern((*path, key)).removeprefix("previews.")
            yield MissingKey(path, value, key, place not in _optional())


@cache
def _optional() -> frozenset[str]:
    return frozenset(_data()["optional"])


def _resolved(shape: Shape) -> Shape:
    while isinstance(shape, str) and shape.startswith("@"):
        shape = _data()["shapes"][shape[1:]]
    return shape


def _alternatives(shape: Shape) -> list[Shape]:
    if isinstance(shape, dict) and "|" in shape:
        return [_resolved(alternative) for alternative in shape["|"]]
    return [shape]


def _tables(shape: Shape) -> list[Shape]:
    return [table for table in _alternatives(shape) if isinstance(table, dict) and "=" not in table]


def _keys(tables: list[Shape]) -> dict[str, Shape]:
    """The keys of all given tables, without their marks."""
    found: dict[str, Shape] = {}
    for table in tables:
        for marked, shape in table.get("k", {}).items():
            key = marked.rstrip("!")
            known = found.get(key)
            found[key] = shape if known is None or known == shape else {"|": [*_alternatives(known), shape]}
    return found


def _accepted(shape: Shape) -> str:
    """The letters of the kinds that a shape takes."""
    if isinstance(shape, str):
        return "snbat0d" if shape == "*" else shape
    if isinstance(shape, list):
        return "a"
    if "=" in shape:
        return "".join({"s" if isinstance(choice, str) else "n" for choice in shape["="]})
    return "t"


def _described(shape: Shape) -> str:
    """A shape in a reader's words: `a string or an array of strings`."""
    shape = _resolved(shape)
    if isinstance(shape, str):
        return _WORDS[shape]
    if isinstance(shape, list):
        inner = _resolved(shape[0])
        return f"an array of {_PLURALS.get(inner, 'values') if isinstance(inner, str) else 'tables'}"
    if "=" in shape:
        return "one of " + ", ".join(f"`{choice}`" for choice in shape["="])
    if "|" in shape:
        return " or ".join(dict.fromkeys(_described(alternative) for alternative in shape["|"]))
    return "a table"


def _refuses(path: Path, value: Value) -> bool:
    place = pattern(path)
    lenient: dict[str, str] = _data()["lenient"]
    taken = lenient.get(place)
    if taken is None and place.startswith("previews."):
        taken = lenient.get(place.removeprefix("previews."))
    letter = _LETTERS[value.kind]
    empty = not (value.entries or value.items or value.data)
    return taken is None or not (letter in taken or (empty and letter.upper() in taken))


_MAPS = frozenset(
    {"alias", "wasm_modules", "text_blobs", "data_blobs", "define", "image_vars", "images", "build_vars"}
)


def pattern(path: Path) -> str:
    """A path as `lenient` writes it: `containers[].images.*`."""
    text = ""
    for index, step in enumerate(path):
        if isinstance(step, int):
            text += "[]"
        elif index > 0 and path[index - 1] in _MAPS and path[0] != "images":
            text += ".*"
        else:
            text += f".{step}" if text else step
    return text


def path_text(path: Path) -> str:
    """A path as people write it: `durable_objects.bindings[0].name`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def described(where: Where, path: Path) -> str:
    """What a place takes, in a reader's words; empty where the schema has no such place."""
    shape = _shape_at(where, path)
    return "" if shape is None else _described(shape)


def is_required(where: Where, path: Path) -> bool:
    """Whether the table that holds the last key of `path` can't do without it."""
    shape = _shape_at(where, path[:-1])
    tables = [] if shape is None else _tables(_resolved(shape))
    return bool(tables) and all(f"{path[-1]}!" in table.get("k", {}) for table in tables)


def choices(where: Where, path: Path) -> tuple[str | int | bool, ...]:
    """The values that a place may have, where they can be listed."""
    shape = _shape_at(where, path)
    found: list[str | int | bool] = []
    for inner in [] if shape is None else _alternatives(_resolved(shape)):
        if inner == "b":
            found += [True, False]
        elif isinstance(inner, dict) and "=" in inner:
            found += inner["="]
    return tuple(dict.fromkeys(found))


def tables_below(where: Where, arrays: bool) -> Iterator[tuple[str, ...]]:
    """The tables that a section may have, or the arrays of tables, down to those in a table of its own."""
    for name, shape in _keys([_section(where)]).items():
        for inner in _alternatives(_resolved(shape)):
            if _holds_tables(inner) if arrays else _is_table(inner):
                yield (name,)
            for key, below in _keys(_tables(inner)).items() if _is_table(inner) else ():
                for each in _alternatives(_resolved(below)):
                    if _holds_tables(each) if arrays else _is_table(each):
                        yield (name, key)


def _is_table(shape: Shape) -> bool:
    return isinstance(shape, dict) and "=" not in shape and "|" not in shape


def _holds_tables(shape: Shape) -> bool:
    if not isinstance(shape, list):
        return False
    return any(_is_table(inner) for inner in _alternatives(_resolved(shape[0])))
