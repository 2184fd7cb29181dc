"""Who may import whom: each layer knows those below it, in functions too. Types may come from anywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import wslint

ROOT = Path(wslint.__file__).parent
LAYERS = (("values",), ("source",), ("project",), ("runtime", "machine"), ("play",), ("rules",), ("trace",))
"""From the ground up. The runtime's model and the machine call each other."""


def imported(folder: str) -> Iterator[tuple[str, str]]:
    """What the modules of a folder import of wslint: the other folder, and where it is asked for."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        for_types = {
            id(inner)
            for node in ast.walk(module)
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
            for statement in node.body
            for inner in ast.walk(statement)
        }
        for node in ast.walk(module):
            name = _name(node) if id(node) not in for_types else ""
            if name.startswith("wslint."):
                yield name.split(".")[1], f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.ImportFrom):
        if node.module == "wslint":
            return f"wslint.{node.names[0].name}"
        return node.module or ""
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "Late":
        name = node.args[0]
        return str(name.value) if isinstance(name, ast.Constant) else ""
    return ""


@pytest.mark.parametrize("layer", range(len(LAYERS)))
def test_nobody_imports_what_stands_above(layer: int) -> None:
    above = {name for names in LAYERS[layer + 1 :] for name in names}
    found = [(other, place) for folder in LAYERS[layer] for other, place in imported(folder)]
    assert found, "nothing was read"
    assert [place for other, place in found if other in above] == []
