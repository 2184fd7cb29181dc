"""The top-level keys of a wrangler configuration and how environments inherit them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

Inheritance = Literal["inheritable", "not inheritable", "top-level only"]

_TABLE = Path(__file__).parent.parent / "data" / "wrangler_keys.tsv"


@cache
def inheritance() -> dict[str, Inheritance]:
    """Key to how `env.X` gets it: from the top level, never from there, or not allowed in it at all.

    Source: data/wrangler_keys.tsv, whose first line names the wrangler version.
    """
    table: dict[str, Inheritance] = {}
    for line in _TABLE.read_text(encoding="utf-8").splitlines()[2:]:
        key, kind = line.split("\t")
        table[key] = (
            "top-level only"
            if kind == "top-level only"
            else "inheritable"
            if kind == "inheritable"
            else "not inheritable"
        )
    return table


def known_in_environment(key: str) -> bool:
    """Whether wrangler reads the key inside `env.X`."""
    return inheritance().get(key, "top-level only") != "top-level only"
