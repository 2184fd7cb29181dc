"""There is one door to the operating system: what a check asks elsewhere, the cache would not know of."""

from __future__ import annotations

import ast
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import wslint
from wslint import system
from wslint.head import head_of

ROOT = Path(wslint.__file__).parent

DOORS = {
    *("system.py", "head.py"),
    *(
        "start.py",
        "__main__.py",
        "cache.py",
        "cache_write.py",
        "output.py",
        "ends.py",
        "watch.py",
    ),  # no part of a check's answer
    *(
        "writing.py",
        "scaffold.py",
        "scaffold_files.py",
        "scaffold_record.py",
        "scaffold_write.py",
        "fix.py",
    ),  # what writes is never kept
    *(
        "cli.py",
        "compat_command.py",
        "trace_command.py",
        "trace/predict.py",
        "new_command.py",
        "init_command.py",
        "init_plan.py",
    ),  # other commands
    *("compat.py", "compatibility.py", "rules/modules.py"),  # tables of its own
    *("wrangler/schema.py", "wrangler/keys.py", "runtime_members.py"),
}
ALLOWED = {("repository.py", "os.environ"), ("repository.py", "open(reading, 'rb')")}
"""What git is given; `head.py` tells what its answer depends on."""

FOLDERS = ("explain/", "probe/", "server/")
"""Other commands."""

OF_OS = {
    *(
        "stat",
        "lstat",
        "listdir",
        "scandir",
        "walk",
        "fwalk",
        "open",
        "access",
        "readlink",
        "environ",
        "getenv",
    ),
    *("get_terminal_size", "getlogin", "cpu_count", "uname"),
}
OF_PATHS = {
    *(
        "exists",
        "lexists",
        "isfile",
        "isdir",
        "islink",
        "ismount",
        "realpath",
        "getsize",
        "getmtime",
        "samefile",
    ),
    *("expanduser", "expandvars"),
}
METHODS = {
    *(
        "resolve",
        "exists",
        "is_file",
        "is_dir",
        "is_symlink",
        "is_mount",
        "iterdir",
        "stat",
        "lstat",
        "readlink",
    ),
    *("cwd", "home", "today", "utcnow", "read_text", "read_bytes", "expanduser"),
}
"""Without arguments these are those of a Path or a date."""


def around(path: Path) -> Iterator[str]:
    """The places of a module that ask the operating system directly."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            whole = ast.unparse(node)
            if whole.startswith("os.path."):
                asks = node.attr in OF_PATHS
            else:
                asks = whole == f"os.{node.attr}" and node.attr in OF_OS
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asks = node.func.attr in METHODS and not node.args and ast.unparse(node.func) != "system.today"
            asks |= node.func.attr in ("read_text", "rglob", "glob", "now") and not _is_frozen(node.func)
        else:
            asks = isinstance(node, ast.Call) and ast.unparse(node.func) == "open"
        if asks and (path.relative_to(ROOT).as_posix(), ast.unparse(node)) not in ALLOWED:
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {ast.unparse(node)}"


def _is_frozen(function: ast.Attribute) -> bool:
    """Whether a table of wslint's own is read."""
    return ast.unparse(function).startswith(("_TABLE.", "_NOTES."))


def test_nobody_goes_around_the_door() -> None:
    names = {path.relative_to(ROOT).as_posix(): path for path in sorted(ROOT.rglob("*.py"))}
    assert names.keys() >= DOORS
    found = [
        place
        for name, path in names.items()
        if name not in DOORS and not name.startswith(FOLDERS)
        for place in around(path)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    ["os.stat(x)", "os.path.isdir(x)", "x.resolve()", "Path.cwd()", "open(x)", "date.today()", "os.environ"],
)
def test_going_around_is_seen(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    module = tmp_path / "module.py"
    module.write_text(
        f"import os\n\n{text}\nx.resolve(name)\nfiles.is_file(x)\nos.path.join(x)\n", encoding="utf-8"
    )
    assert [place.split(" ")[0] for place in around(module)] == ["module.py:3"]


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", ".")
    (tmp_path / "a").write_text("1", encoding="utf-8")
    git(tmp_path, "add", "a")
    return tmp_path


def commit(folder: Path) -> str:
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
    told = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True
    )
    return told.stdout.strip()


