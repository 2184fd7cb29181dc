"""wrangler itself, where its own word is the point: `deploy --dry-run`, and `dev` for what serves assets.

It can't reach the network (its proxy is a closed port), sends no metrics, and writes into a temporary
folder of its own and into the project's `.wrangler`.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.runtime.survivors import mark
from tests.runtime.tools import tools
from tests.runtime.workerd import DidNotStart

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CLOSED = "http://127.0.0.1:9"
START_SECONDS = 180.0  # the machine may be busy


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed (both streams, without colours) and its exit code."""

    code: int
    output: str


def ask(
    folder: Path, command: Sequence[str] = ("deploy", "--dry-run"), environment: str | None = None
) -> Ran:
    """Run a command of wrangler in a project's folder."""
    home = Path(tempfile.mkdtemp(prefix="wslint-wrangler-"))
    try:
        command = list(command)
        if environment is not None:
            command.append(f"--env={environment}")
        with open(home / "output", "w+b") as output:  # one file, so that both streams keep their order
            code = subprocess.run(
                _command(command),
                cwd=folder,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=600,
            ).returncode
            output.seek(0)
            text = output.read().decode("utf-8", "replace")
        return Ran(code, _ANSI.sub("", text))
    finally:
        shutil.rmtree(home, ignore_errors=True)


@dataclass
class DevServer:
    """A running `wrangler dev`. `log` is what it printed so far."""

    port: int
    _log: Path

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return _ANSI.sub("", self._log.read_text(encoding="utf-8", errors="replace"))


@contextmanager
def dev(folder: Path, environment: str | None = None, configs: Sequence[str] = ()) -> Iterator[DevServer]:
    """`wrangler dev` on a loopback port until the block ends; of several configurations the first is served.
    Raises DidNotStart."""
    home = Path(tempfile.mkdtemp(prefix="wslint-wrangler-"))
    port = _free_port()
    command = [
        "dev",
        "--ip=127.0.0.1",
        f"--port={port}",
        "--inspector-port=0",
        "--show-interactive-dev-session=false",
    ]
    if environment is not None:
        command.append(f"--env={environment}")
    command += [f"--config={config}" for config in configs]
    try:
        with open(home / "log", "wb") as output:
            process = subprocess.Popen(
                _command(command),
                cwd=folder,
                env=_environment(home),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        server = DevServer(port, home / "log")
        try:
            _await_ready(server, process)
            yield server
        finally:
            _end(process)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _await_ready(server: DevServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "Ready on" not in server.log:
        if process.poll() is not None or time.monotonic() > deadline:
            raise DidNotStart(server.log)
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End wrangler and the workerd that it started: the session that is ours alone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _command(words: Sequence[str]) -> list[str | Path]:
    # The program behind wrangler's launcher: the launcher only starts another Node.
    return [tools().node, "--no-warnings", tools().wrangler.parents[1] / "wrangler-dist/cli.js", *words]


def _environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "LANG") if name in os.environ}
    own = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")
    return {
        **kept,
        **mark(),
        **{name: str(home) for name in own},
        "CI": "1",
        "NO_COLOR": "1",
        "FORCE_COLOR": "0",
        "WRANGLER_SEND_METRICS": "false",
        "WRANGLER_SEND_ERROR_REPORTS": "false",
        "WRANGLER_HIDE_BANNER": "true",
        "WRANGLER_LOG_PATH": str(home / "logs"),
        "WRANGLER_REGISTRY_PATH": str(home / "registry"),
        "HTTP_PROXY": _CLOSED,
        "HTTPS_PROXY": _CLOSED,
        "NO_PROXY": "127.0.0.1,localhost",
        "NODE_COMPILE_CACHE": str(tools().modules.parent / "compiled"),
    }
