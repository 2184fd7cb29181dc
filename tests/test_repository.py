"""git's HEAD as a source, with real repositories; hostile ones must not get anything run."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from datetime import date
from pathlib import Path

import pytest

from wslint import repository
from wslint.files import Files
from wslint.repository import attach
from wslint.text import SourceFile
from wslint.worker import Workspace
from wslint.wrangler.config import ConfigDocument, load_document

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

OLD = b'name = "old"\n[[migrations]]\ntag = "v1"\n'
NEW = b'name = "new"\n[[migrations]]\ntag = "v1"\n'


def git(folder: Path, *words: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    for who in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{who}_NAME": "Tester", f"GIT_{who}_EMAIL": "tester@example.com"}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, env=environment)


def committed(folder: Path, name: str = "wrangler.toml", data: bytes = OLD) -> Path:
    """A repository with one commit that holds one file."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    git(folder, "add", "-f", name)
    git(folder, "commit", "-q", "-m", "one")
    return path


def attached(*paths: Path) -> tuple[list[ConfigDocument], list[str]]:
    """The documents at the paths after `attach`, and what it could not decide."""
    files = Files(paths[0].parent)
    documents = []
    for path in paths:
        source = files.read(path)
        assert isinstance(source, SourceFile)
        documents.append(load_document(source))
    workspace = Workspace(files, date(2026, 11, 23), documents)
    attach(workspace, documents)
    return documents, [unknown.why for unknown in workspace.unknown]


def name_in_head(path: Path) -> str | None:
    (document,), unknown = attached(path)
    assert not unknown
    if document.committed is None:
        return None
    name = document.committed.root.get("name")
    assert name is not None
    return name.string


def test_a_changed_file(tmp_path: Path) -> None:
    path = committed(tmp_path)
    path.write_bytes(NEW)
    assert name_in_head(path) == "old"


def test_an_unchanged_file_stands_for_itself(tmp_path: Path) -> None:
    (document,), _ = attached(committed(tmp_path))
    assert document.committed is document


def test_a_file_below_the_top_with_spaces_and_letters_of_all_kinds(tmp_path: Path) -> None:
    path = committed(tmp_path, "apps/my würker/wrangler.toml")
    path.write_bytes(NEW)
    assert name_in_head(path) == "old"


def test_several_files_of_one_repository(tmp_path: Path) -> None:
    first = committed(tmp_path, "a/wrangler.toml")
    missing, third = tmp_path / "b/wrangler.toml", tmp_path / "c/wrangler.jsonc"
    for path, data in ((missing, NEW), (third, b'{"name": "third"}')):
        path.parent.mkdir()
        path.write_bytes(data)
    git(tmp_path, "add", "c")
    git(tmp_path, "commit", "-q", "-m", "two")
    first.write_bytes(NEW)
    documents, unknown = attached(first, missing, third)
    assert not unknown
    assert [document.committed is not None for document in documents] == [True, False, True]


def test_no_repository(tmp_path: Path) -> None:
    path = tmp_path / "wrangler.toml"
    path.write_bytes(NEW)
    assert name_in_head(path) is None


