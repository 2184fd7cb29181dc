"""A person has a red line in a console and a broken project: three commands to the line and the mend.

Each command is the first that the one before suggests; none is written here but the first. What they answer is kept
in `transcripts/`: `WSLINT_UPDATE_GOLDEN=1 pytest tests/cli/test_three_commands.py` rewrites it; read the diff.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.test_command_line import wslint
from tests.pages import write

KEPT = Path(__file__).with_name("transcripts")
WORDS = "Error during WebSocket handshake: Unexpected response code: 500"

_OTHERS = re.compile(r"^Else it may be.*?(?=^To tell them apart)", re.M | re.S)
"""What stands nowhere in the project: other rules, whose number grows."""

CONFIG = """\
name = "whiteboard"
main = "src/index.ts"
compatibility_date = "2026-06-01"

[[durable_objects.bindings]]
name = "BOARDS"
class_name = "Board"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["Board"]
"""

BOARD = """\
import { DurableObject } from "cloudflare:workers";

export class Board extends DurableObject<Env> {
  async fetch(request: Request): Promise<Response> {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket: WebSocket, stroke: string) {
    for (const other of this.ctx.getWebSockets()) {
      if (other.readyState === WebSocket.OPEN) other.send(stroke);
    }
  }

  webSocketClose(socket: WebSocket, code: number) {
    socket.close(1000, "bye");
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const board = new URL(request.url).pathname.match(/^\\/boards\\/(\\w+)$/);
    if (!board) return new Response("no such page", { status: 404 });
%s
  },
};
"""
STAMPED = (
    BOARD
    % """\
    const answer = await env.BOARDS.getByName(board[1]).fetch(request);
    answer.headers.set("X-Board", board[1]);
    return answer;"""
)
COPIED = STAMPED.replace(
    'answer.headers.set("X-Board", board[1]);\n    return answer;',
    'const copy = new Response(answer.body, answer);\n    copy.headers.set("X-Board", board[1]);\n    return copy;',
)
MISNAMED = BOARD % "    return env.BOARD.getByName(board[1]).fetch(request);"

GLUE = """\
import init, { Board, fetch as answer } from "../pkg/whiteboard.js";
import program from "../pkg/whiteboard_bg.wasm";

export { Board };

let started: Promise<unknown> | undefined;

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    await (started ??= init(program));
    return answer(request, env, context);
  },
};
"""
BUILT = """\
let wasm;

export class Board {
  constructor(state, env) {
    this.__wbg_ptr = wasm.board_new(state, env) >>> 0;
    return this;
  }
  free() {
    wasm.__wbg_board_free(this.__wbg_ptr, 0);
  }
  fetch(request) {
    return wasm.board_fetch(this.__wbg_ptr, request);
  }
}

export function fetch(request, env, context) {
  return wasm.fetch(request, env, context);
}

async function __wbg_init(program) {
  wasm = (await WebAssembly.instantiate(program, {})).exports;
  return wasm;
}

export default __wbg_init;
"""
"""What wasm-bindgen makes of a crate, cut short."""

STARTED_FIRST = GLUE.replace("let started: Promise<unknown> | undefined;\n\n", "").replace(
    "export { Board };\n", "await init(program);\n\nexport { Board };\n"
).replace("    await (started ??= init(program));\n", "")  # fmt: skip

PYTHON = """\
from urllib.parse import urlparse

from js import WebSocketPair
from workers import DurableObject, Response, WorkerEntrypoint


class Board(DurableObject):
    async def fetch(self, request):
        if request.headers.get("Upgrade") != "websocket":
            return Response("expected a WebSocket", status=426)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server)
        return Response(None, status=101, webSocket=client)

    async def webSocketMessage(self, socket, stroke):
        for other in self.ctx.getWebSockets():
            if other.readyState == 1:
                other.send(stroke)

    async def webSocketClose(self, socket, code, reason, clean):
        socket.close(1000, "bye")


class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if not urlparse(request.url).path.startswith("/boards/"):
            return Response("no such page", status=404)
        return await self.env.BOARDS.getByName("main").fetch(request)
"""
OF_PYTHON = CONFIG.replace("src/index.ts", "src/entry.py").replace(
    '"2026-06-01"\n', '"2026-06-01"\ncompatibility_flags = ["python_workers"]\n'
)

CASES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "changed-headers": (
        {"wrangler.toml": CONFIG, "src/index.ts": STAMPED},
        {"src/index.ts": COPIED},
    ),
    "misnamed-binding": ({"wrangler.toml": CONFIG, "src/index.ts": MISNAMED}, {}),
    "class-of-wasm": (
        {"wrangler.toml": CONFIG, "src/index.ts": GLUE, "pkg/whiteboard.js": BUILT},
        {"src/index.ts": STARTED_FIRST},
    ),
    "python": ({"wrangler.toml": OF_PYTHON, "src/entry.py": PYTHON}, {}),
    "from-the-top": (
        {
            "package.json": '{ "private": true, "workspaces": ["apps/*"] }\n',
            "apps/whiteboard/wrangler.toml": CONFIG,
            "apps/whiteboard/src/index.ts": MISNAMED,
        },
        {},
    ),
}
"""The project, and what the person changes by hand as the last command shows it; nothing where that command does it."""


def suggested(said: str) -> str:
    """The first whole command under `Next:`."""
    found = re.search(r"^Next:\s+(wslint .+)$", said, re.M)
    assert found is not None, said
    return found[1]


@pytest.mark.parametrize("name", CASES)
def test_three_commands_lead_to_the_line_and_the_mend(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    write(before, tmp_path)
    said: list[str] = []
    command = shlex.join(["wslint", "explain", WORDS])
    shown = ""
    for number in range(3):
        done = wslint(*shlex.split(command)[1:], cwd=tmp_path)
        said.append(done.stdout)
        told = _OTHERS.sub("…\n", done.stdout)
        shown += f"$ {command}\n{told}{done.stderr}\n"
        if number < 2:
            command = suggested(done.stdout)

    place = re.search(r"In this project:\n +(\S+):(\d+):\d+ (WS\d+)", said[0])
    assert place is not None, said[0]
    path, line, code = place.groups()
    assert f"error[{code}]" in said[1] and f"--> {path}:{line}:" in said[1]
    if after:
        assert command == f"wslint explain {code}" and "\n## Use instead\n```diff\n" in said[2]
        old, new = before[path].splitlines(), after[path].splitlines()
        assert set(old) - set(new), "the mend changes nothing"
        write(after, tmp_path)
    else:
        assert command.startswith("wslint check --fix") and f"fixed {path}:{line}: {code}" in shown
    mended = wslint("check", cwd=tmp_path)
    assert mended.returncode == 0, mended.stdout
    assert "In this project:" not in wslint("explain", WORDS, cwd=tmp_path).stdout

    kept = KEPT / f"{name}.txt"
    if os.environ.get("WSLINT_UPDATE_GOLDEN") == "1":
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(shown, encoding="utf-8", newline="")
    assert shown == kept.read_text(encoding="utf-8")


def test_no_transcript_is_left_over() -> None:
    assert {path.stem for path in KEPT.iterdir()} == set(CASES)
