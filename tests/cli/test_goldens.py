"""Whole outputs of the real program on one project, pinned: stdout, stderr and exit code.

`WSLINT_UPDATE_GOLDEN=1 pytest tests/cli` rewrites them; read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.test_command_line import wslint
from tests.pages import write
from wslint import __version__

GOLDEN = Path(__file__).parent / "golden"
PROJECT = {
    "apps/lobby/wrangler.toml": """\
name = "lobby"
main = "src/index.js"
compatibility_date = "2026-7-1" # the release

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"

[[migrations]]
tag = "v1"
new_sqlite_classes = ["MatchDo"]

# The rehearsal
[env.staging]
name = "lobby-staging"
""",
    "apps/lobby/src/index.js": """\
export class MatchDO {
  async fetch() {
    return new Response("ok");
  }
}

export default {
  async fetch(request, env) {
    return env.MATCH.getByName("a").fetch(request);
  },
};
""",
    "apps/site/wrangler.jsonc": """\
{
  // pages only
  "name": "site",
  "compatibility_date": "2026-07-01",
  "assets": { "directory": "./public" },
}
""",
    "apps/site/public/index.html": "<!doctype html>\n",
    "apps/broken/wrangler.json": '{\n  "name": "broken"\n  "main": "index.js"\n}\n',
    "templates/wrangler.toml": 'name = "{{ name }}"\nmain = {{ main }}\n',
}
# The rules are fixed, so that a new one changes no golden.
RULES = ["--select", "WS001,WS102,WS202,WS303", "--today", "2026-11-23"]
RUNS = {
    **{
        f"format-{name}": ["check", *RULES, "--output-format", name]
        for name in ("text", "concise", "json", "jsonl", "github", "gitlab", "junit", "markdown", "agent")
    },
    "pedantic-statistics": ["check", *RULES, "--statistics", "--output-format", "concise"],
    "environment": ["check", *RULES, "--env", "staging", "--output-format", "concise", "apps/lobby"],
    "top-level": ["check", *RULES, "--env", "", "--output-format", "concise", "apps/lobby"],
    "one-file": ["check", *RULES, "--output-format", "concise", "apps/lobby/src/index.js"],
    "color": ["check", *RULES, "--color", "always", "apps/broken"],
    "show-files": ["check", "--show-files"],
    "fix": ["check", *RULES, "--fix", "apps/lobby", "--output-format", "concise"],
    "unsafe-fixes": ["check", *RULES, "--fix", "--unsafe-fixes", "apps/lobby"],
    "diff": ["check", *RULES, "--diff", "--unsafe-fixes"],
    "clean": ["check", *RULES, "apps/site"],
    "quiet": ["check", *RULES, "apps/site", "-q"],
    "output-file": ["check", *RULES, "--output-file", "report.txt", "apps/broken"],
    "unknown-environment": ["check", "--env", "stagign"],
    "unknown-rule": ["check", "--select", "class-never-creatd"],
    "missing-path": ["check", "apps/lobbby"],
    "no-worker": ["check", "apps/notes.txt", "package.json"],
    "no-configuration": ["check", "apps/lobby/src"],
    "bad-date": ["check", "--today", "20261123"],
    "bad-choice": ["check", "--fail-on", "warn"],
    "completion-fish": ["completion", "fish"],
}


@pytest.mark.parametrize("name", RUNS)
def test_golden(name: str, tmp_path: Path) -> None:
    write({**PROJECT, "apps/notes.txt": "", "package.json": "{}"}, tmp_path)
    done = wslint(*RUNS[name], cwd=tmp_path)
    shown = (
        f"$ wslint {' '.join(argument or repr('') for argument in RUNS[name])}\n"
        f"exit code {done.returncode}\n--- stdout\n{done.stdout}--- stderr\n{done.stderr}"
    ).replace(__version__, "VERSION")
    for path in ("report.txt", "apps/lobby/wrangler.toml"):
        file = tmp_path / path
        if file.is_file() and file.read_text() != PROJECT.get(path):
            shown += f"--- {path}\n{file.read_text()}"
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("WSLINT_UPDATE_GOLDEN") == "1":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(shown, encoding="utf-8", newline="")
    assert shown == golden.read_text(encoding="utf-8")


def test_no_golden_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(RUNS)
