"""The shared fixes where the code around is awkward: written in another way, or not offered at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import TODAY, write
from wslint.check import Options, run
from wslint.files import Files
from wslint.fix import apply
from wslint.settings import Settings

CONFIG = """\
name = "match"
main = "{main}"
compatibility_date = "2026-07-01"
{flags}
durable_objects.bindings = [{{ name = "MATCH", class_name = "MatchDO" }}]
migrations = [{{ tag = "v1", new_sqlite_classes = ["MatchDO"] }}]
"""

JAVASCRIPT = """\
import {{ DurableObject }} from "cloudflare:workers";

export class MatchDO extends DurableObject {{
  async fetch(request) {{
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, {{ status: 426 }});
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, {answer});
  }}
  webSocketMessage(ws, message) {{ ws.send(message); }}
  {close}
}}

export default {{
  async fetch(request, env) {{
    {worker}
  }},
}};
"""

PYTHON = """\
from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint


class MatchDO(DurableObject):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response(None, status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, {answer})

    async def webSocketMessage(self, ws, message):
        ws.send(message)
{close}

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        {worker}
"""

GOOD = {
    "answer": "{ status: 101, webSocket: client }",
    "close": "webSocketClose(ws, code) { ws.close(code === 1005 || code === 1006 ? 1000 : code); }",
    "worker": 'return env.MATCH.getByName("lobby").fetch(request);',
}
GOOD_PYTHON = {
    "answer": "status=101, web_socket=client",
    "close": "\n    async def webSocketClose(self, ws, code, reason, clean):\n"
    "        ws.close(1000 if code in (1005, 1006) else code, reason)\n",
    "worker": 'return await self.env.MATCH.getByName("lobby").fetch(request)',
}


def mended(folder: Path, code: str, **parts: str) -> str | None:
    """The entrypoint after the fixes of a rule; None where it finds nothing or offers none."""
    python = parts.pop("language", "") == "python"
    main, text = (
        ("entry.py", PYTHON.format(**GOOD_PYTHON | parts))
        if python
        else ("index.js", JAVASCRIPT.format(**GOOD | parts))
    )
    flags = 'compatibility_flags = ["python_workers"]' if python else ""
    write({"wrangler.toml": CONFIG.format(main=main, flags=flags), main: text}, folder)
    findings = run([folder], Options(Settings(select=(code,)), today=TODAY), Files(folder)).findings
    assert findings, "there is nothing to mend"
    texts, _ = apply(findings, True)
    return texts[folder / main].decode() if texts else None


@pytest.mark.parametrize(
    ("code", "parts", "wanted"),
    [
        ("WS405", {"answer": "{webSocket: client}"}, "{status: 101, webSocket: client}"),
        ("WS405", {"answer": "{ status: 200, webSocket: client }"}, "{ status: 101, webSocket: client }"),
        ("WS405", {"language": "python", "answer": "web_socket=client"}, "Response(None, status=101, web_socket=client)"),
        (
            "WS451",
            {"worker": 'if (env.MATCH.getByName("a").fetch(request).status === 404) return new Response("no");\n    return env.MATCH.getByName("a").fetch(request);'},
            '(await env.MATCH.getByName("a").fetch(request)).status',
        ),
        ("WS507", {"language": "python", "close": ""}, "async def webSocketClose(self, ws, code, reason, was_clean):\n        ws.close(1000 if code in"),
        ("WS508", {"close": "webSocketClose(ws, why, reason) { ws.close(why, reason); }"}, "why === 1005"),
        (
            "WS508",
            {"language": "python", "close": "\n    async def webSocketClose(self, ws, code, reason, clean):\n        ws.close(code, reason)\n"},
            "ws.close(1000 if code in (1005, 1006, 1015) else code, reason)",
        ),
    ],
)  # fmt: skip
def test_written_so_that_it_fits(code: str, parts: dict[str, str], wanted: str, tmp_path: Path) -> None:
    assert wanted in (mended(tmp_path, code, **parts) or "")


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        # The statement does not stand alone: `return` before it would belong to another one.
        ("WS450", {"worker": 'if (request.url.endsWith("/x")) new Response("x");\n    return env.MATCH.getByName("a").fetch(request);'}),
        # The function around the promise is not async.
        (
            "WS451",
            {"worker": 'const ask = () => {\n      const answer = env.MATCH.getByName("a").fetch(request);\n      return answer.status === 404 ? new Response("no") : answer;\n    };\n    return ask();'},
        ),
    ],
)  # fmt: skip
def test_not_offered_where_it_would_break_the_code(code: str, parts: dict[str, str], tmp_path: Path) -> None:
    assert mended(tmp_path, code, **parts) is None
