"""Applying fixes: overlaps, passes, writing, and every rule's fix on its own example."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.pages import check_folder, write
from wslint import fix
from wslint.check import Options, run
from wslint.errors import CheckError
from wslint.files import Files
from wslint.finding import Edit, Finding, Fix, Severity
from wslint.report.model import Result
from wslint.rules import LoadedRule, load_rules
from wslint.text import SourceFile, Span

_FENCE = re.compile(r"^(?P<ticks>`{3,})\w* +(?P<path>\S+)\n(?P<body>.*?)^(?P=ticks)\s*$", re.M | re.S)
MENDED = [loaded for loaded in load_rules().values() if loaded.rule.fix in ("safe", "unsafe")]


def finding(file: SourceFile, *edits: tuple[int, int, str], applicability: str = "safe") -> Finding:
    spans = tuple(Edit(Span(file, start, end), text) for start, end, text in edits)
    return Finding(
        "WS000",
        "x",
        Severity.ERROR,
        "high",
        "m",
        Span(file, 0, 0),
        fix=Fix("f", applicability, spans),  # type: ignore[arg-type]
    )


def source(text: str) -> SourceFile:
    return SourceFile(Path("/a"), "a", text.encode())


def test_edits_are_applied_from_the_end_and_text_is_utf8() -> None:
    file = source("one two three")
    texts, count = fix.apply([finding(file, (0, 3, "eins"), (8, 13, "drei\u00e4"))], unsafe=False)
    assert (texts[file.path].decode(), count) == ("eins two drei\u00e4", 1)


def test_a_fix_that_touches_another_waits() -> None:
    file = source("abcdef")
    texts, count = fix.apply(
        [finding(file, (0, 3, "x")), finding(file, (3, 4, "y")), finding(file, (5, 6, "z"))], False
    )
    assert (texts[file.path], count) == (b"xdez", 2)


@pytest.mark.parametrize(
    ("applicability", "unsafe", "count"),
    [("safe", False, 1), ("unsafe", False, 0), ("unsafe", True, 1), ("display", True, 0)],
)
def test_applicability(applicability: str, unsafe: bool, count: int) -> None:
    assert fix.apply([finding(source("a"), (0, 1, "b"), applicability=applicability)], unsafe)[1] == count


def test_writing_keeps_the_mode_and_follows_links(tmp_path: Path) -> None:
    path = tmp_path / "real.toml"
    path.write_text("old")
    path.chmod(0o640)
    fix.write({path: (b"old", b"new")})
    assert path.read_text() == "new" and path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["real.toml"]


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("somebody else's")
    with pytest.raises(CheckError, match="changed while it was being fixed"):
        fix.write({path: (b"old", b"new")})
    assert path.read_text() == "somebody else's"


def test_a_write_that_fails_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CheckError, match="No space left on device"):
        fix.write({path: (b"old", b"new")})
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["a.toml"]


def _fixed(folder: Path) -> fix.Fixed:
    from tests.pages import TODAY

    def once(files: Files) -> Result:
        return run([folder], Options(today=TODAY, pedantic=True), files)

    return fix.fix(once, folder, unsafe=True)


@pytest.mark.parametrize("loaded", MENDED, ids=lambda loaded: loaded.rule.code)
def test_the_fix_of_a_rule_mends_some_project_of_its_page(loaded: LoadedRule, tmp_path: Path) -> None:
    """Its docstring's example, or a project of its test page: fixed once it is gone, fixed twice it is the same."""
    from tests.pages import read_page

    page = Path(__file__).parent / "rules" / f"{loaded.rule.code}-{loaded.rule.name}.md"
    example = {match["path"]: match["body"] for match in _FENCE.finditer(loaded.section("Example"))}
    projects = [example, *(project.files for project in read_page(page.read_text(encoding="utf-8")))]
    for number, files in enumerate(projects):
        folder = tmp_path / str(number)
        write(files, folder)
        before = [found for found in check_folder(folder).findings if found.code == loaded.rule.code]
        if not any(found.fix is not None for found in before):
            continue
        fixed = _fixed(folder)
        left = [found for found in fixed.result.findings if found.code == loaded.rule.code]
        assert len(left) < len(before), fix.diff(fixed.changes, Files(folder))
        fix.write(fixed.changes)
        assert _fixed(folder).changes == {}
        return
    pytest.fail(f"{loaded.rule.code} says that it has a fix, and offers none on its page")
