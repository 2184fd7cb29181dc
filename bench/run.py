"""The budgets of the design, each measured against its reference in the same run.

Usage: python bench/run.py [--quick] [--wrangler PATH]

It builds a wheel, installs it byte-compiled into a virtual environment of its own, with zizmor as the reference for
what a native linter takes, and times whole processes in turn with their reference: the least CPU time and the median
of the wall time of at least 15 runs. Nothing is asserted. With `--wrangler` (a wrangler installation's
bin/wrangler.js) `deploy --dry-run` is timed too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workload import MATCH, WORKFLOW, write_worker, write_workspace

ROOT = Path(__file__).parent.parent

PARSE_ONLY = """
import sys, pathlib, tree_sitter, tree_sitter_typescript
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_typescript()))
for path in pathlib.Path(sys.argv[1]).rglob("*.ts"):
    parser.parse(path.read_bytes())
"""

DOUBLED = """
import pathlib, sys, tempfile
sys.path.insert(0, sys.argv[1])
from tests.growth.shapes import SHAPES, doubled
for shape in SHAPES:
    with tempfile.TemporaryDirectory() as folder:
        (once, _), (twice, _) = doubled(shape, pathlib.Path(folder))
        print(max(twice.all[name] / count for name, count in once.all.items() if count), shape, sep="\\t")
"""

KEYSTROKES = """
import pathlib, statistics, sys, time
from wslint.server.project import Project, Ticket
folder = pathlib.Path(sys.argv[1])
project, path = Project(folder), folder / "src" / "match.ts"
text, times = path.read_bytes(), []
for number in range(1 + int(sys.argv[2])):
    start = time.perf_counter()
    project.check({path: text + b"// " + str(number).encode()}, Ticket())
    times.append(time.perf_counter() - start)
print(statistics.median(times[1:]))
"""
"""What the server does once a key was pressed, without the protocol around it."""

HEAD = ("work", "least CPU", "median wall", "reference", "least CPU", "median wall", "ratio", "budget")


@dataclass(frozen=True)
class Took:
    """One process and its children: seconds, and the most memory in MiB."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Pair:
    """Two commands that ran in turn."""

    ones: list[Took]
    others: list[Took]

    def ratio(self, by: str) -> float:
        if by == "wall":
            return statistics.median(
                one.wall / other.wall for one, other in zip(self.ones, self.others, strict=True)
            )
        return least_cpu(self.ones) / least_cpu(self.others)