def hash_in(folder: Path) -> str:
    return head_of(str(folder)).split(" ")[0]


def test_head_is_what_git_says(repository: Path) -> None:
    assert hash_in(repository) == "unborn"
    first = commit(repository)
    assert hash_in(repository) == first
    git(repository, "pack-refs", "--all")
    assert hash_in(repository) == first
    second = commit(repository)
    assert hash_in(repository) == second != first
    git(repository, "checkout", "-q", first)
    assert hash_in(repository) == first
    git(repository, "checkout", "-q", "-b", "an/other")
    assert hash_in(repository) == first


def test_head_of_a_working_tree_beside(repository: Path) -> None:
    commit(repository)
    beside = repository / "beside"
    git(repository, "worktree", "add", "-q", "-b", "other", str(beside))
    assert hash_in(beside) == hash_in(repository)
    second = commit(beside)
    assert hash_in(beside) == second != hash_in(repository)
    git(repository, "pack-refs", "--all")
    assert hash_in(beside) == second


def test_a_change_of_gits_configuration_shows(repository: Path) -> None:
    commit(repository)
    before = head_of(str(repository))
    git(repository, "config", "core.bare", "true")
    assert head_of(str(repository)) != before


def test_head_is_not_known_where_git_may_fetch(repository: Path) -> None:
    commit(repository)
    git(repository, "config", "remote.origin.promisor", "true")
    assert head_of(str(repository)) == ""


@pytest.mark.parametrize(
    "text", ["", "ref: refs/heads/../../x", "ref: ../x", "ref: HEAD", "0" * 39, "\0\0", "ref:"]
)
def test_an_odd_head_is_not_known(text: str, repository: Path) -> None:
    commit(repository)
    (repository / ".git" / "HEAD").write_text(text, encoding="utf-8")
    assert head_of(str(repository)) == ""


@pytest.mark.parametrize("text", ["", "gitdir: nowhere", "gitdir", "x" * 10_000])
def test_a_git_file_that_leads_nowhere(text: str, tmp_path: Path) -> None:
    (tmp_path / ".git").write_text(text, encoding="utf-8")
    assert head_of(str(tmp_path)) == ""


def test_the_date_is_that_of_greenwich() -> None:
    before = datetime.now(UTC).date().isoformat()
    assert system.today() in (before, datetime.now(UTC).date().isoformat())


def test_an_answer_that_changes_under_the_run_spoils_it(tmp_path: Path) -> None:
    record = system.record()
    system.kind(tmp_path / "x")
    assert not record.spoilt
    (tmp_path / "x").mkdir()
    system.kind(tmp_path / "x")
    assert record.spoilt
    system.recorded()


def test_each_question_can_be_asked_anew(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("text", encoding="utf-8")
    (tmp_path / "l").symlink_to("f")
    os.link(tmp_path / "f", tmp_path / "h")
    system.record()
    for path in (tmp_path, *(tmp_path / name for name in ("f", "l", "h", "none"))):
        (
            system.kind(path),
            system.is_there(path),
            system.is_link(path),
            system.real(path),
            system.identity(path),
        )
        system.names(path), system.entries(path), system.read(path, 3), system.read(path, 9)
        system.read_start(path, 2)
    (
        system.variable("PATH"),
        system.variable("NO_SUCH"),
        system.columns(),
        system.today(),
        system.head(tmp_path),
    )
    record = system.recorded()
    assert record is not None and not record.spoilt
    ask = system.asker()
    assert {question: ask(question) for question in record.answers} == record.answers
    kinds = {question.partition(" ")[0] for question in record.answers}
    assert len(kinds) == 12
    same = [record.answers[f"same {tmp_path / name}"] for name in ("f", "l", "h", "none")]
    assert same == ["1", "1", "1", "none"]
