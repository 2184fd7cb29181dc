"""Applying fixes: overlaps, passes, writing, and every rule's fix on its own example."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.pages import TODAY, check_folder, write
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


def test_an_insertion_at_the_start_of_a_replaced_place_stays_before_it() -> None:
    file = source("abc")
    for edits in (((1, 1, "X"), (1, 2, "Y")), ((1, 2, "Y"), (1, 1, "X"))):
        assert fix.apply([finding(file, *edits)], False)[0][file.path] == b"aXYc"


def test_two_insertions_at_one_place_wait_for_each_other() -> None:
    file = source("abc")
    assert fix.apply([finding(file, (1, 1, "X")), finding(file, (1, 1, "Y"))], False)[1] == 1


def test_a_fix_over_several_files_is_applied_whole_or_not_at_all() -> None:
    one, other = source("one"), SourceFile(Path("/b"), "b", b"other")
    both = finding(one, (0, 1, "O"))
    assert both.fix is not None
    both.fix._edits = (*both.fix.edits, Edit(Span(other, 0, 1), "O"))
    assert fix.apply([finding(other, (0, 2, "x")), both], False) == ({other.path: b"xher"}, 1)
    assert fix.apply([both], False) == ({one.path: b"One", other.path: b"Other"}, 1)


def test_fixes_without_edits_are_not_counted() -> None:
    assert fix.apply([finding(source("a"))], False) == ({}, 0)


CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2026-7-1" # day
compatibility_flags = ["nodejs_compat", "nodejs-compat", "nodejs_compat"]
"""
FIXED = """\
name = "match"
main = "index.js"
compatibility_date = "2026-07-01" # day
compatibility_flags = ["nodejs_compat"]
"""
JS = 'export default { fetch: () => new Response("ok") };\n'


def _safely_fixed(folder: Path) -> fix.Fixed:
    return fix.fix(lambda files: run([folder], Options(today=TODAY), files), folder, unsafe=False)


def test_what_overlaps_gets_its_turn_and_nothing_is_written_before(tmp_path: Path) -> None:
    write({"wrangler.toml": CONFIG, "index.js": JS}, tmp_path)
    fixed = _safely_fixed(tmp_path)
    path = tmp_path / "wrangler.toml"
    assert path.read_text() == CONFIG
    assert fixed.changes == {path: (CONFIG.encode(), FIXED.encode())}
    assert [finding.code for finding in fixed.fixes] == ["WS102", "WS104", "WS107"]
    assert len(fixed.before.findings) == 3 and not fixed.result.findings
    fix.write(fixed.changes)
    assert path.read_text() == FIXED
    assert _safely_fixed(tmp_path).changes == {}


def test_windows_line_ends_and_a_byte_order_mark_stay(tmp_path: Path) -> None:
    write({"wrangler.toml": "\ufeff" + CONFIG.replace("\n", "\r\n"), "index.js": JS}, tmp_path)
    (change,) = _safely_fixed(tmp_path).changes.values()
    assert change[1].decode() == "\ufeff" + FIXED.replace("\n", "\r\n")


def test_a_pass_that_would_break_a_configuration_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"wrangler.toml": CONFIG, "index.js": JS}, tmp_path)
    real = fix.spliced
    monkeypatch.setattr(fix, "spliced", lambda data, edits: real(data, edits) + b"\n]")
    fixed = _safely_fixed(tmp_path)
    assert (fixed.changes, fixed.fixes) == ({}, [])
    assert {why for _, why in fixed.refused} == {"`wrangler.toml` would not parse any more"}
    assert all(finding.fix is None and "not fixed" in finding.help for finding in fixed.result.findings)


def test_a_fix_that_mends_nothing_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"wrangler.toml": CONFIG, "index.js": JS}, tmp_path)
    monkeypatch.setattr(fix, "spliced", lambda data, edits: data + b"#" * len(list(edits)))
    fixed = _safely_fixed(tmp_path)
    assert (fixed.changes, fixed.applied) == ({}, 0)
    assert {why for _, why in fixed.refused} == {"the problem would still be there"}
    monkeypatch.setattr(fix, "spliced", lambda data, edits: data)
    assert {why for _, why in _safely_fixed(tmp_path).refused} == {"it changes nothing"}


@pytest.mark.parametrize("given", [".", "wrangler.toml"])
def test_a_linked_configuration_stays_a_link(given: str, tmp_path: Path) -> None:
    write({"real/base.toml": CONFIG, "app/index.js": JS}, tmp_path)
    (tmp_path / ".git").mkdir()  # a repository that holds both
    link = tmp_path / "app/wrangler.toml"
    link.symlink_to("../real/base.toml")
    fix.write(_safely_fixed(tmp_path / "app" / given).changes)
    assert link.is_symlink() and (tmp_path / "real/base.toml").read_text() == FIXED
    assert sorted(os.listdir(tmp_path / "real")) == ["base.toml"]


def test_a_folder_that_can_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(CheckError, match=r"a\.toml can't be written: Permission denied"):
        fix.write({path: (b"old", b"new")})
    path.unlink()
    with pytest.raises(CheckError, match=r"a\.toml can't be written: No such file"):
        fix.write({path: (b"old", b"new")})


def test_ctrl_c_while_writing_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.toml"
    path.write_text("old")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        fix.write({path: (b"old", b"new")})
    assert path.read_text() == "old" and os.listdir(tmp_path) == ["a.toml"]


def test_a_diff_is_a_patch_whatever_the_lines_and_names_hold(tmp_path: Path) -> None:
    name = 'a "b"\té.toml'
    before, after = b"one\x0c two\r\nthree\xe2\x80\xa8\nfour", b"ONE\x0c two\r\nthree\xe2\x80\xa8\nfive\n"
    (tmp_path / name).write_bytes(before)
    text = fix.diff({tmp_path / name: (before, after)}, Files(tmp_path))
    quoted = 'a \\"b\\"\\011\\303\\251.toml"'
    assert text == (
        f'--- "a/{quoted}\n+++ "b/{quoted}\n@@ -1,3 +1,3 @@\n'
        "-one\x0c two\r\n+ONE\x0c two\r\n three\u2028\n-four\n\\ No newline at end of file\n+five\n"
    )
    subprocess.run(["git", "apply", "-"], input=text.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / name).read_bytes() == after


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
