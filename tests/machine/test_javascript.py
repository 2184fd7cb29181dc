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


METHODS = """\
class Desk {{
  rooms = ["lobby"];
  open = () => this.rooms[0];
  first() {{ return this.rooms[0]; }}
  handlers() {{ return {{ first: this.first, own: (...given) => this.first(...given) }}; }}
}}
const desk = new Desk();

export default {{
  async fetch(request) {{
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, {{ status: 426 }});
    if ({value} !== "lobby") throw new Error("never");
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("message", (event) => server.send(event.data));
    return new Response(null, {{ status: 101, webSocket: client }});
  }},
}};
"""


@pytest.mark.parametrize(
    "value",
    [
        "desk.first()",
        "desk?.first?.()",
        'desk["first"]()',
        "desk.open()",
        "(0, desk.open)()",
        "desk.first.call(desk)",
        "desk.first.bind(desk)()",
        "desk.handlers().own()",
        "desk.handlers().first.apply(desk)",
    ],
)
def test_a_method_has_its_object(value: str, tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": METHODS.format(value=value)}, tmp_path)
    assert [item.message for item in check_folder(tmp_path).findings] == []


@pytest.mark.parametrize(
    ("value", "missing"), [("(0, desk.first)()", "rooms"), ("desk.handlers().first()", "0")]
)
def test_a_method_that_is_taken_off_loses_its_object(value: str, missing: str, tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": METHODS.format(value=value)}, tmp_path)
    found = check_folder(tmp_path).findings
    assert [item.code for item in found] == ["WS460"]
    assert f"reading '{missing}'" in found[0].message


def test_what_the_runtime_calls_a_method_with_is_not_known(tmp_path: Path) -> None:
    given = "Object.values([0].map(desk.first))[0]"
    write({"wrangler.toml": CONFIG, "index.js": METHODS.format(value=given)}, tmp_path)
    assert [item.message for item in check_folder(tmp_path).findings] == []


ANSWERS = """\
import {{ DurableObject }} from "cloudflare:workers";

export class MatchDO extends DurableObject {{
  async fetch(request) {{
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, {{ status: 426 }});
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, {{ status: 101, webSocket: client }});
  }}
  webSocketMessage(ws, message) {{ ws.send(message); }}
  webSocketClose(ws) {{ ws.close(1000); }}
}}

export default {{
  async fetch(request, env) {{
    const answer = await env.MATCH.getByName("lobby").fetch(request);
    const said = {value};
    return said === "" ? answer : new Response(said, {{ status: 404 }});
  }},
}};
"""


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("await answer.text()", []),
        ('await answer.json().catch(() => "")', []),
        ("await answer.json()", ["Unexpected end of JSON input"]),
    ],
)
def test_the_body_of_a_101(value: str, wanted: list[str], tmp_path: Path) -> None:
    config = CONFIG + (
        'durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]\n'
        'migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]\n'
    )
    write({"wrangler.toml": config, "index.js": ANSWERS.format(value=value)}, tmp_path)
    found = [item.message for item in check_folder(tmp_path).findings if item.code == "WS460"]
    assert len(found) == len(wanted) and all(word in said for word, said in zip(wanted, found, strict=True))
