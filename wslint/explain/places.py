"""What pasted words name: an address, and a line of the project."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"\b(?:wss?|https?)://[^\s\"'`<>()\[\]{}“”‘’…]+", re.I)
_PATH = re.compile(r"\bGET +(/[^\s\"'`<>]*)")
_OTHERS = ("developers.cloudflare.com", "github.com", "nodejs.org", "dash.cloudflare.com", "docs.rs")
_FILE = re.compile(
    r"File \"(?P<python>[^\"\n]{1,300}\.py)\", line (?P<line>\d+)|"
    r"(?P<path>[\w./@-]{1,200}\.(?:rs|py|[cm]?[jt]sx?)):(?P<at>\d+)"
)
_FOREIGN = (
    "node_modules",
    "node:",
    ".cargo/",
    "/rustc/",
    "site-packages",
    "/lib/python",
    "wrangler-dist",
    "library/",
)


def address(text: str) -> str | None:
    """The first address of a socket in a text, else of a page, else the path of a request."""
    found: list[str] = [match.group().rstrip(".,;:!?") for match in _ADDRESS.finditer(text)]
    own = [one for one in found if not any(host in one for host in _OTHERS)]
    sockets = [one for one in own if one.lower().startswith("ws")]
    if sockets or own:
        return (sockets or own)[0]
    path = _PATH.search(text)
    return path[1] if path is not None else None


def place(text: str) -> tuple[str, int] | None:
    """The line of the project's own that a panic, a traceback or a stack names: of a traceback the last one."""
    found: list[tuple[str, int]] = []
    for match in _FILE.finditer(text):
        name = match["python"] or match["path"]
        before = text[max(match.start() - 5, 0) : match.start()]
        if not any(part in name for part in _FOREIGN) and not before.endswith("node:"):
            found.append((name, int(match["line"] or match["at"])))
            if match["python"] is None:
                break
    return found[-1] if found else None
