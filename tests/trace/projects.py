"""Small projects to trace."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.pages import TODAY, write
from wslint.files import Files
from wslint.trace import predict
from wslint.trace.model import Trace

CONFIG = """\
name = "lobby"
main = "index.js"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "Match"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Match"]
"""

MATCH = """\
import { DurableObject } from "cloudflare:workers";

export class Match extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") {
      return new Response("expected a WebSocket", { status: 426 });
    }
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
  }
  webSocketClose(ws, code, reason) {
    if (code !== 1005 && code !== 1006) ws.close(code, reason);
    else ws.close();
  }
}

"""


def traced(
    folder: Path,
    files: dict[str, str],
    url: str = "/ws/ABCDE",
    environment: str | None = None,
    today: date = TODAY,
) -> Trace:
    """Write the files, and trace the address into the Worker that faces the browser."""
    write(files, folder)
    workspace, findings = predict.open_folder([folder], Files(folder), today)
    return predict.trace_worker(predict.front_worker(workspace, environment), url, findings)


def worker(body: str, config: str = CONFIG) -> dict[str, str]:
    """A project whose Worker's fetch has this body, in front of a right Durable Object."""
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    source = f"export default {{\n  async fetch(request, env, ctx) {{\n{lines}\n  }},\n}};\n"
    return {"wrangler.toml": config, "index.js": MATCH + source}


def answer(folder: Path, files: dict[str, str], url: str = "/ws/ABCDE") -> tuple[int | None, bool]:
    predicted = traced(folder, files, url).predicted
    return predicted.status, predicted.certain
