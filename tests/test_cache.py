"""An answer out of the cache is the answer: to the byte what a run without it says, whatever was changed before."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kept import EDITS, answered, checked, inside, options
from tests.pages import read_page, write
from tests.test_system import git
from wslint import cache, cache_write, system
from wslint.check_command import run_check
from wslint.errors import CheckError

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "tests" / "rules").glob("WS*.md"))
FORMATS = ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "agent")

CONFIG = """\
name = "match"
main = "src/index.ts"
compatibility_date = "2026-07-01"

[[durable_objects.bindings]]
name = "MATCH"
class_name = "MatchDO"
"""
SOURCE = """\
import { DurableObject } from "cloudflare:workers";
export class MatchDO extends DurableObject {}
export default { fetch(request: Request, env: any) { return env.MATCH.getByName("x").fetch(request); } };
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write({"wrangler.toml": CONFIG, "src/index.ts": SOURCE}, folder)
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "caches"


Done = tuple[int, bytes, bytes]


def wslint(*words: str, cwd: Path, place: Path, **environment: str) -> tuple[Done, set[str]]:
    """How a run ends, and the modules that it imported."""
    command = [sys.executable, "-X", "importtime", "-m", "wslint", *words]
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {**kept, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(place), **environment}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False, timeout=300)
    lines = done.stderr.splitlines(keepends=True)
    said = b"".join(line for line in lines if not line.startswith(b"import time:"))
    modules = {line.split(b"|")[-1].strip().decode() for line in lines if line.startswith(b"import time:")}
    return (done.returncode, done.stdout, said), modules


def is_hit(modules: set[str]) -> bool:
    return "wslint.cache" in modules and "wslint.check_command" not in modules


# What is said


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_kept_is_said_again_to_the_byte(form: str, project: Path, place: Path) -> None:
    words = ("check", "--output-format", form, "--show-unknown", "--pedantic", "--color", "always")
    without, _ = wslint(*words, "--no-cache", cwd=project, place=place)
    first, cold = wslint(*words, cwd=project, place=place)
    second, warm = wslint(*words, cwd=project, place=place)
    assert without == first == second
    assert not is_hit(cold) and is_hit(warm)
    assert second[0] == 1 and second[1]


def test_a_hit_imports_next_to_nothing(project: Path, place: Path) -> None:
    wslint("check", cwd=project, place=place)
    _, modules = wslint("check", cwd=project, place=place)
    heavy = {
        "click",
        "tree_sitter",
        "pathlib",
        "re",
        "json",
        "hashlib",
        "typing",
        "enum",
        "dataclasses",
        "logging",
    }
    plain = subprocess.run([sys.executable, "-X", "importtime", "-c", ""], capture_output=True, check=True)
    brought = {name for name in heavy if f" {name}\n".encode() in plain.stderr}
    assert modules & heavy <= brought
    assert {name for name in modules if name.split(".")[0] == "wslint"} == {
        *("wslint", "wslint.start", "wslint.cache", "wslint.system"),
    }


@pytest.mark.parametrize(
    "words",
    [["src/index.ts"], ["--select", "WS3"], ["--quiet", "--ignore=ALL"], ["--show-files"], ["-q", "."]],
)
def test_each_way_of_asking_is_kept(words: list[str], project: Path, place: Path) -> None:
    first, _ = wslint("check", *words, cwd=project, place=place)
    second, warm = wslint("check", *words, cwd=project, place=place)
    assert first == second and is_hit(warm)


def test_messages_are_kept_too(tmp_path: Path, place: Path) -> None:
    folder = tmp_path / "other"
    write({"a.txt": ""}, folder)
    first, _ = wslint("check", "a.txt", cwd=folder, place=place)
    second, warm = wslint("check", "a.txt", cwd=folder, place=place)
    assert first == second and is_hit(warm)
    assert second[2] == b"wslint: no Worker owns a.txt\n"


@pytest.mark.parametrize(
    "words",
    [
        *(["--no-cache"], ["--fix"], ["--diff"], ["--output-file", "out.txt"], ["none"], ["--env", "none"]),
        ["--baseline", "known.json", "--update-baseline"],
    ],
)
def test_what_does_more_than_say_is_not_kept(words: list[str], project: Path, place: Path) -> None:
    wslint("check", *words, cwd=project, place=place)
    assert not place.exists()


