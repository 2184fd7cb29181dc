"""Texts that are not on the disk: `Files` shows them wherever a run looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from wslint.boundary import boundary_of
from wslint.check import Options, run
from wslint.files import Files
from wslint.workspace import discover

CONFIG = b'name = "a"\nmain = "src/index.js"\ncompatibility_date = "2026-07-01"\n'
SOURCE = b"export default { fetch() { return new Response('ok'); } };\n"


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return tmp_path.resolve()


def test_a_text_is_a_file_in_folders_that_are_not_there_either(top: Path) -> None:
    (top / "package.json").write_text("{}")
    files = Files(top, {top / "src" / "deep" / "index.js": SOURCE})
    assert files.kind(top / "src" / "deep" / "index.js") == "file"
    assert files.kind(top / "src") == files.kind(top / "src" / "deep") == "dir"
    assert files.kind(top / "src" / "other.js") == "missing"
    assert files.listing(top) == {"package.json", "src"}
    assert files.listing(top / "src" / "deep") == {"index.js"}
    assert sorted(files.entries(top)) == [("package.json", False), ("src", True)]
    assert files.start_of(top / "src" / "deep" / "index.js", 6) == b"export"
    assert files.start_of(top / "package.json", 1) == b"{"
    assert files.start_of(top / "missing", 1) == b""


def test_a_text_outside_of_the_boundary_stays_outside(top: Path) -> None:
    (top / "inside").mkdir()
    limit = boundary_of([top / "inside"])
    files = Files(top, {top / "outside.js": SOURCE}, limit)
    assert files.kind(top / "outside.js") == "outside"


def test_a_whole_project_may_be_unsaved(top: Path) -> None:
    files = Files(top, {top / "app" / "wrangler.toml": CONFIG, top / "app" / "src" / "index.js": SOURCE})
    assert discover([top], files).configs == [top / "app" / "wrangler.toml"]
    result = run([top], Options(), Files(top, {**files._overlay}))
    assert [worker.entrypoint for worker in result.workers] == ["app/src/index.js"]
    assert result.findings == ()


def test_a_run_ends_where_it_is_told_to(top: Path) -> None:
    class Stop(BaseException):
        pass

    class Ending(Files):
        def go_on(self) -> None:
            raise Stop

    (top / "wrangler.toml").write_bytes(CONFIG)
    with pytest.raises(Stop):
        run([top], Options(), Ending(top))
