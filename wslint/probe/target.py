"""What the person asked for: an address, headers, subprotocols, checked before anything is sent."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from wslint.errors import CheckError
from wslint.record import frozen
from wslint.regex import regex
from wslint.report.visible import visible

SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}

TOKEN = regex(r"[-!#$%&'*+.^_`|~0-9A-Za-z]+")

HANDSHAKE_HEADERS = {
    "connection": "the handshake's own",
    "upgrade": "the handshake's own",
    "sec-websocket-key": "the handshake's own",
    "sec-websocket-version": "the handshake's own",
    "sec-websocket-extensions": "the handshake's own",
    "sec-websocket-protocol": "set by --subprotocol",
    "origin": "set by --origin",
    "content-length": "of no use in a handshake, which has no body",
    "transfer-encoding": "of no use in a handshake, which has no body",
}

BROWSER_ENCODES = r"[\"<>`{}]"
"""Characters of a path or query that a browser sends percent-encoded."""

PLACEHOLDER = regex(r"/(:[A-Za-z_]\w*|\{[^/{}]*\}|<[^/<>]*>|\[[^/\[\]]*\])(?=/|$|\?)")


@frozen
class Target:
    """A checked request: `url` is a ws: or wss: address that `websockets` can read."""

    url: str
    secure: bool
    host: str
    port: int
    headers: tuple[tuple[str, str], ...] = ()
    origin: str | None = None
    subprotocols: tuple[str, ...] = ()

    @property
    def placeholder(self) -> str | None:
        """A part of the path that looks like a route's placeholder, as `:code` in `/ws/:code`."""
        found = PLACEHOLDER.search(unquote(urlsplit(self.url).path))
        return found.group(1) if found else None


def target(
    url: str, headers: tuple[str, ...] = (), origin: str | None = None, subprotocols: tuple[str, ...] = ()
) -> Target:
    """Check what was asked for. Raises CheckError, which says what to write instead."""
    from websockets.exceptions import InvalidURI
    from websockets.uri import parse_uri

    address = _address(url)
    try:
        uri = parse_uri(address)
    except InvalidURI as error:
        raise CheckError(f"{visible(url)} is no WebSocket address: {visible(error.msg)}") from None
    except (ValueError, UnicodeError) as error:
        raise CheckError(f"{visible(url)} is no WebSocket address: {visible(str(error))}") from None
    if origin is not None:
        _check_value("--origin", origin)
    return Target(
        address,
        uri.secure,
        uri.host,
        uri.port,
        tuple(_header(text) for text in headers),
        origin,
        _subprotocols(subprotocols),
    )


def _address(url: str) -> str:
    """The address as a browser's `new WebSocket` takes it, with ws: or wss:."""
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise CheckError(
            f"{visible(url)} is no address: it holds a space, a backslash or a control character"
        )
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise CheckError(f"{visible(url)} has no scheme: write ws://{visible(url)}, or wss://")
    mapped = SCHEMES.get(scheme.lower())
    if mapped is None:
        raise CheckError(f"{visible(url)}: the scheme is ws, wss, http or https, not {visible(scheme)}")
    if "#" in rest:
        raise CheckError(f"{visible(url)}: a fragment (`#`) is never sent, leave it out")
    authority = re.split(r"[/?]", rest, maxsplit=1)[0]
    if "@" in authority:
        raise CheckError("a user and password in the address: give --header 'Authorization: …' instead")
    path = rest[len(authority) :]
    return (
        f"{mapped}://{authority}{re.sub(BROWSER_ENCODES, lambda found: f'%{ord(found.group()):02X}', path)}"
    )


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    name, value = name.strip(), value.strip(" \t")
    if not colon or not TOKEN.fullmatch(name):
        raise CheckError(f"--header {visible(text)}: write NAME:VALUE")
    reason = HANDSHAKE_HEADERS.get(name.lower())
    if reason is not None:
        raise CheckError(f"--header {visible(name)}: this header is {reason}")
    _check_value(f"--header {visible(name)}", value)
    return name, value


def _check_value(what: str, value: str) -> None:
    if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", value):
        raise CheckError(f"{what}: a control character can't stand in a header")
    if not value.isascii():
        raise CheckError(f"{what}: a header holds ASCII only")


def _subprotocols(given: tuple[str, ...]) -> tuple[str, ...]:
    """Names, each given alone or several separated by commas; a browser refuses one named twice."""
    names = tuple(name.strip() for text in given for name in text.split(","))
    for name in names:
        if not TOKEN.fullmatch(name):
            raise CheckError(f"--subprotocol {visible(name)}: a browser refuses this name")
    if len(set(names)) < len(names):
        raise CheckError("--subprotocol: a browser refuses a name that is given twice")
    return names
