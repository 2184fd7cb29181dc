"""Baselines: known findings stay silent wherever they move, new ones are reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages import check_folder, write
from wslint import baseline
from wslint.errors import CheckError
from wslint.report.model import Result

CONFIG = """\
name = "match"
main = "index.js"
compatibility_date = "2027-07-01"
compatibility_flags = ["nodejs-compat"]
"""
FILES = {"wrangler.toml": CONFIG, "index.js": 'export default { fetch: () => new Response("ok") };\n'}


def check(folder: Path, config: str = CONFIG) -> Result:
    write({**FILES, "wrangler.toml": config}, folder)
    return check_folder(folder)


def left(result: Result, path: Path) -> list[str]:
    return [finding.code for finding in baseline.without_known(result, path).findings]


def test_known_findings_are_silent_and_counted(tmp_path: Path) -> None:
    path, result = tmp_path / "known.json", check(tmp_path)
    assert [finding.code for finding in result.findings] == ["WS103", "WS104"]
    baseline.write(path, result.findings)
    assert json.loads(path.read_text()) == {
        "version": 1,
        "known": {
            'WS103 wrangler.toml compatibility_date = "2027-07-01"': 1,
            'WS104 wrangler.toml compatibility_flags = ["nodejs-compat"]': 1,
        },
    }
    after = baseline.without_known(result, path)
    assert (after.findings, after.suppressed) == ((), 2)


def test_lines_that_move_or_are_indented_are_still_known(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    baseline.write(path, check(tmp_path).findings)
    moved = "# new\n\n" + CONFIG.replace("compatibility_flags = ", "   compatibility_flags  =  ")
    assert left(check(tmp_path, moved), path) == []


def test_changed_lines_and_second_ones_are_new(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    baseline.write(path, check(tmp_path).findings)
    assert left(check(tmp_path, CONFIG.replace("2027", "2028")), path) == ["WS103"]
    doubled = CONFIG + '[env.staging]\ncompatibility_date = "2027-07-01"\n'
    assert left(check(tmp_path, doubled), path) == ["WS103"]


def test_a_baseline_holds_wherever_wslint_is_run(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    write(FILES, tmp_path / "apps/a")
    baseline.write(path, check_folder(tmp_path).findings)
    assert left(check_folder(tmp_path / "apps/a"), path) == []


def test_long_lines_and_odd_names(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    folder = tmp_path / "a\udcff b\né"
    result = check(folder, CONFIG.replace("[", "[" + '"nodejs_compat", ' * 50))
    baseline.write(path, result.findings)
    assert max(map(len, path.read_text().splitlines())) < 300
    assert left(result, path) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"version": 2, "known": {}}',
        '{"version": 1, "known": {"a": "b"}}',
        "[" * 100_000,
        "\xff",
    ],
)
def test_other_files_are_no_baseline(tmp_path: Path, text: str) -> None:
    path = tmp_path / "known.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(
        CheckError, match=r"known\.json is no baseline of wslint; --update-baseline writes one"
    ):
        baseline.without_known(Result(), path)


def test_a_missing_file_and_places_that_can_not_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match=r"none\.json does not exist; --update-baseline writes it"):
        baseline.without_known(Result(), tmp_path / "none.json")
    with pytest.raises(CheckError, match="can't be read: "):
        baseline.without_known(Result(), tmp_path)
    with pytest.raises(CheckError, match="can't be written: "):
        baseline.write(tmp_path / "none/known.json", [])
