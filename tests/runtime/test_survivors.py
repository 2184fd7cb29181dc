"""Nothing that a run has started is left when the run is killed or interrupted."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.runtime.tools import HERE, require_tools
from tests.scaffold.test_browser import chromium

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")

SECONDS = 120.0

SERVERS = """
from tests.runtime.workerd import serve
from tests.runtime.wrangler import dev

CONFIG = 'name = "a"\\nmain = "index.js"\\ncompatibility_date = "2026-07-01"\\n'

def test_that_never_ends(tmp_path):
    (tmp_path / "wrangler.toml").write_text(CONFIG)
    (tmp_path / "index.js").write_text("export default { fetch: () => new Response('hello') };")
    with serve(tmp_path), dev(tmp_path):
        ready.touch()
        time.sleep(600)
"""

BROWSER = """
from tests.runtime.tools import tools
from tests.scaffold.test_browser import chromium

SCRIPT = '''
const [, playwright, chromium] = process.argv;
const { chromium: type } = (await import(playwright)).default;
const browser = await type.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
await (await browser.newPage()).goto("about:blank");
console.log("ready");
'''

def test_that_never_ends():
    command = [tools().node, "--input-type=module", "--eval", SCRIPT]
    command += [tools().modules / "playwright-core/index.js", chromium()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as script:
        assert script.stdout.readline() == "ready\\n"
        ready.touch()
        time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_server_is_left(number: signal.Signals, tmp_path: Path) -> None:
    started = _end_a_run(SERVERS, number, tmp_path)
    assert sum("workerd" in name for name in started.values()) >= 2, started


@pytest.mark.browser
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_browser_is_left(number: signal.Signals, tmp_path: Path) -> None:
    chromium()
    started = _end_a_run(BROWSER, number, tmp_path)
    assert sum("chrom" in name for name in started.values()) >= 2, started


def _end_a_run(text: str, number: signal.Signals, folder: Path) -> dict[int, str]:
    """Run a test that starts processes, end its run by a signal and wait until they are gone; their names."""
    require_tools()
    ready, test = folder / "ready", folder / "test_it.py"
    test.write_text(
        f"import subprocess, time\nfrom pathlib import Path\n\nready = Path({str(ready)!r})\n{text}"
    )
    with open(folder / "output", "w+") as output:
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", test],
            cwd=HERE.parents[1],
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        try:
            until = time.monotonic() + SECONDS
            while not ready.exists():
                assert run.poll() is None and time.monotonic() < until, (folder / "output").read_text()
                time.sleep(0.05)
            started = _below(run.pid)
        finally:
            run.send_signal(number)
            run.wait(SECONDS)
    until = time.monotonic() + SECONDS
    while left := [process for process in started if _lives(process)]:
        assert time.monotonic() < until, [started[process] for process in left]
        time.sleep(0.05)
    return started


def _below(root: int) -> dict[int, str]:
    """All that a process has started, and what those have, by number: its command."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state = (folder / "stat").read_text().rpartition(")")[2].split()
                parents[int(folder.name)] = int(state[1]), (folder / "comm").read_text().strip()
            except OSError:  # gone meanwhile
                continue
    found, wanted = {}, [root]
    while wanted:
        parent = wanted.pop()
        children = {process: name for process, (above, name) in parents.items() if above == parent}
        found |= children
        wanted += children
    return found


def _lives(process: int) -> bool:
    """Whether it runs; what has ended may wait a while for its parent to notice."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
