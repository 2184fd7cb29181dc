"""The budgets of the design, each measured against its reference in the same run.

Usage: python bench/run.py [--quick] [--wrangler PATH]

It builds a wheel, installs it byte-compiled into a virtual environment of its own, and times whole
processes in turn with their reference. What is printed are medians, for the Workers that `wslint new` writes the least
CPU time, as it stands in docs/performance.md; nothing is asserted. With
`--wrangler` (a wrangler installation's bin/wrangler.js) `deploy --dry-run` is timed too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workload import MATCH, write_worker, write_workspace

ROOT = Path(__file__).parent.parent

PARSE_ONLY = """
import sys, pathlib, tree_sitter, tree_sitter_typescript
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_typescript()))
for path in pathlib.Path(sys.argv[1]).rglob("*.ts"):
    parser.parse(path.read_bytes())
"""


@dataclass(frozen=True)
class Row:
    work: str
    measured: str
    reference: str
    ratio: str
    budget: str


def once(command: Sequence[str], cwd: Path) -> tuple[float, float, float]:
    """Wall seconds, peak memory in MiB and CPU seconds of one process and its children."""
    before = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - before, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def compare(one: Sequence[str], other: Sequence[str], cwd: Path, times: int) -> tuple[float, float, float]:
    """Median seconds of both commands, run in turn, and the first one's peak MiB."""
    rows = [(once(one, cwd), once(other, cwd)) for _ in range(times)]
    return (
        statistics.median(row[0][0] for row in rows),
        statistics.median(row[1][0] for row in rows),
        max(row[0][1] for row in rows),
    )


def least_cpu(one: Sequence[str], other: Sequence[str], cwd: Path, times: int) -> tuple[float, float]:
    """The least CPU seconds of both commands, run in turn."""
    rows = [(once(one, cwd), once(other, cwd)) for _ in range(times)]
    return min(row[0][2] for row in rows), min(row[1][2] for row in rows)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def install(folder: Path) -> Path:
    """A virtual environment with the wheel in it; returns its bin folder."""
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    binaries = folder / "venv" / "bin"
    pip = [os.fspath(binaries / "pip"), "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--wheel-dir", folder / "wheels", ROOT], check=True, env=ENVIRONMENT
    )
    wheel = next((folder / "wheels").glob("*.whl"))
    subprocess.run([*pip, "install", wheel], check=True, env=ENVIRONMENT)
    packages = next((folder / "venv" / "lib").glob("python*"))
    subprocess.run([binaries / "python", "-m", "compileall", "-q", packages], check=False, env=ENVIRONMENT)
    return binaries


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes, fewer runs")
    parser.add_argument("--wrangler", type=Path, help="bin/wrangler.js of an installed wrangler")
    arguments = parser.parse_args()
    times = 5 if arguments.quick else 15
    scale = 10 if arguments.quick else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = measure(folder, install(folder), times, scale, arguments.wrangler)
    widths = [max(len(getattr(row, field)) for row in rows) for field in Row.__annotations__]
    for row in rows:
        print(
            "  ".join(
                getattr(row, field).ljust(width)
                for field, width in zip(Row.__annotations__, widths, strict=True)
            )
        )


def measure(folder: Path, binaries: Path, times: int, scale: int, wrangler: Path | None) -> list[Row]:
    wslint, python = os.fspath(binaries / "wslint"), os.fspath(binaries / "python")
    rows = [Row("work", "measured", "reference", "ratio", "budget")]

    def add(work: str, one: float, other: float, budget: str) -> None:
        rows.append(Row(work, milliseconds(one), milliseconds(other), f"{one / other:.2f}", budget))

    for option in ("--version", "--help"):
        one, other, _ = compare([wslint, option], [python, "-c", "import click"], folder, times)
        add(f"wslint {option}", one, other, "< 2 × import click")

    for language in ("typescript", "python", "rust"):
        made = checkout(folder, wslint, language)
        grammar = f"tree_sitter_{language}"
        check = [wslint, "check", os.fspath(made)]
        one, other = least_cpu(check, [python, "-c", f"import click, tree_sitter, {grammar}"], made, times)
        add(f"CPU of check, a new Worker in {language}", one, other, "< 2 × imports")

    small = folder / "small"
    write_worker(small, 0, 4)
    check = [wslint, "check", os.fspath(small)]
    imports = "import click, tree_sitter, tree_sitter_typescript"
    one, other, peak = compare(check, [python, "-c", imports], folder, times)
    add("check, one Worker of 4 files", one, other, "< 2 × imports")
    rows.append(Row("  peak memory", f"{peak:.0f} MiB", "", "", "< 60 MiB"))
    if wrangler is not None:
        command = ["node", os.fspath(wrangler), "deploy", "--dry-run", "--outdir", os.fspath(folder / "out")]
        one, other, _ = compare(check, command, small, 3)
        add("  against wrangler deploy --dry-run", one, other, "< 0.1")

    for workers in (100 // scale, 1000 // scale):
        many = folder / f"many-{workers}"
        write_workspace(many, workers, 10)
        one, other, peak = compare(
            [wslint, "check", os.fspath(many)], [python, "-c", PARSE_ONLY, os.fspath(many)], folder, 3
        )
        add(f"check, {workers} Workers of 10 files", one, other, "< 1.5 × parsing, linear")
        rows.append(Row("  peak memory", f"{peak:.0f} MiB", "", "", ""))

    for work, path in hostile(folder, scale):
        seconds, peak, _ = once([wslint, "check", os.fspath(path)], folder)
        rows.append(Row(work, milliseconds(seconds), f"{peak:.0f} MiB", "", "bounded"))
    return rows


def checkout(folder: Path, wslint: str, language: str) -> Path:
    """A Worker as `wslint new` writes it, in a repository of git's."""
    made = folder / f"new-{language}"
    subprocess.run(
        [wslint, "new", "match-worker", made, "--lang", language], check=True, stdout=subprocess.DEVNULL
    )
    git = ["git", "-C", made, "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "new"]):
        subprocess.run([*git, *command], check=True, stdout=subprocess.DEVNULL)
    return made


def hostile(folder: Path, scale: int) -> list[tuple[str, Path]]:
    """Projects that try to hang or to fill the memory."""
    cases = []
    for title, name, text in (
        ("a 100 MB wrangler.toml", "large", "# " + "x" * (100_000_000 // scale)),
        ("TOML nested 10,000 deep", "deep-toml", "x = " + "[" * 10_000 + "]" * 10_000),
    ):
        (folder / name).mkdir()
        (folder / name / "wrangler.toml").write_text(text, encoding="utf-8")
        cases.append((title, folder / name))
    deep = folder / "deep-source"
    write_worker(deep, 0, 2)
    (deep / "src" / "match.ts").write_text(
        MATCH + "export const x = " + "[" * 10_000 + "]" * 10_000, encoding="utf-8"
    )
    cases.append(("TypeScript nested 10,000 deep", deep))
    wide = folder / "wide-source"
    write_worker(wide, 0, 2)
    (wide / "src" / "match.ts").write_text(MATCH + "x(env.A.get(1));" * 50_000, encoding="utf-8")
    cases.append(("800 KB of source on one line", wide))
    loop = folder / "loop"
    write_worker(loop, 0, 2)
    (loop / "again").symlink_to(loop, target_is_directory=True)
    cases.append(("a symbolic link to its own folder", loop))
    return cases


if __name__ == "__main__":
    main()
