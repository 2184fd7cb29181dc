"""What a client's code does with the sockets that it opens, as far as its own words tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from wslint.project.handshakes import clients
from wslint.regex import regex
from wslint.source.clients import ClientUrl
from wslint.worker import Worker

_LIBRARIES = regex(
    rb"reconnecting-?websocket|partysocket|socket\.io|graphql-ws|@?stomp|phoenix|sockette", re.I
)
_DECLARED = regex(
    rb"(?:\b(?:const|let|var)\s+|^\s*)(?P<name>[A-Za-z_$][\w$]*)(?:\s{0,20}:\s{0,20}[\w.|<> ]{1,60})?\s{0,20}=\s{0,20}$",
    re.M,
)


@lru_cache(maxsize=32)
def mentions(pattern: re.Pattern[bytes], code: bytes) -> bool:
    """Whether a client's code matches; asked once for all the sockets in it."""
    return pattern.search(code) is not None


def own_sockets(worker: Worker) -> Iterator[tuple[ClientUrl, bytes]]:
    """The sockets that a client of the project opens to its own host and keeps to itself, with the client's code.

    A socket that goes through a library, is returned, exported or given to another function may be looked after
    elsewhere: it is left out.
    """
    if worker.source is None or len(worker.workspace.documents) > 1:
        return
    for client in clients(worker):
        code = client.place.file.data
        if client.own_host and not mentions(_LIBRARIES, code) and _is_kept(client, code):
            yield client, code


def _is_kept(client: ClientUrl, code: bytes) -> bool:
    """Whether the socket goes into a variable that never leaves the file."""
    opened = code.rfind(b"new", 0, client.place.start)
    declared = _DECLARED.search(code, max(0, opened - 80), opened)
    if declared is None:
        return False
    return declared["name"] not in _leaving(code)


# The blanks are bounded, as each of a thousand brackets would look through the same ones.
_LEAVES = regex(
    rb"\breturn\s{1,50}([A-Za-z_$][\w$]*)"
    rb"|[(,\[]\s{0,50}([A-Za-z_$][\w$]*)(?=\s{0,50}[,)\]])"
    rb"|=\s{0,50}([A-Za-z_$][\w$]*)(?=\s{0,50}[;\n])"
)
_EXPORTED = regex(rb"\bexport\b([^;\n]{0,200})")
_WORD = regex(rb"[A-Za-z_$][\w$]*")


@lru_cache(maxsize=32)
def _leaving(code: bytes) -> frozenset[bytes]:
    """The names that are returned, exported, given to a function, listed or given another name."""
    found = {match[match.lastindex] for match in _LEAVES.finditer(code) if match.lastindex is not None}
    for exported in _EXPORTED.finditer(code):
        found.update(_WORD.findall(exported[1]))
    return frozenset(found)


__all__ = ["mentions", "own_sockets"]
