"""A rule's page for a terminal: what to write instead as the lines that change.

The two examples of a docstring are whole projects, so that they can be run; a person looks for the difference.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from wslint.rules import LoadedRule
from wslint.rules.pages import page

_FENCE = re.compile(r"^(?P<ticks>`{3,})\w* +(?P<path>\S+)\n(?P<body>.*?)^(?P=ticks)[ \t]*\n?", re.M | re.S)
_AROUND = 3


def files(section: str) -> dict[str, str]:
    """The files of an example, by name."""
    return {match["path"]: match["body"] for match in _FENCE.finditer(section)}


def shown(loaded: LoadedRule) -> str:
    """The page with the section `Use instead` as a diff; what it says in prose stays."""
    mended = loaded.section("Use instead")
    lines = list(_difference(files(loaded.section("Example")), files(mended)))
    prose = _FENCE.sub("", mended).strip()
    told = "\n".join([*([prose, ""] if prose else []), "```diff", *lines, "```"])
    before, heading, after = page(loaded).partition("## Use instead\n")
    return f"{before}{heading}{after.replace(mended, told, 1)}" if lines else page(loaded)


def _difference(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name, "").splitlines(), after.get(name, "").splitlines()
        yield from difflib.unified_diff(
            old, new, name if name in before else "/dev/null", name if name in after else "/dev/null",
            n=_AROUND, lineterm="",
        )  # fmt: skip
