"""The rules' modules, found by walking this package: what the table is made of, and a test holds it to."""

from __future__ import annotations

import importlib
import inspect
import os
from types import ModuleType

from wslint import rules
from wslint.record import fields
from wslint.rules import INPUTS, SECTIONS, Rule
from wslint.rules.needs import is_known

Row = tuple[object, ...]


class BadRule(Exception):
    """A rule module that breaks the contract; says which and how."""


def rows() -> list[Row]:
    """A row for each rule, in the order of their codes. Raises BadRule for a module that is none."""
    found: dict[str, Row] = {}
    root = os.path.dirname(__file__)
    for family in sorted(os.listdir(root)):
        folder = os.path.join(root, family)
        if family.startswith("_") or not os.path.isdir(folder):
            continue
        for name in sorted(os.listdir(folder)):
            if name.endswith(".py") and not name.startswith("_"):
                row = _row(f"{family}.{name[:-3]}")
                code = str(row[0])
                if code in found:
                    raise BadRule(f"{row[-1]}: {code} is taken by {found[code][-1]}")
                found[code] = row
    return [found[code] for code in sorted(found)]


def _row(name: str) -> Row:
    module = importlib.import_module(f"{rules.__name__}.{name}")
    rule, reads = _checked(module)
    docstring = module.__doc__ or ""
    path = module.__file__ or name
    missing = [heading for heading in SECTIONS if f"\n## {heading}\n" not in docstring]
    if missing:
        raise BadRule(f"{path}: the docstring has no section {', '.join(missing)}")
    unknown = [need for need in rule.needs if not is_known(need)]
    if unknown or (rule.needs and reads != "worker"):
        raise BadRule(
            f"{path}: {', '.join(unknown) or 'needs'}: only what needs.py knows of a Worker can be needed"
        )
    values = [getattr(rule, field) for field in fields(rule)]
    values[2] = int(rule.severity)
    return (*values, reads, docstring.strip().splitlines()[0].strip().rstrip("."), name)


def _checked(module: ModuleType) -> tuple[Rule, str]:
    path = module.__file__ or module.__name__
    rule = getattr(module, "RULE", None)
    check = getattr(module, "check", None)
    if not isinstance(rule, Rule) or not inspect.isfunction(check):
        raise BadRule(f"{path}: a rule module needs a RULE and a function check")
    code = check.__code__
    parameters = code.co_varnames[: code.co_argcount]
    if len(parameters) != 1 or parameters[0] not in INPUTS:
        raise BadRule(
            f"{path}:{code.co_firstlineno}: check takes one parameter, named one of {', '.join(INPUTS)}"
        )
    return rule, parameters[0]


def table() -> str:
    """The text of `table.py`."""
    lines = "".join(f"    {row!r},\n" for row in rows())
    return (
        '"""What the rules are: generated from their modules by `scripts/generate_docs.py`."""\n\n'
        "# fmt: off\n"
        f"ROWS = (\n{lines})\n"
    )
