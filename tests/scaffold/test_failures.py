"""When an object fails for a moment, and what the logs tell of each socket: on the real runtime, in every language."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from tests.runtime.conversation import get
from tests.runtime.rust.toolchain import build, require_wasm
from tests.runtime.tools import require_tools
from tests.runtime.workerd import serve
from tests.scaffold.conftest import Generate
from tests.scaffold.scenario import PATIENCE, QUIET, play, wait_for_eviction
from tests.scaffold.test_public import create, create_match

LANGUAGES = ["python", "typescript", pytest.param("rust", marks=pytest.mark.rust_wasm)]

FAILING = {
    "python": (  # what Python raises in the object loses its properties; so it is raised where it would come in
        "            return await retry(lambda: self",
        "            return await retry(lambda: fail('SAID') or self",
    ),
    "typescript": (
        '    const [, route, part = ""]',
        """\
    if (++asked % 3) throw Object.assign(new Error("moved"), { SAID: true });
    const [, route, part = ""]""",
    ),
    "rust": (
        "        let mut parts = path",
        """\
        if ASKED.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 3 != 2 {
            let error = js_sys::Error::new("moved");
            let _ = js_sys::Reflect::set(&error, &"SAID".into(), &true.into());
            return Err(error.into());
        }
        let mut parts = path""",
    ),
}
"""A line that each request to an object comes to, and what lets two of three fail with a property that says how."""
COUNTERS = {
    "python": """

ASKED = []


def fail(how):
    ASKED.append(how)
    if len(ASKED) % 3:
        error = js.Error.new("moved")
        setattr(error, how, True)
        raise error
""",
    "typescript": "\nlet asked = 0;\n",
    "rust": "\nstatic ASKED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);\n",
}


def made(language: str, generate: Generate, fails: str = "") -> Path:
    """A project, built, whose objects fail with `fails`."""
    require_tools(python=language == "python")
    if language == "rust":
        require_wasm()
    folder = generate(language, 0)
    if fails:
        line, added = FAILING[language]
        (entry,) = [path for path in folder.glob("src/*") if line in path.read_text()]
        failing = entry.read_text().replace(line, added.replace("SAID", fails))
        entry.write_text(failing + COUNTERS[language])
    if language == "rust":
        build(folder)
    return folder


def lines(log: str) -> list[dict[str, object]]:
    """What the code wrote to the logs."""
    return [json.loads(found) for found in re.findall(r'\{.*"event":.*\}', log)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_object_that_fails_for_a_moment_is_asked_again(language: str, generate: Generate) -> None:
    folder = made(language, generate, "retryable")
    with serve(folder, page=folder / "public") as server:
        code = create_match(server.port)
        assert json.loads(get(f"{server.http}/join/{code}").body)["players"] == 0
        assert not [line for line in lines(server.log) if line["event"] == "no answer"], server.log


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_that_has_too_much_to_do_is_left_alone(language: str, generate: Generate) -> None:
    folder = made(language, generate, "overloaded")
    with serve(folder, page=folder / "public") as server:
        assert create(server.port, "localhost") == (503, "5", "busy")
        assert create(server.port, "localhost") == (503, "5", "busy")
        assert create(server.port, "localhost")[0] == 201
        assert get(f"{server.http}/join/ABCDE").status == 503
        failed = [line for line in lines(server.log) if line["event"] == "no answer"]
    assert len(failed) == 3 and failed[-1]["match"] == "ABCDE" and "moved" in str(failed[0]["error"])


def ended(log: str) -> list[dict[str, object]]:
    return [line for line in lines(log) if line["event"] == "socket"]


def opened_in(transcript: str) -> int:
    """How many sockets were opened; lines that are alike in a row are one with their number behind it."""
    opened = re.findall(r"^.*: open .*-> 101[^(\n]*(?:\((\d+) times\))?$", transcript, re.M)
    return sum(int(times or 1) for times in opened)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_socket_leaves_one_line(language: str, generate: Generate) -> None:
    """Over everything that sockets do in the scenario: each that was opened is told of once, with its match."""
    folder = made(language, generate)
    with serve(folder, page=folder / "public") as server:
        opened = opened_in(play(server.http, 0, wait_for_eviction(1)))
        until = time.monotonic() + PATIENCE
        while len(lives := ended(server.log)) < opened and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(QUIET)
        lives = ended(server.log)
    assert opened > 30
    assert len(lives) == len({str(line["session"]) for line in lives}) == opened, (opened, lives)
    for line in lives:
        assert re.fullmatch(r"[A-Z2-9]{5}", str(line["match"])), line
        assert 0 <= float(str(line["seconds"])) < 3600 and ("code" in line) != ("error" in line), line
    reasons = {line.get("reason") for line in lives}
    assert {"left", "too many messages"} <= reasons, reasons
    assert "Ann" not in json.dumps(lives)
