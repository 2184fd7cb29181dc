"""Projects of any size for the benchmark: N Workers with M TypeScript files each."""

from __future__ import annotations

from pathlib import Path

CONFIG = """\
name = "worker-{number}"
main = "src/index.ts"
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs_compat"]

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]

[env.staging]
durable_objects.bindings = [{{ name = "MATCH", class_name = "MatchDO" }}]
"""

ENTRY = """\
{imports}
export {{ MatchDO }} from "./match";

interface Env {{
  MATCH: DurableObjectNamespace;
}}

export default {{
  async fetch(request, env): Promise<Response> {{
    const url = new URL(request.url);
    const code = url.pathname.slice("/ws/".length);
    if (request.headers.get("Upgrade") !== "websocket") return new Response(null, {{ status: 426 }});
    return env.MATCH.getByName(code).fetch(request);
  }},
}} satisfies ExportedHandler<Env>;
"""

MATCH = """\
import { DurableObject } from "cloudflare:workers";

export class MatchDO extends DurableObject {
  async fetch(_request: Request): Promise<Response> {
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(from: WebSocket, message: string | ArrayBuffer): void {
    for (const socket of this.ctx.getWebSockets()) {
      if (socket === from) continue;
      try {
        socket.send(message);
      } catch (error) {
        console.log("a socket is gone", error);
      }
    }
  }

  webSocketClose(socket: WebSocket, code: number, reason: string): void {
    const reserved = code === 1005 || code === 1006 || code === 1015;
    socket.close(reserved ? 1000 : code, reason);
  }
}
"""


WORKFLOW = """\
name: ci
on: [push]
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
"""
"""A small file for zizmor, whose time is the reference for a native linter's start."""


def module(number: int, functions: int = 12) -> str:
    """A plain module of about six lines a function."""
    parts = ['import type { Request as Incoming } from "@cloudflare/workers-types";\n']
    for index in range(functions):
        parts.append(
            f"export function step{number}_{index}(value: number, names: readonly string[]): Map<string, number> {{\n"
            f"  const found = new Map<string, number>();\n"
            f"  for (const [place, name] of names.entries()) {{\n"
            f"    if (name.length > value % {index + 2}) found.set(`${{name}}-{index}`, place * value);\n"
            f"  }}\n"
            f"  return found;\n"
            f"}}\n"
        )
    parts.append("export type Seen = Incoming;\n")
    return "\n".join(parts)


def write_worker(folder: Path, number: int, files: int) -> None:
    """One Worker of `files` source files (at least two)."""
    source = folder / "src"
    source.mkdir(parents=True, exist_ok=True)
    modules = range(files - 2)
    imports = "\n".join(f'import {{ step{index}_0 }} from "./step{index}";' for index in modules)
    calls = "".join(f"\nvoid step{index}_0;" for index in modules)
    (folder / "wrangler.toml").write_text(CONFIG.format(number=number), encoding="utf-8")
    (source / "index.ts").write_text(ENTRY.format(imports=imports) + calls + "\n", encoding="utf-8")
    (source / "match.ts").write_text(MATCH, encoding="utf-8")
    for index in modules:
        (source / f"step{index}.ts").write_text(module(index), encoding="utf-8")


def write_workspace(folder: Path, workers: int, files: int) -> None:
    """`workers` Workers side by side."""
    for number in range(workers):
        write_worker(folder / f"worker-{number}", number, files)
