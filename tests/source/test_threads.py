"""A program may check several projects at once: no parser is shared between its threads.

Each test is a process of its own, so that a crash within the parser is a failure and not the end of the run.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PARSE = """\
import sys, threading
from pathlib import Path
from wslint.files import Files
from wslint.source.javascript.syntax import syntax_of
from wslint.source.python.model import tree_of as tree_of_python
from wslint.source.rust.grammar import tree_of as tree_of_rust

def root(path):
    files = Files(path.parent)
    file = files.read(path)
    if path.suffix == ".rs":
        return tree_of_rust(file).root_node
    if path.suffix == ".py":
        return tree_of_python(file).root_node
    return syntax_of(files, file).root

def work(number):
    barrier.wait()
    for path in paths[number::THREADS]:
        found = root(path)
        seen.append((found.has_error, found.named_child_count))

THREADS = 4
paths = sorted(Path(sys.argv[1]).iterdir())
seen = []
barrier = threading.Barrier(THREADS)
threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert seen == [(False, 4000)] * len(paths), seen
"""

LINES = {
    ".js": "export const a{0} = async (request) => new Response(`${{request.url}} {0}`);\n",
    ".ts": "export const a{0} = async (request: Request): Promise<number> => {0} as number;\n",
    ".tsx": "export const a{0} = (name: string) => <b title={{name}}>{0}</b>;\n",
    ".py": "a{0} = [name.upper() for name in ('x', 'y{0}') if name]\n",
    ".rs": "pub async fn a{0}(name: &str) -> Option<u32> {{ name.chars().map(|c| c as u32).nth({0}) }}\n",
}


@pytest.mark.parametrize("suffix", LINES)
def test_threads_parse_at_once(suffix: str, tmp_path: Path) -> None:
    for number in range(12):
        lines = (LINES[suffix].format(4000 * number + line) for line in range(4000))
        (tmp_path / f"{number}{suffix}").write_text("".join(lines))
    done = subprocess.run(
        [sys.executable, "-c", PARSE, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


CHECK = """\
import datetime, sys, threading
from pathlib import Path
from wslint.check import Options, run

def work():
    barrier.wait()
    for folder in folders:
        result = run([folder], Options(today=datetime.date(2026, 11, 23)))
        seen.setdefault(folder, []).append([(one.code, one.message, one.span.start) for one in result.findings])

THREADS = 4
folders = [path for path in sorted(Path(sys.argv[1]).iterdir()) if path.is_dir()]
seen = {}
barrier = threading.Barrier(THREADS)
threads = [threading.Thread(target=work) for _ in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
barrier = threading.Barrier(1)
work()
for folder in folders:
    assert len(seen[folder]) == THREADS + 1
    assert all(found == seen[folder][-1] for found in seen[folder]), seen[folder]
assert any(found for known in seen.values() for found in known)
"""


def test_threads_check_at_once() -> None:
    """Everything that a check keeps between runs serves several threads: each finds what one alone finds."""
    examples = Path(__file__).parents[2] / "examples"
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(examples)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
