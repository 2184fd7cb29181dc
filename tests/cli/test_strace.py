"""What the system sees of each command on a hostile repository: files that are opened outside of it are Python's and
wslint's own, nothing but git is run, and nobody but `probe` speaks to a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest

from tests.pages import write
from tests.probe.servers import Servers, answering
from tests.runtime.survivors import mark
from tests.runtime.tools import missing
from tests.test_boundary import CLASS, CONFIG, PATHS, SECRET, lab
from tests.test_repository import committed, git

__all__ = ["lab"]

ROOT = Path(__file__).parents[2]
SYSTEM = ("/etc/ld.so.", "/lib", "/usr/lib", "/usr/local/lib", "/usr/share/locale", "/usr/share/zoneinfo", "/dev/null",
          "/proc/self/", "/etc/localtime", "/sys/fs/cgroup/")  # fmt: skip
"""What the loader, libc and the interpreter open in every process; nothing there is anybody's own."""
GITS = ("/etc/gitconfig", "/usr/share/git-core/", "/usr/libexec/git-core/")

_CALL = re.compile(r"^(?:\[pid +)?(?P<process>\d+)\]? +(?P<name>\w+)\((?P<rest>.*)$")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NETWORK = ("connect", "sendto", "sendmsg", "sendmmsg", "bind")


class Seen:
    """What strace has written, by kind."""

    def __init__(self, text: str) -> None:
        self.opened: list[tuple[str, str]] = []
        self.run: list[str] = []
        self.network: list[str] = []
        programs: dict[str, str] = {}
        for line in text.splitlines():
            match = _CALL.match(line)
            if match is None:
                continue
            name, rest = match["name"], match["rest"]
            texts = _TEXT.findall(rest)
            if name in ("execve", "execveat") and rest.rstrip().endswith("= 0"):
                programs[match["process"]] = texts[0]
                self.run.append(texts[0])
            elif name in ("open", "openat", "openat2", "creat") and texts:
                self.opened.append((programs.get(match["process"], ""), texts[0]))
            elif name in _NETWORK and ("AF_INET" in rest or "AF_UNIX" in rest or "AF_NETLINK" in rest):
                self.network.append(line)


