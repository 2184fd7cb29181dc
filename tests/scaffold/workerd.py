"""Serves a scaffold on real workerd: its bundle, its page as an asset, its Durable Objects on disk."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CONFIG = """using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "front", worker = (
      modules = [(name = "front.js", esModule = embed "front.js")], compatibilityDate = "%(date)s",
      bindings = [(name = "MAIN", service = "main"), (name = "PUBLIC", service = "public")])),
    (name = "main", worker = (
      modules = [%(modules)s], compatibilityDate = "%(date)s",%(flags)s
      bindings = [(name = "MATCH", durableObjectNamespace = "MatchDO")],
      durableObjectNamespaces = [(className = "MatchDO", uniqueKey = "match", enableSql = true)],
      durableObjectStorage = (localDisk = "objects"))),
    (name = "public", disk = (path = "%(public)s")),
    (name = "objects", disk = (path = "%(objects)s", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:%(port)d", http = (), service = "front")],
);
"""
# Serves an existing file, as the assets of a Worker do; every other request goes on untouched.
FRONT = """export default { async fetch(request, env) {
  if (request.method !== "GET" || new URL(request.url).pathname !== "/") return env.MAIN.fetch(request);
  const page = await env.PUBLIC.fetch("http://public/index.html");
  return new Response(page.body, { headers: { "content-type": "text/html; charset=utf-8" } });
} };
"""


@dataclass
class Served:
    """A running workerd: where it listens, and its log."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]


@contextmanager
def workerd(
    binary: Path, modules: str, public: Path, work: Path, date: str, *, port: int = 0, flags: str = ""
) -> Iterator[Served]:
    """Run workerd until the block ends. `modules` are Cap'n Proto values, paths relative to `work`."""
    (work / "objects").mkdir(exist_ok=True)
    (work / "front.js").write_text(FRONT)
    values = {"modules": modules, "public": public, "objects": work / "objects", "date": date, "port": port}
    (work / "config.capnp").write_text(CONFIG % {**values, "flags": flags})
    log = work / "workerd.log"
    reading, writing = os.pipe()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [binary, "serve", "--experimental", f"--control-fd={writing}", work / "config.capnp"],
            stdout=output,
            stderr=output,
            pass_fds=[writing],
            cwd=work,
        )
    os.close(writing)
    try:
        with os.fdopen(reading) as control:
            listening = control.readline()
            if not listening:
                raise RuntimeError(f"workerd did not start:\n{log.read_text()}")
            yield Served(f"http://127.0.0.1:{json.loads(listening)['port']}", log, process)
    finally:
        process.terminate()
        process.wait(10)
