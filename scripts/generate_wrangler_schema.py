"""Writes wslint/data/wrangler_schema.json from an installed `wrangler` package.

    python scripts/generate_wrangler_schema.py node_modules/wrangler

The package's config-schema.json (draft-07, prose included) is boiled down to shapes, whose language
`wslint/wrangler/schema.py` explains. The schema says what editors accept; what wrangler itself
refuses differs in places and comes from `scripts/wrangler_leniency.json`.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "wslint" / "data" / "wrangler_schema.json"

LENIENCY = Path(__file__).parent / "wrangler_leniency.json"

LETTERS = {"string": "s", "number": "n", "boolean": "b", "null": "0"}

Shape = Any


def shape_of(node: dict[str, Any]) -> Shape:
    """One schema node as a shape. Raises ValueError for a keyword that no wrangler schema had yet."""
    if "$ref" in node:
        name = name_of(node["$ref"])
        return "*" if name == "Json" else "@" + name
    if "anyOf" in node:
        return either([shape_of(item) for item in node["anyOf"]])
    if "const" in node:
        return {"=": [node["const"]]}
    if "enum" in node:
        return {"=": list(node["enum"])}
    kind = node.get("type")
    if kind is None:
        return "*"
    if isinstance(kind, list):
        return either([LETTERS[item] for item in kind])
    if kind in LETTERS:
        return LETTERS[kind]
    if kind == "array":
        return [shape_of(node["items"])]
    if kind == "object":
        return table_of(node)
    raise ValueError(f"a schema node of an unknown kind: {json.dumps(node)[:200]}")


def table_of(node: dict[str, Any]) -> Shape:
    required = set(node.get("required", ()))
    keys = {
        key + ("!" if key in required else ""): shape_of(value)
        for key, value in sorted(node.get("properties", {}).items())
    }
    shape: dict[str, Shape] = {}
    if keys:
        shape["k"] = keys
    additional = node.get("additionalProperties", True)
    if additional is not False:
        shape["x"] = "*" if additional is True else shape_of(additional)
    return shape


def either(shapes: list[Shape]) -> Shape:
    """Alternatives, enums joined: `{"=": ["a"]}` or `{"=": ["b"]}` is `{"=": ["a", "b"]}`."""
    values = [value for shape in shapes if isinstance(shape, dict) and "=" in shape for value in shape["="]]
    rest = [shape for shape in shapes if not (isinstance(shape, dict) and "=" in shape)]
    found = rest + ([{"=": values}] if values else [])
    return found[0] if len(found) == 1 else {"|": found}


def name_of(reference: str) -> str:
    return reference.rsplit("/", 1)[-1]


def hoisted(shapes: dict[str, Shape]) -> dict[str, Shape]:
    """The shapes with every larger table that occurs more than once moved into a definition."""
    counts: Counter[str] = Counter()

    def count(shape: Shape) -> None:
        for inner in inside(shape):
            if isinstance(inner, dict) and "k" in inner:
                counts[json.dumps(inner, sort_keys=True)] += 1
            count(inner)

    for shape in shapes.values():
        count(shape)
    shared = [text for text, times in counts.items() if times > 1 and len(text) > 40]
    names = {text: f"T{number}" for number, text in enumerate(sorted(shared))}

    def replaced(shape: Shape) -> Shape:
        text = json.dumps(shape, sort_keys=True)
        return "@" + names[text] if text in names else rebuilt(shape, replaced)

    found = {name: rebuilt(shape, replaced) for name, shape in shapes.items()}
    for text, name in names.items():
        found[name] = rebuilt(json.loads(text), replaced)
    return found


def inside(shape: Shape) -> list[Shape]:
    if isinstance(shape, list):
        return list(shape)
    if isinstance(shape, dict):
        return [*shape.get("k", {}).values(), *shape.get("|", ()), *([shape["x"]] if "x" in shape else [])]
    return []


def rebuilt(shape: Shape, change: Any) -> Shape:
    if isinstance(shape, list):
        return [change(shape[0])]
    if isinstance(shape, dict):
        found = dict(shape)
        if "k" in shape:
            found["k"] = {key: change(value) for key, value in shape["k"].items()}
        if "|" in shape:
            found["|"] = [change(value) for value in shape["|"]]
        if "x" in shape:
            found["x"] = change(shape["x"])
        return found
    return shape


def shapes_of(schema: dict[str, Any]) -> dict[str, Shape]:
    """All definitions as shapes. The top level keeps only the keys that no environment has."""
    shapes = {name_of(name): shape_of(node) for name, node in schema["definitions"].items()}
    top, environment = shapes.pop("RawConfig"), shapes.pop("RawEnvironment")
    shapes["environment"] = environment
    mistyped = [name for name in shapes if name.startswith("interface-")]
    for name in mistyped:
        # `previews.limits` and its like refer to a whole environment; wrangler reads them as usual.
        del shapes[name]
    previews = shapes["PreviewsConfig"]["k"]
    for key, shape in previews.items():
        if isinstance(shape, str) and shape[1:] in mistyped:
            previews[key] = environment["k"][key]
    shapes["top"] = {"k": {key: shape for key, shape in top["k"].items() if key not in environment["k"]}}
    differing = [key for key in environment["k"] if top["k"].get(key) != environment["k"][key]]
    if differing:
        raise ValueError(f"keys with another shape in an environment: {differing}")
    shapes["top"]["k"]["env"] = {"x": "@environment"}
    correct(shapes)
    return shapes


def correct(shapes: dict[str, Shape]) -> None:
    """What the schema has otherwise than wrangler's own validation; each line was run on 4.164.0."""
    leniency = json.loads(LENIENCY.read_text(encoding="utf-8"))
    environment, previews = shapes["environment"]["k"], shapes["PreviewsConfig"]["k"]
    for path in leniency["unread"]:
        del previews[path.removeprefix("previews.")]
    for path, names in leniency["known"].items():
        for keys in (environment, previews):
            table = keys[path.removesuffix("[]")][0]
            table = shapes[table[1:]] if isinstance(table, str) else table
            table["k"].update(names)
            table["k"] = dict(sorted(table["k"].items()))
    shapes["RawDevConfig"]["k"]["container_engine"] = "s"
    shapes["ConfigModuleRuleType"] = {"=": ["ESModule", "CommonJS", "CompiledWasm", "Text", "Data"]}
    previews["durable_objects"] = {"k": {"bindings!": "@DurableObjectBindings"}}
    # Read beyond the schema: other keys of `constraints`, and regions in small letters.
    shapes["ContainerApp"]["k"]["constraints"] = {
        "k": {"jurisdiction": {"=": ["eu", "fedramp", "us"]}},
        "x": "*",
    }
    shapes["CloudchamberConfig"]["x"] = "*"
    # A route is one of three tables, and an unknown key in it is refused: the rule reads it itself.
    shapes["Route"] = {"|": ["s", {"x": "*"}]}
    for name in (
        "ZoneIdRoute",
        "ZoneNameRoute",
        "CustomDomainRoute",
        "ContainerEngine",
        "DockerConfiguration",
        "Json",
    ):
        del shapes[name]


def table_of_package(package: Path) -> str:
    """wslint/data/wrangler_schema.json for an installed wrangler."""
    manifest = json.loads((package / "package.json").read_text(encoding="utf-8"))
    schema = json.loads((package / "config-schema.json").read_text(encoding="utf-8"))
    leniency = json.loads(LENIENCY.read_text(encoding="utf-8"))
    day = re.search(r"\.(\d{4})(\d\d)(\d\d)\.", manifest["dependencies"]["workerd"])
    assert day is not None
    table = {
        "source": f"wrangler {manifest['version']} config-schema.json",
        "date": "-".join(day.groups()),
        "lenient": leniency["kinds"],
        "optional": leniency["missing"],
        "shapes": dict(sorted(hoisted(shapes_of(schema)).items())),
    }
    return json.dumps(table, separators=(",", ":")) + "\n"


def main() -> None:
    TARGET.write_text(table_of_package(Path(sys.argv[1])), encoding="utf-8")


if __name__ == "__main__":
    main()
