"""`wslint new` as a person runs it, and what it leaves behind when something goes wrong."""

from __future__ import annotations

import ast
import datetime
import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_command_line import wslint
from wslint import scaffold, scaffold_files, scaffold_git, scaffold_write, writing
from wslint.errors import CheckError
from wslint.scaffold import Choices

COMMON = [
    ".github/workflows/ci.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".wslint-scaffold.toml",
    "GOING-PUBLIC.md",
    "README.md",
    "docs/ADD-A-MESSAGE.md",
    "public/_headers",
    "public/client.js",
    "public/index.html",
    "public/page.css",
    "public/page.js",
    "tests/load.mjs",
]
TREES = {
    "python": [
        *COMMON,
        ".python-version",
        "pyproject.toml",
        "src/door.py",
        "src/entry.py",
        "src/match.py",
        "src/protocol.py",
        "src/retry.py",
        "tests/test_door.py",
        "tests/test_end_to_end.py",
        "tests/test_match.py",
        "tests/test_protocol.py",
        "tests/test_retry.py",
        "uv.lock",
        "wrangler.toml",
    ],
    "typescript": [
        *COMMON,
        "package-lock.json",
        "package.json",
        "src/door.ts",
        "src/index.ts",
        "src/match.ts",
        "src/protocol.ts",
        "src/retry.ts",
        "tests/door.test.ts",
        "tests/end-to-end.test.ts",
        "tests/match.test.ts",
        "tests/protocol.test.ts",
        "tests/retry.test.ts",
        "tests/tsconfig.json",
        "tsconfig.json",
        "wrangler.toml",
    ],
}
TREE = TREES["python"]
NEXT = {
    "python": "  uv sync\n  uv run pywrangler dev\n",
    "typescript": "  npm install\n  npm run dev\n",
}
TODAY = datetime.date(2026, 11, 23)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def planned(folder: Path) -> scaffold.Plan:
    return scaffold.plan(Choices(folder=folder, name="duel"), TODAY)


