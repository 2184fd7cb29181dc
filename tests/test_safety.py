"""A fix is called safe only where the mended files were checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.pages import TODAY, write
from wslint.check import Options, run_proved
from wslint.files import Files
from wslint.finding import Edit, Finding, Fix, Severity
from wslint.report.model import Result, Unchecked
from wslint.safety import MOST_RUNS, with_proved_fixes
from wslint.text import SourceFile, Span

CONFIG = 'name = "match"\nmain = "index.js"\ncompatibility_date = "2026-07-01"\n'
CODE = "export class Match {}\nexport default { fetch: () => new Response('ok') };\n"


def applicability(folder: Path, files: dict[str, str]) -> dict[str, str]:
    write(files, folder)
    found = run_proved([folder], Options(today=TODAY), Files(folder)).findings
    return {finding.code: finding.fix.applicability for finding in found if finding.fix is not None}


def test_a_fix_that_leaves_a_good_project_is_safe(tmp_path: Path) -> None:
    config = CONFIG.replace("2026-07-01", "2026-7-1")
    assert applicability(tmp_path, {"wrangler.toml": config, "index.js": CODE}) == {"WS102": "safe"}


def test_a_fix_that_brings_another_finding_is_not(tmp_path: Path) -> None:
    binding = '[[durable_object.bindings]]\nname = "MATCH"\nclass_name = "Match"\n'
    files = {"wrangler.toml": CONFIG + binding, "index.js": CODE}
    assert applicability(tmp_path / "without", files) == {"WS003": "unsafe"}  # then no migration creates it
    whole = CONFIG + 'migrations = [{ tag = "v1", new_sqlite_classes = ["Match"] }]\n' + binding
    assert applicability(tmp_path / "with", {**files, "wrangler.toml": whole}) == {"WS003": "safe"}


def test_one_flawed_fix_leaves_the_others_safe(tmp_path: Path) -> None:
    binding = '[[durable_object.bindings]]\nname = "MATCH"\nclass_name = "Match"\n'
    files = {"wrangler.toml": CONFIG.replace("2026-07-01", "2026-7-1") + binding, "index.js": CODE}
    assert applicability(tmp_path, files) == {"WS003": "unsafe", "WS102": "safe"}


def finding(file: SourceFile, start: int) -> Finding:
    fix = Fix("f", "safe", (Edit(Span(file, start, start + 1), "x"),))
    return Finding("WS000", "x", Severity.ERROR, "high", "m", Span(file, start, start + 1), fix=fix)


def proved(count: int, flawed: set[int]) -> tuple[list[str], int]:
    """What becomes of `count` fixes of which some are flawed, and the runs that it took."""
    file = SourceFile(Path("/a"), "a", b"-" * (2 * count))
    runs = 0

    def again(texts: Mapping[Path, bytes]) -> Result:
        nonlocal runs
        runs += 1
        text = texts[file.path]
        left = [finding(file, 2 * index) for index in range(count) if text[2 * index : 2 * index + 1] != b"x"]
        new = [finding(file, 0)] * sum(text[2 * index : 2 * index + 1] == b"x" for index in flawed)
        return Result(findings=(*left, *new))

    result = with_proved_fixes(Result(findings=tuple(finding(file, 2 * i) for i in range(count))), again)
    return [each.fix.applicability for each in result.findings if each.fix is not None], runs


def test_one_run_proves_all_and_halves_find_the_flaw() -> None:
    assert proved(50, set()) == (["safe"] * 50, 1)
    found, runs = proved(8, {5})
    assert found == ["safe"] * 5 + ["unsafe"] + ["safe"] * 2
    assert runs == 7


def test_what_is_not_proved_within_the_runs_is_not_safe() -> None:
    found, runs = proved(64, set(range(0, 64, 2)))
    assert runs == MOST_RUNS
    assert all(found[index] == "unsafe" for index in range(0, 64, 2))


def test_a_fix_that_makes_something_unknown_is_not_safe() -> None:
    file = SourceFile(Path("/a"), "a", b"--")
    before = Result(findings=(finding(file, 0),))
    after = Result(unknown=(Unchecked("a", 1, 1, "what", "why"),))
    (left,) = with_proved_fixes(before, lambda texts: after).findings
    assert left.fix is not None and left.fix.applicability == "unsafe"
    (kept,) = with_proved_fixes(before, lambda texts: Result()).findings
    assert kept.fix is not None and kept.fix.applicability == "safe"