def test_a_baseline_is_read_each_time(project: Path, place: Path) -> None:
    wslint("check", "--baseline", "known.json", "--update-baseline", cwd=project, place=place)
    words = ("check", "--baseline", "known.json")
    first, _ = wslint(*words, cwd=project, place=place)
    second, warm = wslint(*words, cwd=project, place=place)
    assert first == second and first[0] == 0 and is_hit(warm)
    (project / "known.json").write_text('{"version": 1, "known": {}}', encoding="utf-8")
    third, cold = wslint(*words, cwd=project, place=place)
    assert third[0] == 1 and not is_hit(cold)


def test_the_environment_counts_where_it_was_asked_for(project: Path, place: Path) -> None:
    asks = [{}, {"COLUMNS": "40"}, {"FORCE_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}]
    for environment in asks:
        without, _ = wslint("check", "--no-cache", cwd=project, place=place, **environment)
        done, _ = wslint("check", cwd=project, place=place, **environment)
        assert done == without
    _, warm = wslint("check", cwd=project, place=place, **asks[-1], OTHER="1")
    assert is_hit(warm)


def test_a_reader_that_goes_away_ends_it_without_a_word(project: Path, place: Path) -> None:
    line = f'"{sys.executable}" -m wslint check --output-format json; echo $? >&2'
    env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(place)}
    ends = []
    for _ in range(2):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            ["bash", "-c", line],
            cwd=project,
            env=env,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
            timeout=300,
        )
        os.close(writer)
        ends.append(done.stderr)
        wslint("check", "--output-format", "json", cwd=project, place=place)
    assert ends == [b"1\n", b"1\n"]


# What changed


@pytest.mark.parametrize("seed", range(12))
def test_after_each_edit_it_says_what_a_run_would(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    top = tmp_path / "top"
    folder = top / "project"
    write(chance.choice(read_page(chance.choice(PAGES).read_text(encoding="utf-8"))).files, folder)
    if chance.random() < 0.5:
        git(top, "init", ".")
    words = chance.choice([(), ("--pedantic", "--show-unknown"), ("--include-tests", "--show-files")])
    kept: dict[bytes, object] = {}
    for _ in range(30):
        if not folder.exists():
            break
        said, body = checked(folder, *words)
        for earlier in kept:
            found = answered(folder, earlier)
            assert found is None or found == said
        if body is not None:
            assert answered(folder, body) == said
            kept[body] = said
        chance.choice(EDITS)(folder if chance.random() < 0.8 else top, chance)
        if (top / ".git" / "HEAD").exists() and chance.random() < 0.2:
            git(top, "add", "-A")
            git(top, "commit", "-q", "--allow-empty", "-m", "x")


def test_what_follows_from_other_answers_is_not_asked_again(project: Path) -> None:
    given, chosen = options()
    record = system.record()
    with inside(project), redirect_stdout(StringIO()):
        run_check(given, chosen)
    system.recorded()
    kept = cache_write.needed(record)
    assert len(kept) < len(record.answers) * 3 / 4
    source, folder = project / "src" / "index.ts", project / "src"
    assert not {f"kind {source}", f"there {source}", f"real {folder}", f"names {folder}"} & set(kept)
    assert {f"read {8 * 1024 * 1024} {source}", f"entries {project}"} <= set(kept)


def test_links_are_asked_of_each_time(project: Path, tmp_path: Path) -> None:
    (project / "src").rename(tmp_path / "elsewhere")
    (project / "src").symlink_to(tmp_path / "elsewhere")
    _, body = checked(project, "--allow-outside")
    assert body is not None and answered(project, body)
    (project / "src").unlink()
    (tmp_path / "elsewhere").rename(project / "src")
    assert answered(project, body) is None


def test_times_do_not_count(project: Path) -> None:
    said, body = checked(project)
    assert body is not None
    for path in project.rglob("*"):
        os.utime(path, (1, 1))
    data = (project / "wrangler.toml").read_bytes()
    (project / "wrangler.toml").unlink()
    assert answered(project, body) is None
    (project / "wrangler.toml").write_bytes(data)
    assert answered(project, body) == said


def test_the_date_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, body = checked(project)
    assert body is not None
    monkeypatch.setattr(system, "_today", lambda: "2031-01-01")
    assert answered(project, body) is None


def test_a_commit_counts(project: Path) -> None:
    git(project, "init", ".")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "x")
    said, body = checked(project)
    assert body is not None and answered(project, body) == said
    git(project, "commit", "-q", "--allow-empty", "-m", "y")
    assert answered(project, body) is None


def test_where_git_does_not_answer_nothing_is_kept(project: Path) -> None:
    (project / ".git").mkdir()
    _, body = checked(project)
    assert body is None


