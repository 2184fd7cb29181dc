"""What may be asked for, and what is refused before anything is sent."""

from __future__ import annotations

import pytest

from wslint.errors import CheckError
from wslint.probe.target import target


@pytest.mark.parametrize(
    ("given", "url", "host", "port"),
    [
        ("ws://localhost:8787/ws", "ws://localhost:8787/ws", "localhost", 8787),
        ("http://localhost/ws", "ws://localhost/ws", "localhost", 80),
        ("HTTPS://match.example/ws?x=1", "wss://match.example/ws?x=1", "match.example", 443),
        ("wss://[::1]:8443/", "wss://[::1]:8443/", "::1", 8443),
        ("ws://h/{code}?a=<b>", "ws://h/%7Bcode%7D?a=%3Cb%3E", "h", 80),
    ],
)
def test_addresses(given: str, url: str, host: str, port: int) -> None:
    asked = target(given)
    assert (asked.url, asked.host, asked.port) == (url, host, port)
    assert asked.secure == url.startswith("wss:")


@pytest.mark.parametrize(
    ("url", "options", "message"),
    [
        ("localhost:8787/ws", {}, "has no scheme: write ws://localhost:8787/ws"),
        ("ftp://h/", {}, "the scheme is ws, wss, http or https, not ftp"),
        ("ws://", {}, "is no WebSocket address"),
        ("ws://h:99999/", {}, "is no WebSocket address"),
        ("ws://h:x/", {}, "is no WebSocket address"),
        ("ws://h/a#b", {}, "a fragment"),
        ("ws://me:secret@h/", {}, "a user and password in the address"),
        ("ws://h/a b", {}, "a space, a backslash or a control character"),
        ("ws://h/\x1b[2J", {}, "ws://h/␛[2J is no address"),
        ("ws://" + "a" * 70 + ".ü/", {}, "is no WebSocket address"),
        ("ws://h/", {"headers": ("nothing",)}, "--header nothing: write NAME:VALUE"),
        ("ws://h/", {"headers": ("a b: c",)}, "write NAME:VALUE"),
        ("ws://h/", {"headers": ("X: a\r\nY: b",)}, "a control character"),
        ("ws://h/", {"headers": ("X: ü",)}, "ASCII only"),
        ("ws://h/", {"headers": ("upgrade: h2c",)}, "the handshake's own"),
        ("ws://h/", {"headers": ("Origin: x",)}, "set by --origin"),
        ("ws://h/", {"origin": "a\nb"}, "--origin: a control character"),
        ("ws://h/", {"subprotocols": ("a b",)}, "a browser refuses this name"),
        ("ws://h/", {"subprotocols": ("a", "b,a")}, "given twice"),
    ],
)
def test_what_is_refused(url: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(CheckError) as refused:
        target(url, **options)  # type: ignore[arg-type]
    assert message in str(refused.value)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize(
    ("path", "placeholder"),
    [
        ("/ws/:code", ":code"),
        ("/ws/:code/play", ":code"),
        ("/ws/{code}", "{code}"),
        ("/ws/<code>", "<code>"),
        ("/ws/[code]", "[code]"),
        ("/ws/ABCDE", None),
        ("/ws/a:b", None),
        ("/ws?x=/:code", None),
    ],
)
def test_a_placeholder_is_seen(path: str, placeholder: str | None) -> None:
    assert target(f"ws://localhost{path}").placeholder == placeholder


def test_headers_and_subprotocols() -> None:
    asked = target("ws://h/", ("X-Token:  a:b ", "Host: other"), "https://page.example", ("a, b", "c"))
    assert asked.headers == (("X-Token", "a:b"), ("Host", "other"))
    assert asked.subprotocols == ("a", "b", "c")