def test_no_commit_yet(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    path = tmp_path / "wrangler.toml"
    path.write_bytes(NEW)
    assert name_in_head(path) is None


def test_a_detached_head(tmp_path: Path) -> None:
    path = committed(tmp_path)
    git(tmp_path, "checkout", "-q", "--detach")
    path.write_bytes(NEW)
    assert name_in_head(path) == "old"


def test_a_worktree_whose_git_is_a_file(tmp_path: Path) -> None:
    committed(tmp_path / "main")
    git(tmp_path / "main", "worktree", "add", "-q", "-b", "side", "../side")
    path = tmp_path / "side" / "wrangler.toml"
    assert (path.parent / ".git").is_file()
    path.write_bytes(NEW)
    assert name_in_head(path) == "old"


def test_a_folder_in_head_where_the_file_is_now(tmp_path: Path) -> None:
    committed(tmp_path, "wrangler.toml/inner.toml")
    shutil.rmtree(tmp_path / "wrangler.toml")
    path = tmp_path / "wrangler.toml"
    path.write_bytes(NEW)
    assert name_in_head(path) is None


def test_a_commit_that_does_not_parse_says_nothing(tmp_path: Path) -> None:
    path = committed(tmp_path, data=b"name =")
    path.write_bytes(NEW)
    assert name_in_head(path) is None


def test_another_repository_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(tmp_path / "other", data=b'name = "other"\n')
    path = committed(tmp_path / "own")
    path.write_bytes(NEW)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.bare")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "yes and no")
    assert name_in_head(path) == "old"


def test_a_broken_repository_does_not_lead_to_the_one_above(tmp_path: Path) -> None:
    committed(tmp_path, "wrangler.toml")
    inner = tmp_path / "inner"
    (inner / ".git").mkdir(parents=True)
    path = inner / "wrangler.toml"
    path.write_bytes(NEW)
    (document,), unknown = attached(path)
    assert document.committed is None
    assert unknown == ["git can't read the repository"]


def test_git_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = committed(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    (document,), unknown = attached(path)
    assert document.committed is None
    assert unknown == ["git is not installed"]


def test_git_that_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = committed(tmp_path / "repository")
    fake_git(tmp_path / "bin", "exec sleep 60", monkeypatch)
    monkeypatch.setattr("wslint.repository._TIMEOUT_SECONDS", 0.2)
    assert attached(path)[1] == ["git did not answer"]


def test_git_that_does_not_stop_talking_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = committed(tmp_path / "repository")
    fake_git(tmp_path / "bin", "exec yes", monkeypatch)
    monkeypatch.setattr("wslint.repository._OUTPUT_LIMIT", 1024 * 1024)
    assert attached(path)[1] == ["HEAD holds more than 1 MiB of configurations"]


def fake_git(folder: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name == "nt":
        pytest.skip("needs a shell script as git")
    folder.mkdir()
    script(folder / "git", body)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def script(path: Path, body: str) -> Path:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def trap(tmp_path: Path) -> tuple[Path, Path]:
    """A script that leaves a mark when it is run, and the mark."""
    if os.name == "nt":
        pytest.skip("needs shell scripts")
    mark = tmp_path / "was-run"
    return script(tmp_path / "trap.sh", f"touch '{mark}'; exit 1"), mark


def test_a_hostile_config_gets_nothing_run(tmp_path: Path, trap: tuple[Path, Path]) -> None:
    bait, mark = trap
    top = tmp_path / "repository"
    path = committed(top)
    path.write_bytes(NEW)
    (top / ".gitattributes").write_text("* diff=bait filter=bait\n", encoding="utf-8")
    for key in (
        *("core.fsmonitor", "core.pager", "pager.cat-file", "core.editor", "core.sshCommand"),
        *("diff.bait.textconv", "filter.bait.smudge", "filter.bait.clean", "filter.bait.process"),
        *("alias.cat-file", "core.alternateRefsCommand", "core.gitProxy", "credential.helper"),
    ):
        value = f"!{bait}" if key.startswith(("alias", "credential")) else str(bait)
        git(top, "config", key, value)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for hook in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        shutil.copy(bait, hooks / hook)
    git(top, "config", "core.hooksPath", str(hooks))
    assert name_in_head(path) == "old"
    assert not mark.exists()


def partial_clone(top: Path, bait: Path) -> Path:
    """A repository without its one blob, which git would fetch by running `bait`."""
    path = committed(top)
    show = ["git", "-C", str(top), "rev-parse", "HEAD:wrangler.toml"]
    blob = subprocess.run(show, check=True, capture_output=True, text=True).stdout.strip()
    (top / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for key, value in {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{bait}",
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
    }.items():
        git(top, "config", key, value)
    return path


@pytest.mark.parametrize("knows_no_lazy_fetch", [True, False])
def test_a_partial_clone_fetches_nothing(
    tmp_path: Path, trap: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, knows_no_lazy_fetch: bool
) -> None:
    bait, mark = trap
    path = partial_clone(tmp_path / "repository", bait)
    if not knows_no_lazy_fetch:
        full = repository._environment(path.parent)
        older = {key: value for key, value in full.items() if key != "GIT_NO_LAZY_FETCH"}
        monkeypatch.setattr(repository, "_environment", lambda _: older)
    path.write_bytes(NEW)
    (document,), _ = attached(path)
    assert document.committed is None
    assert not mark.exists()


def test_plain_git_takes_that_bait(tmp_path: Path, trap: tuple[Path, Path]) -> None:
    """The partial clone of the test before is a real danger."""
    bait, mark = trap
    top = partial_clone(tmp_path / "repository", bait).parent
    show = ["git", "-C", str(top), "cat-file", "-p", "HEAD:wrangler.toml"]
    subprocess.run(show, check=False, capture_output=True, timeout=30)
    assert mark.exists()
