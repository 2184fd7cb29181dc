"""What a probe's report leaves out: it is pasted into issues, and addresses, headers and answers hold tokens.

Query values, user names and passwords in addresses, headers that carry credentials, cookies that the server
sets, and every further place where one of these values stands again. `--show-secrets` shows them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from wslint.probe.model import Headers
from wslint.record import fields
from wslint.regex import regex

T = TypeVar("T")

HIDDEN = "…"
_SHORTEST = 4
"""Shorter values stand in too many other words to be replaced everywhere."""

_TOKEN_LIKE = 24
"""A subprotocol of so many characters is a token that is sent by that way, as browsers know no other."""

_HEADER = regex(r"auth|cookie|token|secret|passw|session|signature|credential|api-?key|access-?key|jwt", re.I)
_QUERY = regex(r"([?&;][^=&;?#\s\"'<>]{1,100}=)[^&;#\s\"'<>\\)\]}]+")
_BARE_QUERY = regex(r"(\b(?:wss?|https?)://[^\s\"'<>?#]{0,500}\?)[^=&#\s\"'<>]+(?=[#\s\"'<>]|$)")
_USER = regex(r"(\b[a-z][a-z0-9+.-]{0,20}://)[^/?#@\s\"'<>]{1,500}@", re.I)
_FIELD = regex(
    r"(\"[\w-]{0,50}(?:token|secret|passw|api[_-]?key|authorization|credential|jwt)[\w-]{0,50}\"\s*:\s*\")[^\"]*",
    re.I,
)
_BEARER = regex(r"\b(Bearer|Basic|Token) +[\w.~+/=-]{4,}", re.I)


def is_secret_header(name: str) -> bool:
    """Whether a header of this name carries credentials."""
    return _HEADER.search(name) is not None and not name.lower().startswith("sec-websocket-")


def hide_everywhere(text: str) -> str:
    """A text without what can be seen to be a credential, whatever was asked for."""
    text = _USER.sub(rf"\1{HIDDEN}@", text)
    text = _BARE_QUERY.sub(rf"\1{HIDDEN}", _QUERY.sub(rf"\1{HIDDEN}", text))
    return _BEARER.sub(rf"\1 {HIDDEN}", _FIELD.sub(rf"\1{HIDDEN}", text))


class Secrets:
    """The values that one probe must not show."""

    def __init__(self, url: str, headers: Iterable[tuple[str, str]], subprotocols: Iterable[str]) -> None:
        query = urlsplit(url).query
        values = [value for _, value in parse_qsl(query, keep_blank_values=True)]
        values += [part.partition("=")[2] or part for part in query.split("&")]
        values += [part for name, value in headers if is_secret_header(name) for part in _parts(value)]
        values += [name for name in subprotocols if len(name) >= _TOKEN_LIKE]
        spelt = {
            form for value in values for form in (value, unquote(value), quote(value), quote_plus(value))
        }
        self._values = sorted((value for value in spelt if len(value) >= _SHORTEST), key=len, reverse=True)

    def hide(self, text: str) -> str:
        """The text without the values, and without what else looks like a credential."""
        for value in self._values:
            text = text.replace(value, HIDDEN)
        return hide_everywhere(text)

    def hide_bytes(self, data: bytes) -> bytes:
        """Bytes that hold text; others stay as they are."""
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
            hidden = self.hide(text)
            return data if hidden == text else hidden.encode("utf-8")
        return self.hide(text).encode("utf-8")

    def redact(self, value: T) -> T:
        """A copy of records, lists and texts without what is hidden."""
        return _mapped(value, self)


def _parts(value: str) -> list[str]:
    """A header's value, and what of it is the credential: behind `Bearer`, behind the name of a cookie."""
    words = value.split()
    cookies = [pair.partition("=")[2].strip() for pair in value.split(";") if "=" in pair]
    return [value, *(words[1:] if len(words) == 2 else []), *cookies]


def _mapped(value: T, secrets: Secrets) -> T:
    result: object = value
    if isinstance(value, str):
        result = secrets.hide(value)
    elif isinstance(value, bytes):
        result = secrets.hide_bytes(value)
    elif isinstance(value, list):
        result = [_header(item, secrets) if _is_header(item) else _mapped(item, secrets) for item in value]
    elif isinstance(value, tuple):
        result = tuple(_mapped(item, secrets) for item in value)
    elif fields(value):
        make: Callable[..., object] = type(value)
        result = make(**{name: _mapped(getattr(value, name), secrets) for name in fields(value)})
    return result  # type: ignore[return-value]


def _is_header(item: object) -> bool:
    return isinstance(item, tuple) and len(item) == 2 and all(isinstance(part, str) for part in item)


def _header(item: tuple[str, str], secrets: Secrets) -> tuple[str, str]:
    name, value = item
    if name.lower() in ("set-cookie", "set-cookie2"):
        first, semicolon, rest = value.partition(";")
        return name, f"{first.partition('=')[0]}={HIDDEN}{semicolon}{rest}"
    if is_secret_header(name):
        return name, f"({len(value)} character{'' if len(value) == 1 else 's'}, not shown)"
    return name, secrets.hide(value)


__all__ = ["HIDDEN", "Headers", "Secrets", "hide_everywhere", "is_secret_header"]
