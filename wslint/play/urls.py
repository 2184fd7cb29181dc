"""Addresses as they are asked for."""

from __future__ import annotations

from wslint.errors import CheckError
from wslint.runtime import url as url_model
from wslint.values.heap import Object
from wslint.values.value import Unknown


def read_url(text: str) -> Object:
    """A path or a whole address (ws, wss, http, https). Raises CheckError for anything else."""
    if text.startswith("/") and not text.startswith("//"):
        path, sign, query = text.partition("#")[0].partition("?")
        parts = Unknown("the scheme", None, "client"), Unknown("the host", None, "client")
        return url_model.address((*parts, path.replace(" ", "%20"), sign + query, ""))
    found = url_model.parse(text)
    scheme = str(found.slots["scheme"]) if found is not None else ""
    if found is None or scheme not in ("ws", "wss", "http", "https") or not found.slots["host"]:
        raise CheckError(f"`{text}` is no path and no ws, wss, http or https address")
    found.slots["scheme"] = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    found.slots["hash"] = ""
    return found
