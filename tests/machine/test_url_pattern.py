"""`URLPattern` on the machine: which paths it meets, and what stands in its open parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write

CONFIG = 'name = "match"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
WORKER = """\
const pattern = new URLPattern({pattern});
const nothing = undefined;

export default {{
  async fetch(request) {{
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, {{ status: 426 }});
    if ({value} !== {expected}) nothing.missing();
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("message", (event) => server.send(event.data));
    return new Response(null, {{ status: 101, webSocket: client }});
  }},
}};
"""
ROOM = '{ pathname: "/rooms/:name" }'


def found(tmp_path: Path, pattern: str, value: str, expected: str) -> list[str]:
    code = WORKER.format(pattern=pattern, value=value, expected=expected)
    write({"wrangler.toml": CONFIG, "index.js": code}, tmp_path)
    return [item.code for item in check_folder(tmp_path).findings]


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        (ROOM, 'pattern.test("https://a.example/rooms/red?x=1")', "true"),
        (ROOM, 'pattern.test("https://a.example/rooms/red/ws")', "false"),
        (ROOM, 'pattern.test("https://a.example/rooms/")', "false"),
        (ROOM, 'pattern.test({ pathname: "/rooms/a-b.c" })', "true"),
        (ROOM, 'pattern.exec("https://a.example/other")', "null"),
        (ROOM, 'pattern.exec("https://a.example/rooms/red").pathname.groups.name', '"red"'),
        (ROOM, 'pattern.exec(new URL("https://a.example/rooms/red")).pathname.input', '"/rooms/red"'),
        (
            '{ pathname: "/files/*" }',
            'pattern.exec("https://a.example/files/a/b").pathname.groups[0]',
            '"a/b"',
        ),
        ('{ pathname: "/:a/x.y/:b" }', 'pattern.exec({ pathname: "/1/x.y/2" }).pathname.groups.b', '"2"'),
        ('{ pathname: "/:a/x.y/:b" }', 'pattern.test({ pathname: "/1/xzy/2" })', "false"),
        ('"/q", "https://a.example"', 'pattern.test({ pathname: "/q" })', "true"),
    ],
)
def test_what_is_met(pattern: str, value: str, expected: str, tmp_path: Path) -> None:
    assert found(tmp_path, pattern, value, expected) == []


def test_an_error_is_not_hidden(tmp_path: Path) -> None:
    assert found(tmp_path, ROOM, 'pattern.test("https://a.example/rooms/red")', "false") == ["WS460"]


@pytest.mark.parametrize(
    "pattern",
    ['{ pathname: "/rooms/:name(\\\\d+)" }', '{ pathname: "/rooms{/:name}?" }', '{ hostname: "a.example" }'],
)
def test_what_is_not_known(pattern: str, tmp_path: Path) -> None:
    assert found(tmp_path, pattern, 'pattern.test("https://a.example/rooms/red")', "true") == []
