"""The project's own load test, small: nothing is lost, what is lost would be noticed, and evictions are waited out."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.runtime.rust.toolchain import build, require_wasm
from tests.runtime.tools import require_tools
from tests.runtime.workerd import Server, serve
from tests.scaffold.conftest import Generate

LANGUAGES = ["python", "typescript", pytest.param("rust", marks=pytest.mark.rust_wasm)]


def made(language: str, generate: Generate) -> Path:
    require_tools(python=language == "python")
    if language == "rust":
        require_wasm()
    folder = generate(language, 1)
    if language == "rust":
        build(folder)
    return folder


def load(folder: Path, url: str, **options: int) -> subprocess.CompletedProcess[str]:
    words = [f"--{name}={value}" for name, value in options.items()]
    command = [require_tools().node, folder / "tests/load.mjs", f"--url={url}", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)


def objects(server: Server) -> dict[str, int]:
    """How often each object was made."""
    codes = re.findall(r"object made for (\w+)", server.log)
    return {code: codes.count(code) for code in codes}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_lost(language: str, generate: Generate) -> None:
    folder = made(language, generate)
    with serve(folder, page=folder / "public") as server:
        done = load(folder, server.http, rooms=10, clients=3, messages=10)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert "sent 300, to be received 900, received 900\nlost 0, reordered 0, doubled 0" in done.stdout
    assert "connections lost, by code: {}" in done.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_evictions_are_waited_out(language: str, generate: Generate) -> None:
    folder = made(language, generate)
    with serve(folder, page=folder / "public") as server:
        done = load(folder, server.http, rooms=4, messages=3, rounds=2, pause=25)
        times = objects(server)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert "received 96\nlost 0" in done.stdout
    assert len(times) == 4 and all(number >= 2 for number in times.values()), times


SEND = "this.#send(other, message);\n"
MISTAKES = {
    "lost": f"if (Math.random() < 0.8) {SEND}",
    "doubled": f"{{ {SEND.strip()} {SEND.strip()} }}\n",
    "reordered": f'setTimeout(() => {SEND.strip()[:-1]}, message.type === "chat" ? Math.random() * 900 : 0);\n',
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_what_goes_wrong_is_noticed(kind: str, generate: Generate) -> None:
    folder = made("typescript", generate)
    entry, test = folder / "src/index.ts", folder / "tests/load.mjs"
    assert SEND in entry.read_text() and "PATIENCE_MS = 30_000" in test.read_text()
    entry.write_text(entry.read_text().replace(SEND, MISTAKES[kind]))
    test.write_text(test.read_text().replace("PATIENCE_MS = 30_000", "PATIENCE_MS = 1_500"))
    with serve(folder, page=folder / "public") as server:
        done = load(folder, server.http, rooms=4, clients=2, messages=10)
    assert done.returncode == 1, done.stdout
    assert re.search(rf"\b{kind} -?[1-9]", done.stdout), done.stdout


def test_a_server_that_goes_away_is_noticed(generate: Generate) -> None:
    folder = made("typescript", generate)
    test = folder / "tests/load.mjs"
    test.write_text(test.read_text().replace("PATIENCE_MS = 30_000", "PATIENCE_MS = 1_500"))
    with serve(folder, page=folder / "public") as server:
        command = [require_tools().node, test, f"--url={server.http}", "--rooms=3", "--messages=40"]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        while len(objects(server)) < 3:
            assert running.poll() is None
        time.sleep(1.5)  # they have joined, and speak for five seconds
        server.process.kill()
        out, _ = running.communicate(timeout=120)
    assert running.returncode == 1 and '"1006":6' in out, out


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--url=http://example.com", "--url must be of this machine"),
        ("--rooms=2001", "--rooms is a number from 1 to 2000"),
        ("--messages=x", "--messages is a number from 1 to 1000"),
    ],
)
def test_it_is_bounded(option: str, said: str, generate: Generate) -> None:
    folder = made("typescript", generate)
    command = [require_tools().node, folder / "tests/load.mjs", option]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, f"{said}\n")