def traced(arguments: list[str], cwd: Path, home: Path) -> Seen:
    strace = shutil.which("strace")
    if strace is None:
        missing("no strace, so no system call was looked at (Debian: apt-get install strace)")
    log = home / "calls"
    environment = {**mark(), "PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT)}
    watched = "trace=open,openat,openat2,creat,execve,execveat,connect,sendto,sendmsg,sendmmsg,bind"
    command = [strace, "-f", "-qq", "-s", "4096", "-e", watched, "-e", "signal=none", "-o", str(log)]
    done = subprocess.run(
        [*command, sys.executable, "-m", "wslint", *arguments],
        cwd=cwd,
        env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    if "ptrace" in done.stderr and "not permitted" in done.stderr:
        pytest.skip("this system lets nobody trace a process")
    assert done.returncode in (0, 1, 2) and "Traceback" not in done.stderr, done.stderr
    assert SECRET not in done.stdout + done.stderr
    seen = Seen(log.read_text(errors="replace"))
    assert any(name.endswith("/cli.py") or "/wslint/" in name for _, name in seen.opened), "nothing was seen"
    return seen


def own() -> tuple[str, ...]:
    """Where Python, its packages and wslint are."""
    places = {
        *sysconfig.get_paths().values(),
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        str(ROOT / "wslint"),
    }
    places |= {str(ROOT / "templates"), str(ROOT / "scripts")}
    places |= {os.path.realpath(place) for place in places}
    return tuple(place.rstrip("/") + "/" for place in places if place not in ("/", "/usr"))


def outside(seen: Seen, repo: Path, home: Path) -> list[tuple[str, str]]:
    """The files that were opened, or would have been, of which nobody has said that they may be."""
    found = []
    for program, name in seen.opened:
        path = os.path.normpath(os.path.join(repo, name))
        if path in (str(ROOT), str(repo), *sys.path) or f"{path}/".startswith((*own(), *SYSTEM)):
            continue
        if os.path.realpath(path).startswith(str(repo) + os.sep) or path == f"{sys.prefix}/pyvenv.cfg":
            continue
        if Path(program).name == "git" and (path.startswith((*GITS, str(home))) or path == "/proc/cpuinfo"):
            continue
        if tempfile.gettempdir() in (path, os.path.dirname(path)):  # git is asked through a file there
            continue
        if f"{path}/".startswith(f"{home}/.cache/wslint/"):  # answers of earlier runs
            continue
        found.append((program, name))
    return found


def hostile(lab: Path, bait: Path) -> Path:
    """A real repository whose every file leads out of it, or wants to be run."""
    repo = lab / "repo"
    shutil.rmtree(repo)
    committed(repo)
    files = {
        name: text for paths, _ in PATHS.values() for name, text in paths.items() if "wrangler" not in name
    }
    write(files, repo)
    config = CONFIG.replace("@MAIN", "index.js") + '[assets]\ndirectory = "../home/public"\n'
    write({"wrangler.toml": config + '[env.x]\nmain = "../home/index.js"\n', "a/wrangler.toml": config}, repo)
    write({"rust/wrangler.toml": CONFIG.replace("@MAIN", "build/index.js")}, repo)
    write({f"rust/{name}": files[name] for name in ("Cargo.toml", "src/lib.rs")}, repo)
    write({"py/wrangler.toml": CONFIG.replace("@MAIN", "entry.py"), "py/entry.py": "import far\n"}, repo)
    write({"index.js": f'export * from "../home/index.js";\nimport "{lab}/home/index.js";\n{CLASS}'.replace(SECRET, "")},
          repo)  # fmt: skip
    for name in ("tomli", "click", "json", "sitecustomize", "usercustomize", "wslint.cli"):
        write({f"{name}.py": f"open({str(bait)!r}, 'w')\n"}, repo)
    for name, target in {
        "c/wrangler.jsonc": "../../home/.npmrc", "b": "../home", ".gitignore": "../home/.npmrc", "py/far.py": "../../home/index.py",
        "package-lock.json": "../home/package.json", ".wrangler/deploy/config.json": "../../../home/package.json",
        "node_modules": "../home", "public": "../home/public", "pnpm-workspace.yaml": "/proc/self/mem",
        "vite.config.ts": "/etc/passwd", "baseline.json": "/etc/hostname", "page.html": "/dev/zero",
    }.items():  # fmt: skip
        (repo / name).unlink(missing_ok=True)
        (repo / name).parent.mkdir(parents=True, exist_ok=True)
        (repo / name).symlink_to(target)
    os.mkfifo(repo / "a/index.js")
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "diff.external", "core.hooksPath"):
        git(repo, "config", key, str(bait))
    (lab / "wslint.toml").unlink()
    return repo


COMMANDS = [
    ["check", "--pedantic", "--show-unknown", "--show-way"],
    ["check", "--output-format", "sarif", "--statistics"],
    ["check", "--show-files"],
    ["check", "--diff", "--unsafe-fixes"],
    ["check", "--fix", "--unsafe-fixes"],
    ["check", "--env", "x", "--include-tests"],
    ["check", "--output-file", "report.json", "--output-format", "json"],
    ["check", "--baseline", "baseline.json"],
    ["check", "--baseline", "known.json", "--update-baseline"],
    ["check", "a", "index.js", "py/entry.py", "rust/src/lib.rs", "b/index.js"],
    ["check", "b"],
    ["trace", "b", "--all"],
    ["compat", "--project", "b"],
    ["trace", "--all", "--life"],
    ["trace", "py", "--url", "/ws"],
    ["trace", "--all", "--output-format", "mermaid"],
    ["compat"],
    ["compat", "--to", "2026-11-01", "--fix"],
    ["explain", "WS301"],
    ["explain", "WebSocket connection failed: 1006"],
    ["rules"],
    ["new", "match-worker", "made"],
    ["new", "match-worker", "b/made"],
    ["new", "match-worker", "made", "--diff"],
    ["completion", "bash"],
    ["--help"],
    ["--version"],
]  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_leaves_the_repository(arguments: list[str], lab: Path) -> None:
    bait, home = lab / "was-run", lab / "user"
    home.mkdir()
    repo = hostile(lab, bait)
    before = {path: path.read_bytes() for path in (lab / "home").rglob("*") if path.is_file()}
    seen = traced(arguments, repo, home)
    for found in (
        seen,
        *([traced(arguments, repo, home)] if arguments[0] == "check" else []),
    ):  # kept answers, too
        assert outside(found, repo, home) == []
        assert found.network == []
        assert {Path(name).name for name in found.run[1:]} <= {"git"} and not bait.exists()
    assert {path: path.read_bytes() for path in (lab / "home").rglob("*") if path.is_file()} == before


@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
def test_probe_speaks_to_its_server_alone(lab: Path) -> None:
    home, servers = lab / "user", Servers()
    home.mkdir()
    repo = hostile(lab, lab / "was-run")
    try:
        port = servers.start(answering())
        seen = traced(["probe", f"ws://127.0.0.1:{port}/ws"], repo, home)
    finally:
        servers.stop()
    assert outside(seen, repo, home) == [] and len(seen.run) == 1
    ports = {int(found) for line in seen.network for found in re.findall(r"sin6?_port=htons\((\d+)\)", line)}
    assert ports == {port} and all("AF_INET" in line for line in seen.network), seen.network


@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
def test_what_is_opened_outside_is_seen(lab: Path) -> None:
    """The measure sees what it is to see: the same repository, with the option that allows it."""
    home = lab / "user"
    home.mkdir()
    repo = hostile(lab, lab / "was-run")
    strace = traced(["check", "--allow-outside", "--env", "x", "--show-files"], repo, home)
    assert any(name.endswith("home/index.js") for _, name in outside(strace, repo, home))
