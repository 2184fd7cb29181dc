"""The two example projects of a rule's docstring, as files: what `Example` shows and its mended twin."""

from __future__ import annotations

import re
from typing import Literal

from wslint.rules import load_rules

Heading = Literal["Example", "Use instead"]

_FENCE = re.compile(r"^(?P<ticks>`{3,})\w* +(?P<path>\S+)\n(?P<body>.*?)^(?P=ticks)\s*$", re.M | re.S)


def example(code: str, heading: Heading) -> dict[str, str]:
    """The files of one example, by path."""
    return {match["path"]: match["body"] for match in _FENCE.finditer(load_rules()[code].section(heading))}
