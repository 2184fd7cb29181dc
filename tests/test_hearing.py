"""Many Workers: what one process says of them, several say to the byte, and what was read of each is let go of."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.pages import TODAY, read_page, write
from tests.test_cache import is_hit, wslint
from wslint import check, hearing, jobs
from wslint.check import Options, run
from wslint.errors import CheckError
from wslint.files import Files
from wslint.hearing import Heard, Hearing
from wslint.machine.machine import Machine
from wslint.report import render
from wslint.source.facts import SourceFacts
from wslint.worker import Worker

PAGES = sorted((Path(__file__).parent / "rules").glob("WS*.md"))

CONFIG = """\
name = "match-{n}"
main = "src/index.ts"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[durable_objects.bindings]]
name = "OTHER"
class_name = "{wanted}"
script_name = "match-{other}"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDO"]
"""
SOURCE = """\
import {{ DurableObject }} from "cloudflare:workers";
import {{ shared }} from "../../shared";
export class MatchDO extends DurableObject {{
  async fetch(request: Request): Promise<Response> {{
    const [client, server] = Object.values(new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, {{ status: 101, webSocket: client }});
  }}
  webSocketClose(socket: WebSocket, code: number) {{ socket.close(code, shared); }}
}}
export default {{
  fetch(request: Request, env: any) {{
    if (new URL(request.url).pathname === "/{n}") return env.OTHER.getByName("x").fetch(request);
    return env.MATCH.getByName("x").fetch(request); // wslint: ignore[WS480]
  }},
}};
"""


def workers(count: int) -> dict[str, str]:
    """Workers of which each binds a class of another one, and one of them a class that is not there."""
    files = {"shared.ts": 'export const shared = "bye";\n'}
    for n in range(count):
        wanted = "Nowhere" if n == 1 else "MatchDO"
        files[f"w{n}/wrangler.toml"] = CONFIG.format(n=n, other=(n + 5) % count, wanted=wanted)
        files[f"w{n}/src/index.ts"] = SOURCE.format(n=n)
    return files


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sections of each sixth page, in whatever language, beside Workers that know each other."""
    folder = tmp_path_factory.mktemp("mixed")
    write(workers(9), folder)
    for page in PAGES[::6]:
        for number, project in enumerate(read_page(page.read_text(encoding="utf-8"))[:2]):
            if not any(name.startswith(("HEAD:", "..")) for name in project.files):
                write(project.files, folder / f"{page.stem}-{number}")
    return folder


def said(folder: Path, processes: int, environment: str | None = None) -> str:
    files = Files(folder)
    options = Options(
        environment=environment,
        today=TODAY,
        pedantic=True,
        show_unknown=True,
        statistics=True,
        include_tests=True,
        show_way=True,
        jobs=processes,
    )
    result = run([folder], options, files)
    return "".join(render(result, form, color=False, width=100) for form in ("text", "json", "sarif"))