def test_a_change_of_its_own_code_counts(project: Path, tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("", encoding="utf-8")
    body = cache.packed(0, [], {str(module): cache.signature(str(module))}, {})
    assert answered(project, body) == (0, [])
    module.write_text("x = 1", encoding="utf-8")
    assert answered(project, body) is None
    module.unlink()
    with pytest.raises(OSError):  # `find` takes it for a miss
        answered(project, body)


def test_its_own_files_are_all_there_to_see(project: Path, place: Path) -> None:
    wslint("check", cwd=project, place=place)
    (kept,) = (place / "wslint").iterdir()
    data = kept.read_bytes()
    for name in ("check.py", "rules/table.py", "data/", "tree_sitter", "machine/"):
        assert name.encode() in data


# Hostile files


@pytest.fixture
def kept(project: Path, place: Path) -> tuple[Path, Done]:
    done, _ = wslint("check", cwd=project, place=place)
    (file,) = (place / "wslint").iterdir()
    return file, done


def is_used(project: Path, place: Path, done: Done) -> bool:
    again, modules = wslint("check", cwd=project, place=place)
    assert again == done
    return is_hit(modules)


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_not_believed(
    mode: int, kept: tuple[Path, Done], project: Path, place: Path
) -> None:
    file, done = kept
    file.chmod(mode)
    assert not is_used(project, place, done)


def test_a_folder_that_others_may_write_is_not_believed(
    kept: tuple[Path, Done], project: Path, place: Path
) -> None:
    file, done = kept
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    file.parent.chmod(0o777)
    assert not is_used(project, place, done)


def test_a_link_is_not_followed(kept: tuple[Path, Done], project: Path, place: Path, tmp_path: Path) -> None:
    file, done = kept
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert not is_used(project, place, done)


@pytest.mark.parametrize("what", ["folder", "pipe", "file in place of the folder"])
def test_what_is_no_file_is_passed_over(
    what: str, kept: tuple[Path, Done], project: Path, place: Path
) -> None:
    file, done = kept
    file.unlink()
    if what == "folder":
        file.mkdir()
    elif what == "pipe":
        os.mkfifo(file)
    else:
        file.parent.rmdir()
        file.parent.write_text("", encoding="utf-8")
    assert not is_used(project, place, done)


@pytest.mark.parametrize("inside", ["project", "repository"])
def test_a_project_brings_no_answers_of_its_own(inside: str, project: Path) -> None:
    if inside == "repository":
        git(project.parent, "init", ".")
    place = (project if inside == "project" else project.parent) / "caches"
    wslint("check", cwd=project, place=place)
    assert not place.exists()


def test_a_relative_place_is_none(project: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    wslint("check", cwd=project, place=Path("caches"), HOME=str(home))
    assert list((home / ".cache" / "wslint").iterdir())
    assert not (project / "caches").exists()


BODY = cache.packed(1, [("out", "found\n")], {}, {"kind /no/such": "missing"})
KEY = "0123456789abcdef" * 2


def written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    path = tmp_path_factory.mktemp("kept") / "wslint" / "x.answers"
    cache_write.store(str(path), KEY, BODY)
    cache_write.store(str(path), KEY[::-1], BODY + b"")
    assert cache.find(str(path), KEY) == (1, [("out", "found\n")])
    return path, path.read_bytes()


def test_one_that_is_cut_off_anywhere_says_nothing_wrong(whole: tuple[Path, bytes]) -> None:
    path, data = whole
    for end in range(len(data)):
        assert cache.find(str(written(path, data[:end])), KEY) in (None, (1, [("out", "found\n")]))
    assert cache.find(str(written(path, data[: len(data) - 1])), KEY) is None


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_no_damage_is_believed(whole: tuple[Path, bytes], data: st.DataObject) -> None:
    path, good = whole
    start = data.draw(st.integers(0, len(good) - 1))
    end = data.draw(st.integers(start, min(len(good), start + 40)))
    bad = good[:start] + data.draw(st.binary(max_size=40)) + good[end:]
    assert cache.find(str(written(path, bad)), KEY) in (None, (1, [("out", "found\n")]))


BODIES = [
    *(b"", b"\0", b"0\0" + b"1\0" * 3, b"0\x000\x000\x000", b"0\x00-1\x000\x000", b"7\x000\x000\x000"),
    *(b"0\x000\x000\x001\0bad\0", b"0\x000\x000\x001\0read x y\0z", b"0\x001\x000\x000\0nowhere\0text"),
    *(b"0\x000\x000\x001\0read 999999999999999999999 /\0z", b"\xff\xfe", b"9" * 5000 + b"\x000\x000\x000"),
    b"0\x000\x000\x001\0real " + b"../" * 5000 + b"\0x",
]


@pytest.mark.parametrize("body", BODIES)
def test_a_strange_body_with_the_right_sum_says_nothing(body: bytes, tmp_path: Path) -> None:
    head = f"{KEY} {len(body)} {cache.sealed(KEY, body)}\n".encode()
    path = written(tmp_path / "wslint" / "x", cache.MAGIC + head + body)
    assert cache.find(str(path), KEY) in (None, (0, []))


# Many runs


def test_runs_at_the_same_time_do_not_harm_each_other(project: Path, place: Path) -> None:
    ways = [("check", "--output-format", form) for form in FORMATS[:4]]
    command = [sys.executable, "-m", "wslint"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(place)}
    running = [
        subprocess.Popen([*command, *words], cwd=project, env=env, stdout=subprocess.PIPE)
        for words in ways
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=300)[0] for process in running]
    assert outputs[::2] == outputs[1::2]
    (file,) = (place / "wslint").iterdir()
    assert list(cache.bodies(str(file)))
    for words, output in zip(ways, outputs[::2], strict=True):
        done, _ = wslint(*words, cwd=project, place=place)
        assert done[1] == output


def stored(path: Path, number: int) -> None:
    cache_write.store(str(path), f"{number:032x}", BODY)


def test_a_folder_keeps_the_newest_ways_of_asking(tmp_path: Path) -> None:
    path = tmp_path / "wslint" / "x.answers"
    for number in range(20):
        stored(path, number)
    stored(path, 15)
    names = [int(name, 16) for name, _ in cache.bodies(str(path))]
    assert names == [15, 19, 18, 17, 16, 14, 13, 12]


def test_a_file_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "wslint" / "x.answers"
    monkeypatch.setattr(cache, "MOST_BYTES", 400)
    for number in range(20):
        stored(path, number)
        assert path.stat().st_size <= 400
    assert 1 < len(list(cache.bodies(str(path)))) < 5
    cache_write.store(str(path), KEY, BODY + b" " * 400)
    assert cache.find(str(path), KEY) is None


@pytest.fixture
def many(tmp_path: Path) -> Path:
    folder = tmp_path / "wslint"
    for number in range(10):
        path = folder / f"{number}.answers"
        stored(path, number)
        os.utime(path, (number + 1, number + 1))
    return folder


def test_what_was_written_longest_ago_goes_first(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_write, "MOST_FILES", 4)
    cache_write.bound(str(many))
    assert sorted(path.name for path in many.iterdir()) == [f"{number}.answers" for number in range(6, 10)]
    monkeypatch.setattr(cache_write, "MOST_IN_ALL", (many / "9.answers").stat().st_size + 1)
    cache_write.bound(str(many))
    assert [path.name for path in many.iterdir()] == ["9.answers"]


def test_what_a_killed_run_left_goes(many: Path) -> None:
    for name, seconds in (("old.new", 1), ("fresh.new", None)):
        (many / name).write_bytes(b"x")
        os.utime(many / name, (seconds, seconds) if seconds else None)
    cache_write.bound(str(many))
    assert {path.name for path in many.iterdir() if path.suffix == ".new"} == {"fresh.new"}


@pytest.fixture
def as_cache(monkeypatch: pytest.MonkeyPatch, many: Path) -> Iterator[Path]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(many.parent))
    yield many


def test_all_can_be_forgotten(as_cache: Path) -> None:
    (as_cache / "something else").write_text("", encoding="utf-8")
    assert cache_write.clear() == (10, str(as_cache))
    assert [path.name for path in as_cache.iterdir()] == ["something else"]
    assert cache_write.clear() == (0, str(as_cache))


def test_what_stays_is_told(as_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "unlink", refused)
    with pytest.raises(CheckError, match="can't be cleared: Operation not permitted"):
        cache_write.clear()


def test_the_command_forgets(project: Path, place: Path) -> None:
    wslint("check", cwd=project, place=place)
    done, _ = wslint("cache", "clear", cwd=project, place=place)
    assert done == (0, f"forgot 1 folder, kept in {place}/wslint\n".encode(), b"")
    _, cold = wslint("check", cwd=project, place=place)
    assert not is_hit(cold)


def test_no_place_to_write_to_is_no_failure(project: Path, tmp_path: Path) -> None:
    done, _ = wslint("check", cwd=project, place=Path("/proc/nowhere"))
    without, _ = wslint("check", "--no-cache", cwd=project, place=tmp_path / "x")
    assert done == without
