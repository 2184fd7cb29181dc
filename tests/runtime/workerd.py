"""A project's folder, served by the real workerd on a port of its own.

wslint's own reader understands the configuration; what workerd needs is written beside the project's
bundle in a temporary folder. Several configurations in one folder tree are several services, so that
`script_name` and service bindings work. wrangler has no part in this. Nothing reaches the network: what a
project fetches is answered by a small Worker of ours, after a moment, as a socket that echoes or as JSON.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.runtime import page as assets_page
from tests.runtime import python_worker
from tests.runtime.tools import tools
from wslint.files import Files
from wslint.wrangler.config import DurableObjectBinding, WorkerConfig, load_document

START_SECONDS = 180.0  # a Python Worker starts an interpreter, and the machine may be busy

_KINDS = {".wasm": "wasm", ".json": "json", ".zip": "data", ".data": "data", ".py": "pythonModule"}

_OUTSIDE = """\
export default {
  async fetch(request) {
    const host = new URL(request.url).hostname;
    if (host === "127.0.0.1") throw new Error("a request that no Worker handles");
    await scheduler.wait(500);
    if (request.headers.get("Upgrade") !== "websocket") return Response.json({ greeting: `welcome to ${host}` });
    const [client, server] = Object.values(new WebSocketPair());
    server.accept();
    server.addEventListener("message", (event) => server.send(event.data));
    return new Response(null, { status: 101, webSocket: client });
  },
};
"""


class NotServed(Exception):
    """The project can't be served this way: it does not bundle, or it needs what this harness has not."""


class DidNotStart(Exception):
    """workerd ended instead of listening; the text is what it wrote."""


@dataclass
class Server:
    """A running workerd. `log` is what it wrote so far: uncaught exceptions and console output."""

    port: int
    process: subprocess.Popen[bytes] = field(repr=False)
    _log: Path = field(repr=False)

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")


@dataclass(frozen=True)
class Setup:
    """How a folder is to be served.

    `variables` are added to the `vars` of the configuration. `page` is a folder of assets (page.py). What the objects store is lost at the end, unless `work` names a folder to keep it in.
    `bundle` is a folder with workerd's own Pyodide bundle, for Python Workers. `experimental` permits
    experimental flags. With `verbose` the log has the exceptions of a hibernating socket's handlers too, and a
    line for each connection that breaks.
    """

    environment: str | None = None
    config: str | None = None
    variables: dict[str, str] = field(default_factory=dict)
    page: Path | None = None
    work: Path | None = None
    port: int = 0
    bundle: Path | None = None
    experimental: bool = True
    verbose: bool = False


@contextmanager
def serve(folder: Path, environment: str | None = None, **options: Any) -> Iterator[Server]:
    """Serve the Worker of `folder` (of `config`, a path within, when there are several) until the block ends.

    The options are those of Setup. Raises NotServed and DidNotStart.
    """
    setup = Setup(environment, **options)
    work = setup.work or Path(tempfile.mkdtemp(prefix="wslint-workerd-"))
    try:
        work.mkdir(parents=True, exist_ok=True)
        _write_service(folder, work, setup)
        with _running(work, setup) as server:
            yield server
    finally:
        if setup.work is None:
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _running(work: Path, setup: Setup) -> Iterator[Server]:
    log = work / "log"
    options = [f"--pyodide-bundle-disk-cache-dir={setup.bundle}"] if setup.bundle else []
    options += ["--experimental"] if setup.experimental else []
    options += ["--verbose"] if setup.verbose else []
    reads, writes = os.pipe()
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [
                tools().workerd,
                "serve",
                f"--control-fd={writes}",
                *options,
                "config.capnp",
            ],
            cwd=work,
            env={**os.environ, "PWD": str(work)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[writes],
        )
    os.close(writes)
    try:
        port = _port(reads)
        if port is None:
            process.kill()
            process.wait()
            raise DidNotStart(log.read_text(encoding="utf-8", errors="replace"))
        yield Server(port, process, log)
    finally:
        os.close(reads)
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()