@pytest.fixture
def forks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The processes that are started: some as soon as there are three configurations."""
    started: list[int] = []
    fork = os.fork

    def counted() -> int:
        child = fork()
        started.append(child)
        return child

    monkeypatch.setattr(check, "MANY", 2)
    monkeypatch.setattr(jobs, "_can_fork", lambda: True)
    monkeypatch.setattr(os, "fork", counted)
    yield started
    gc.unfreeze()
    for child in started:  # nobody is left behind
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)


# Equal to the byte


def test_what_is_let_go_of_is_said_all_the_same(mixed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "KEPT", 1 << 40)
    kept = said(mixed, 0)
    assert kept.count("WS203") and kept.count("WS480") and kept.count(".py") and kept.count(".rs")
    monkeypatch.setattr(hearing, "KEPT", 0)
    assert said(mixed, 0) == kept


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_several_processes_say_the_same(mixed: Path, processes: int, forks: list[int]) -> None:
    assert said(mixed, processes) == said(mixed, 0)
    assert len(forks) == (processes if processes > 1 else 0)


def test_several_processes_choose_the_same_environment(mixed: Path, forks: list[int]) -> None:
    assert said(mixed, 2, "staging") == said(mixed, 0, "staging")
    assert len(forks) == 2


def test_few_configurations_are_no_work_for_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> NoReturn:
        raise AssertionError("started a process")

    monkeypatch.setattr(os, "fork", never)
    write(workers(4), tmp_path)
    assert said(tmp_path, 8)


def test_where_there_are_other_threads_none_is_started(
    tmp_path: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(check, "MANY", 2)
    monkeypatch.setattr("threading.active_count", lambda: 2)
    write(workers(4), tmp_path)
    assert said(tmp_path, 2)
    assert not forks


# What is held


def most_alive(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """The most machines and read sources that there are after a configuration was heard."""
    most: list[tuple[int, int]] = []
    heard = Hearing._forget

    def counted(self: Hearing) -> None:
        heard(self)
        gc.collect()
        alive = gc.get_objects()
        most.append(tuple(sum(isinstance(one, kind) for one in alive) for kind in (Machine, SourceFacts)))  # type: ignore[arg-type]

    monkeypatch.setattr(Hearing, "_forget", counted)
    monkeypatch.setattr(hearing, "KEPT", 0)
    gc.collect()
    before = gc.get_objects()
    machines, sources = (sum(isinstance(one, kind) for one in before) for kind in (Machine, SourceFacts))
    del before
    said(folder, 0)
    assert most, "nothing was let go of"
    return max(one for one, _ in most) - machines, max(one for _, one in most) - sources


def test_nothing_of_a_worker_is_held_when_it_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(workers(8), tmp_path)
    assert most_alive(tmp_path, monkeypatch) == (0, 0)


# When it goes wrong


def test_a_process_that_is_killed_is_said_clearly(
    tmp_path: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: Hearing, group: list[Worker]) -> Heard:
        if group[0].name == "match-2":
            os.kill(os.getpid(), signal.SIGKILL)
        return Heard()

    monkeypatch.setattr(Hearing, "_of_group", killed)
    write(workers(12), tmp_path)
    with pytest.raises(CheckError, match=r"ended by SIGKILL.*`--jobs 1`"):
        said(tmp_path, 2)
    assert len(forks) == 2


@pytest.mark.parametrize(
    ("error", "found"), [(CheckError("no such thing"), CheckError), (ValueError("odd"), jobs.WorkerFailed)]
)
def test_a_mistake_is_told_as_in_one_process(
    error: Exception,
    found: type[Exception],
    tmp_path: Path,
    forks: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(self: Hearing, group: list[Worker]) -> Heard:
        raise error

    monkeypatch.setattr(Hearing, "_of_group", fails)
    write(workers(12), tmp_path)
    with pytest.raises(found, match=str(error)):
        said(tmp_path, 2)


def test_no_process_can_be_started(tmp_path: Path, forks: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> NoReturn:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refused)
    write(workers(4), tmp_path)
    with pytest.raises(CheckError, match="`--jobs 1` takes none"):
        said(tmp_path, 2)


# The command line


def test_the_cache_knows_what_several_processes_asked(tmp_path: Path) -> None:
    folder, place = tmp_path / "project", tmp_path / "caches"
    write(workers(hearing.MANY + 2), folder)
    words = ("check", "--jobs", "2", "--show-unknown", ".")
    alone, _ = wslint("check", "--no-cache", "--jobs", "1", "--show-unknown", ".", cwd=folder, place=place)
    first, modules = wslint(*words, cwd=folder, place=place)
    assert first == alone and not is_hit(modules)
    again, modules = wslint(*words, cwd=folder, place=place)
    assert again == first and is_hit(modules)
    for path in (folder / "shared.ts", folder / "w40" / "src" / "index.ts", folder / "w3" / "wrangler.toml"):
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        _, modules = wslint(*words, cwd=folder, place=place)
        assert not is_hit(modules), path


@pytest.mark.parametrize("count", ["0", "-1", "two"])
def test_a_number_of_processes_that_there_is_not(count: str, tmp_path: Path) -> None:
    (code, out, err), _ = wslint("check", "--jobs", count, cwd=tmp_path, place=tmp_path)
    assert code == 2 and not out and b"--jobs" in err
