"""WS211 says nothing of a file that does not parse: what it exports is not known, and that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import check_folder, write

CONFIG = 'name = "match"\nmain = "@"\ncompatibility_date = "2026-07-01"\ncompatibility_flags = [@FLAGS]\n'


@pytest.mark.parametrize(
    ("name", "broken", "whole"),
    [
        ("entry.py", "class Other(:\n    pass\n", "class Other:\n    pass\n"),
        ("index.js", "const a = {{;\n", "const a = {};\n"),
        ("index.ts", "const a: = 1;\n", "const a: number = 1;\n"),
    ],
)
def test_a_file_that_does_not_parse(name: str, broken: str, whole: str, tmp_path: Path) -> None:
    flags = '"python_workers"' if name.endswith(".py") else ""
    config = CONFIG.replace("@FLAGS", flags).replace("@", name)
    write({"wrangler.toml": config, name: broken}, tmp_path / "broken")
    result = check_folder(tmp_path / "broken")
    assert [finding.code for finding in result.findings] == []
    assert "the file does not parse" in {unknown.why for unknown in result.unknown}
    assert not all(worker.checked.whole for worker in result.workers)
    write({"wrangler.toml": config, name: whole}, tmp_path / "whole")
    assert "WS211" in {finding.code for finding in check_folder(tmp_path / "whole").findings}