class Bench:
    """The rows, and what makes them."""

    def __init__(self, folder: Path, quick: bool) -> None:
        self.folder = folder
        self.times = 5 if quick else 15
        self.scale = 10 if quick else 1
        self.rows: list[tuple[str, ...]] = [HEAD]
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        self.environment = {**kept, "XDG_CACHE_HOME": os.fspath(folder / "caches")}
        self.here = folder / "here"  # the caches lie outside: else wslint does not believe them
        self.here.mkdir()
        self.python, self.wslint = self._installed()

    def _installed(self) -> tuple[str, str]:
        """A virtual environment with the wheel in it."""
        self.run([sys.executable, "-m", "venv", self.folder / "venv"])
        binaries = self.folder / "venv" / "bin"
        pip = [os.fspath(binaries / "pip"), "--quiet", "--disable-pip-version-check"]
        self.run([*pip, "wheel", "--no-deps", "--wheel-dir", self.folder / "wheels", ROOT])
        self.run([*pip, "install", next((self.folder / "wheels").glob("*.whl"))])
        subprocess.run([*pip, "install", "zizmor"], check=False, env=self.environment)
        packages = next((self.folder / "venv" / "lib").glob("python*"))
        subprocess.run([binaries / "python", "-m", "compileall", "-q", packages], check=False)
        return os.fspath(binaries / "python"), os.fspath(binaries / "wslint")

    def run(self, command: Sequence[str | Path]) -> None:
        subprocess.run(command, check=True, env=self.environment, stdout=subprocess.DEVNULL)

    def once(self, command: Sequence[str], cwd: Path | None = None) -> Took:
        before = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=cwd or self.here,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment,
        )
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
        return Took(time.perf_counter() - before, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def pair(self, one: Sequence[str], other: Sequence[str], cwd: Path | None = None, times: int = 0) -> Pair:
        both = [(self.once(one, cwd), self.once(other, cwd)) for _ in range(times or self.times)]
        return Pair([first for first, _ in both], [second for _, second in both])

    def add(self, work: str, pair: Pair, reference: str, budget: str, by: str = "cpu") -> None:
        numbers = [milliseconds(number) for each in (pair.ones, pair.others) for number in both(each)]
        self.rows.append((work, *numbers[:2], reference, *numbers[2:], f"{pair.ratio(by):.2f}", budget))

    def peak(self, pair: Pair, budget: str) -> None:
        """The least of the peaks: what the process needs, whatever else the machine did."""
        self.alone("  peak memory", f"{min(one.peak for one in pair.ones):.0f} MiB", budget)

    def alone(self, work: str, measured: str, budget: str) -> None:
        self.rows.append((work, measured, "", "", "", "", "", budget))

    def check(self, *words: str | Path) -> list[str]:
        return [self.wslint, "check", *map(os.fspath, words)]


def least_cpu(several: Sequence[Took]) -> float:
    return min(each.cpu for each in several)


def both(several: Sequence[Took]) -> tuple[float, float]:
    return least_cpu(several), statistics.median(each.wall for each in several)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the sizes, fewer runs")
    parser.add_argument("--wrangler", type=Path, help="bin/wrangler.js of an installed wrangler")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name).resolve(), arguments.quick)
        measure(bench, arguments.wrangler)
    print_table(bench.rows)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """As Markdown, so that docs/performance.md can have it."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(field.ljust(width) for field, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    print("\n".join(lines))


def measure(bench: Bench, wrangler: Path | None) -> None:
    for option in ("--version", "--help"):
        pair = bench.pair([bench.wslint, option], [bench.python, "-c", "import click"])
        bench.add(f"wslint {option}", pair, "import click", "1.2")
    for language in ("typescript", "python", "rust"):
        new_worker(bench, language)
    small = bench.folder / "small"
    write_worker(small, 0, 4)
    pair = bench.pair(bench.check(small, "--no-cache"), imports(bench, "typescript"))
    bench.add("check of one Worker of 4 files", pair, "imports", "2")
    if wrangler is not None:
        out = os.fspath(bench.folder / "out")
        command = ["node", os.fspath(wrangler), "deploy", "--dry-run", "--outdir", out]
        pair = bench.pair(bench.check(small, "--no-cache"), command, small, 3)
        bench.add("  the same", pair, "wrangler deploy --dry-run", "0.1", "wall")
    hook(bench)
    workspace(bench)
    doubling(bench)
    keystroke(bench)
    for work, path in hostile(bench.folder, bench.scale):
        took = bench.once(bench.check(path, "--no-cache"))
        bench.alone(work, f"{milliseconds(took.cpu)}, {took.peak:.0f} MiB", "bounded")


def keystroke(bench: Bench) -> None:
    """One Worker of 100 files, a change in one of them."""
    folder = bench.here / "keystroke"
    write_worker(folder, 0, 100 // bench.scale)
    command = [bench.python, "-c", KEYSTROKES, os.fspath(folder), str(bench.times)]
    done = subprocess.run(command, check=True, env=bench.environment, capture_output=True, text=True)
    bench.alone("one keystroke, 100 files", f"{milliseconds(float(done.stdout))} wall", "50 ms")


def imports(bench: Bench, language: str) -> list[str]:
    return [bench.python, "-c", f"import click, tree_sitter, tree_sitter_{language}"]


def new_worker(bench: Bench, language: str) -> None:
    """What `wslint new` writes, in a checkout of git's: cold, unchanged, traced."""
    made = checkout(bench, language)
    check = bench.check(made)
    cold = bench.pair([*check, "--no-cache"], imports(bench, language))
    bench.add(f"check of a new Worker in {language}", cold, "imports", "2")
    bench.peak(cold, "40 MiB")
    zizmor = Path(bench.python).with_name("zizmor")
    if zizmor.exists():
        workflow = bench.folder / "workflow.yml"
        workflow.write_text(WORKFLOW, encoding="utf-8")
        bench.once(check)
        pair = bench.pair(check, [os.fspath(zizmor), "--offline", "--no-progress", os.fspath(workflow)])
        bench.add("  unchanged", pair, "zizmor, wall", "0.9", "wall")
        bench.peak(pair, "")
    else:
        bench.alone("  unchanged", "zizmor could not be installed", "0.9")
    trace = [bench.wslint, "trace", os.fspath(made), "--url", "/ws/ABCDE"]
    bench.add("  trace of one address", bench.pair(trace, [*check, "--no-cache"]), "check", "1.5")