def _port(pipe: int) -> int | None:
    """The port that workerd reports; None when it ends first."""
    text = b""
    deadline = time.monotonic() + START_SECONDS
    while b"\n" not in text:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(pipe, 4096) if ready else b""
        if not chunk:
            return None
        text += chunk
    return int(json.loads(text.split(b"\n")[0])["port"])


def _write_service(folder: Path, work: Path, setup: Setup) -> None:
    config, page = setup.config, setup.page
    files = Files(folder)
    paths = [folder / config] if config else []
    others = sorted(
        path
        for path in folder.rglob("wrangler*")
        if path.suffix in (".toml", ".json", ".jsonc")
        and path not in paths
        and "node_modules" not in path.parts
    )
    services: list[WorkerConfig] = []
    for path in paths + others:
        file = files.read(path)
        chosen = load_document(file).environment(setup.environment) if file else None
        if chosen is not None and chosen.main is not None and chosen.main.string:
            services.append(chosen)
    if not services:
        raise NotServed("no configuration with a `main`")
    if not config:  # the Worker that faces the browser: the one nearest to the top
        services.sort(key=lambda service: len(service.document.folder.parts))
    names = {service.name: _service_name(index) for index, service in enumerate(services) if service.name}
    workers = []
    for index, service in enumerate(services):
        shutil.rmtree(work / _service_name(index), ignore_errors=True)
        (work / _service_name(index)).mkdir()
        workers.append(_worker(service, work, index, names, setup))
    (work / "storage").mkdir(exist_ok=True)
    (work / "outside.js").write_text(_OUTSIDE, encoding="utf-8")
    listed = "".join(
        f"    (name = {_text(_service_name(index))}, worker = .{_service_name(index)}),\n"
        for index in range(len(services))
    )
    if page is not None:
        added, defined = assets_page.write(page, work, services[0], _service_name(0))
        listed += added
        workers.append(defined)
    facing = _service_name(0) if page is None else "front"
    (work / "config.capnp").write_text(
        f"""using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
{listed}    (name = "storage", disk = (path = "storage", writable = true)),
    (name = "internet", worker = .outside),
  ],
  sockets = [(name = "http", address = "127.0.0.1:{setup.port}", http = (), service = "{facing}")],
);

const outside :Workerd.Worker = (
  modules = [(name = "outside.js", esModule = embed "outside.js")],
  compatibilityDate = "2026-07-01",
);
{"".join(workers)}""",
        encoding="utf-8",
    )


def _service_name(index: int) -> str:
    return f"worker{index}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _worker(config: WorkerConfig, work: Path, index: int, names: dict[str, str], setup: Setup) -> str:
    service = _service_name(index)
    modules = "".join(
        f'    (name = {_text(name)}, {_KINDS.get(path.suffix, "esModule")} = embed "{service}/{path.name}"),\n'
        for name, path in _bundle(config, work / service, setup)
    )
    bindings = "".join(f"    {line},\n" for line in _bindings(config, names, setup))
    namespaces = "".join(
        f"    (className = {_text(name)}, uniqueKey = {_text(f'{service}-{name}')}"
        f"{', enableSql = true' if storage == 'sqlite' else ''}),\n"
        for name, storage in _classes(config).items()
    )
    written = [flag.string or "" for flag in config.flags]
    if _is_python(config) and not setup.bundle:
        written = python_worker.flags(written)
        bindings += '    (name = "UNSAFE_EVAL", unsafeEval = void),\n'
    flags = ", ".join(map(_text, written))
    if config.compatibility_date is None:
        raise NotServed("no compatibility date")
    return f"""
const {service} :Workerd.Worker = (
  modules = [
{modules}  ],
  compatibilityDate = {_text(config.compatibility_date)},
  compatibilityFlags = [{flags}],
  bindings = [
{bindings}  ],
  durableObjectNamespaces = [
{namespaces}  ],
  durableObjectStorage = (localDisk = "storage"),
);
"""


