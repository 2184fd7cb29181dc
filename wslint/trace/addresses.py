"""Absolute addresses, as `new URL` reads them."""

from __future__ import annotations

import re
from urllib.parse import quote

from wslint.trace.values import Url

_ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?://(?P<host>[^/?#]*))?(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?P<hash>#.*)?",
    re.S,
)


def parse(text: str) -> Url | None:
    """An absolute address; None for a relative one."""
    match = _ADDRESS.fullmatch(text.strip())
    if match is None:
        return None
    scheme = match["scheme"].lower()
    if scheme in ("http", "https", "ws", "wss", "ftp"):
        if not match["host"]:
            return None
        path = match["path"] or "/"
    else:
        path = match["path"]
    query = match["query"] or ""
    return Url(scheme, (match["host"] or "").lower(), encoded(path), encoded(query), match["hash"] or "")


def encoded(text: str) -> str:
    return (
        quote(text, safe="%/:=&?~#+!$,;'@()*[]|\\^`{}\"<>")
        if not text.isascii()
        else text.replace(" ", "%20")
    )
