"""Small projects for the build forms: what is alike in all of them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.pages import check_folder, write
from wslint.report.model import Result

CLASS = """\
import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  async fetch(request) {
    if (request.headers.get("Upgrade") !== "websocket") return new Response("no", { status: 426 });
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(ws, message) {
    ws.send(message);
  }
  webSocketClose(ws) {
    ws.close(1000);
  }
}
"""

HANDLER = """\
export default {
  fetch(request, env) {
    return env.ROOM.getByName("lobby").fetch(request);
  },
};
"""

EXPORTS = f'export {{ Room }} from "./room";\n{HANDLER}'
"""An entrypoint that exports the class."""

FORGETS = f'import type {{ Room }} from "./room";\nexport type Rooms = Room;\n{HANDLER}'
"""One that uses it as a type only."""


def config(main: str | None, **more: object) -> str:
    """A wrangler.jsonc that binds `Room`."""
    named = {} if main is None else {"main": main}
    return json.dumps(
        {
            "name": "rooms",
            **named,
            "compatibility_date": "2026-06-01",
            "durable_objects": {"bindings": [{"name": "ROOM", "class_name": "Room"}]},
            "migrations": [{"tag": "v1", "new_sqlite_classes": ["Room"]}],
            **more,
        },
        indent=2,
    )


def package(scripts: dict[str, str] | None = None, *dependencies: str, **versions: str) -> str:
    return json.dumps(
        {"name": "rooms", "type": "module", "scripts": scripts or {}}
        | {"devDependencies": {**dict.fromkeys(dependencies, "*"), **versions}}
    )


def checked(files: dict[str, str], folder: Path) -> Result:
    write(files, folder)
    return check_folder(folder)


def said(result: Result) -> list[tuple[str, str, int]]:
    """What was found: code, file, line."""
    return [
        (finding.code, finding.span.file.name, finding.span.first.line)
        for finding in result.findings
        if finding.severity.label != "info"
    ]


def codes(result: Result) -> list[str]:
    return [code for code, _, _ in said(result)]