def _bundle(config: WorkerConfig, target: Path, setup: Setup) -> list[tuple[str, Path]]:
    """The modules by name. JavaScript is bundled as wrangler does: one ES module, the wasm beside it."""
    main = config.document.folder / (config.main.string if config.main and config.main.string else "")
    if _is_python(config):
        if setup.bundle:
            return python_worker.write_native(main, target)
        return python_worker.write(main, target, _classes(config))
    ran = subprocess.run(
        [
            tools().esbuild,
            main,
            "--bundle",
            "--format=esm",
            "--target=es2024",
            "--keep-names",
            "--log-level=error",
            "--conditions=workerd,worker,browser",
            "--external:cloudflare:*",
            "--external:node:*",
            "--loader:.wasm=copy",
            "--loader:.html=text",
            "--entry-names=worker",
            f"--outdir={target}",
        ],
        cwd=config.document.folder,
        env={**os.environ, "NODE_PATH": str(tools().modules)},  # hono, for projects without packages
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode != 0:
        raise NotServed(f"esbuild refuses it: {ran.stderr.strip()}")
    found = sorted(target.iterdir(), key=lambda path: path.name != "worker.js")
    return [(path.name, path) for path in found]


def _is_python(config: WorkerConfig) -> bool:
    return bool(config.main and config.main.string and config.main.string.endswith(".py"))


def _classes(config: WorkerConfig) -> dict[str, str]:
    """The Durable Object classes that the lifecycle has made, with their storage; those bound, without one."""
    found = {name: live.storage for name, live in config.history.live.items()}
    found |= {entry.name: entry.storage or "" for entry in config.durable_exports if entry.state != "deleted"}
    for binding in config.local_durable_objects:
        found.setdefault(_class_name(binding), "")
    return found


def _class_name(binding: DurableObjectBinding) -> str:
    return binding.class_name.string or "" if binding.class_name else ""


def _bindings(config: WorkerConfig, names: dict[str, str], setup: Setup) -> Iterator[str]:
    for durable in config.durable_objects:
        if durable.name is None or not durable.name.string:
            continue
        if config.is_local(durable):
            what = f"durableObjectNamespace = {_text(_class_name(durable))}"
        else:
            script = durable.script_name.string or "" if durable.script_name else ""
            if script not in names:
                raise NotServed(f"no Worker called {script} in the folder")
            what = f"durableObjectNamespace = (className = {_text(_class_name(durable))}, serviceName = {_text(names[script])})"
        yield f"(name = {_text(durable.name.string)}, {what})"
    for binding in config.bindings:
        if binding.kind == "vars" and binding.name not in setup.variables:
            value = binding.value.string
            if value is None:
                raise NotServed(f"the variable {binding.name} is no text")
            yield f"(name = {_text(binding.name)}, text = {_text(value)})"
        elif binding.kind == "services":
            target = binding.value.get("service")
            entrypoint = binding.value.get("entrypoint")
            script = target.string or "" if target else ""
            if script not in names:
                raise NotServed(f"no Worker called {script} in the folder")
            extra = f", entrypoint = {_text(entrypoint.string)}" if entrypoint and entrypoint.string else ""
            yield f"(name = {_text(binding.name)}, service = (name = {_text(names[script])}{extra}))"
        elif binding.kind == "assets" and setup.page is not None:
            yield f'(name = {_text(binding.name)}, service = "assets")'
        elif binding.kind == "ratelimits" and setup.page is not None:
            yield f'(name = {_text(binding.name)}, service = "limiter")'
        elif binding.kind not in ("vars", "durable_objects"):
            raise NotServed(f"a binding of {binding.kind}")
    for name, value in setup.variables.items():
        yield f"(name = {_text(name)}, text = {_text(value)})"
