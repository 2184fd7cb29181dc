"""JavaScript on the machine: what a handshake comes to where an expression's own rules decide it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write

CONFIG = 'name = "match"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
WORKER = """\
const lists = {{ full: [{{ end: "a" }}], empty: [] }};
const handlers = {{ kind: "pair", open() {{ return this.kind; }} }};
const nothing = undefined;

export default {{
  async fetch(request) {{
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, {{ status: 426 }});
    const found = {value};
    if (found !== {expected}) nothing.missing();
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("message", (event) => server.send(event.data));
    return new Response(null, {{ status: 101, webSocket: client }});
  }},
}};
"""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("lists.none?.[0]", "undefined"),
        ("lists.none?.[0].end", "undefined"),
        ("lists.none?.[0].end.length", "undefined"),
        ("lists.none?.[0]()", "undefined"),
        ("lists.none?.at(0).end", "undefined"),
        ("lists.full?.[0].end", '"a"'),
        ("lists.full?.[0]?.end", '"a"'),
        ("lists.empty[0]?.end", "undefined"),
        ('handlers["open"]()', '"pair"'),
        ('handlers?.["open"]()', '"pair"'),
        ('handlers["close"]?.()', "undefined"),
        ("handlers.open()", '"pair"'),
    ],
)
def test_expressions(value: str, expected: str, tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": WORKER.format(value=value, expected=expected)}, tmp_path)
    assert [item.message for item in check_folder(tmp_path).findings] == []


def test_an_error_is_not_hidden(tmp_path: Path) -> None:
    """The same project throws where the value is another one."""
    write({"wrangler.toml": CONFIG, "index.js": WORKER.format(value="1", expected="2")}, tmp_path)
    assert [item.code for item in check_folder(tmp_path).findings] == ["WS460"]


TABLE = """\
const cdn = "//cdn.example";
const routes = { "/health": () => new Response("ok"), "/live": open };

function open() {
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.addEventListener("message", (event) => server.send(event.data));
  return new Response(null, { status: 101, webSocket: client });
}

export default {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const route = routes[new URL(request.url).pathname];
    return route ? route(request) : new Response(cdn, { status: 404 });
  },
};
"""


def test_a_text_that_is_no_path_is_not_asked_for(tmp_path: Path) -> None:
    """Paths of a table are tried, and texts that only begin like one are left out."""
    write({"wrangler.toml": CONFIG, "index.js": TABLE}, tmp_path)
    assert [item.message for item in check_folder(tmp_path).findings] == []
