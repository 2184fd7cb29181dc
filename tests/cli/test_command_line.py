"""The program as a person runs it: real processes, a scrubbed environment, exit codes and both streams."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages import write
from tests.runtime.survivors import mark

WORKER = 'export class MatchDO {}\nexport default { fetch: () => new Response("ok") };\n'
GOOD = """\
name = "match"
main = "index.js"
compatibility_date = "2026-07-01"
durable_objects.bindings = [{ name = "MATCH", class_name = "MatchDO" }]
migrations = [{ tag = "v1", new_sqlite_classes = ["MatchDO"] }]
"""
BAD = GOOD.replace('"2026-07-01"', '"2026-7-1"  # the release')
WARNED = GOOD.replace("new_sqlite_classes", "new_classes")


def wslint(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "wslint", *arguments],
        cwd=cwd,
        env={**kept, **mark(), "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write({"wrangler.toml": BAD, "index.js": WORKER}, tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("config", "arguments", "code"),
    [
        (GOOD, [], 0),
        (BAD, [], 1),
        (BAD, ["--fail-on", "never"], 0),
        (WARNED, [], 1),
        (WARNED, ["--fail-on", "error"], 0),
        (BAD, ["--ignore", "WS102"], 0),
        (BAD, ["--select", "WS3"], 0),
        (BAD, ["--select", "malformed-compatibility-date"], 1),
    ],
)
def test_exit_codes(config: str, arguments: list[str], code: int, tmp_path: Path) -> None:
    write({"wrangler.toml": config, "index.js": WORKER}, tmp_path)
    done = wslint("check", *arguments, cwd=tmp_path)
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere"], "wslint: nowhere does not exist"),
        (["check", "empty"], "no wrangler.toml, wrangler.json or wrangler.jsonc under empty"),
        (["check", "--env", "staging"], "no configuration has an environment called staging"),
        (["check", "--select", "WS30x"], "--select: no rule is called `WS30x`"),
        (["check", "--fix", "--today", "soon"], "soon is no date of the form YYYY-MM-DD"),
        (["check", "--unsafe-fixes"], "--unsafe-fixes goes with --fix or --diff"),
        (["check", "--update-baseline"], "--update-baseline goes with --baseline FILE"),
        (["check", "--baseline", "none.json"], "none.json does not exist; --update-baseline writes it"),
        (["check", "--output-format", "yaml"], "yaml"),
        (["check", "--output-file", "empty/none/report.txt"], "can't be written"),
        (["explain", "class-never-creatd"], "did you mean `class-never-created`?"),
        (["chekc"], "No such command 'chekc'"),
    ],
)
def test_what_can_not_be_done_is_one_clear_line_and_exit_code_2(
    arguments: list[str], message: str, project: Path
) -> None:
    (project / "empty").mkdir()
    done = wslint(*arguments, cwd=project)
    assert done.returncode == 2, done.stdout
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_bad_settings_name_the_file_and_the_nearest_key(project: Path) -> None:
    (project / "wslint.toml").write_text('ignroe = ["WS102"]\n')
    done = wslint("check", cwd=project)
    assert done.returncode == 2
    assert "wslint.toml: wslint has no setting `ignroe`; did you mean `ignore`?" in done.stderr


def test_settings_hold_and_the_command_line_overrides(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.wslint]\nignore = ["WS102"]\n')
    assert wslint("check", cwd=project).returncode == 0
    assert wslint("check", "--select", "WS103", cwd=project).returncode == 0


@pytest.mark.parametrize(
    "output_format",
    ["text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "agent"],
)
def test_every_format_names_the_finding(output_format: str, project: Path) -> None:
    done = wslint("check", "--output-format", output_format, cwd=project)
    assert done.returncode == 1
    assert "WS102" in done.stdout and "\x1b" not in done.stdout


def test_text_as_a_stranger_sees_it(project: Path) -> None:
    done = wslint("check", cwd=project)
    assert done.stdout == (
        "error[WS102]: deploy is refused: `Invalid compatibility date: 2026-7-1`\n"
        " --> wrangler.toml:3:22\n"
        "  |\n"
        '3 | compatibility_date = "2026-7-1"  # the release\n'
        "  |                      ^^^^^^^^^^\n"
        "  |\n"
        '  = help: write "2026-07-01"\n'
        "  = fix: write 2026-07-01 (safe; apply with --fix)\n"
        '      - compatibility_date = "2026-7-1"  # the release\n'
        '      + compatibility_date = "2026-07-01"  # the release\n'
        "  = rule: malformed-compatibility-date (wslint explain WS102)\n"
        "\n"
        "Found 1 error (1 fixable with --fix) in 1 Worker.\n"
        "Next: wslint check --fix\n"
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color(arguments: list[str], environment: dict[str, str], colored: bool, project: Path) -> None:
    assert ("\x1b[" in wslint("check", *arguments, cwd=project, **environment).stdout) is colored


def test_the_next_command_checks_the_same(project: Path) -> None:
    (project / "an app").mkdir()
    write({"wrangler.toml": BAD, "index.js": WORKER}, project / "an app")
    given = ("--env", "", "--ignore", "WS3,WS101", "--pedantic", "an app")
    told = wslint("check", *given, cwd=project).stdout.splitlines()[-1]
    assert told == "Next: wslint check --fix 'an app' --env '' --ignore WS3,WS101 --pedantic"
    assert wslint(*shlex.split(told)[2:], cwd=project).returncode == 0
    assert (project / "wrangler.toml").read_text() == BAD  # it was not asked for


@pytest.mark.parametrize(
    "more", [["--output-format", "concise"], ["--output-file", "report.txt"], ["--statistics"]]
)
def test_only_a_report_that_shows_fixes_says_what_is_next(more: list[str], project: Path) -> None:
    done = wslint("check", *more, cwd=project)
    assert done.returncode == 1 and "Next:" not in done.stdout


def test_fix_keeps_comments_and_a_second_run_changes_nothing(project: Path) -> None:
    done = wslint("check", "--fix", cwd=project)
    assert done.returncode == 0 and "Fixed 1 problem" in done.stdout
    fixed = (project / "wrangler.toml").read_text()
    assert fixed == GOOD.replace('"2026-07-01"', '"2026-07-01"  # the release')
    assert wslint("check", "--fix", cwd=project).returncode == 0
    assert (project / "wrangler.toml").read_text() == fixed


def test_diff_changes_nothing_and_is_a_patch(project: Path) -> None:
    done = wslint("check", "--diff", cwd=project)
    assert (project / "wrangler.toml").read_text() == BAD
    assert done.stdout.startswith("--- a/wrangler.toml\n+++ b/wrangler.toml\n")
    patched = subprocess.run(["git", "apply", "-"], input=done.stdout, cwd=project, text=True, check=False)
    assert patched.returncode == 0
    assert wslint("check", cwd=project).returncode == 0


def test_unsafe_fixes_wait_to_be_asked_for(tmp_path: Path) -> None:
    write(
        {
            "wrangler.toml": GOOD.splitlines(keepends=True)[0] + "".join(GOOD.splitlines(True)[1:4]),
            "index.js": WORKER,
        },
        tmp_path,
    )
    assert wslint("check", "--fix", cwd=tmp_path).returncode == 1
    assert wslint("check", "--fix", "--unsafe-fixes", cwd=tmp_path).returncode == 0
    assert "new_sqlite_classes" in (tmp_path / "wrangler.toml").read_text()


def test_output_file_gets_the_report(project: Path) -> None:
    done = wslint("check", "--output-format", "json", "--output-file", "report.json", cwd=project)
    report = json.loads((project / "report.json").read_text())
    assert [finding["code"] for finding in report["findings"]] == ["WS102"]
    assert done.stdout == "Found 1 error (1 fixable with --fix) in 1 Worker.\n"


def test_baseline(project: Path) -> None:
    assert wslint("check", "--baseline", "known.json", "--update-baseline", cwd=project).returncode == 0
    assert wslint("check", "--baseline", "known.json", cwd=project).returncode == 0
    config = "# moved down\n\n" + BAD + 'compatibility_flags = ["nodejs_compatt"]\n'
    (project / "wrangler.toml").write_text(config)
    done = wslint("check", "--baseline", "known.json", "--output-format", "concise", cwd=project)
    assert done.returncode == 1 and "WS104" in done.stdout and "WS102" not in done.stdout


def test_suppression_and_its_end(project: Path) -> None:
    silenced = BAD.replace(
        "compatibility_date", "# wslint: ignore[WS102] the API takes it\ncompatibility_date"
    )
    (project / "wrangler.toml").write_text(silenced)
    done = wslint("check", cwd=project)
    assert done.returncode == 0 and "1 suppressed" in done.stdout
    (project / "wrangler.toml").write_text(silenced.replace("2026-7-1", "2026-07-01"))
    unused = wslint("check", "--output-format", "concise", cwd=project)
    assert unused.returncode == 1 and "WS090" in unused.stdout
    assert wslint("check", "--fix", cwd=project).returncode == 0
    assert "wslint:" not in (project / "wrangler.toml").read_text()


def test_show_files_show_unknown_statistics_and_quiet(project: Path) -> None:
    assert wslint("check", "--show-files", cwd=project).stdout == "index.js\nwrangler.toml\n"
    assert "WS102" in wslint("check", "--statistics", cwd=project).stdout
    (project / "wrangler.toml").write_text(GOOD.replace("index.js", "dist/index.js"))
    unknown = wslint("check", "--show-unknown", cwd=project)
    assert unknown.returncode == 0 and "builds write to" in unknown.stdout
    assert wslint("check", "-q", cwd=project).stdout == ""


def test_files_that_belong_to_no_worker_pass(tmp_path: Path) -> None:
    write({"site/page.js": "", "notes.json": "{}"}, tmp_path)
    done = wslint("check", "site/page.js", "notes.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_explain_and_rules(tmp_path: Path) -> None:
    assert wslint("explain", "ws301", cwd=tmp_path).stdout.startswith("# WS301 class-never-created\n")
    listed = json.loads(wslint("rules", "--output-format", "json", cwd=tmp_path).stdout)
    assert listed["version"] == 1
    assert all(
        set(rule)
        == {"code", "name", "severity", "confidence", "summary", "languages", "causes", "fix", "url"}
        for rule in listed["rules"]
    )
    assert len(listed["rules"]) == len(wslint("rules", cwd=tmp_path).stdout.splitlines())


def test_hostile_places(tmp_path: Path) -> None:
    write({"dir/wrangler.toml/x": "", "fine/wrangler.toml": GOOD, "fine/index.js": WORKER}, tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    if hasattr(os, "mkfifo"):
        (tmp_path / "pipe").mkdir()
        os.mkfifo(tmp_path / "pipe" / "wrangler.toml")
    done = wslint("check", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    odd = tmp_path / "a b\n\u00e9"
    write({"wrangler.toml": BAD, "index.js": WORKER}, odd)
    done = wslint("check", str(odd), cwd=tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_crash(project: Path) -> None:
    command = f"{sys.executable} -m wslint rules | head -n 1"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        command, shell=True, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert "WS001" in done.stdout and "Traceback" not in done.stderr


def test_a_mistake_of_ours_says_so_and_how_to_report_it(project: Path) -> None:
    (project / "sitecustomize.py").write_text(
        "import wslint.check\ndef broken(*arguments):\n    raise ZeroDivisionError('boom')\nwslint.check.run = broken\n"
    )
    path = os.pathsep.join([str(project), str(Path(__file__).parents[2])])
    done = wslint("check", cwd=project, PYTHONPATH=path)
    assert done.returncode == 2
    assert "a mistake in wslint" in done.stderr and "ZeroDivisionError: boom" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--version"], ["tree_sitter", "tomlkit", "tomli", "json", "subprocess", "jinja2"]),
        (["--help"], ["tree_sitter", "tomlkit", "tomli", "json", "subprocess", "jinja2"]),
        (
            ["check", "--color", "never"],
            ["click", "inspect", "dataclasses", "subprocess", "tempfile"],
        ),
        (["check"], ["tomlkit", "jinja2", "jsonschema", "rich", "asyncio", "importlib.metadata"]),
    ],
)
def test_what_a_command_does_not_load(arguments: list[str], absent: list[str], tmp_path: Path) -> None:
    write({"wrangler.toml": GOOD, "index.js": WORKER}, tmp_path)
    program = (
        "import sys; sys.argv = ['wslint', *sys.argv[1:]]\n"
        "from wslint import ends, start\n"
        "ends._leave = lambda code: None\n"
        "try:\n    start.run()\nexcept SystemExit:\n    pass\n"
        f"loaded = [name for name in {absent!r} if name in sys.modules]\n"
        "print(loaded, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip().splitlines()[-1] == "[]"
