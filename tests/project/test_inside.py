"""Whatever a script names: nothing outside the repository is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages import write
from tests.project.projects import CLASS, FORGETS, config, package
from wslint.check import Options, run
from wslint.files import Files


class Watched(Files):
    """Notes what is opened."""

    def __init__(self, base: Path) -> None:
        super().__init__(base)
        self.opened: list[Path] = []

    def _open(self, path: Path) -> object:  # type: ignore[override]
        self.opened.append(path)
        return super()._open(path)


@pytest.mark.parametrize(
    "scripts",
    [
        {"build": "sh ../outside/build.sh"},
        {"build": "node ../outside/build.mjs"},
        {"build": "make -C ../outside"},
        {"build": "cd ../outside && npm run build"},
        {"build": "npm --prefix ../outside run build"},
        {"build": "esbuild ../outside/index.ts --bundle --outfile=out/worker.mjs"},
        {"build": "cp -r ../outside out", "more": "cat ../outside/index.ts >> out/worker.mjs"},
        {"build": "sh linked/build.sh"},
    ],
)
def test_nothing_outside_is_opened(scripts: dict[str, str], tmp_path: Path) -> None:
    outside = {
        "build.sh": "esbuild index.ts --outfile=../inside/out/worker.mjs\n",
        "build.mjs": "appendFileSync('out/worker.mjs', 'x');\n",
        "Makefile": "all:\n\tesbuild index.ts --outfile=../inside/out/worker.mjs\n",
        "package.json": package({"build": "esbuild index.ts --outfile=../inside/out/worker.mjs"}),
        "index.ts": FORGETS,
        "room.ts": CLASS,
        "worker.mjs": FORGETS,
    }
    write(outside, tmp_path / "outside")
    inside = tmp_path / "inside"
    write(
        {"wrangler.jsonc": config("out/worker.mjs"), "package.json": package(scripts), ".git/HEAD": ""},
        inside,
    )
    (inside / "linked").symlink_to(tmp_path / "outside")
    files = Watched(inside)
    result = run([inside], Options(), files)
    assert [path for path in files.opened if not path.is_relative_to(inside)] == []
    assert (inside / "linked" / "build.sh") not in files.opened
    assert [worker.checked.source for worker in result.workers] == ["unread"]
