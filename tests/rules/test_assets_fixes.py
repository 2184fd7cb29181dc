"""The fix of WS712: one more rule in `run_worker_first`, where the list stands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.pages import read_page, write
from wslint.check import Options, run
from wslint.files import Files
from wslint.fix import fix

PAGE = Path(__file__).parent / "WS712-assets-swallow-upgrade.md"
PROJECTS = {project.title: project for project in read_page(PAGE.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("title", "name", "after"),
    [
        ("A list without the path", "wrangler.toml", 'run_worker_first = ["/api/*", "/ws"] # error'),
        ("hono's pattern", "wrangler.toml", 'run_worker_first = ["/api/*", "/ws/*"] # error'),
        ("hono, mounted", "wrangler.toml", 'run_worker_first = ["/ws", "/api/live/ws"] # error'),
        ("An environment, JSON", "wrangler.jsonc", '"run_worker_first": ["/api/*", "/ws"] // error'),
    ],
)
def test_the_path_joins_the_list(title: str, name: str, after: str, tmp_path: Path) -> None:
    write(PROJECTS[title].files, tmp_path)
    options = Options(today=date(2026, 11, 23), pedantic=True)
    outcome = fix(lambda files: run([tmp_path], options, files), tmp_path, False)
    assert all(finding.code != "WS712" for finding in outcome.result.findings)
    text = outcome.changes[tmp_path / name][1].decode()
    assert after in text
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert not fix(lambda files: run([tmp_path], options, files), tmp_path, False).changes


def test_an_exception_stays(tmp_path: Path) -> None:
    write(PROJECTS["An early exit, and an exception"].files, tmp_path)
    options = Options(today=date(2026, 11, 23), pedantic=True)
    result = run([tmp_path], options, Files(tmp_path))
    assert [finding.fix for finding in result.findings if finding.code == "WS712"] == [None]
