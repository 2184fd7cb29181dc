"""Projects that grow in one way each, and the steps that a check of one takes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

from wslint.check import Options, run
from wslint.files import Files
from wslint.report.model import Result

Project = dict[str, str]

CONFIG = """\
name = "grown"
main = "src/index.ts"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
"""

HANDLER = """\
export default {
  async fetch(request: Request, env: any): Promise<Response> {
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, { status: 426 });
    const url = new URL(request.url);
%s    return env.MATCH.getByName(url.pathname).fetch(request);
  },
};
"""

CLASS = """\
import { DurableObject } from "cloudflare:workers";
%s
export class MatchDO extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(from: WebSocket, message: string | ArrayBuffer): void {
    if (typeof message !== "string") return;
%s    from.send(message);
  }

  webSocketClose(socket: WebSocket, code: number, reason: string): void {
    socket.close(1000, reason);
  }
%s}
"""


def project(
    handler: str = "", message: str = "", members: str = "", before: str = "", config: str = ""
) -> Project:
    return {
        "wrangler.toml": CONFIG + config,
        "src/index.ts": 'export { MatchDO } from "./match";\n' + HANDLER % handler,
        "src/match.ts": CLASS % (before, message, members),
    }


def lines(text: str, count: int) -> str:
    return "".join(text.format(n=number, next=number + 1) for number in range(count))


def routes(count: int) -> Project:
    return project(lines('    if (url.pathname === "/r{n}") return new Response("{n}");\n', count))


def guards(count: int) -> Project:
    """Each guard may refuse the handshake, by something that only the client knows."""
    text = '    if (url.searchParams.get("g{n}")) return new Response("{n}", {{ status: 400 }});\n'
    return project(lines(text, count))


def words(count: int) -> Project:
    """One thing that only the client knows is compared with many."""
    text = '    if (url.searchParams.get("word") === "{n}") return new Response("{n}", {{ status: 400 }});\n'
    return project(lines(text, count))


def classes(count: int) -> Project:
    more = lines('\n[[durable_objects.bindings]]\nname = "M{n}"\nclass_name = "Match{n}"\n', count)
    created = ", ".join(f'"Match{number}"' for number in range(count))
    made = project(config=f'{more}\n[[migrations]]\ntag = "v2"\nnew_sqlite_classes = [{created}]\n')
    other = (CLASS % ("", "", "")).split("export class MatchDO")[1]
    made["src/match.ts"] += "".join(f"export class Match{number}{other}" for number in range(count))
    made["src/index.ts"] = made["src/index.ts"].replace("export { MatchDO }", "export *")
    return made


def methods(count: int) -> Project:
    """Each method calls the next one, and the one after that."""
    text = "  m{n}(value: string): string {{ return this.m{next}(value) + this.last(value); }}\n"
    last = f"  m{count}(value: string): string {{ return value; }}\n  last(value: string): string {{ return value; }}\n"
    return project(message="    from.send(this.m0(message));\n", members=lines(text, count) + last)


def mutual(count: int) -> Project:
    """All methods call each other in a ring, two ways at once."""
    text = "  m{n}(value: string): string {{ return value ? this.m{next}(value) : this.m0(value); }}\n"
    last = f"  m{count}(value: string): string {{ return this.m0(value); }}\n"
    return project(message="    from.send(this.m0(message));\n", members=lines(text, count) + last)


def conditions(count: int) -> Project:
    words = " && ".join(f'message !== "w{number}"' for number in range(count))
    return project(message=f"    if ({words}) from.send(message);\n")


def branches(count: int) -> Project:
    text = '    if (message.includes("b{n}")) from.send("{n}");\n'
    return project(message=lines(text, count))


def nesting(count: int) -> Project:
    inside = "from.send(message);"
    for number in range(count):
        inside = f'if (message.includes("n{number}")) {{ {inside} }}'
    return project(message=f"    {inside}\n")


def environments(count: int) -> Project:
    text = '\n[env.e{n}]\ndurable_objects.bindings = [{{ name = "MATCH", class_name = "MatchDO" }}]\n'
    return project(config=lines(text, count))


def bindings(count: int) -> Project:
    return project(config=lines('\n[[kv_namespaces]]\nbinding = "KV{n}"\nid = "{n}"\n', count))


def migrations(count: int) -> Project:
    text = '\n[[migrations]]\ntag = "w{n}"\nnew_sqlite_classes = ["Old{n}"]\n\n[[migrations]]\ntag = "x{n}"\ndeleted_classes = ["Old{n}"]\n'
    return project(config=lines(text, count))


def files(count: int) -> Project:
    """Each module imports the next one."""
    made = project(before='import { step0 } from "./step0";\nstep0("");\n')
    for number in range(count):
        onward = f'import {{ step{number + 1} }} from "./step{number + 1}";\n' if number + 1 < count else ""
        call = f"step{number + 1}(value)" if onward else "value"
        made[f"src/step{number}.ts"] = (
            f"{onward}export function step{number}(value: string) {{ return {call}; }}\n"
        )
    return made


def imports(count: int) -> Project:
    """One module imports many."""
    made = project(before=lines('import {{ step{n} }} from "./step{n}";\nstep{n}("");\n', count))
    for number in range(count):
        made[f"src/step{number}.ts"] = f"export function step{number}(value: string) {{ return value; }}\n"
    return made


def workers(count: int) -> Project:
    made: Project = {}
    for number in range(count):
        for name, text in project().items():
            made[f"w{number}/{name}"] = text.replace('name = "grown"', f'name = "grown-{number}"')
    return made


SHAPES: dict[str, tuple[Callable[[int], Project], int]] = {
    "routes": (routes, 120),
    "guards": (guards, 40),
    "words": (words, 40),
    "classes": (classes, 8),
    "methods that call each other": (methods, 60),
    "methods in a ring": (mutual, 40),
    "conditions": (conditions, 60),
    "branches in sequence": (branches, 40),
    "nesting": (nesting, 40),
    "environments": (environments, 10),
    "bindings": (bindings, 60),
    "migrations": (migrations, 30),
    "files": (files, 40),
    "imports": (imports, 40),
    "Workers": (workers, 6),
}
"""Each shape with the size from which it is doubled."""


class Steps:
    """What a run did: functions entered, files parsed, files read."""

    def __init__(self) -> None:
        self.calls = self.parses = self.reads = 0

    def counted(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            self.calls += 1
        elif event == "c_call":
            self.calls += 1
            name = getattr(argument, "__qualname__", "")
            self.parses += name == "Parser.parse"
            self.reads += argument is os.open

    @property
    def all(self) -> dict[str, int]:
        return {"calls": self.calls, "parses": self.parses, "reads": self.reads}


def written(made: Project, folder: Path) -> Path:
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def steps_of(folder: Path) -> tuple[Steps, Result]:
    """A check of a folder, and its steps."""
    steps = Steps()
    options = Options(pedantic=True)
    sys.setprofile(steps.counted)
    try:
        result = run([folder], options, Files(folder))
    finally:
        sys.setprofile(None)
    return steps, result


def doubled(shape: str, folder: Path, times: Iterable[int] = (1, 2)) -> list[tuple[Steps, Result]]:
    """A check of a shape in its size and the double."""
    make, size = SHAPES[shape]
    steps_of(written(make(2), folder / "first"))  # imports, and what is worked out once a process
    return [steps_of(written(make(size * factor), folder / str(factor))) for factor in times]