@pytest.mark.parametrize("language", TREES)
def test_the_tree_and_the_report(language: str, tmp_path: Path) -> None:
    done = wslint("new", "match-worker", "--lang", language, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "".join(f"create    {path}\n" for path in sorted(TREES[language])) + (
        "  next:\n  cd match-worker\n" + NEXT[language]
    )
    assert sorted(tree(tmp_path / "match-worker")) == sorted(TREES[language])


def test_without_arguments_it_is_match_worker(tmp_path: Path) -> None:
    assert wslint("new", cwd=tmp_path).returncode == 0
    assert 'name = "match-worker"' in (tmp_path / "match-worker/wrangler.toml").read_text()


@pytest.mark.parametrize("config", ["toml", "jsonc"])
@pytest.mark.parametrize("lifecycle", ["migrations", "exports"])
@pytest.mark.parametrize("language", TREES)
def test_the_project_has_no_finding(language: str, config: str, lifecycle: str, tmp_path: Path) -> None:
    names = ["--class", "DuelDO", "--binding", "DUEL", "--code-length", "7", "--yes"]
    options = ["--lang", language, "--config", config, "--lifecycle", lifecycle]
    made = wslint("new", "match-worker", "duel", *options, *names, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    checked = wslint("check", "--pedantic", "--show-unknown", ".", cwd=tmp_path / "duel")
    assert (checked.returncode, checked.stdout) == (0, "No problems in 1 Worker.\n")
    texts = {path: content.decode() for path, content in tree(tmp_path / "duel").items()}
    assert not [path for path, text in texts.items() if "MatchDO" in text or "<<" in text or "<%" in text]
    (rules,) = [text for path, text in texts.items() if path.startswith("src/match.")]
    (entry,) = [text for path, text in texts.items() if path in ("src/entry.py", "src/index.ts")]
    assert "class DuelDO" in entry and "this.env.DUEL." in entry.replace("self", "this")
    assert "CODE_LENGTH = 7" in rules
    settings = texts[f"wrangler.{config}"]
    assert ("new_sqlite_classes" in settings) == (lifecycle == "migrations")
    assert ("durable-object" in settings) == (lifecycle == "exports")


@pytest.mark.parametrize("language", ["python", "typescript", "rust"])
def test_how_many_play_and_how_many_connect(language: str, tmp_path: Path) -> None:
    chosen = Choices(folder=tmp_path, language=language, name="duel", players=4, capacity=10)
    files = {file.path: file.text for file in scaffold.plan(chosen, TODAY).files}
    (rules,) = [text for path, text in files.items() if re.fullmatch(r"src/(match|game)\.\w+", path)]
    assert re.search(r"PLAYERS(: u8)? = 4\b", rules) and re.search(r"SPECTATORS(: usize)? = 6\b", rules)
    assert "6 beside the players" in files["GOING-PUBLIC.md"]


@pytest.mark.parametrize("length", ["4", "5", "16"])
def test_its_own_tests_pass(length: str, tmp_path: Path) -> None:
    assert wslint("new", "match-worker", "duel", "--code-length", length, cwd=tmp_path).returncode == 0
    duel = tmp_path / "duel"
    for path in duel.rglob("*.py"):
        compile(path.read_text(encoding="utf-8"), str(path), "exec")
    end_to_end = duel / "tests/test_end_to_end.py"
    end_to_end.write_text(end_to_end.read_text().replace("http://localhost:8787", "http://127.0.0.1:9"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider"],
        cwd=duel,
        env={**os.environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "failed" not in done.stdout and "no dev server answers at http://127.0.0.1:9" in done.stdout


@pytest.mark.parametrize("language", TREES)
def test_every_name_of_the_entrypoint_is_refused_as_a_class(language: str, tmp_path: Path) -> None:
    plan = scaffold.plan(Choices(folder=tmp_path, language=language, name="duel"), TODAY)
    (entry,) = [file.text for file in plan.files if file.path in ("src/entry.py", "src/index.ts")]
    if language == "python":
        names = {
            bound
            for node in ast.parse(entry).body
            for bound in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import | ast.ImportFrom)
                else [node.name]
                if isinstance(node, ast.ClassDef | ast.FunctionDef)
                else [target.id for target in getattr(node, "targets", ()) if isinstance(target, ast.Name)]
            )
        }
    else:
        declared = re.findall(
            r"^(?:export default |export )?(?:const|class|function|interface) (\w+)", entry, re.M
        )
        imported = re.findall(r"^import (?:type )?\{ (.*) \} from", entry, re.M)
        names = {*declared, *", ".join(imported).split(", ")}
    assert len(names) > 15
    for name in names - {"MatchDO"}:
        with pytest.raises(CheckError, match="used by the project itself"):
            scaffold.plan(Choices(folder=tmp_path, language=language, name="duel", class_name=name), TODAY)


def test_the_python_code_is_formatted_and_typed(tmp_path: Path) -> None:
    assert wslint("new", "match-worker", "duel", cwd=tmp_path).returncode == 0
    for command in (
        ["ruff", "check", "--no-cache", "--extend-select", "I,B,UP,C4,SIM,RET,RUF", "."],
        ["ruff", "format", "--no-cache", "--check", "."],
        [
            "mypy",
            "--config-file=",
            "--cache-dir=/dev/null",
            "--strict",
            "src/match.py",
            "src/door.py",
            "src/protocol.py",
            "src/retry.py",
        ],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path / "duel",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_match_knows_no_runtime(tmp_path: Path) -> None:
    source = next(file.text for file in planned(tmp_path).files if file.path == "src/match.py")
    imports = {
        name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    }
    assert imports == {"__future__", "json", "collections.abc", "dataclasses", "typing", "protocol"}


def test_the_date_is_never_in_the_future(tmp_path: Path) -> None:
    early = scaffold.plan(Choices(folder=tmp_path, name="a"), datetime.date(2026, 10, 1))
    assert 'compatibility_date = "2026-10-01"' in early.files[-1].text
    assert 'compatibility_date = "2026-11-17"' in planned(tmp_path).files[-1].text


def test_twice_changes_nothing_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("mine")
    assert wslint("new", "match-worker", ".", "--name", "a", cwd=tmp_path).returncode == 0
    before = tree(tmp_path)
    again = wslint("new", "match-worker", ".", "--name", "a", cwd=tmp_path)
    assert again.returncode == 0 and again.stdout.count("identical") == len(TREE)
    assert tree(tmp_path) == before and before["LICENSE"] == b"mine"


def test_a_conflict_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("my notes\n")
    arguments = ("new", "match-worker", ".", "--name", "duel")
    stopped = wslint(*arguments, "--diff", cwd=tmp_path)
    assert stopped.returncode == 1 and "conflict  README.md" in stopped.stdout
    assert "--- a/README.md\n+++ b/README.md\n" in stopped.stdout and "\n-my notes\n" in stopped.stdout
    assert tree(tmp_path) == {"README.md": b"my notes\n"}
    assert wslint(*arguments, "--dry-run", cwd=tmp_path).returncode == 1
    assert wslint(*arguments, "--dry-run", "--force", cwd=tmp_path).returncode == 0
    assert tree(tmp_path) == {"README.md": b"my notes\n"}
    assert wslint(*arguments, "--skip-existing", cwd=tmp_path).returncode == 0
    assert sorted(tree(tmp_path)) == sorted(TREE)
    assert (tmp_path / "README.md").read_text() == "my notes\n"
    assert wslint(*arguments, "--force", cwd=tmp_path).returncode == 0
    assert (tmp_path / "README.md").read_text().startswith("# duel\n")


def test_a_repository_of_its_own(tmp_path: Path) -> None:
    made = wslint("new", "echo-worker", "echo", "--git", cwd=tmp_path)
    assert made.returncode == 0 and "git       a new repository\n  next:\n" in made.stdout
    assert (tmp_path / "echo/.git").is_dir()
    again = wslint("new", "echo-worker", "echo", "--git", cwd=tmp_path)
    assert "git       it lies in a repository already\n" in again.stdout
    assert "lies in a repository" in wslint("new", "echo-worker", "echo/below", "--git", cwd=tmp_path).stdout
    assert not (tmp_path / "echo/below/.git").exists()
    assert wslint("new", "echo-worker", "dry", "--git", "--dry-run", cwd=tmp_path).returncode == 0
    assert not (tmp_path / "dry").exists()


def test_without_git_there_is_the_project_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert scaffold_git.start_repository(tmp_path) == "there is no git, so no repository was made"


def test_list_names_the_files_that_are_written(tmp_path: Path) -> None:
    said: dict[tuple[str, str], set[str]] = {}
    template = head = ""
    for line in wslint("new", "--list", cwd=tmp_path).stdout.splitlines():
        if not line.startswith(" "):
            template = line.split(" ")[0]
            continue
        head = line[2:14].strip() or head
        said.setdefault((template, head), set()).update(line[14:].split())
    assert {template for template, _ in said} == set(scaffold_files.TEMPLATES)
    for template in scaffold_files.TEMPLATES:
        for language in scaffold_files.LANGUAGES:
            folder = tmp_path / template / language
            assert wslint("new", template, str(folder), "--lang", language, cwd=tmp_path).returncode == 0
            assert said[template, "in each"] | said[template, language] == set(tree(folder))
            assert not said[template, "in each"] & said[template, language]


def test_list_and_dry_run_write_nothing(tmp_path: Path) -> None:
    assert wslint("new", "--list", cwd=tmp_path).stdout.startswith("match-worker  (python, typescript")
    assert wslint("new", "--dry-run", cwd=tmp_path).stdout.count("create ") == len(TREE)
    assert tree(tmp_path) == {} and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--name", "Duel"], "`Duel` is no name for a Worker"),
        (["--name", "-a"], "`-a` is no name for a Worker"),
        (["--name", "a-"], "`a-` is no name for a Worker"),
        (["--name", "a" * 64], "at most 63"),
        (["--name", "a\n"], "is no name for a Worker"),
        (["--name", ""], "is no name for a Worker"),
        (["--class", "1A"], "--class `1A` is no identifier"),
        (["--class", "class"], "--class `class` is a reserved word"),
        (["--class", "Match"], "--class `Match` is used by the project itself"),
        (["--class", "now"], "--class `now` is used by the project itself"),
        (["--class", "Exception"], "--class `Exception` is used by the project itself"),
        (["--class", "Lobby", "--lang", "typescript"], "--class `Lobby` is used by the project itself"),
        (["--class", "string", "--lang", "typescript"], "--class `string` is used by the project itself"),
        (["--binding", "function"], "--binding `function` is a reserved word"),
        (["--binding", "A-B"], "--binding `A-B` is no identifier"),
        (["--code-length", "3"], "--code-length 3 is not between 4 and 16"),
        (["--players", "1"], "--players 1 is not between 2 and 8"),
        (["--players", "9"], "--players 9 is not between 2 and 8"),
        (["--players", "4", "--capacity", "3"], "--capacity 3 is not between 4 and 1004"),
        (["--force", "--skip-existing"], "exclude each other"),
    ],
)
def test_what_is_refused(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = wslint("new", "match-worker", "duel", *arguments, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_an_unknown_template(tmp_path: Path) -> None:
    done = wslint("new", "chat", cwd=tmp_path)
    assert (
        done.returncode == 2
        and "no template is called `chat`: there is match-worker, echo-worker" in done.stderr
    )


def test_targets_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "away").symlink_to(tmp_path / "nowhere")
    (tmp_path / "a").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "a/src").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "b/README.md").mkdir(parents=True)
    (tmp_path / "c").mkdir()
    (tmp_path / "c/src").write_text("")
    (tmp_path / "d").mkdir()
    (tmp_path / "d/wrangler.jsonc").write_text("{}")
    for folder, message in {
        "file": "is a file, not a folder",
        "file/below": "is a file, not a folder",
        "away": "is a symlink to nothing",
        "a": "is a symlink: nothing is written through it",
        "b": "is a folder where the project has a file",
        "c": "is a file where the project has a folder",
        "d": "has a wrangler.jsonc",
    }.items():
        done = wslint("new", "match-worker", folder, cwd=tmp_path)
        assert done.returncode == 2 and message in done.stderr, (folder, done.stderr)
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize("after", [0, 4, 10])
def test_a_full_disk_leaves_nothing_new(after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "deep/duel"
    write, calls = writing.write_new, []

    def full(path: Path, content: bytes, mode: int) -> None:
        calls.append(path)
        if len(calls) > after:
            path.write_bytes(content[:3])
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(path, content, mode)

    monkeypatch.setattr(writing, "write_new", full)
    with pytest.raises(CheckError, match="No space left on device, nothing was kept"):
        scaffold_write.write(planned(folder))
    assert not list(tmp_path.iterdir())


def test_a_full_disk_gives_forced_files_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    write = writing.write_new

    def full(path: Path, content: bytes, mode: int) -> None:
        if "wrangler" in path.name:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(path, content, mode)

    monkeypatch.setattr(writing, "write_new", full)
    with pytest.raises(CheckError):
        scaffold_write.write(planned(tmp_path), force=True)
    assert tree(tmp_path) == {".gitignore": b"mine\n"} and len(list(tmp_path.iterdir())) == 1


def test_a_read_only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "mkdir", refused)  # root may write into any folder, so it is simulated
    with pytest.raises(CheckError, match="can't be written: Permission denied"):
        scaffold_write.write(planned(tmp_path / "duel"))
    assert not list(tmp_path.iterdir())
