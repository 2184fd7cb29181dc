"""What MkDocs does with a page before it renders it: names of files over code, links that leave docs/."""

from __future__ import annotations

import re
from typing import Any

REPOSITORY = "https://github.com/wslint/wslint/blob/main/"

_NAMED = re.compile(r"^(?P<ticks>`{3,})(?P<language>[\w-]+) +(?P<name>[^\s{]+)$", re.M)
_OUTSIDE = re.compile(r"\]\(\.\./(?P<target>[^)]+)\)")
_NOTE = re.compile(r"^<!-- (?:in|not run): .* -->\n", re.M)


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """MkDocs calls it by this name."""
    shown = _NAMED.sub(
        lambda found: f'{found["ticks"]}{found["language"]} title="{found["name"]}"', _NOTE.sub("", markdown)
    )
    if page.file.src_uri.count("/"):
        return shown  # what is above a folder of docs/ is docs/ itself
    return _OUTSIDE.sub(lambda found: f"]({REPOSITORY}{found['target']})", shown)
