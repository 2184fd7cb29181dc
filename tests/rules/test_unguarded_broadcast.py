"""WS511 is sure only where a socket that was closed is sent to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write

CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
"""
CODE = """\
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
  }
  webSocketClose(ws) {
    ws.close(1000);
    for (const other of this.ctx.getWebSockets()) {
      @SEND
    }
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("lobby").fetch(request);
  },
};
"""


@pytest.mark.parametrize(
    ("send", "confidence"),
    [
        ('other.send("left");', "high"),
        ('if (other !== ws) other.send("left");', "medium"),
        ('if (ws === other) continue;\n      other.send("left");', "medium"),
        (
            'if (ws == other) {\n        continue;\n      } else {\n        other.send("left");\n      }',
            "medium",
        ),
        ('if (other === ws) other.send("left");', "high"),
    ],
)
def test_the_closed_one_is_left_out(send: str, confidence: str, tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": CODE.replace("@SEND", send)}, tmp_path)
    found = [finding.confidence for finding in check_folder(tmp_path).findings if finding.code == "WS511"]
    assert found == [confidence]