def checkout(bench: Bench, language: str) -> Path:
    """A Worker as `wslint new` writes it, in a repository of git's."""
    made = bench.folder / f"new-{language}"
    bench.run([bench.wslint, "new", "match-worker", made, "--lang", language])
    committed(bench, made)
    return made


def committed(bench: Bench, folder: Path) -> None:
    git = ["git", "-C", folder, "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "new"]):
        bench.run([*git, *command])


def hook(bench: Bench) -> None:
    """One file of many Workers, as pre-commit gives it."""
    count = 100 // bench.scale
    many = bench.folder / "hook"
    write_workspace(many, count, 10)
    committed(bench, many)
    one = bench.check(many / "worker-3" / "src" / "match.ts", "--no-cache")
    pair = bench.pair(one, bench.check(many / "worker-3", "--no-cache"), many)
    bench.add(f"check of one file of {count} Workers", pair, "that Worker alone", "1.2")


def workspace(bench: Bench) -> None:
    for workers in (100 // bench.scale, 1000 // bench.scale):
        many = bench.folder / f"many-{workers}"
        write_workspace(many, workers, 10)
        committed(bench, many)
        parsing = [bench.python, "-c", PARSE_ONLY, os.fspath(many)]
        for jobs in (1, 2):
            check = bench.check(many, "--no-cache", "--jobs", str(jobs))
            cold = bench.pair(check, parsing, times=1 if workers > 100 else 3)
            by, title = (
                ("wall", "  by two processes")
                if jobs == 2
                else ("cpu", f"check of {workers} Workers of 10 files")
            )
            bench.add(title, cold, "parsing", "1.5" if jobs == 2 else "", by)
            bench.peak(cold, "400 MiB")
        bench.once(bench.check(many))
        warm = bench.pair(bench.check(many), parsing, times=5)
        bench.add("  unchanged", warm, "parsing", "0.1")
        bench.peak(warm, "")
        shutil.rmtree(many)


def doubling(bench: Bench) -> None:
    """Steps, not time: see tests/growth."""
    done = subprocess.run(
        [bench.python, "-c", DOUBLED, os.fspath(ROOT)],
        check=True,
        capture_output=True,
        text=True,
        env=bench.environment,
    )
    grown = [
        (float(ratio), shape) for ratio, shape in (line.split("\t") for line in done.stdout.splitlines())
    ]
    ratio, shape = max(grown)
    bench.alone(f"twice the input, {len(grown)} shapes", f"{ratio:.2f} times the steps ({shape})", "2.2")


def hostile(folder: Path, scale: int) -> list[tuple[str, Path]]:
    """Projects that try to hang or to fill the memory."""
    cases = []
    for title, name, text, times in (
        ("a 100 MB wrangler.toml", "large", "#" + "x" * 999, 100_000 // scale),
        ("TOML nested 10,000 deep", "deep-toml", "x = " + "[" * 10_000 + "]" * 10_000, 1),
    ):
        (folder / name).mkdir()
        with (folder / name / "wrangler.toml").open("w", encoding="utf-8") as file:
            for _ in range(times):  # piece by piece: what this process once held counts as its children's
                file.write(text)
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
